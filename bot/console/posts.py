"""What a page may post, read out of untrusted JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nlu.late import regex

ID = regex(r"[A-Za-z0-9_-]{8,48}")
TOKEN = regex(r"[\x21-\x7e]{1,200}")
BIGGEST = 2**53  # what JavaScript counts without error


@dataclass(frozen=True, slots=True)
class Message:
    id: str
    chat: str
    text: str
    reply_to: int | None
    location: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Press:
    id: str
    chat: str
    message: int
    choice: str


def message(fields: Mapping[str, Any]) -> Message:
    """A message; ValueError with a readable reason."""
    text = fields.get("text", "")
    if not isinstance(text, str):
        raise ValueError("只能发文字、照片和位置。")
    return Message(_id(fields), _chat(fields), text, _number(fields.get("reply_to")), _location(fields.get("location")))


def press(fields: Mapping[str, Any]) -> Press:
    """A button pressed; ValueError with a readable reason."""
    number, choice = _number(fields.get("message")), fields.get("choice")
    if number is None or not isinstance(choice, str) or not TOKEN.fullmatch(choice):
        raise ValueError("这个按钮已经失效了。")
    return Press(_id(fields), _chat(fields), number, choice)


def start(fields: Mapping[str, Any]) -> tuple[str, str | None]:
    """The id of this opening of the chat, and the code of the link, if there was one."""
    code = fields.get("code")
    if code is not None and not (isinstance(code, str) and TOKEN.fullmatch(code)):
        raise ValueError("这个链接已经失效了。")
    return _id(fields), code


def _id(fields: Mapping[str, Any]) -> str:
    found = fields.get("id")
    if not isinstance(found, str) or not ID.fullmatch(found):
        raise ValueError("请刷新页面后再试。")
    return found


def _chat(fields: Mapping[str, Any]) -> str:
    found = fields.get("chat")
    return found if isinstance(found, str) else ""


def _number(found: object) -> int | None:
    if isinstance(found, str) and found.isdecimal():
        found = int(found[:17])
    return found if isinstance(found, int) and 0 < found < BIGGEST else None


def _location(found: object) -> tuple[float, float] | None:
    if found is None:
        return None
    if not isinstance(found, list) or len(found) != 2 or not all(isinstance(x, int | float) for x in found):
        raise ValueError("位置没有读出来，请打字说一下在哪里。")
    lat, lon = float(found[0]), float(found[1])
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise ValueError("位置没有读出来，请打字说一下在哪里。")
    return lat, lon
