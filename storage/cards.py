"""Cards: which message shows what, so that it can be edited in place."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, select

from flows.effects import CardKey
from storage.conflict import insert
from storage.tables import card, outbox

_FIND = select(card.c.outbox_id).where(
    card.c.kind == bindparam("kind"), card.c.subject_id == bindparam("subject"), card.c.chat_id == bindparam("chat")
)
_ALL = select(card.c.chat_id).where(card.c.kind == bindparam("kind"), card.c.subject_id == bindparam("subject"))
_KEEP = insert(card).on_conflict_do_update(
    index_elements=["kind", "subject_id", "chat_id"], set_={"version": card.c.version + 1}
)


def find(conn: Connection, key: CardKey, chat_id: int) -> int | None:
    """The outbox row of the message that shows this in a chat."""
    return conn.execute(_FIND, {"kind": key.kind, "subject": key.subject, "chat": chat_id}).scalar()


def keep(conn: Connection, key: CardKey, chat_id: int, outbox_id: int) -> None:
    """The message shows this from now on; one that is there already gets a new version."""
    row = {"kind": key.kind, "subject_id": key.subject, "chat_id": chat_id, "outbox_id": outbox_id}
    conn.execute(_KEEP, row)


def of_message(conn: Connection, chat_id: int, message: str) -> CardKey | None:
    """What a message that somebody replied to is about: its own card, or the card it replied to."""
    said = select(outbox.c.id, outbox.c.target_id).where(outbox.c.chat_id == chat_id, outbox.c.message == message)
    for id, target in conn.execute(said):
        query = select(card.c.kind, card.c.subject_id).where(card.c.outbox_id.in_([i for i in (id, target) if i]))
        found = conn.execute(query).first()
        if found:
            return CardKey(found.kind, found.subject_id)
    return None


def is_ours(conn: Connection, chat_id: int, message: str) -> bool:
    """Whether a message of a chat is one we said."""
    said = select(outbox.c.id).where(outbox.c.chat_id == chat_id, outbox.c.message == message).limit(1)
    return conn.execute(said).first() is not None


def all_of(conn: Connection, key: CardKey) -> list[int]:
    """The chats in which this is shown."""
    return [row.chat_id for row in conn.execute(_ALL, {"kind": key.kind, "subject": key.subject})]
