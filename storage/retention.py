"""What is forgotten when: the words that passed through are emptied, spent codes and buttons go, the books stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Delete, Update, delete, or_, select, text, update

from storage.tables import button, code, conversation, due, group_memory, inbox, outbox, thread, thread_line


@dataclass(frozen=True, slots=True)
class Retention:
    """How long each kind of row is kept after its work is done."""

    words: timedelta = timedelta(days=30)  # what was said, in inbox and outbox; the rows stay to know repeats by
    rows: timedelta = timedelta(days=180)  # done inbox rows and what was due
    codes: timedelta = timedelta(days=7)
    buttons: timedelta = timedelta(days=30)
    conversation: timedelta = timedelta(days=30)  # half-finished forms
    consultation: timedelta = timedelta(days=365)  # the words of a legal question, after its end


def sweep(conn: Connection, now: datetime, retention: Retention | None = None) -> dict[str, int]:
    """Forget what is old; says how many rows of each table were emptied or deleted."""
    keep = retention or Retention()
    return {
        "inbox": _count(conn, _emptied_inbox(now - keep.words)) + _count(conn, _gone_inbox(now - keep.rows)),
        "outbox": _count(conn, _emptied_outbox(now - keep.words)),
        "due": _count(conn, delete(due).where(text("state <> 'pending'"), due.c.done_at < now - keep.rows)),
        "code": _count(conn, delete(code).where(_spent(now - keep.codes))),
        "button": _count(conn, delete(button).where(button.c.expires_at < now - keep.buttons)),
        "conversation": _count(conn, delete(conversation).where(conversation.c.at < now - keep.conversation)),
        "consultation": _forgotten(conn, now - keep.consultation),
        "group_memory": _count(conn, delete(group_memory).where(group_memory.c.expires_at < now)),
    }


def _count(conn: Connection, statement: Update | Delete) -> int:
    return conn.execute(statement).rowcount


def _forgotten(conn: Connection, before: datetime) -> int:
    """The words of legal questions that ended: what was asked and every line; number, dates and rating stay."""
    ended = (thread.c.kind == "legal", thread.c.closed_at < before)
    lines = delete(thread_line).where(thread_line.c.thread_id.in_(select(thread.c.id).where(*ended)))
    subjects = update(thread).where(*ended, text("CAST(subject AS TEXT) <> '{}'")).values(subject={})
    return _count(conn, lines) + _count(conn, subjects)


def _emptied_inbox(before: datetime) -> Update:
    old = (inbox.c.done_at < before, text("state = 'done'"), text("CAST(payload AS TEXT) <> '{}'"))
    return update(inbox).where(*old).values(payload={})


def _gone_inbox(before: datetime) -> Delete:
    return delete(inbox).where(text("state = 'done'"), inbox.c.done_at < before)


def _emptied_outbox(before: datetime) -> Update:
    ended = or_(outbox.c.sent_at < before, (outbox.c.created_at < before) & text("state = 'failed'"))
    return update(outbox).where(ended, text("CAST(payload AS TEXT) <> '{}'")).values(payload={})


def _spent(before: datetime) -> ColumnElement[bool]:
    return or_(code.c.expires_at < before, code.c.used_at < before)
