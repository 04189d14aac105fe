"""What a message that is edited in place reads like now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select

from storage.tables import chat, outbox

_SHOWN = (
    select(outbox.c.payload, outbox.c.created_at)
    .where(
        outbox.c.chat_id == bindparam("chat"),
        outbox.c.kind.in_(("say", "edit")),
        or_(outbox.c.id == bindparam("shown"), outbox.c.target_id == bindparam("shown")),
        outbox.c.state != "failed",
    )
    .order_by(outbox.c.id.desc())
    .limit(1)
)


def shows(conn: Connection, chat_id: int, shown: int, payload: Mapping[str, Any], *, since: datetime) -> bool:
    """Whether a message, as it was last written since then, reads like this already: the words, photo and buttons."""
    last = conn.execute(_SHOWN, {"chat": chat_id, "shown": shown}).first()
    return last is not None and last.created_at >= since and _read(last.payload) == _read(payload)


def said(conn: Connection, channel: str, address: str, id: int) -> Mapping[str, Any] | None:
    """What a message said when it was written; None where that chat has none of this number."""
    query = select(outbox.c.payload).join(chat, chat.c.id == outbox.c.chat_id)
    query = query.where(outbox.c.id == id, chat.c.channel == channel, chat.c.address == address)
    found: Mapping[str, Any] | None = conn.execute(query).scalar()
    return found


def _read(payload: Mapping[str, Any]) -> tuple[Any, ...]:
    labels = [[choice["label"] for choice in row] for row in payload.get("choices") or ()]
    return payload.get("text"), payload.get("photo"), labels
