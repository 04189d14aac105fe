"""Lists of cases for digests, and the staff groups that get one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, String, cast, func, literal, or_, select
from sqlalchemy import case as choose

from flows.domain.places import building_level
from storage import desk
from storage.community import time_zone
from storage.tables import area, case, case_called, chat, due, duty, staff, staff_role, thread

OPEN = ("submitted", "accepted", "assigned", "called_out")


class Row(NamedTuple):
    """A case as digests count it; `take_by` while nobody has it."""

    number: str
    service: str
    opened: datetime
    due: datetime | None
    owned: bool
    take_by: datetime | None


_COLUMNS = (
    *(case.c.number, case.c.service, case.c.opened_at, case.c.resolve_due),
    *(case.c.owner_id.is_not(None), choose((case.c.owner_id.is_(None), case.c.acknowledge_due))),
)


def open_in(conn: Connection, area_id: int, limit: int = 500) -> list[Row]:
    """The cases being worked on in an area and its parts, oldest first."""
    top = select(area.c.path).where(area.c.id == area_id).scalar_subquery()
    query = (
        select(*_COLUMNS)
        .join(area, area.c.id == case.c.area_id)
        .where(area.c.path.startswith(top), case.c.status.in_(OPEN))
        .order_by(case.c.id)
        .limit(limit)
    )
    return [Row(*row) for row in conn.execute(query)]


def owned(conn: Connection, staff_id: int, limit: int = 100) -> list[Row]:
    """The cases a member of staff is working on, what is due first first."""
    query = select(*_COLUMNS).where(case.c.owner_id == staff_id, case.c.status.in_(OPEN))
    return [Row(*row) for row in conn.execute(query.order_by(case.c.resolve_due, case.c.id).limit(limit))]


def called(conn: Connection, who: desk.Member, departments: Sequence[str], limit: int = 20) -> list[tuple[int, Row]]:
    """(id, row) of the cases to which these departments are called out, as far as `who` may see them."""
    theirs = select(case_called.c.case_id).where(case_called.c.department.in_(departments))
    query = desk.seen(who).where(case.c.id.in_(theirs), case.c.status == "called_out").order_by(case.c.id).limit(limit)
    found = conn.execute(query)
    return [(r.id, Row(r.number, r.service, r.opened_at, r.resolve_due, r.owner is not None, None)) for r in found]


def orphaned(conn: Connection, limit: int = 100) -> list[int]:
    """Cases being worked on whose owner has left, or holds no role any more."""
    held = select(staff_role.c.id).where(staff_role.c.staff_id == staff.c.id).exists()
    query = (
        select(case.c.id)
        .join(staff, staff.c.id == case.c.owner_id)
        .where(case.c.status.in_(("assigned", "called_out")), or_(~staff.c.active, ~held))
        .order_by(case.c.id)
        .limit(limit)
    )
    return list(conn.execute(query).scalars())


def rooms_without_digest(conn: Connection) -> list[tuple[int, int]]:
    """(chat, area) of open staff groups that have no digest pending."""
    key = literal("digest.") + cast(chat.c.id, String)
    pending = select(due.c.id).where(due.c.key == key, due.c.state == "pending").exists()
    query = select(chat.c.id, chat.c.area_id).where(
        chat.c.role == "staff", chat.c.state == "open", chat.c.area_id.is_not(None), ~pending
    )
    return [(row.id, row.area_id) for row in conn.execute(query)]


def open_calls(conn: Connection, area_id: int) -> tuple[int, int]:
    """How many alarms are open in an area and its parts, and how many calls for a person nobody has taken."""
    top = select(area.c.path).where(area.c.id == area_id).scalar_subquery()
    query = (
        select(thread.c.kind, thread.c.state, func.count())
        .join(area, area.c.id == thread.c.area_id)
        .where(area.c.path.startswith(top), thread.c.state != "closed")
        .group_by(thread.c.kind, thread.c.state)
    )
    found = {(kind, state): number for kind, state, number in conn.execute(query)}
    alarms = sum(number for (kind, _), number in found.items() if kind == "alarm")
    return alarms, found.get(("handover", "open"), 0)


def calls_waiting(conn: Connection, area_id: int) -> list[tuple[int, str, str, int]]:
    """(id, number, role, area) of the calls for a person in an area that nobody has taken, oldest first."""
    top = select(area.c.path).where(area.c.id == area_id).scalar_subquery()
    query = (
        select(thread.c.id, thread.c.number, thread.c.role, thread.c.area_id)
        .join(area, area.c.id == thread.c.area_id)
        .where(area.c.path.startswith(top), thread.c.state == "open", thread.c.kind == "handover")
        .order_by(thread.c.opened_at, thread.c.id)
    )
    return [tuple(row) for row in conn.execute(query)]


def turns(conn: Connection, area_id: int, role: str) -> list[tuple[str, str]]:
    """(weekdays, start) of the turns on duty of a role in an area."""
    query = select(duty.c.weekdays, duty.c.start).where(duty.c.area_id == area_id, duty.c.role == role)
    return [(row.weekdays, row.start) for row in conn.execute(query)]


def rosters_without_change(conn: Connection, role: str) -> list[int]:
    """Areas with a roster of this role whose next change of duty is not pending."""
    key = literal("duty.") + cast(duty.c.area_id, String)
    pending = select(due.c.id).where(due.c.key == key, due.c.state == "pending").exists()
    return list(conn.execute(select(duty.c.area_id).where(duty.c.role == role, ~pending).distinct()).scalars())


_WHAT = ("number", "service", "place", "status", "ending", "department")
HEADER = (*_WHAT, "opened_at", "acknowledge_due", "resolve_due", "closed_at")


def table(conn: Connection, status: str | None) -> tuple[tuple[str, ...], Iterator[tuple[object, ...]]]:
    """A header and a row a case, oldest first: places at building level, moments as people there live by them."""
    query = select(*(case.c[name] for name in HEADER), case.c.area_id).order_by(case.c.id)
    if status is not None:
        query = query.where(case.c.status == status)

    @cache
    def zone(area_id: int | None) -> ZoneInfo:
        return time_zone(conn, area_id or 0)

    def told(name: str, value: object, area_id: int | None) -> object:
        if isinstance(value, datetime):
            return f"{value.astimezone(zone(area_id)):%Y-%m-%d %H:%M}"
        return building_level(str(value or "")) if name == "place" else value

    found = conn.execute(query).all()
    return HEADER, (tuple(told(name, at, area) for name, at in zip(HEADER, row, strict=True)) for *row, area in found)
