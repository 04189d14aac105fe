"""Threads between a resident and staff: legal questions, hand-overs, alarms."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from flows.domain.thread import Thread
from storage.cases import Overtaken
from storage.conflict import insert
from storage.tables import thread, thread_line

_COLUMNS = (
    thread.c.id,
    thread.c.kind,
    thread.c.number,
    thread.c.person_id,
    thread.c.chat_id,
    thread.c.area_id,
    thread.c.role,
    thread.c.state,
    thread.c.owner_id,
    thread.c.version,
    thread.c.subject,
    thread.c.rating,
    thread.c.aside,
)
_FIND = select(*_COLUMNS).where(thread.c.id == bindparam("id"))
_HELD = _FIND.with_for_update()
_OWNED = (
    select(*_COLUMNS)
    .where(thread.c.owner_id == bindparam("staff"), thread.c.state == "claimed")
    .order_by(thread.c.claimed_at.desc())
)
_MINE = (
    select(*_COLUMNS)
    .where(thread.c.person_id == bindparam("person"), thread.c.state.in_(("open", "claimed")))
    .order_by(thread.c.id.desc())
    .limit(5)
)


def _thread(row: Row[*tuple[Any, ...]]) -> Thread:
    return Thread(
        row.id,
        row.kind,
        row.number,
        row.person_id,
        row.chat_id,
        row.area_id,
        row.role,
        row.state,
        row.owner_id,
        row.version,
        str(row.subject.get("question", "")),
        row.rating,
        tuple(row.aside or ()),
        bool(row.subject.get("unasked")),
    )


def open_thread(
    conn: Connection,
    *,
    kind: str,
    number: str,
    person_id: int,
    chat_id: int,
    area_id: int | None,
    role: str,
    subject: Mapping[str, Any],
    now: datetime,
) -> Thread:
    """A new thread, waiting for somebody of the role."""
    row = {"kind": kind, "number": number, "person_id": person_id, "chat_id": chat_id, "area_id": area_id, "role": role}
    made = insert(thread).values(**row, state="open", subject=dict(subject), aside=[], opened_at=now, version=1)
    id = conn.execute(made.returning(thread.c.id)).scalar_one()
    return Thread(
        id, kind, number, person_id, chat_id, area_id, role, "open", None, 1, str(subject.get("question", ""))
    )


def load(conn: Connection, id: int) -> Thread:
    """Raises LookupError when there is no such thread."""
    row = conn.execute(_HELD, {"id": id}).first()
    if row is None:
        raise LookupError(f"no thread {id}")
    return _thread(row)


def find(conn: Connection, id: int) -> Thread | None:
    """A thread to look at only."""
    row = conn.execute(_FIND, {"id": id}).first()
    return _thread(row) if row else None


def subject(conn: Connection, id: int) -> Mapping[str, Any]:
    found: Mapping[str, Any] = conn.execute(select(thread.c.subject).where(thread.c.id == id)).scalar_one()
    return found


def mine(conn: Connection, person_id: int) -> list[Thread]:
    """A person's threads that have not ended, newest first."""
    return [_thread(row) for row in conn.execute(_MINE, {"person": person_id})]


def owned(conn: Connection, staff_id: int) -> list[Thread]:
    """Threads a member of staff has claimed, newest first."""
    return [_thread(row) for row in conn.execute(_OWNED, {"staff": staff_id})]


def change(conn: Connection, id: int, version: int, now: datetime, **values: Any) -> None:
    """Change a thread that stands at `version`; raises Overtaken when it does not any more."""
    stamps: dict[str, Any] = {}
    if values.get("state") == "claimed":
        stamps["claimed_at"] = now
    if values.get("state") == "closed":
        stamps["closed_at"] = now
    query = update(thread).where(thread.c.id == id, thread.c.version == version)
    if conn.execute(query.values(version=version + 1, **values, **stamps)).rowcount != 1:
        raise Overtaken(str(id))


def add_line(conn: Connection, id: int, author: str, text: str, now: datetime, photo: int | None = None) -> None:
    conn.execute(insert(thread_line).values(thread_id=id, author=author, text=text, file_id=photo, at=now))


def strike(conn: Connection, id: int, answer: int) -> None:
    """Mark an answer (the first is 0) as wrong; raises Overtaken when somebody has done so meanwhile."""
    said = select(thread_line.c.id).where(thread_line.c.thread_id == id, thread_line.c.author.in_(("staff", "wrong")))
    line = conn.execute(said.order_by(thread_line.c.id).offset(answer).limit(1)).scalar()
    query = update(thread_line).where(thread_line.c.id == line, thread_line.c.author == "staff")
    if conn.execute(query.values(author="wrong")).rowcount != 1:
        raise Overtaken(str(id))


def photos(conn: Connection, id: int) -> tuple[int, ...]:
    """What the asker has shown, the oldest first."""
    query = select(thread_line.c.file_id).where(thread_line.c.thread_id == id, thread_line.c.file_id.is_not(None))
    return tuple(conn.execute(query.where(thread_line.c.author == "asker").order_by(thread_line.c.id)).scalars())


def asker_lines(conn: Connection, id: int) -> tuple[str, ...]:
    """What the asker has said since it was opened."""
    return tuple(text for author, text, _ in lines(conn, id) if author == "asker")


def lines(conn: Connection, id: int) -> list[tuple[str, str, datetime]]:
    query = select(thread_line.c.author, thread_line.c.text, thread_line.c.at).where(thread_line.c.thread_id == id)
    return [(row.author, row.text, row.at) for row in conn.execute(query.order_by(thread_line.c.id))]
