"""What is forgotten when: the words that passed through are emptied, spent codes and buttons go, the books stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    Delete,
    Update,
    delete,
    exists,
    func,
    or_,
    select,
    text,
    update,
)

from storage import allowance, bookings, bot_answers, case_words, files, mediations, sequence
from storage import due as due_rows
from storage.tables import (
    button,
    chat,
    code,
    conversation,
    due,
    file,
    group_memory,
    inbox,
    outbox,
    thread,
    thread_line,
    web_line,
)

MOST = 500  # of a kind in one sweep: nobody waits long for the writer


@dataclass(frozen=True, slots=True)
class Retention:
    """How long each kind of row is kept after its work is done."""

    words: timedelta = timedelta(days=30)  # what was said, in inbox and outbox; the rows stay to know repeats by
    answers: timedelta = timedelta(days=7)  # what waits until a group speaks to us again: later it is no answer
    stuck: timedelta = timedelta(days=90)  # what was said, where it failed or waits for somebody to come back
    rows: timedelta = timedelta(days=180)  # done inbox rows and what was due
    codes: timedelta = timedelta(days=7)
    buttons: timedelta = timedelta(days=30)
    conversation: timedelta = timedelta(days=30)  # half-finished forms
    consultation: timedelta = timedelta(days=365)  # the words of a legal question, after its end
    loose: timedelta = timedelta(days=30)  # photos and voice that belong to nothing
    threads: timedelta = timedelta(days=730)  # the words of other conversations with staff
    cases: timedelta = timedelta(days=1096)  # words and photos of cases, after their end; words of mediations
    visits: timedelta = timedelta(days=365)  # what was said about appointments, and addresses, after their time
    web: timedelta = timedelta(days=365)  # what the web chat shows


def sweep(conn: Connection, now: datetime) -> dict[str, int]:
    """Forget what is old; says how many rows of each table were emptied or deleted."""
    keep = Retention()
    return {
        "inbox": sum(_count(conn, one) for one in _inbox(keep, now)),
        "outbox": _count(conn, _given_up(now - keep.stuck, now - keep.answers))
        + _count(conn, _too_late(now))
        + _count(conn, _emptied_outbox(now - keep.words)),
        "due": _count(conn, delete(due).where(text("state <> 'pending'"), due.c.done_at < now - keep.rows)),
        "code": _count(conn, delete(code).where(_spent(now - keep.codes))),
        "button": _count(conn, delete(button).where(button.c.expires_at < now - keep.buttons)),
        "conversation": _count(conn, delete(conversation).where(conversation.c.at < now - keep.conversation)),
        "consultation": _forgotten(conn, now - keep.consultation),
        "thread": _old_threads(conn, now - keep.threads),
        "case": case_words.forget_old(conn, now - keep.cases),
        "mediation": mediations.forget_old(conn, now - keep.cases),
        "booking": bookings.forget_old(conn, now - keep.visits),
        "file": _loose_files(conn, now - keep.loose, now),
        "web_line": _count(conn, _old_lines(now - keep.web)),
        "counted": sequence.forget(conn, now),
        "allowance": allowance.forget(conn, now),
        "bot_answer": bot_answers.forget(conn, now),
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


def _inbox(keep: Retention, now: datetime) -> tuple[Update | Delete, ...]:
    """What was done is emptied and goes; a dead letter is emptied later, and stays on the list of them."""
    told = text("CAST(payload AS TEXT) <> '{}'")
    done = (inbox.c.done_at < now - keep.words, text("state = 'done'"), told)
    dead = (inbox.c.received_at < now - keep.stuck, text("state = 'dead'"), told)
    return (
        *(update(inbox).where(*old).values(payload={}, unsure=None) for old in (done, dead)),
        delete(inbox).where(text("state = 'done'"), inbox.c.done_at < now - keep.rows),
    )


def _given_up(before: datetime, in_groups: datetime) -> Update:
    """What waits for somebody who blocked us is not for ever, nor what waits for a group: it has failed, and is never
    said if they come back."""
    groups = select(chat.c.id).where(chat.c.kind == "group")
    late = or_(outbox.c.created_at < before, (outbox.c.created_at < in_groups) & outbox.c.chat_id.in_(groups))
    gone = update(outbox).where(text("state = 'waiting'"), late)
    return gone.values(state="failed", lease_until=None, reason="waited too long", payload={})


def _too_late(now: datetime) -> Update:
    """What nobody wants to read any more and nobody is sending."""
    idle = or_(outbox.c.lease_until.is_(None), outbox.c.lease_until <= now)
    late = update(outbox).where(text("state = 'new'"), outbox.c.not_after <= now, idle)
    return late.values(state="failed", lease_until=None, reason="too late")


def _emptied_outbox(before: datetime) -> Update:
    ended = or_(outbox.c.sent_at < before, (outbox.c.created_at < before) & text("state = 'failed'"))
    return update(outbox).where(ended, text("CAST(payload AS TEXT) <> '{}'")).values(payload={})


def _spent(before: datetime) -> ColumnElement[bool]:
    return or_(code.c.expires_at < before, code.c.used_at < before)


def _old_threads(conn: Connection, before: datetime) -> int:
    told = (thread.c.kind != "legal", text("CAST(subject AS TEXT) <> '{}'"))
    old = select(thread.c.id).where(thread.c.closed_at < before, *told)
    ids = list(conn.execute(old.limit(MOST)).scalars())
    conn.execute(delete(thread_line).where(thread_line.c.thread_id.in_(ids)))
    conn.execute(update(thread).where(thread.c.id.in_(ids)).values(subject={}))
    return len(ids)


def _loose_files(conn: Connection, before: datetime, now: datetime) -> int:
    """Forget files that nothing refers to; the bytes go by a due thing of their own, after the commit."""
    used = [exists().where(column == file.c.id) for column in files.references()]
    rows = conn.execute(select(file.c.id, file.c.path).where(file.c.at < before, ~or_(*used)).limit(MOST)).all()
    if rows:
        conn.execute(delete(file).where(file.c.id.in_([row.id for row in rows])))
        due_rows.schedule(
            conn,
            kind="files.remove",
            key=f"files.loose.{rows[0].id}",
            at=now,
            subject={"paths": sorted({row.path for row in rows})},
            late="fine",
        )
    return len(rows)


def _old_lines(before: datetime) -> Delete:
    """Never a chat's newest change: the next one counts on from it."""
    later = web_line.alias("later")
    newest = select(func.max(later.c.changed)).where(later.c.chat == web_line.c.chat).scalar_subquery()
    return delete(web_line).where(web_line.c.at < before, web_line.c.changed < newest)
