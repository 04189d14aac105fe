"""Buttons: what a press asks for is a row, named by an opaque id and a short MAC, and checked when it is pressed."""

from __future__ import annotations

import hashlib
import hmac
import os
from binascii import b2a_base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Literal

from sqlalchemy import Column, Connection, bindparam, insert, select

from storage.tables import button

_ID = 12  # characters: 72 random bits
_MAC = 12  # characters: 72 bits of keyed BLAKE2b, which takes a twentieth of the time of OpenSSL's HMAC
_URLSAFE = bytes.maketrans(b"+/", b"-_")
_COLUMNS: tuple[Column[Any], ...] = (
    button.c.id,
    button.c.chat_id,
    button.c.outbox_id,
    button.c.person_id,
    button.c.role,
    button.c.area_id,
    button.c.label,
    button.c.action,
    button.c.args,
    button.c.expires_at,
)


@dataclass(frozen=True, slots=True)
class ButtonRow:
    """A live button. Who may press it (person, or roles in an area or above it) the caller checks, now."""

    id: str
    chat_id: int | None  # None: shared by the chats of a broadcast, each with a MAC of its own
    outbox_id: int | None
    person_id: int | None
    role: str | None  # comma separated
    area_id: int | None
    label: str
    action: str
    args: Mapping[str, Any]
    expires_at: datetime

    @property
    def roles(self) -> tuple[str, ...]:
        return tuple(self.role.split(",")) if self.role else ()


@dataclass(frozen=True, slots=True)
class Stale:
    """A press that means nothing any more, or never did."""

    reason: Literal["unknown", "forged", "elsewhere", "expired"]


@dataclass(frozen=True, slots=True)
class Draft:
    """A button that is not kept yet: the message it belongs to carries its token, so that one is written first."""

    token: str
    row: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shared:
    """One button under thousands of messages: one row, and a token for each chat it is sent to."""

    id: str
    key: bytes
    before: bytes  # the chat stands between
    after: bytes

    def token(self, chat_id: int) -> str:
        return self.id + _sealed(self.key, b"%b%d%b" % (self.before, chat_id, self.after))


_MAKE = insert(button)
_OF_MESSAGE = select(*_COLUMNS).where(button.c.outbox_id == bindparam("message"))
_FIND = select(*_COLUMNS).where(button.c.id == bindparam("id"))


def draft(
    *,
    chat_id: int,
    label: str,
    action: str,
    args: Mapping[str, Any],
    expires_at: datetime,
    person_id: int | None = None,
    role: str | None = None,
    area_id: int | None = None,
    secret: str | bytes,
) -> Draft:
    """A new button of a chat; its token (24 characters) is what the platform is given to send back."""
    id = _text(os.urandom(_ID * 3 // 4))
    row = {
        "id": id,
        "chat_id": chat_id,
        "person_id": person_id,
        "role": role,
        "area_id": area_id,
        "label": label[:64],
        "action": action,
        "args": args,
        "expires_at": expires_at,
    }
    return Draft(id + _mac(secret, id, chat_id, action, expires_at), row)


def share(
    conn: Connection,
    *,
    label: str,
    action: str,
    args: Mapping[str, Any],
    expires_at: datetime,
    role: str | None = None,
    secret: str | bytes,
) -> Shared:
    """Keep a button for many chats at once; its token works only in the chat it was made for."""
    made = draft(chat_id=0, label=label, action=action, args=args, expires_at=expires_at, role=role, secret=secret)
    conn.execute(_MAKE, {**made.row, "chat_id": None, "outbox_id": None})
    id = str(made.row["id"])
    before, after = _signed(id, "\0", action, expires_at).split(b"\0\0\0")
    return Shared(id, _key(secret), before + b"\0", b"\0" + after)


def keep(conn: Connection, drafts: Sequence[Draft], outbox_id: int | None) -> None:
    """These buttons are those of this message; they work from now on."""
    if drafts:
        conn.execute(_MAKE, [{**draft.row, "outbox_id": outbox_id} for draft in drafts])


def make(conn: Connection, *, outbox_id: int | None = None, **button: Any) -> str:
    """Draft and keep one button; its token."""
    made = draft(**button)
    keep(conn, [made], outbox_id)
    return made.token


def find(conn: Connection, token: str, *, chat_id: int, secret: str | bytes, now: datetime) -> ButtonRow | Stale:
    """The button that was pressed in a chat, or why there is none."""
    if len(token) != _ID + _MAC or not token.isascii():
        return Stale("unknown")
    found = conn.execute(_FIND, {"id": token[:_ID]}).one_or_none()
    if found is None:
        return Stale("unknown")
    row = ButtonRow(*found)
    mac = _mac(secret, row.id, chat_id if row.chat_id is None else row.chat_id, row.action, row.expires_at)
    if not hmac.compare_digest(token[_ID:], mac):
        return Stale("forged")
    if row.chat_id not in (None, chat_id):
        return Stale("elsewhere")
    return row if now < row.expires_at else Stale("expired")


def of_message(conn: Connection, outbox_id: int) -> list[ButtonRow]:
    """The buttons of a message."""
    return [ButtonRow(*row) for row in conn.execute(_OF_MESSAGE, {"message": outbox_id})]


def _mac(secret: str | bytes, id: str, chat_id: int, action: str, expires_at: datetime) -> str:
    return _sealed(_key(secret), _signed(id, str(chat_id), action, expires_at))


def _sealed(key: bytes, said: bytes) -> str:
    return _text(hashlib.blake2b(said, key=key, digest_size=_MAC * 3 // 4).digest())


def _text(bits: bytes) -> str:
    """Bytes, a multiple of three, as text that fits into any address: base64.urlsafe_b64encode in half the time."""
    return b2a_base64(bits, newline=False).translate(_URLSAFE).decode()


@lru_cache(maxsize=4)
def _key(secret: str | bytes) -> bytes:
    """A key of the length that BLAKE2 takes, for secrets of any."""
    return hashlib.blake2b(secret.encode() if isinstance(secret, str) else secret, digest_size=32).digest()


def _signed(id: str, chat: str, action: str, expires_at: datetime) -> bytes:
    return "\0".join(("button", id, chat, action, _moment(expires_at))).encode()


@lru_cache(maxsize=16)  # the buttons of a turn end together
def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
