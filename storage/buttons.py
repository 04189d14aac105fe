"""Buttons: what a press asks for is a row, named by an opaque id and a short MAC, and checked when it is pressed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import Column, Connection, bindparam, insert, select, update

from storage.tables import button

_ID = 12  # characters: 72 random bits
_MAC = 12  # characters: 72 bits of HMAC-SHA-256
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
    chat_id: int
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


_MAKE = insert(button)
_FIND = select(*_COLUMNS).where(button.c.id == bindparam("id"))


def make(
    conn: Connection,
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
) -> str:
    """A new button of a chat; the token (24 characters) is what the platform is given to send back."""
    id = secrets.token_urlsafe(_ID * 3 // 4)
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
    conn.execute(_MAKE, row)
    return id + _mac(secret, id, chat_id, action, expires_at)


def attach(conn: Connection, tokens: Collection[str], outbox_id: int) -> None:
    """These buttons are those of this message."""
    if tokens:
        ids = [token[:_ID] for token in tokens]
        conn.execute(update(button).where(button.c.id.in_(ids)).values(outbox_id=outbox_id))


def find(conn: Connection, token: str, *, chat_id: int, secret: str | bytes, now: datetime) -> ButtonRow | Stale:
    """The button that was pressed in a chat, or why there is none."""
    if len(token) != _ID + _MAC or not token.isascii():
        return Stale("unknown")
    found = conn.execute(_FIND, {"id": token[:_ID]}).one_or_none()
    if found is None:
        return Stale("unknown")
    row = ButtonRow(*found)
    mac = _mac(secret, row.id, row.chat_id, row.action, row.expires_at)
    if not hmac.compare_digest(token[_ID:], mac):
        return Stale("forged")
    if row.chat_id != chat_id:
        return Stale("elsewhere")
    return row if now < row.expires_at else Stale("expired")


def of_message(conn: Connection, outbox_id: int) -> list[ButtonRow]:
    """The buttons of a message."""
    rows = conn.execute(select(*_COLUMNS).where(button.c.outbox_id == outbox_id))
    return [ButtonRow(*row) for row in rows]


def _mac(secret: str | bytes, id: str, chat_id: int, action: str, expires_at: datetime) -> str:
    key = secret.encode() if isinstance(secret, str) else secret
    message = "\0".join(("button", id, str(chat_id), action, expires_at.astimezone(UTC).isoformat()))
    digest = hmac.new(key, message.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest)[:_MAC].decode()
