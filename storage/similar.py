"""Looks up cases that may be the same matter: of one service, in one grid, lately."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, exists, func, select

from flows.domain.case import ALIVE, Status
from flows.domain.similar import AGAIN, WINDOW, Matter, Similar, alike
from flows.facts import FindSimilar
from storage.tables import case, case_party

MOST = 60  # looked at, the newest first
_WANTED = (*ALIVE, Status.RESOLVED, Status.CLOSED, Status.REJECTED)
_WHEN = (case.c.opened_at, case.c.closed_at)
_there = (case_party.c.case_id == case.c.id, case_party.c.role != "left")
COLUMNS = (
    case.c.id,
    case.c.number,
    case.c.status,
    case.c.building_id,
    case.c.place,
    *_WHEN,
    select(func.count()).where(*_there).scalar_subquery().label("people"),
    exists().where(*_there, case_party.c.person_id == bindparam("person")).label("mine"),
)


# ix_case_alike answers it without a scan.
CANDIDATES = (
    select(*COLUMNS)
    .where(case.c.area_id == bindparam("area"), case.c.service == bindparam("service"))
    .where(case.c.opened_at >= bindparam("since"), case.c.status.in_(_WANTED))
    .order_by(case.c.opened_at.desc(), case.c.id.desc())
    .limit(MOST)
)


def similar(conn: Connection, query: FindSimilar, now: datetime) -> tuple[Similar, ...]:
    """The cases that may be the same matter, likeliest first."""
    since = now - WINDOW - AGAIN
    rows = conn.execute(
        CANDIDATES, {"area": query.area, "service": query.service, "since": since, "person": query.person}
    ).all()
    matters = (
        Matter(
            row.id,
            row.number,
            Status(row.status),
            row.building_id,
            row.place,
            row.closed_at or row.opened_at,
            row.people,
            bool(row.mine),
        )
        for row in rows
    )
    return alike(query.service, query.building, query.place, now, matters, offered=query.offered)
