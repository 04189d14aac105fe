"""Turns what WeCom tells the intelligent bot, in JSON, into what every channel speaks (documents 100719, 101027)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bot.channels.base import Inbound, Kind
from bot.channels.wecom.address import NAME, Way
from bot.channels.weixin.strictxml import Refused
from nlu.late import regex

LONGEST_CODE, LONGEST_ADDRESS, LONGEST_KEY, LONGEST_STREAM = 512, 2000, 64, 64
MOST_PICTURES = 9
MENTION = regex(r"^\s*@\S+\s*")
PICTURE = "bot:"  # what a picture's handle begins with, before its address


def read(told: Mapping[str, Any]) -> Inbound | None:
    """A message to the bot, which hears only what mentions it, or a press of a button of its cards; None for what does
    not concern us. Raises Refused for what WeCom never says."""
    kind, number = told.get("msgtype"), told.get("msgid")
    person = _text(_of(told, "from"), "userid")
    if not isinstance(number, str) or not number or not person:
        raise Refused("a field is missing")
    group = told.get("chattype") == "group"
    chat = told.get("chatid") if group else person
    if not isinstance(chat, str) or not chat:
        raise Refused("no chat")
    said = Inbound(
        channel=NAME,
        key=f"b{number}"[:120],
        kind=Kind.MESSAGE,
        chat=f"{Way.BOT}:{chat}" if group else person,
        private=not group,
        sender=person,
        addressed=True,
        message=number[:120],
    )
    if kind == "event":
        return _pressed(said, _of(told, "event"))
    parts = list(_parts(told))
    words = "\n".join(text for text, _ in parts if text)
    photos = tuple(photo for _, photo in parts if photo)[:MOST_PICTURES]
    return said._replace(text=MENTION.sub("", words) if group else words, photos=photos) if words or photos else None


def stream_asked(told: Mapping[str, Any]) -> str | None:
    """The stream whose rest the platform asks for; None where it asks for none. Raises Refused."""
    if told.get("msgtype") != "stream":
        return None
    name = _text(_of(told, "stream"), "id")
    if not name or len(name) > LONGEST_STREAM:
        raise Refused("no stream")
    return name


def later_code(told: Mapping[str, Any]) -> str | None:
    """The code in `response_url`, by which a message to the bot may be answered later. Only the code is believed: where
    it is sent stands in the settings."""
    address = told.get("response_url")
    try:
        found = parse_qs(urlsplit(address).query).get("response_code", []) if isinstance(address, str) else []
    except ValueError:
        return None
    return found[0] if len(found) == 1 and len(found[0]) <= LONGEST_CODE else None


def _pressed(said: Inbound, event: Mapping[str, Any]) -> Inbound | None:
    inner = _of(event, "template_card_event")
    key, task = _text(inner, "event_key"), _text(inner, "task_id") or _text(inner, "taskid")
    if event.get("eventtype") != "template_card_event" or not key or len(key) > LONGEST_KEY:
        return None  # somebody opened the chat, or liked an answer
    return said._replace(kind=Kind.PRESS, choice=key, message=task[:120] or None)


def _parts(told: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    """(words, picture) of a message's parts."""
    items = _of(told, "mixed").get("msg_item") if told.get("msgtype") == "mixed" else [told]
    for item in items if isinstance(items, list) else []:
        kind = item.get("msgtype") if isinstance(item, dict) else None
        if kind in ("text", "voice"):
            yield _text(_of(item, kind), "content"), None
        elif kind == "image":
            yield "", _picture(_text(_of(item, "image"), "url"))


def _picture(address: str) -> str | None:
    try:
        fine = urlsplit(address).scheme == "https" and len(address) <= LONGEST_ADDRESS
    except ValueError:
        return None
    return f"{PICTURE}{address}" if fine else None


def _of(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    inner = told.get(name)
    return inner if isinstance(inner, dict) else {}


def _text(told: Mapping[str, Any], name: str) -> str:
    found = told.get(name)
    return found if isinstance(found, str) else ""
