"""Looks up cases that may be the same matter: of one service, in one grid, lately."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Executable, Select, bindparam, exists, func, or_, select

from flows.domain.case import ALIVE, Status
from flows.domain.similar import AGAIN, WIDE, WINDOW, Matter, Similar, alike
from flows.facts import FindSimilar
from storage import spread
from storage.tables import case, case_party

MOST = 60  # looked at, the newest first
_WANTED = (*ALIVE, Status.RESOLVED, Status.CLOSED, Status.REJECTED)
_AREA = bindparam("area", type_=case.c.area_id.type)
_ALIKE = (
    case.c.service == bindparam("service"),
    case.c.opened_at >= bindparam("since"),
    case.c.status.in_(_WANTED),
)
_newest = (
    select(
        case.c.id,
        case.c.number,
        case.c.status,
        case.c.building_id,
        case.c.place,
        func.coalesce(case.c.closed_at, case.c.opened_at, type_=case.c.opened_at.type).label("at"),
    )
    .order_by(case.c.opened_at.desc(), case.c.id.desc())
    .limit(MOST)
)


def _matters(newest: Select[Any], *where: ColumnElement[bool]) -> Executable:
    """Those of the newest that may be at one place: what lies at two buildings never is."""
    one = newest.subquery("newest")
    there = (case_party.c.case_id == one.c.id, case_party.c.role != "left")
    building = bindparam("building", type_=case.c.building_id.type)  # None: wherever it is
    return select(
        *one.c,
        select(func.count()).where(*there).scalar_subquery(),
        exists().where(*there, case_party.c.person_id == bindparam("person")),
    ).where(or_(building.is_(None), one.c.building_id.is_(None), one.c.building_id == building))


# ix_case_alike answers it without a scan.
_there = _newest.where(case.c.area_id == _AREA, *_ALIKE)
CANDIDATES = _matters(_there)
# What is never offered to neighbours can only be one's own: the few of a person; no index begins at `area_id + 0`.
_own = _newest.join(case_party, case_party.c.case_id == case.c.id).where(
    case_party.c.person_id == bindparam("person"), case_party.c.role != "left", case.c.area_id + 0 == _AREA, *_ALIKE
)
OWN = _matters(_own)
_LIES = case.c.spread == bindparam("lies")  # on which of many servers
_FAR = {True: _matters(_there.where(_LIES)), False: _matters(_own.where(_LIES))}


def similar(conn: Connection, query: FindSimilar, now: datetime) -> tuple[Similar, ...]:
    """The cases that may be the same matter, likeliest first."""
    given = {
        "area": query.area,
        "service": query.service,
        "since": now - WINDOW - AGAIN,
        "person": query.person,
        "building": None if query.service in WIDE else query.building,
    }
    if spread.many(conn):
        rows = conn.execute(_FAR[query.offered], {**given, "lies": spread.key(conn, query.area)})
    else:
        rows = conn.execute(CANDIDATES if query.offered else OWN, given)
    matters = (
        Matter(id, number, Status(status), building, place, at, people, bool(mine))
        for id, number, status, building, place, at, people, mine in rows
    )
    return alike(query.service, query.building, query.place, now, matters, offered=query.offered)
