"""Looks up cases that may be the same matter: of one service, in one grid, lately."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Select, func, select

from flows.domain.case import ALIVE, Status
from flows.domain.similar import AGAIN, WINDOW, Matter, Similar, alike
from flows.facts import FindSimilar
from storage.tables import case, case_party

MOST = 60  # looked at, the newest first
_WHEN = (case.c.opened_at, case.c.closed_at)
COLUMNS = (case.c.id, case.c.number, case.c.status, case.c.building_id, case.c.place, *_WHEN)


def candidates(query: FindSimilar, now: datetime) -> Select[tuple[object, ...]]:
    """The statement; ix_case_alike answers it without a scan."""
    since = now - WINDOW - AGAIN
    wanted = (*ALIVE, Status.RESOLVED, Status.CLOSED, Status.REJECTED)
    return (
        select(*COLUMNS)
        .where(case.c.area_id == query.area, case.c.service == query.service, case.c.opened_at >= since)
        .where(case.c.status.in_(wanted))
        .order_by(case.c.opened_at.desc(), case.c.id.desc())
        .limit(MOST)
    )


def similar(conn: Connection, query: FindSimilar, now: datetime) -> tuple[Similar, ...]:
    """The cases that may be the same matter, likeliest first."""
    rows = conn.execute(candidates(query, now)).all()
    people = _people(conn, [row.id for row in rows])
    mine = _mine(conn, [row.id for row in rows], query.person)
    matters = (
        Matter(
            row.id,
            row.number,
            Status(row.status),
            row.building_id,
            row.place,
            row.closed_at or row.opened_at,
            people.get(row.id, 0),
            row.id in mine,
        )
        for row in rows
    )
    return alike(query.service, query.building, query.place, now, matters, offered=query.offered)


def _people(conn: Connection, ids: list[int]) -> dict[int, int]:
    query = select(case_party.c.case_id, func.count()).where(case_party.c.case_id.in_(ids), case_party.c.role != "left")
    return {int(id): int(count) for id, count in conn.execute(query.group_by(case_party.c.case_id)).all()}


def _mine(conn: Connection, ids: list[int], person: int) -> set[int]:
    query = select(case_party.c.case_id).where(case_party.c.case_id.in_(ids), case_party.c.person_id == person)
    return set(conn.execute(query.where(case_party.c.role != "left")).scalars())
