"""An appointment with the community: the windows that take them, their free times, and the life of a booking."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from flows.errors import NotAllowed


class Way(StrEnum):
    """How it is done: at the counter, after hours, at the person's home, or by staff in the person's place."""

    COUNTER = "预约"
    AFTER_HOURS = "延时"
    VISIT = "上门"
    DONE_FOR = "代办"


class State(StrEnum):
    ASKED = "asked"
    CONFIRMED = "confirmed"  # somebody of staff takes it
    DECLINED = "declined"
    CANCELLED = "cancelled"
    DONE = "done"


class Step(StrEnum):
    CONFIRM = "confirm"
    DECLINE = "decline"
    CANCEL = "cancel"
    FINISH = "finish"
    LAPSE = "lapse"  # nobody answered before its time
    RELEASE = "release"  # whoever took it has left


class Part(StrEnum):
    ASKER = "asker"
    STAFF = "staff"
    OWNER = "owner"
    CLOCK = "clock"


S, P = State, Part
LIVE = (S.ASKED, S.CONFIRMED)
MOVES: dict[tuple[State, Step], tuple[State, frozenset[Part]]] = {
    (S.ASKED, Step.CONFIRM): (S.CONFIRMED, frozenset({P.STAFF})),
    (S.ASKED, Step.DECLINE): (S.DECLINED, frozenset({P.STAFF})),
    (S.ASKED, Step.CANCEL): (S.CANCELLED, frozenset({P.ASKER})),
    (S.ASKED, Step.LAPSE): (S.DECLINED, frozenset({P.CLOCK})),
    (S.CONFIRMED, Step.CANCEL): (S.CANCELLED, frozenset({P.ASKER})),
    (S.CONFIRMED, Step.DECLINE): (S.DECLINED, frozenset({P.OWNER})),
    (S.CONFIRMED, Step.RELEASE): (S.ASKED, frozenset({P.CLOCK})),
    (S.CONFIRMED, Step.FINISH): (S.DONE, frozenset({P.OWNER})),
}
TAKERS = ("community_staff", "grid_worker", "grid_leader", "duty_leader", "administrator")
AHEAD = timedelta(days=14)
LEAD = timedelta(hours=2)  # staff have to have seen it


@dataclass(frozen=True, slots=True)
class Window:
    """A service one makes an appointment for. `hours`: local spans; none of them: it has no time of its own."""

    key: str
    name: str
    way: Way
    weekdays: str = "12345"
    hours: tuple[tuple[time, time], ...] = ()
    minutes: int = 30
    capacity: int = 1
    needs: str = ""  # what to bring


@dataclass(frozen=True, slots=True)
class Booking:
    """An appointment as its row says it. `person` asked; `owner` is the member of staff who takes it."""

    id: int
    number: str
    window: str
    name: str
    way: Way
    area: int
    person: int
    owner: int | None
    state: State
    starts_at: datetime | None
    proxy: str  # for whom it was asked and by what right, "" is for oneself
    note: str
    version: int


def check(booking: Booking, step: Step, parts: Iterable[Part]) -> State:
    """The state after a step; raises NotAllowed with a sentence a person can read."""
    move = MOVES.get((booking.state, step))
    if move is None:
        raise NotAllowed(WHY[booking.state])
    if not move[1] & set(parts):
        raise NotAllowed("这一步要由接下的人来做，您这边没有权限。")
    return move[0]


WHY = {
    S.ASKED: "这个预约还没有人接。",
    S.CONFIRMED: "这个预约已经有人接了。",
    S.DECLINED: "这个预约没有约成，请另约一个时间。",
    S.CANCELLED: "这个预约已经取消了。",
    S.DONE: "这个预约已经办完了。",
}


def free(
    window: Window, taken: Mapping[datetime, int], now: datetime, zone: ZoneInfo, workday: Callable[[date], bool]
) -> tuple[datetime, ...]:
    """The times that can still be had, soonest first. A window of working days keeps the holidays."""
    found = []
    today = now.astimezone(zone).date()
    for ahead in range(AHEAD.days):
        day = today + timedelta(days=ahead)
        if str(day.isoweekday()) not in window.weekdays or (window.weekdays == "12345" and not workday(day)):
            continue
        for opens, closes in window.hours:
            at, last = datetime.combine(day, opens, zone), datetime.combine(day, closes, zone)
            while at + timedelta(minutes=window.minutes) <= last:
                if at >= now + LEAD and taken.get(at, 0) < window.capacity:
                    found.append(at)
                at += timedelta(minutes=window.minutes)
    return tuple(found)


def windows(said: object) -> tuple[Window, ...]:
    """The windows as the options of an area keep them."""
    return tuple(
        Window(
            str(w["key"]),
            str(w["name"]),
            Way(w["way"]),
            str(w.get("days", "12345")),
            tuple((time.fromisoformat(a), time.fromisoformat(b)) for a, b in w.get("hours", ())),
            int(w.get("minutes", 30)),
            int(w.get("capacity", 1)),
            str(w.get("needs", "")),
        )
        for w in (said if isinstance(said, list) else ())
    )
