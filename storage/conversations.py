"""Where each conversation stands, and what a group said in the last half hour."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from storage.conflict import insert
from storage.tables import conversation, group_memory

_STATE = select(conversation.c.state).where(
    conversation.c.chat_id == bindparam("chat"), conversation.c.person_id == bindparam("person")
)
_insert = insert(conversation)
_SAVE = _insert.on_conflict_do_update(
    index_elements=["chat_id", "person_id"], set_={"state": _insert.excluded.state, "at": _insert.excluded.at}
)
_MEMORY = select(group_memory.c.memory, group_memory.c.expires_at).where(group_memory.c.chat_id == bindparam("chat"))
_keep = insert(group_memory)
_KEEP = _keep.on_conflict_do_update(
    index_elements=["chat_id"], set_={"memory": _keep.excluded.memory, "expires_at": _keep.excluded.expires_at}
)


def load(conn: Connection, chat_id: int, person_id: int) -> Mapping[str, Any]:
    """The state of a person's conversation in a chat; empty when there is none."""
    return conn.execute(_STATE, {"chat": chat_id, "person": person_id}).scalar() or {}


def moved_at(conn: Connection, chat_id: int, person_id: int) -> datetime | None:
    """When a person's conversation in a chat last went on."""
    query = select(conversation.c.at).where(conversation.c.chat_id == chat_id, conversation.c.person_id == person_id)
    return conn.execute(query).scalar()


def save(conn: Connection, chat_id: int, person_id: int, state: Mapping[str, Any], now: datetime) -> None:
    conn.execute(_SAVE, {"chat_id": chat_id, "person_id": person_id, "state": state, "at": now})


def memory(conn: Connection, chat_id: int, now: datetime) -> Mapping[str, Any]:
    """What is remembered of a group; forgotten once it has expired."""
    found = conn.execute(_MEMORY, {"chat": chat_id}).first()
    return found.memory if found and found.expires_at > now else {}


def remember(conn: Connection, chat_id: int, kept: Mapping[str, Any], expires_at: datetime) -> None:
    conn.execute(_KEEP, {"chat_id": chat_id, "memory": kept, "expires_at": expires_at})
