"""Clocks of cases that stand still without anybody's will: the row that was to ring is dead, or there is none."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, String, and_, cast, literal, or_, select, text

from flows.domain.case import ALIVE, Status
from storage.tables import case, due

_KEY = literal("case.") + cast(case.c.id, String)
_MINE = due.c.subject["case"].as_integer()


def _rings(row: str) -> ColumnElement[bool]:
    return select(due.c.id).where(due.c.key == _KEY + literal(f".{row}"), text("due.state = 'pending'")).exists()


_LIVE = and_(case.c.status.in_(ALIVE), case.c.area_id.is_not(None))
_STOPPED = {  # of finishing it none rings while the resident is asked: then the question does
    "acknowledge": and_(case.c.owner_id.is_(None), case.c.acknowledge_due.is_not(None), ~_rings("due.acknowledge")),
    "resolve": and_(case.c.resolve_due.is_not(None), ~_rings("due.resolve"), ~_rings("answer")),
}


def stopped(conn: Connection, only: int | None = None) -> list[tuple[int, str]]:
    """(case, clock) of the live cases one of whose two clocks has no row that is to ring."""
    found = []
    for clock, stands in _STOPPED.items():
        query = select(case.c.id).where(_LIVE, stands).order_by(case.c.id)
        ids = conn.execute(query if only is None else query.where(case.c.id == only)).scalars()
        found += [(id, clock) for id in ids]
    return found


def dead(conn: Connection) -> list[tuple[int, int, str]]:
    """(row, case, key) of what failed for good of cases that are not over."""
    query = (
        select(due.c.id, case.c.id.label("case"), due.c.key)
        .join(case, case.c.id == _MINE)
        .where(text("due.state = 'dead'"), due.c.kind.like("case.%"))
        .where(or_(case.c.status.in_(ALIVE), and_(case.c.status == Status.RESOLVED, due.c.kind == "case.lapse")))
        .order_by(due.c.id)
    )
    return [(row.id, row.case, row.key) for row in conn.execute(query)]
