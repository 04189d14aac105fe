"""When duty begins: the next turn of a role's roster, for telling people honestly when somebody looks at it."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy import Connection, select

from storage.community import above, covers, time_zone
from storage.tables import duty

LOOKED = 14  # days ahead


def next_turn(conn: Connection, area_id: int, role: str, now: datetime) -> datetime | None:
    """When somebody of the role is next on duty, in the area's own time; None: now, or no roster tells."""
    areas = above(conn, area_id)
    local = now.astimezone(time_zone(conn, area_id))
    rows = conn.execute(select(duty).where(duty.c.area_id.in_(areas), duty.c.role == role)).all()
    if not rows or any(covers(row.weekdays, row.start, row.end, local) for row in rows):
        return None
    turns = [
        datetime.combine(day, time.fromisoformat(row.start), local.tzinfo)
        for row in rows
        for day in (local.date() + timedelta(days=ahead) for ahead in range(LOOKED))
        if str(day.isoweekday()) in row.weekdays
    ]
    return min((turn for turn in turns if turn > local), default=None)
