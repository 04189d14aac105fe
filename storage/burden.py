"""What the work costs those who do it: messages and taps a week, to each their own, to leaders only sums of several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Date, Select, bindparam, false, func, literal, or_, select

from storage.conflict import insert
from storage.sequence import HOME
from storage.tables import area, burden, staff, staff_role

FEWEST = 3  # a sum over fewer people would tell of one of them

_insert = insert(burden)
_COUNT = _insert.values(
    staff_id=bindparam("staff"),
    week=bindparam("week"),
    messages=bindparam("messages"),
    taps=bindparam("taps"),
    pushes=0,
).on_conflict_do_update(
    index_elements=["staff_id", "week"],
    set_={
        "messages": burden.c.messages + _insert.excluded.messages,
        "taps": burden.c.taps + _insert.excluded.taps,
    },
)


_WEEK = bindparam("week", type_=Date)
_TO_ONE = select(staff.c.id, _WEEK, literal(0), literal(0), literal(1)).where(staff.c.person_id == bindparam("person"))
_TO_ROOM = (
    select(staff_role.c.staff_id, _WEEK, literal(0), literal(0), literal(1))
    .where(staff_role.c.area_id == bindparam("area"))
    .distinct()
)
_COUNTED = (burden.c.messages, burden.c.taps, burden.c.pushes)
_COLUMNS = ("staff_id", "week", "messages", "taps", "pushes")


def _pushed(whom: Select[Any]) -> Any:
    put = insert(burden)
    return put.from_select(_COLUMNS, whom).on_conflict_do_update(
        index_elements=["staff_id", "week"], set_={"pushes": burden.c.pushes + put.excluded.pushes}
    )


_PUSHED_ONE, _PUSHED_ROOM = _pushed(_TO_ONE), _pushed(_TO_ROOM)


@dataclass(frozen=True, slots=True)
class Week:
    """A week of one worker."""

    monday: date
    messages: int
    taps: int
    pushes: int


@dataclass(frozen=True, slots=True)
class AreaWeek:
    """A week of those who work in an area: how many they are, and what it was in all."""

    area: str
    people: int
    messages: int
    taps: int
    pushes: int


def monday(now: datetime) -> date:
    """The first day of the week it is where people live."""
    day = now.astimezone(HOME).date()
    return day - timedelta(days=day.weekday())


def count(conn: Connection, staff_id: int, now: datetime, *, tap: bool) -> None:
    """One more message or tap of a member of staff."""
    conn.execute(_COUNT, {"staff": staff_id, "week": monday(now), "messages": int(not tap), "taps": int(tap)})


def pushed(conn: Connection, now: datetime, *, person: int | None = None, area: int | None = None) -> None:
    """One more message that came unasked: to a member of staff, or to all who hold a role in the area of a group."""
    query, named = (_PUSHED_ONE, {"person": person}) if area is None else (_PUSHED_ROOM, {"area": area})
    conn.execute(query, {"week": monday(now), **named})


def own(conn: Connection, staff_id: int, weeks: int = 8) -> list[Week]:
    """One's own weeks, the newest first."""
    query = select(burden.c.week, *_COUNTED).where(burden.c.staff_id == staff_id)
    return [Week(*row) for row in conn.execute(query.order_by(burden.c.week.desc()).limit(weeks))]


def of_areas(conn: Connection, paths: Sequence[str], week: date) -> list[AreaWeek]:
    """The week of the communities below these areas, in the order of the tree; none of too few people. No sum of sums:
    what is left out of it could be worked out.

    Whoever works in several of an area's grids counts once in it.
    """
    inner = area.alias("inner_area")
    mine = (
        select(area.c.id, area.c.name, staff_role.c.staff_id)
        .join(inner, inner.c.path.startswith(area.c.path))
        .join(staff_role, staff_role.c.area_id == inner.c.id)
        .where(area.c.level == "community", or_(false(), *(area.c.path.startswith(p) for p in paths)))
        .distinct()
        .subquery()
    )
    here = (burden.c.staff_id == mine.c.staff_id) & (burden.c.week == week)
    rows = conn.execute(
        select(mine.c.name, func.count(burden.c.id), *(func.sum(column) for column in _COUNTED))
        .join(burden, here)
        .group_by(mine.c.id, mine.c.name)
        .having(func.count(burden.c.id) >= FEWEST)
        .order_by(mine.c.id)
    )
    return [AreaWeek(name, people, *(int(n) for n in sums)) for name, people, *sums in rows]
