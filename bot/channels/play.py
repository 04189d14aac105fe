"""The scriptable channel: JSON lines in and out, a simulated clock, the same turn, jobs and delivery as production."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.channels.base import Abilities, Act, Choice, Inbound, Kind, Outbound, SendError, Sent
from nlu.late import regex

HOME = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 1, 5, 9, 0, tzinfo=HOME)
AFTER = timedelta(minutes=10)  # the clock runs on after the last line
KINDS = frozenset({"message", "press", "start", "voice", "join", "leave", "migrate", "block"})
CODE = regex(r"码\D{0,3}(\d{4,10})")
LARGEST = 10 * 1024 * 1024


class BadLine(Exception):
    """What is wrong with an input line, in words for whoever wrote it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A message the channel has shown."""

    chat: str
    choices: Mapping[str, Choice]
    text: str


class PlayChannel:
    """Shows messages as JSON lines and remembers them, as a chat platform would. It has no sending limits.

    A channel of another name is a second platform beside it; its private chats are "<name>:private:<who>".
    """

    abilities = Abilities(edits=True, buttons=True, longest=100_000, writes_first=True)

    def __init__(self, out: Callable[[dict[str, Any]], None], name: str = "play") -> None:
        self._out = out
        self.name = name
        self._run = secrets.token_hex(4)  # lines without an id are new in every run on the same database
        self.now = START
        self.event = 0  # the input line that is being worked on
        self.causes: dict[int, int] = {}  # inbox row -> input line
        self.shown: dict[str, Shown] = {}
        self.links: dict[str, str] = {}
        self._choices = 0
        self._messages = 0

    async def send(self, out: Outbound) -> Sent:
        """Write the line; a private chat of somebody who blocked the assistant is not this channel's to know."""
        event = self.causes.get(out.cause or 0)
        line: dict[str, Any] = {"type": out.act, "event": event if event is not None else self.event}
        if event is None:
            line["cause"] = "clock"
        line["at"] = self.now.astimezone(HOME).isoformat()
        if out.act is Act.NOTICE:
            self._out({**line, "to": out.to, "text": out.text})
            return Sent(None)
        return self._message(out, line)

    def _message(self, out: Outbound, line: dict[str, Any]) -> Sent:
        edited = out.act is Act.EDIT and out.message
        if edited:
            id = str(out.message)
        else:
            self._messages += 1
            id = f"m{self._messages}"
        chat = out.chat if out.chat.startswith("group:") else self._private(out.chat)
        line |= {"id": id, "chat": chat, "text": out.text}
        choices = self._number(out)
        if choices:
            line["choices"] = [self._choice(key, choice) for key, choice in choices.items()]
        if out.reply_to:
            line["reply_to"] = out.reply_to
        if out.photo:
            line["photo"] = out.photo
        self.shown.pop(id, None)  # the newest is last
        self.shown[id] = Shown(chat, choices, out.text)
        self._out(line)
        return Sent(id)

    def _private(self, who: str) -> str:
        return f"private:{who}" if self.name == "play" else f"{self.name}:private:{who}"

    def _number(self, out: Outbound) -> dict[str, Choice]:
        found = {}
        for row in out.choices:
            for choice in row:
                self._choices += 1
                found[f"c{self._choices}"] = choice
        return found

    def _choice(self, key: str, choice: Choice) -> dict[str, str]:
        shown = {"id": key, "label": choice.label}
        return {**shown, "url": f"play:{choice.link}"} if choice.link else shown

    async def fetch(self, handle: str) -> bytes:
        """A photo is a path from the working directory."""
        try:
            path = Path(handle)
            if path.stat().st_size > LARGEST:
                raise SendError("larger than 10 MB", transient=False)
            return path.read_bytes()
        except (OSError, ValueError) as error:
            raise SendError(f"no such photo: {error}", transient=False) from None

    def inbound(self, row: Mapping[str, Any], line: int) -> Inbound:
        """An input line as an update; raises BadLine."""
        kind = row.get("type")
        if kind not in KINDS:
            raise BadLine(f"unknown type {kind!r}; one of {', '.join(sorted(KINDS | {'tick'}))}")
        sender = _word(row, "from", required=kind not in ("leave", "migrate"))
        chat = _word(row, "chat", default="private")
        private = not chat.startswith("group:")
        if private and chat not in ("private", f"private:{sender}", self._private(sender)):
            raise BadLine(f'"chat" is "private", "private:{sender}" or "group:<id>", not {chat!r}')
        message = _word(row, "message" if kind == "press" else "id", default=f"x{line}")
        addressed, edited = row.get("addressed", private), row.get("edited", False)
        if not isinstance(addressed, bool) or not isinstance(edited, bool):
            raise BadLine('"addressed" and "edited" must be true or false')
        key = _word(row, "id", default="") if kind != "press" else ""
        key = key or f"{self._run}:{line}"
        return Inbound(
            channel=self.name,
            key=f"{chat}:{sender}:{key}",
            kind=Kind(kind),
            chat=sender if private else chat,
            private=private,
            sender=sender,
            sender_name=_word(row, "name", default=sender),
            text=self.words(row),
            message=message,
            addressed=addressed,
            reply_to=_word(row, "reply_to", default="") or None,
            photos=_photos(row),
            location=_location(row),
            edited=edited and private,
            choice=self._token(row, chat, sender, private) if kind == "press" else None,
            callback=f"press{line}" if kind == "press" else None,
            token=self._link(row) if kind == "start" else None,
            new_chat=_word(row, "to", required=True) if kind == "migrate" else None,
        )

    def _token(self, row: Mapping[str, Any], chat: str, sender: str, private: bool) -> str:
        """The token of a choice; a choice that was never shown there has none, and will be found stale."""
        shown = self.shown.get(_word(row, "message", default=""))
        here = self._private(sender) if private else chat
        if "label" in row:
            return self._labelled(here, _word(row, "label", required=True))
        choice = shown.choices.get(_word(row, "choice", default="")) if shown and shown.chat == here else None
        return choice.token if choice and choice.token else "stale"

    def _labelled(self, chat: str, label: str) -> str:
        """The newest button of this label in a chat: a play file that is written by hand knows no ids."""
        for shown in reversed(self.shown.values()):
            found = [c.token for c in shown.choices.values() if c.label == label and c.token and shown.chat == chat]
            if found:
                return found[0]
        return "stale"

    def words(self, row: Mapping[str, Any]) -> str:
        """What is said; with `"code": "private:u1"`, its {code} is the newest code that chat was given."""
        text = _word(row, "text", default="")
        if "code" not in row:
            return text
        chat = _word(row, "code", required=True)
        for shown in reversed(self.shown.values()):
            found = CODE.search(shown.text) if shown.chat == chat else None
            if found:
                return text.replace("{code}", found[1])
        raise BadLine(f"no code has been shown in {chat!r}")

    def _link(self, row: Mapping[str, Any]) -> str | None:
        """The token of a start; with `"link": "group:g1"`, that of the newest link shown in the group."""
        if "link" not in row:
            return _word(row, "token", default="").removeprefix("play:") or None
        chat = _word(row, "link", required=True)
        for shown in reversed(self.shown.values()):
            found = [c.link for c in shown.choices.values() if c.link and shown.chat == chat]
            if found:
                return found[0]
        raise BadLine(f"no link has been shown in {chat!r}")


def _word(row: Mapping[str, Any], name: str, *, default: str | None = None, required: bool = False) -> str:
    value = row.get(name, default)
    if isinstance(value, str) and (value or not required):
        return value
    if value is None and not required:
        return ""
    raise BadLine(f'"{name}" must be a string' + (" and not empty" if required else ""))


def _photos(row: Mapping[str, Any]) -> tuple[str, ...]:
    photos = row.get("photos") or ([row["voice"]] if row.get("voice") else [])
    if not isinstance(photos, list) or not all(isinstance(p, str) for p in photos):
        raise BadLine('"photos" must be a list of paths')
    return tuple(photos)


def _location(row: Mapping[str, Any]) -> tuple[float, float] | None:
    where = row.get("location")
    if where is None:
        return None
    if isinstance(where, list) and len(where) == 2 and all(isinstance(n, int | float) for n in where):
        lat, lon = float(where[0]), float(where[1])
        if -90 <= lat <= 90 and -180 <= lon <= 180:
            return lat, lon
    raise BadLine('"location" must be [latitude, longitude] in degrees')


def moment(row: Mapping[str, Any]) -> datetime | None:
    """The `at` of a line; raises BadLine when it is no aware date and time."""
    at = row.get("at")
    if at is None:
        return None
    try:
        found = datetime.fromisoformat(at)
        found.astimezone(HOME)
    except (TypeError, ValueError, OverflowError):
        raise BadLine('"at" must be like 2026-03-02T08:00:00+08:00') from None
    if found.tzinfo is None:
        raise BadLine('"at" needs a time zone, such as +08:00')
    return found


def dumps(line: Mapping[str, Any]) -> str:
    return json.dumps(line, ensure_ascii=True)
