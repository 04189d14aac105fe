"""Shifts and who signed up for them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, ScalarSelect, Select, func, or_, select, update

from flows.errors import NotAllowed
from flows.facts import ShiftView
from storage.conflict import insert
from storage.tables import activity, area, shift, sign_up


def _shifts(person_id: int) -> Select[Any]:
    taken = _count("confirmed")
    waiting = _count("waiting")
    mine = select(sign_up.c.state).where(
        sign_up.c.shift_id == shift.c.id, sign_up.c.person_id == person_id, sign_up.c.state != "cancelled"
    )
    return select(
        shift.c.id,
        activity.c.title,
        activity.c.place,
        activity.c.about,
        shift.c.starts_at,
        shift.c.ends_at,
        shift.c.capacity,
        taken.label("taken"),
        waiting.label("waiting"),
        mine.scalar_subquery().label("mine"),
        activity.c.id.label("activity"),
        activity.c.area_id.label("area"),
        activity.c.organiser_id.label("organiser"),
    ).join(activity, activity.c.id == shift.c.activity_id)


def _count(state: str) -> ScalarSelect[Any]:
    return select(func.count()).where(sign_up.c.shift_id == shift.c.id, sign_up.c.state == state).scalar_subquery()


def open_shifts(
    conn: Connection, person_id: int, now: datetime, *, within: int | None, limit: int = 60
) -> list[ShiftView]:
    """Shifts to come, soonest first; with `within`, only those of that area, its parts and what it lies in."""
    query = _shifts(person_id).where(shift.c.state == "open", shift.c.starts_at > now, activity.c.active)
    if within is not None:
        here = select(area.c.path).where(area.c.id == within).scalar_subquery()
        near = or_(area.c.path.startswith(here), here.startswith(area.c.path))
        query = query.join(area, area.c.id == activity.c.area_id).where(near)
    rows = conn.execute(query.order_by(shift.c.starts_at, shift.c.id).limit(limit))
    return [ShiftView(*row) for row in rows]


def of_person(conn: Connection, person_id: int, since: datetime) -> list[ShiftView]:
    """A person's own shifts since an instant, wherever they are."""
    own = select(sign_up.c.shift_id).where(sign_up.c.person_id == person_id, sign_up.c.state != "cancelled")
    query = _shifts(person_id).where(shift.c.id.in_(own), shift.c.ends_at >= since)
    return [ShiftView(*row) for row in conn.execute(query.order_by(shift.c.starts_at))]


def get(conn: Connection, shift_id: int, person_id: int) -> ShiftView | None:
    row = conn.execute(_shifts(person_id).where(shift.c.id == shift_id)).first()
    return ShiftView(*row) if row else None


def _lock(conn: Connection, shift_id: int) -> ShiftView:
    conn.execute(select(shift.c.id).where(shift.c.id == shift_id).with_for_update())
    found = get(conn, shift_id, 0)
    if found is None:
        raise NotAllowed("这个时段已经不在了，看看别的好吗？")
    return found


def sign_up_for(conn: Connection, shift_id: int, person_id: int, state: str, now: datetime) -> None:
    """Take a place, or wait for one. Raises NotAllowed when the last place has just gone or the shift has begun."""
    found = _lock(conn, shift_id)
    if found.starts_at <= now:
        raise NotAllowed("这个时段已经开始了，看看别的好吗？")
    if state == "confirmed" and found.taken >= found.capacity:
        raise NotAllowed("最后一个名额刚被报走了。再发一次「报名」，可以排候补。")
    made = insert(sign_up).values(shift_id=shift_id, person_id=person_id, state=state, at=now)
    keys = ["shift_id", "person_id"]
    conn.execute(made.on_conflict_do_update(index_elements=keys, set_={"state": state, "at": now}))


def cancel(conn: Connection, shift_id: int, person_id: int) -> None:
    """Give a place back; nothing happens when there was none."""
    _lock(conn, shift_id)
    query = update(sign_up).where(sign_up.c.shift_id == shift_id, sign_up.c.person_id == person_id)
    conn.execute(query.values(state="cancelled"))


def next_waiting(conn: Connection, shift_id: int) -> int | None:
    """Who waits first, if there is a free place."""
    found = _lock(conn, shift_id)
    if found.taken >= found.capacity:
        return None
    first = (
        select(sign_up.c.person_id)
        .where(sign_up.c.shift_id == shift_id, sign_up.c.state == "waiting")
        .order_by(sign_up.c.at, sign_up.c.id)
        .limit(1)
    )
    return conn.execute(first).scalar()
