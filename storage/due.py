"""What falls due: rows claimed with a lease, so that two processes never do one thing twice and nothing vanishes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, and_, bindparam, case, cast, delete, exists, or_, select, text
from sqlalchemy import update as change

from flows.effects import Late, Schedule
from storage.conflict import insert
from storage.inbox import DeadLetter
from storage.tables import due

MAX_TRIES = 5


@dataclass(frozen=True, slots=True)
class DueRow:
    """Something to do now that was due `at`."""

    id: int
    key: str
    kind: str
    subject: Mapping[str, Any]
    at: datetime
    late: str  # fine, coalesce, expire
    tries: int  # this one counted
    expires_at: datetime | None = None


_PENDING = text("due.state = 'pending'")
_insert = insert(due)
_SCHEDULE = _insert.on_conflict_do_update(
    index_elements=["key"],
    set_={
        "kind": _insert.excluded.kind,
        "subject": _insert.excluded.subject,
        "at": _insert.excluded.at,
        "late": _insert.excluded.late,
        "expires_at": _insert.excluded.expires_at,
        "state": "pending",
        "lease_until": None,  # so that done() of whoever still works on the old date changes nothing
        "tries": 0,
        "done_at": None,
        "result": None,
    },
)
_newer = due.alias("newer")
_coalesced = and_(
    due.c.late == "coalesce",
    exists(
        select(_newer.c.id).where(
            text("newer.state = 'pending'"),
            _newer.c.at <= bindparam("now"),
            _newer.c.kind == due.c.kind,
            cast(_newer.c.subject, Text) == cast(due.c.subject, Text),  # one spelling a value: database.dumps
            or_(_newer.c.at > due.c.at, and_(_newer.c.at == due.c.at, _newer.c.id > due.c.id)),
        )
    ),
)
_CLAIMABLE = (
    select(
        due.c.id,
        due.c.key,
        due.c.kind,
        due.c.subject,
        due.c.at,
        due.c.late,
        (due.c.tries + 1).label("tries"),
        due.c.expires_at,
        _coalesced.label("coalesced"),
    )
    .where(
        _PENDING,
        due.c.at <= bindparam("now"),
        or_(due.c.lease_until.is_(None), due.c.lease_until <= bindparam("now")),
    )
    .order_by(due.c.at, due.c.id)
    .limit(bindparam("limit"))
    .with_for_update(of=due, skip_locked=True)
)
_LEASE = (
    change(due)
    .where(due.c.id.in_(bindparam("ids", expanding=True)))
    .values(lease_until=bindparam("until"), tries=due.c.tries + 1)
)
_END = (
    change(due)
    .where(due.c.id == bindparam("row"))
    .values(state=bindparam("fate"), done_at=bindparam("ended"), lease_until=None, result=bindparam("why"))
)
_CLAIMED = due.c.lease_until.is_not(None)


def schedule(
    conn: Connection,
    *,
    kind: str,
    key: str,
    at: datetime,
    subject: Mapping[str, Any],
    late: str,
    expires_at: datetime | None = None,
) -> None:
    """Have something done at an instant; the same key again moves it, and wakes it when it was done already."""
    schedule_all(conn, [Schedule(kind, key, at, subject, Late(late), expires_at)])


def schedule_all(conn: Connection, planned: Sequence[Schedule]) -> None:
    """The same with several, one after the other, said at once."""
    rows = [
        {
            "kind": one.kind,
            "key": one.key,
            "at": one.at,
            "subject": one.subject,
            "late": str(one.late),
            "expires_at": one.expires_at,
        }
        for one in planned
    ]
    conn.execute(_SCHEDULE, rows)


def postpone(conn: Connection, row: DueRow, at: datetime) -> None:
    """Have what was claimed done at another instant; when it expires stays as it was."""
    schedule(conn, kind=row.kind, key=row.key, at=at, subject=row.subject, late=row.late, expires_at=row.expires_at)


def unschedule(conn: Connection, key: str) -> None:
    """What was due under this key is not any more; a trailing * takes all that begin so."""
    conn.execute(delete(due).where(_PENDING, _named(conn, key)))


def claim(conn: Connection, now: datetime, *, lease: timedelta, limit: int) -> list[DueRow]:
    """Take what is due, the earliest first. What came too late to be done is marked so and not returned."""
    rows = []
    for *values, coalesced in conn.execute(_CLAIMABLE, {"now": now, "limit": limit}).all():
        row = DueRow(*values)
        if row.late == "expire" and row.expires_at is not None and row.expires_at <= now:
            _end(conn, row.id, "expired", now, "too late")
        elif coalesced:
            _end(conn, row.id, "coalesced", now, "a newer one was due as well")
        elif row.tries > MAX_TRIES:
            _end(conn, row.id, "dead", now, "its worker died each time")
        else:
            rows.append(row)
    if rows:
        conn.execute(_LEASE, {"ids": [row.id for row in rows], "until": now + lease})
    return rows


def held(conn: Connection, id: int, tries: int) -> bool:
    """Whether a row is still in the hands of whoever claimed it; held from now on to the end of the transaction."""
    query = select(due.c.tries).where(due.c.id == id, _PENDING, _CLAIMED).with_for_update()
    return conn.execute(query).scalar_one_or_none() == tries


def done(conn: Connection, id: int, now: datetime, result: str) -> None:
    """It was done. One that was scheduled anew meanwhile stays pending."""
    conn.execute(_END.where(_CLAIMED), {"row": id, "fate": "done", "ended": now, "why": result[:255]})


def later(conn: Connection, id: int, *, not_before: datetime, error: str) -> None:
    """It failed and is tried again; the fifth time it is dead. One that was scheduled anew meanwhile stays as it is."""
    conn.execute(
        change(due)
        .where(due.c.id == id, _CLAIMED)
        .values(
            state=case((due.c.tries >= MAX_TRIES, "dead"), else_="pending"), lease_until=not_before, result=error[:255]
        )
    )


def back(conn: Connection, rows: Iterable[DueRow], not_before: datetime | None = None) -> None:
    """They were not done, and it was no fault of theirs: they are due as before, and the try does not count."""
    for row in rows:
        mine = change(due).where(due.c.id == row.id, due.c.tries == row.tries, _PENDING, _CLAIMED)
        conn.execute(mine.values(lease_until=not_before, tries=due.c.tries - 1))


def next_at(conn: Connection) -> datetime | None:
    """When the next thing is due, counting what somebody works on only from the end of its lease."""
    free = select(due.c.at).where(_PENDING, due.c.lease_until.is_(None)).order_by(due.c.at).limit(1)
    leased = select(due.c.lease_until).where(_PENDING, due.c.lease_until.is_not(None)).order_by(due.c.lease_until)
    found = [conn.execute(free).scalar(), conn.execute(leased.limit(1)).scalar()]
    return min((at for at in found if at is not None), default=None)


def dead_letters(conn: Connection, limit: int) -> list[DeadLetter]:
    """The newest dead rows first."""
    rows = conn.execute(
        select(due.c.id, due.c.kind, due.c.at, due.c.tries, due.c.result)
        .where(text("state = 'dead'"))
        .order_by(due.c.id.desc())
        .limit(limit)
    )
    return [DeadLetter(row.id, row.kind, row.at, row.tries, row.result or "") for row in rows]


def dead_of(conn: Connection, kinds: Iterable[str]) -> list[int]:
    """The dead rows of these kinds."""
    return list(conn.execute(select(due.c.id).where(text("state = 'dead'"), due.c.kind.in_(list(kinds)))).scalars())


def replay(conn: Connection, ids: Iterable[int], now: datetime) -> int:
    """Have dead things done again, now; says how many there were."""
    again = change(due).where(due.c.id.in_(list(ids)), text("state = 'dead'"))
    return conn.execute(again.values(state="pending", tries=0, at=now, lease_until=None, done_at=None)).rowcount


def _end(conn: Connection, id: int, fate: str, now: datetime, why: str) -> None:
    conn.execute(_END, {"row": id, "fate": fate, "ended": now, "why": why})


def _named(conn: Connection, key: str) -> ColumnElement[bool]:
    if not key.endswith("*"):
        return due.c.key == key
    prefix = key[:-1]
    if conn.dialect.name == "sqlite":  # a range, since LIKE would not use the index there
        return and_(due.c.key >= prefix, due.c.key < prefix + "\U0010ffff")
    return due.c.key.startswith(prefix, autoescape=True)
