"""What a chat was shown: how a message that is edited in place reads now, and what there was to choose from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Text, bindparam, or_, select, type_coerce

from storage.spelling import loads
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

_LAST = (
    select(type_coerce(outbox.c.payload, Text), outbox.c.cause)  # read as JSON only as far as it is looked at
    .where(outbox.c.chat_id == bindparam("chat"), outbox.c.kind.in_(("say", "edit")))
    .order_by(outbox.c.id.desc())
    .limit(3)
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


def last_choices(conn: Connection, chat_id: int) -> list[Mapping[str, Any]]:
    """The choices (token, label) of what a chat was told last, in the order they are numbered; links are none."""
    told = conn.execute(_LAST, {"chat": chat_id}).all()
    for payload, cause in told:
        if cause != told[0].cause:
            break
        said = loads(payload) if isinstance(payload, str) else payload  # PostgreSQL's driver has read it
        found = [choice for row in said.get("choices", ()) for choice in row if not choice.get("link")]
        if found or cause is None:
            return found
    return []


def _read(payload: Mapping[str, Any]) -> tuple[Any, ...]:
    labels = [[choice["label"] for choice in row] for row in payload.get("choices") or ()]
    return payload.get("text"), payload.get("photo"), labels
