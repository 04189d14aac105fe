"""When duty begins: the next turn of a role's roster, for telling people honestly when somebody looks at it."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select

from storage.community import above, covers, time_zone
from storage.tables import duty, staff

LOOKED = 14  # days ahead


def next_turn(conn: Connection, area_id: int, role: str, now: datetime) -> datetime | None:
    """When somebody of the role who is not away is next on duty, in the area's own time; None: now, or no roster
    tells."""
    areas = above(conn, area_id)
    local = now.astimezone(time_zone(conn, area_id))
    query = select(duty, staff.c.away_from, staff.c.away_until).join(staff, staff.c.id == duty.c.staff_id)
    rows = conn.execute(query.where(duty.c.area_id.in_(areas), duty.c.role == role)).all()
    if not rows or any(covers(row.weekdays, row.start, row.end, local) and not _away(row, local) for row in rows):
        return None
    days = [local.date() + timedelta(days=ahead) for ahead in range(LOOKED)]
    turns = [
        (row, datetime.combine(day, time.fromisoformat(row.start), local.tzinfo))
        for row in rows
        for day in days
        if str(day.isoweekday()) in row.weekdays
    ]
    return min((turn for row, turn in turns if turn > local and not _away(row, turn)), default=None)


def _away(row: Row[*tuple[Any, ...]], at: datetime) -> bool:
    return row.away_until is not None and row.away_from <= at < row.away_until
