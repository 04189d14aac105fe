"""The web chat as a platform: keeps lines, shows each outbox row once, wakes the pages that watch a chat."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from bot.channels.base import (
    Abilities,
    Accept,
    Act,
    Inbound,
    Kind,
    Outbound,
    SendError,
    Sent,
    Unavailable,
)
from bot.clock import Clock, now
from bot.filestore import put
from bot.intake import clean
from flows.called import called
from nlu.late import regex
from storage import web_lines
from storage.database import Away, Database
from storage.web_lines import ASSISTANT, NOTICE, WebLine

NAME = "web"
MENTION = "@小邻"
HANDLE = regex(r"[0-9a-f]{32}")
LONGEST = 4_000  # characters a bubble can show without tiring its reader

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Posted:
    """What a visitor said: `key` is their own id of it, `chat` their own address in private, a room's in a group."""

    sender: str
    name: str
    key: str
    chat: str
    private: bool
    text: str = ""
    reply_to: int | None = None
    photos: tuple[str, ...] = ()
    location: tuple[float, float] | None = None


def is_addressed(text: str, quoted: WebLine | None) -> bool:
    """Whether a line in a group speaks to the assistant: by name, or by replying to it."""
    return MENTION in text or called(text) or (quoted is not None and quoted.author == ASSISTANT)


class Bells:
    """Wakes the streams of this process that watch a chat; other processes notice by their slow poll."""

    def __init__(self) -> None:
        self._waiting: dict[str, set[tuple[asyncio.AbstractEventLoop, asyncio.Event]]] = {}

    @contextmanager
    def listen(self, chats: Sequence[str]) -> Iterator[asyncio.Event]:
        """An event that is set whenever one of these chats changes; the listener clears it."""
        mine = (asyncio.get_running_loop(), asyncio.Event())
        for name in chats:
            self._waiting.setdefault(name, set()).add(mine)
        try:
            yield mine[1]
        finally:
            for name in chats:
                self._waiting[name].discard(mine)
                if not self._waiting[name]:
                    del self._waiting[name]

    def ring(self, chat: str) -> None:
        """Something in this chat is new or changed."""
        for loop, event in tuple(self._waiting.get(chat, ())):
            loop.call_soon_threadsafe(event.set)


class WebChannel:
    """Implements Channel over the table web_line; `uploads` holds the photos it shows, `store` is the file store."""

    name = NAME
    abilities = Abilities(edits=True, buttons=True, longest=LONGEST, writes_first=True)

    def __init__(self, database: Database, *, uploads: Path, store: Path, clock: Clock = now) -> None:
        self.database = database
        self.bells = Bells()
        self._uploads = uploads
        self._store = store
        self._clock = clock

    # -- sending ----------------------------------------------------------------------------------------------------

    async def send(self, out: Outbound) -> Sent:
        """Show it; the same outbox row again shows nothing new and gives the same id."""
        try:
            message = await asyncio.to_thread(self._send, out)
        except Away as error:
            raise SendError("database away", transient=True) from error
        self.bells.ring(_notified(out) if out.act is Act.NOTICE else out.chat)
        return Sent(message)

    def _send(self, out: Outbound) -> str | None:
        body = self._body(out)
        with self.database.write() as conn:
            if out.act is Act.NOTICE:
                self._keep(conn, out, NOTICE, _notified(out), body)
                web_lines.forget_notices(conn, _notified(out), self._clock())
                return None
            if out.act is Act.SAY:
                return str(self._keep(conn, out, ASSISTANT, out.chat, body).id)
            line_id = _number(out.message)
            if not web_lines.edit(self.database, conn, line_id=line_id, chat_address=out.chat, body=body):
                raise SendError("no such message", transient=False)
            return str(line_id)

    def _keep(self, conn: Any, out: Outbound, author: str, chat: str, body: dict[str, Any]) -> WebLine:
        return web_lines.say(
            self.database,
            conn,
            key=f"out:{out.outbox}.{out.part}" if out.outbox else f"notice:{out.callback}",
            chat_address=chat,
            author=author,
            name="",
            body=body,
            now=self._clock(),
        )

    def _body(self, out: Outbound) -> dict[str, Any]:
        body: dict[str, Any] = {"text": out.text}
        if out.choices:
            body["choices"] = [
                [{"token": c.token, "label": c.label} | ({"link": c.link} if c.link else {}) for c in row]
                for row in out.choices
            ]
        if out.photo:
            body["photos"] = [self._publish(out.photo)]
        if out.reply_to:
            body["reply_to"] = _number(out.reply_to)
        if out.callback:
            body["callback"] = out.callback
        return body

    def _publish(self, path: str) -> str:
        try:
            data = (self._store / path).read_bytes()
        except OSError as error:
            raise SendError("photo not in the store", transient=False) from error
        try:
            return self.keep_photo(data, hashlib.sha256(data).hexdigest()[:32])
        except OSError as error:
            raise SendError("no room for a photo", transient=True) from error

    # -- photos -----------------------------------------------------------------------------------------------------

    def keep_photo(self, data: bytes, handle: str) -> str:
        """Keep a photo under a handle nobody can guess (a digest); again changes nothing. Raises OSError."""
        put(self.photo_path(handle), data)
        return handle

    def photo_path(self, handle: str) -> Path:
        """Where a photo lies; raises SendError for what is no handle."""
        if not HANDLE.fullmatch(handle):
            raise SendError("no such photo", transient=False)
        return self._uploads / handle[:2] / f"{handle}.jpg"

    async def fetch(self, handle: str) -> bytes:
        """The bytes of a photo a visitor sent."""
        try:
            return await asyncio.to_thread(self.photo_path(handle).read_bytes)
        except OSError as error:
            raise SendError("no such photo", transient=False) from error

    # -- receiving --------------------------------------------------------------------------------------------------

    async def hear(self, said: Posted, accept: Accept) -> WebLine:
        """Show what a visitor said, hand it to the inbox; raises Unavailable. The same key again is the same line."""
        line, quoted = await self._away(lambda: self._write(said))
        self.bells.ring(said.chat)
        text = str(line.body["text"])
        await accept(
            Inbound(
                channel=NAME,
                key=line.key,
                kind=Kind.MESSAGE,
                chat=said.chat,
                private=said.private,
                sender=said.sender,
                sender_name=said.name,
                text=text,
                message=str(line.id),
                addressed=said.private or is_addressed(text, quoted),
                mentions_other=text.lstrip().startswith("@") and MENTION not in text,
                reply_to=str(quoted.id) if quoted else None,
                photos=tuple(line.body.get("photos", ())),
                location=said.location,
            )
        )
        return line

    def _write(self, said: Posted) -> tuple[WebLine, WebLine | None]:
        body: dict[str, Any] = {"text": clean(said.text)}
        if said.photos:
            body["photos"] = list(said.photos)
        if said.location:
            body["location"] = list(said.location)
        with self.database.write() as conn:
            quoted = web_lines.find(conn, said.reply_to, said.chat) if said.reply_to else None
            if quoted is not None:
                body["reply_to"] = quoted.id
            key = f"{said.sender}:{said.key}"
            line = web_lines.say(
                self.database,
                conn,
                key=key,
                chat_address=said.chat,
                author=said.sender,
                name=said.name,
                body=body,
                now=self._clock(),
            )
        return line, quoted

    async def press(self, posted: Posted, *, message: int, choice: str, accept: Accept) -> None:
        """A visitor pressed a button under a message."""
        await accept(self._update(posted, Kind.PRESS, message=str(message), choice=choice, callback=posted.key))

    async def start(self, posted: Posted, *, token: str | None, accept: Accept) -> None:
        """A visitor opened the private chat, perhaps through a link with a code."""
        await accept(self._update(posted, Kind.START, token=token))

    def _update(self, posted: Posted, kind: Kind, **rest: Any) -> Inbound:
        return Inbound(
            channel=NAME,
            key=f"{posted.sender}:{posted.key}",
            kind=kind,
            chat=posted.chat,
            private=posted.private,
            sender=posted.sender,
            sender_name=posted.name,
            addressed=True,
            **rest,
        )

    async def _away(self, work: Callable[[], Result]) -> Result:
        try:
            return await asyncio.to_thread(work)
        except Away as error:
            raise Unavailable from error


def _notified(out: Outbound) -> str:
    return out.to or out.chat  # a notice belongs to the person who pressed, wherever that was


def _number(message: str | None) -> int:
    if message is None or not message.isdecimal():
        raise SendError("no such message", transient=False)
    return int(message)
