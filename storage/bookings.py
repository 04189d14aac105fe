"""Appointments as rows: what is taken, whose they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Text, bindparam, cast, delete, func, insert, literal, or_, select, update

from flows.domain.booking import LIVE, Booking, State, Way
from storage.cases import Overtaken
from storage.tables import area, booking, personal, staff, staff_role

_COLUMNS = (
    booking.c.id,
    booking.c.number,
    booking.c.window,
    booking.c.name,
    booking.c.way,
    booking.c.area_id.label("area"),
    booking.c.person_id.label("person"),
    booking.c.owner_id.label("owner"),
    booking.c.state,
    booking.c.starts_at,
    booking.c.proxy,
    booking.c.note,
    booking.c.version,
)
_LIVE = tuple(str(state) for state in LIVE)


def book(conn: Connection, *, now: datetime, **values: Any) -> Booking:
    row = {"state": State.ASKED, "asked_at": now, "version": 1, **values}
    return load(conn, conn.execute(insert(booking).values(row).returning(booking.c.id)).scalar_one())


def load(conn: Connection, id: int) -> Booking:
    """Raises LookupError when there is none."""
    row = conn.execute(select(*_COLUMNS).where(booking.c.id == id)).one_or_none()
    if row is None:
        raise LookupError(f"booking {id}")
    return _booking(row)


def _booking(row: Any) -> Booking:
    values = {name: value for name, value in row._asdict().items() if name != "where"}
    return Booking(**{**values, "state": State(values["state"]), "way": Way(values["way"])})


def change(conn: Connection, id: int, version: int, state: str, owner: int | None) -> None:
    """Raises Overtaken when somebody was faster."""
    values = {"state": state, "owner_id": owner, "version": version + 1}
    done = conn.execute(update(booking).where(booking.c.id == id, booking.c.version == version).values(values))
    if done.rowcount != 1:
        raise Overtaken(str(id))


_slot = (booking.c.area_id, booking.c.window, booking.c.starts_at)
_TAKEN = (
    select(*_slot, func.count())
    .where(booking.c.state.in_(_LIVE), booking.c.starts_at >= bindparam("since"))
    .group_by(*_slot)
)
_TAKEN_THERE = _TAKEN.where(booking.c.area_id == bindparam("area"))


def taken(conn: Connection, since: datetime, area_id: int | None = None) -> tuple[tuple[int, str, datetime, int], ...]:
    """(area, window, time, how many) of the live appointments from then on, of one community or of all."""
    query, where = (_TAKEN, {}) if area_id is None else (_TAKEN_THERE, {"area": area_id})
    rows = conn.execute(query, {"since": since, **where})
    return tuple((area, window, at, number) for area, window, at, number in rows)


def address_field(id: int) -> str:
    """Where the address of a visit is kept: among the person's own fields, gone with them."""
    return f"visit.{id}"


def seen_from(
    conn: Connection, paths: Sequence[str], *, only: int | None = None, limit: int = 100
) -> list[tuple[Booking, str]]:
    """The appointments of these areas and of those they lie in, each with its area's name: live ones by their time.

    `only`: this one, whatever its state.
    """
    if not paths:
        return []
    above = {int(part) for path in paths for part in path.strip("/").split("/")}
    near = [area.c.path.startswith(path) for path in paths]
    query = select(*_COLUMNS, area.c.name.label("where")).join(area, area.c.id == booking.c.area_id)
    query = query.where(or_(area.c.id.in_(above), *near))
    query = query.where(booking.c.id == only) if only is not None else query.where(booking.c.state.in_(_LIVE))
    rows = conn.execute(query.order_by(booking.c.starts_at.is_(None), booking.c.starts_at, booking.c.id).limit(limit))
    return [(_booking(row), row.where) for row in rows]


def live(conn: Connection, person_id: int) -> list[tuple[int, str]]:
    """Id and number of a person's appointments that nobody has ended."""
    query = select(booking.c.id, booking.c.number).where(booking.c.person_id == person_id, booking.c.state.in_(_LIVE))
    return [(row.id, row.number) for row in conn.execute(query.order_by(booking.c.id))]


def forget(conn: Connection, person_id: int) -> None:
    """Empty what a person said about their appointments; the addresses go with their key."""
    conn.execute(update(booking).where(booking.c.person_id == person_id).values(proxy="", note=""))


def forget_old(conn: Connection, before: datetime) -> int:
    """Empty what was said about appointments whose time was before, and drop the addresses; says how many."""
    when = func.coalesce(booking.c.starts_at, booking.c.asked_at)
    told = or_(booking.c.proxy != "", booking.c.note != "")
    said = conn.execute(update(booking).where(when < before, told).values(proxy="", note="")).rowcount
    visits = select(literal("visit.") + cast(booking.c.id, Text)).where(when < before)
    gone = conn.execute(delete(personal).where(personal.c.field.startswith("visit."), personal.c.field.in_(visits)))
    return said + gone.rowcount


_MINE = (
    select(*_COLUMNS)
    .where(booking.c.person_id == bindparam("person"), booking.c.state.in_(_LIVE))
    .where(booking.c.starts_at.is_(None) | (booking.c.starts_at >= bindparam("now")))
    .order_by(booking.c.starts_at, booking.c.id)
    .limit(8)
)


def orphaned(conn: Connection) -> list[int]:
    """Appointments to come that somebody took who has left, or holds no role any more."""
    held = select(staff_role.c.id).where(staff_role.c.staff_id == staff.c.id).exists()
    query = select(booking.c.id).join(staff, staff.c.id == booking.c.owner_id)
    return list(conn.execute(query.where(booking.c.state == "confirmed", or_(~staff.c.active, ~held))).scalars())


def mine(conn: Connection, person_id: int, now: datetime) -> tuple[Booking, ...]:
    """A person's live appointments, soonest first; those whose time is over are not shown."""
    return tuple(_booking(row) for row in conn.execute(_MINE, {"person": person_id, "now": now}))
