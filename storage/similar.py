"""Looks up cases that may be the same matter: of one service, in one grid, lately."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select

from flows.domain.case import ALIVE, Status
from flows.domain.similar import AGAIN, WINDOW, Matter, Similar, alike
from flows.facts import FindSimilar
from storage.tables import case, case_party

MOST = 60  # looked at, the newest first
_WANTED = (*ALIVE, Status.RESOLVED, Status.CLOSED, Status.REJECTED)
_WHEN = (case.c.opened_at, case.c.closed_at)
COLUMNS = (case.c.id, case.c.number, case.c.status, case.c.building_id, case.c.place, *_WHEN)


# ix_case_alike answers it without a scan.
CANDIDATES = (
    select(*COLUMNS)
    .where(case.c.area_id == bindparam("area"), case.c.service == bindparam("service"))
    .where(case.c.opened_at >= bindparam("since"), case.c.status.in_(_WANTED))
    .order_by(case.c.opened_at.desc(), case.c.id.desc())
    .limit(MOST)
)
_AMONG = case_party.c.case_id.in_(bindparam("ids", expanding=True))
_PEOPLE = (
    select(case_party.c.case_id, func.count()).where(_AMONG, case_party.c.role != "left").group_by(case_party.c.case_id)
)
_MINE = select(case_party.c.case_id).where(
    _AMONG, case_party.c.person_id == bindparam("person"), case_party.c.role != "left"
)


def similar(conn: Connection, query: FindSimilar, now: datetime) -> tuple[Similar, ...]:
    """The cases that may be the same matter, likeliest first."""
    asked = {"area": query.area, "service": query.service, "since": now - WINDOW - AGAIN}
    rows = conn.execute(CANDIDATES, asked).all()
    ids = [row.id for row in rows]
    people: dict[int, int] = dict(conn.execute(_PEOPLE, {"ids": ids}).all()) if ids else {}
    mine = set(conn.execute(_MINE, {"ids": ids, "person": query.person}).scalars()) if ids else set()
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
