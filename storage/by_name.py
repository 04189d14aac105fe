"""What a table written by hand names: areas and staff by key or name, an activity by its title and place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from storage.tables import activity, area, shift, staff


@dataclass(frozen=True, slots=True)
class Named:
    """`ids`: by key and by name, but for a name that several have; `names`: how each is written, so that it is one."""

    ids: Mapping[str, int]
    names: Mapping[int, str]


def areas(conn: Connection) -> Named:
    """The areas in use."""
    return _named(conn, select(area.c.id, area.c.key, area.c.name).where(area.c.active))


def colleagues(conn: Connection) -> Named:
    """The staff of today."""
    return _named(conn, select(staff.c.id, staff.c.key, staff.c.name).where(staff.c.active))


def _named(conn: Connection, query: Select[Any]) -> Named:
    rows = conn.execute(query).all()
    count = Counter(row.name for row in rows)
    ids = {row.name: row.id for row in rows if count[row.name] == 1} | {row.key: row.id for row in rows}
    return Named(ids, {row.id: row.name if ids.get(row.name) == row.id else row.key for row in rows})


def activity_of(conn: Connection, area_id: int, title: str, place: str) -> int | None:
    """The activity of this title and place, however it came to be there."""
    same = (activity.c.area_id == area_id, activity.c.title == title, activity.c.place == place)
    return conn.execute(select(activity.c.id).where(*same, activity.c.active).order_by(activity.c.id)).scalar()


def begins(conn: Connection, activity_id: int, at: datetime) -> bool:
    """Whether a shift of the activity begins then, or would have, had it not been called off."""
    query = select(shift.c.id).where(shift.c.activity_id == activity_id, shift.c.starts_at == at)
    return conn.execute(query.limit(1)).first() is not None
