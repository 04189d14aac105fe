"""Shifts and who signed up for them: places, the waiting list, coming and leaving."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, ScalarSelect, Select, and_, bindparam, func, or_, select, update

from flows.errors import NotAllowed
from flows.facts import ShiftView
from storage.conflict import insert
from storage.kept import ACTIVITIES, changed, kept
from storage.tables import activity, area, chat, service_hours, shift, sign_up

HELD = ("confirmed", "offered")  # states that take a place
LIVE = (*HELD, "waiting")


@dataclass(frozen=True, slots=True)
class Line:
    """One person on the list of a shift; `minutes`: confirmed hours, None while nobody has confirmed any."""

    person: int
    state: str
    came_at: datetime | None
    left_at: datetime | None
    forgot: bool
    minutes: int | None


def _shifts(person_id: Any) -> Select[Any]:
    mine = sign_up.alias("mine")
    own = and_(mine.c.shift_id == shift.c.id, mine.c.person_id == person_id, mine.c.state != "cancelled")
    return (
        select(
            shift.c.id,
            activity.c.title,
            activity.c.place,
            activity.c.about,
            shift.c.starts_at,
            shift.c.ends_at,
            shift.c.capacity,
            _count(*HELD).label("taken"),
            _count("waiting").label("waiting"),
            mine.c.state.label("mine"),
            activity.c.id.label("activity"),
            activity.c.area_id.label("area"),
            activity.c.organiser_id.label("organiser"),
            activity.c.min_age,
            activity.c.risk,
            activity.c.deadline_hours,
            activity.c.cancel_hours,
            shift.c.state.label("state"),
            mine.c.came_at,
            mine.c.left_at,
            activity.c.skills,
        )
        .join(activity, activity.c.id == shift.c.activity_id)
        .join(mine, own, isouter=True)
    )


def _count(*states: str) -> ScalarSelect[Any]:
    return select(func.count()).where(sign_up.c.shift_id == shift.c.id, sign_up.c.state.in_(states)).scalar_subquery()


def around(area_id: Any) -> ColumnElement[bool]:
    """Activities of an area, of its parts and of what it lies in."""
    here = select(area.c.path).where(area.c.id == area_id).scalar_subquery()
    near = select(area.c.id).where(or_(area.c.path.startswith(here), here.startswith(area.c.path)))
    return activity.c.area_id.in_(near)


_OPEN = (
    _shifts(bindparam("person"))
    .where(shift.c.state == "open", shift.c.starts_at > bindparam("now"), activity.c.active)
    .order_by(shift.c.starts_at, shift.c.id)
    .limit(bindparam("most"))
)
_OPEN_NEAR = _OPEN.where(around(bindparam("area")))
_signed_up = (sign_up.c.person_id == bindparam("person"), sign_up.c.state != "cancelled")
_OF_PERSON = (
    _shifts(bindparam("person"))
    .where(
        shift.c.id.in_(select(sign_up.c.shift_id).where(*_signed_up)),
        shift.c.ends_at >= bindparam("since"),
        shift.c.state == "open",
    )
    .order_by(shift.c.starts_at)
)


def open_shifts(
    conn: Connection, person_id: int, now: datetime, *, within: int | None, limit: int = 60
) -> list[ShiftView]:
    """Shifts to come, soonest first; with `within`, only those of that area, its parts and what it lies in."""
    query, near = (_OPEN, {}) if within is None else (_OPEN_NEAR, {"area": within})
    rows = conn.execute(query, {"person": person_id, "now": now, "most": limit, **near})
    return [ShiftView(*row) for row in rows]


def of_person(conn: Connection, person_id: int, since: datetime) -> list[ShiftView]:
    """A person's own shifts since an instant, wherever they are."""
    return [ShiftView(*row) for row in conn.execute(_OF_PERSON, {"person": person_id, "since": since})]


def organised(conn: Connection, areas: Sequence[int], since: datetime, until: datetime) -> list[ShiftView]:
    """The shifts of these areas and their parts that end after `since` and start before `until`."""
    paths = select(area.c.path).where(area.c.id.in_(areas))
    tops = [str(path) for path in conn.execute(paths).scalars()]
    inside = select(area.c.id).where(or_(*(area.c.path.startswith(top) for top in tops)))
    query = _shifts(0).where(activity.c.area_id.in_(inside), shift.c.ends_at >= since, shift.c.starts_at < until)
    query = query.where(shift.c.state == "open").order_by(shift.c.starts_at, shift.c.id).limit(60)
    return [ShiftView(*row) for row in conn.execute(query)] if tops else []


def everywhere(conn: Connection, since: datetime) -> list[ShiftView]:
    """Every shift that ends after an instant, wherever it is."""
    query = _shifts(0).where(shift.c.ends_at >= since).order_by(shift.c.starts_at, shift.c.id)
    return [ShiftView(*row) for row in conn.execute(query)]


def get(conn: Connection, shift_id: int, person_id: int = 0) -> ShiftView | None:
    row = conn.execute(_shifts(person_id).where(shift.c.id == shift_id)).first()
    return ShiftView(*row) if row else None


_SLACK = timedelta(days=2)  # a clock that is put back sees what began since
_TITLES = (
    select(activity.c.title, func.max(shift.c.starts_at))
    .join(shift, shift.c.activity_id == activity.c.id)
    .group_by(activity.c.title)
    .where(shift.c.state == "open", shift.c.starts_at > bindparam("since"), activity.c.active)
)
_TITLES_NEAR = _TITLES.where(around(bindparam("area")))


def titles(conn: Connection, now: datetime, within: int | None) -> list[str]:
    """What the activities with shifts to come are called."""

    def load() -> list[tuple[str, datetime]]:
        query, near = (_TITLES, {}) if within is None else (_TITLES_NEAR, {"area": within})
        return [(title, last) for title, last in conn.execute(query, {"since": now - _SLACK, **near})]

    return [title for title, last in kept(conn, ("titles", within), load, ACTIVITIES) if last > now]


def lock(conn: Connection, shift_id: int, person_id: int = 0) -> ShiftView:
    """The shift as it stands, held until the transaction ends. Raises NotAllowed when it is not there any more."""
    conn.execute(select(shift.c.id).where(shift.c.id == shift_id).with_for_update())
    found = get(conn, shift_id, person_id)
    if found is None:
        raise NotAllowed("这个时段已经不在了，看看别的好吗？")
    return found


def sign_up_for(conn: Connection, shift_id: int, person_id: int, state: str, now: datetime) -> None:
    """Take a place (confirmed), be offered one, or wait for one.

    Raises NotAllowed when the last place has just gone, the shift has begun or was called off, or overlaps another.
    """
    found = lock(conn, shift_id, person_id)
    if found.state != "open":
        raise NotAllowed("这一场活动取消了，看看别的好吗？")
    if found.starts_at <= now:
        raise NotAllowed("这个时段已经开始了，看看别的好吗？")
    if state in HELD and found.mine not in HELD and found.taken >= found.capacity:
        raise NotAllowed("最后一个名额刚被报走了。再发一次「报名」，可以排候补。")
    if state != "offered" and overlapping(conn, person_id, found):
        raise NotAllowed("这一场和您已经报名的活动时间撞上了，换一场吧。")
    fresh = {"state": state, "at": now, "came_at": None, "left_at": None, "forgot": False}
    made = insert(sign_up).values(shift_id=shift_id, person_id=person_id, **fresh)
    conn.execute(made.on_conflict_do_update(index_elements=["shift_id", "person_id"], set_=fresh))


def overlapping(conn: Connection, person_id: int, wanted: ShiftView, without: int = 0) -> bool:
    """Whether the person has another place at that time, but for the one in the shift `without`."""
    query = (
        select(sign_up.c.id)
        .join(shift, shift.c.id == sign_up.c.shift_id)
        .where(
            sign_up.c.person_id == person_id,
            sign_up.c.state.in_(LIVE),
            shift.c.id.not_in((wanted.id, without)),
            shift.c.state == "open",
            shift.c.starts_at < wanted.ends_at,
            shift.c.ends_at > wanted.starts_at,
        )
    )
    return conn.execute(query.limit(1)).first() is not None


def cancel(conn: Connection, shift_id: int, person_id: int) -> str | None:
    """Give a place back; what it was, None when there was none. Raises NotAllowed once the person has come."""
    found = lock(conn, shift_id, person_id)
    if found.came_at is not None:
        raise NotAllowed("您已经签到了，这一场退不了。有事先走的话，发「签退」就行。")
    query = update(sign_up).where(sign_up.c.shift_id == shift_id, sign_up.c.person_id == person_id)
    conn.execute(query.values(state="cancelled"))
    return found.mine


def next_waiting(conn: Connection, shift_id: int) -> int | None:
    """Who waits first, if there is a free place."""
    found = lock(conn, shift_id)
    if found.taken >= found.capacity or found.state != "open":
        return None
    first = (
        select(sign_up.c.person_id)
        .where(sign_up.c.shift_id == shift_id, sign_up.c.state == "waiting")
        .order_by(sign_up.c.at, sign_up.c.id)
        .limit(1)
    )
    return conn.execute(first).scalar()


def came(conn: Connection, shift_id: int, person_id: int, now: datetime) -> None:
    """Somebody with a place is there. The first time counts."""
    own = _own(shift_id, person_id)
    conn.execute(update(sign_up).where(own, sign_up.c.came_at.is_(None)).values(came_at=now, state="confirmed"))


def left(conn: Connection, shift_id: int, person_id: int, at: datetime, *, forgot: bool = False) -> None:
    """Somebody who came is gone."""
    gone = _own(shift_id, person_id) & sign_up.c.came_at.is_not(None) & sign_up.c.left_at.is_(None)
    conn.execute(update(sign_up).where(gone).values(left_at=at, forgot=forgot))


def _own(shift_id: int, person_id: int) -> ColumnElement[bool]:
    return and_(sign_up.c.shift_id == shift_id, sign_up.c.person_id == person_id, sign_up.c.state.in_(HELD))


def roster(conn: Connection, shift_id: int) -> list[Line]:
    """Everybody on the list of a shift, in the order of signing up, with the hours confirmed so far."""
    minutes = (
        select(func.sum(service_hours.c.minutes))
        .where(service_hours.c.shift_id == shift_id, service_hours.c.person_id == sign_up.c.person_id)
        .scalar_subquery()
    )
    columns = (sign_up.c.person_id, sign_up.c.state, sign_up.c.came_at, sign_up.c.left_at, sign_up.c.forgot, minutes)
    rows = select(*columns).where(sign_up.c.shift_id == shift_id, sign_up.c.state.in_(LIVE))
    return [Line(*row) for row in conn.execute(rows.order_by(sign_up.c.at, sign_up.c.id))]


def call_off(conn: Connection, shift_id: int) -> None:
    conn.execute(update(shift).where(shift.c.id == shift_id).values(state="called_off"))
    changed(conn, ACTIVITIES)


def begins(conn: Connection, activity_id: int, at: datetime, *, but: int = 0) -> bool:
    """Whether an open shift of the activity begins at that instant."""
    query = select(shift.c.id).where(shift.c.activity_id == activity_id, shift.c.starts_at == at)
    return conn.execute(query.where(shift.c.state == "open", shift.c.id != but).limit(1)).first() is not None


def move(conn: Connection, shift_id: int, start: datetime, end: datetime) -> None:
    conn.execute(update(shift).where(shift.c.id == shift_id).values(starts_at=start, ends_at=end))
    changed(conn, ACTIVITIES)


def add_activity(conn: Connection, **values: Any) -> int:
    changed(conn, ACTIVITIES)
    return int(conn.execute(insert(activity).values(**values).returning(activity.c.id)).scalar_one())


def activity_of(conn: Connection, id: int) -> Any:
    """The row of an activity; None when there is none."""
    return conn.execute(select(activity).where(activity.c.id == id)).first()


def next_of(conn: Connection, activity_id: int, now: datetime) -> ShiftView | None:
    """The next open shift of an activity."""
    query = _shifts(0).where(activity.c.id == activity_id, shift.c.state == "open", shift.c.starts_at > now)
    row = conn.execute(query.order_by(shift.c.starts_at, shift.c.id).limit(1)).first()
    return ShiftView(*row) if row else None


def add_shift(
    conn: Connection, key: str, activity_id: int, start: datetime, end: datetime, capacity: int
) -> int | None:
    """A new shift; None when there is one of this key."""
    row = {"key": key, "activity_id": activity_id, "starts_at": start, "ends_at": end, "capacity": capacity}
    changed(conn, ACTIVITIES)
    made = insert(shift).values(row).on_conflict_do_nothing(index_elements=["key"]).returning(shift.c.id)
    return conn.execute(made).scalar_one_or_none()


def residents_rooms(conn: Connection, area_id: int) -> list[int]:
    """The open residents' groups of an area and its parts."""
    here = select(area.c.path).where(area.c.id == area_id).scalar_subquery()
    query = (
        select(chat.c.id)
        .join(area, area.c.id == chat.c.area_id)
        .where(area.c.path.startswith(here), chat.c.kind == "group", chat.c.role == "residents", chat.c.state == "open")
    )
    return list(conn.execute(query.order_by(chat.c.id)).scalars())
