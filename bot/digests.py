"""What the clock tells groups of staff and leaders: the morning digest, the change of duty, the figures of a month."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection

from bot import casework, discreet, figures, pointjobs
from bot.effects import Here, Writer
from bot.holidays import is_workday
from bot.volunteering import ahead
from bot.world import World
from flows.assistant.desk import CALLED
from flows.complaint.digest import SHOWN, OpenCase, digest, hand_over
from flows.complaint.figures import ended, next_day
from flows.effects import Effect, Lane, Late, Option, Privately, Room, Say, Schedule
from storage import caselists, community, people
from storage import figures as counts

Job = Callable[[Connection, World, Here, Mapping[str, Any]], list[Effect]]
DIGEST = time(8, 30)
FIGURES = time(9)
ON_DUTY = "duty_leader"


def _cases(conn: Connection, world: World, area: int, hidden: Collection[str] = ()) -> list[OpenCase]:
    return [
        OpenCase(row.number, casework.title_of(world, row.service), row.opened, row.due, row.owned, row.take_by)
        for row in caselists.open_in(conn, area)
        if row.number not in hidden
    ]


def _room(conn: Connection, subject: Mapping[str, Any], *roles: str) -> people.Chat | None:
    """The group something was to be told, if it still is what it was."""
    room = people.chat_by_id(conn, int(subject["room"]))
    return room if room and room.role in roles and room.area == int(subject["area"]) else None


# -- every morning ----------------------------------------------------------------------------------------------------


def _digest(conn: Connection, world: World, here: Here, subject: Mapping[str, Any]) -> list[Effect]:
    """The morning digest of one staff group, and the next one's date."""
    area, chat = int(subject["area"]), int(subject["room"])
    if _room(conn, subject, "staff") is None:  # it is another group's now, or nobody's
        return []
    zone = casework.zone(conn, world, area)
    workday = is_workday(here.now.astimezone(zone).date())
    cases = _cases(conn, world, area, discreet.hidden(conn, world, area, chat))
    calls = caselists.calls_waiting(conn, area)
    waiting = [number for _, number, _, _ in calls]
    text = digest(cases, here.now, here.now - timedelta(days=1), zone, workday=workday, waiting=waiting)
    next_one = next_digest(conn, zone, area, chat, here.now)
    if text is None:
        return [next_one]
    taken = tuple(_take(n, id, role, at) for n, (id, _, role, at) in enumerate(calls[:SHOWN], 1))
    key = f"digest.{here.now:%Y%m%d}"
    return [Say(text, to=Room(chat), options=(taken,) if taken else (), lane=Lane.PUSH, key=key), next_one]


def _take(number: int, thread: int, role: str, area: int) -> Option:
    """Takes one of the calls for a person, by whoever may."""
    roles = tuple(dict.fromkeys((role, *CALLED)))
    return Option(f"接下 {number}", "thread.claim", {"thread": thread}, roles=roles, area=area)


def next_digest(conn: Connection, zone: Any, area: int, chat: int, now: datetime) -> Schedule:
    said = community.options(conn, area).get("digest_at") or community.options(conn, area).get("digest")
    at = time.fromisoformat(str(said)) if said else DIGEST
    local = now.astimezone(zone)
    day = local.date() if local.time() < at else local.date() + timedelta(days=1)
    when = datetime.combine(day, at, zone)
    return Schedule(
        "digest", f"digest.{chat}", when, {"area": area, "room": chat}, Late.EXPIRE, when + timedelta(hours=4)
    )


# -- the change of duty -----------------------------------------------------------------------------------------------


def _change(conn: Connection, world: World, here: Here, subject: Mapping[str, Any]) -> list[Effect]:
    """Whoever comes on duty hears what is open; who has been on duty already knows."""
    area = int(subject["area"])
    zone = casework.zone(conn, world, area)
    before = set(community.staff_for(conn, area, ON_DUTY, here.now - timedelta(minutes=1)))
    coming = [id for id in community.staff_for(conn, area, ON_DUTY, here.now) if id not in before]
    alarms, waiting = caselists.open_calls(conn, area)
    kept = discreet.hidden(conn, world, area, None)  # the one who comes may be who it is about
    text = hand_over(_cases(conn, world, area, kept), alarms, waiting, here.now, here.now - timedelta(hours=12), zone)
    persons = [one.person for one in people.staff_by_id(conn, coming) if one.person] if coming and text else []
    said: list[Effect] = [Say(str(text), to=Privately(person), lane=Lane.PUSH) for person in dict.fromkeys(persons)]
    return [*said, *_next_change(conn, zone, area, here.now)]


def _next_change(conn: Connection, zone: Any, area: int, now: datetime) -> list[Effect]:
    """When the next turn on duty begins in an area; nothing where there is no roster."""
    local = now.astimezone(zone)
    starts = [
        at
        for weekdays, start in caselists.turns(conn, area, ON_DUTY)
        for day in range(8)
        if str((local + timedelta(days=day)).isoweekday()) in weekdays
        if (at := datetime.combine((local + timedelta(days=day)).date(), time.fromisoformat(start), zone)) > now
    ]
    if not starts:
        return []
    at = min(starts)
    return [Schedule("duty.change", f"duty.{area}", at, {"area": area}, Late.EXPIRE, at + timedelta(hours=1))]


# -- every month ------------------------------------------------------------------------------------------------------


def _figures(conn: Connection, world: World, here: Here, subject: Mapping[str, Any]) -> list[Effect]:
    """The figures of what has just ended: of the leaders' area to leaders, of a community to its own staff."""
    area, chat = int(subject["area"]), int(subject["room"])
    if _room(conn, subject, "leaders", "staff") is None:
        return []
    zone = casework.zone(conn, world, area)
    today = here.now.astimezone(zone).date()
    said: list[Effect] = []
    for period in ended(today):
        key = f"figures.{area}.{period.first:%Y%m}.{period.after:%Y%m}"
        said.append(Say(figures.told(conn, world, area, period, period.name), to=Room(chat), lane=Lane.PUSH, key=key))
    return [*said, _next_figures(zone, area, chat, here.now)]


def _next_figures(zone: Any, area: int, chat: int, now: datetime) -> Schedule:
    at = datetime.combine(next_day(now.astimezone(zone).date()), FIGURES, zone)
    subject = {"area": area, "room": chat}
    return Schedule("figures", f"figures.{chat}", at, subject, Late.EXPIRE, at + timedelta(days=10))


def keep_digests(world: World, now: datetime) -> None:
    """Every group has its next digest and figures scheduled, and every roster its next change of duty."""
    with world.database.write() as conn:
        effects: list[Effect] = []
        for chat, area in caselists.rooms_without_digest(conn):
            effects.append(next_digest(conn, casework.zone(conn, world, area), area, chat, now))
        for chat, area in counts.rooms_without(conn):
            effects.append(_next_figures(casework.zone(conn, world, area), area, chat, now))
        for area in caselists.rosters_without_change(conn, ON_DUTY):
            effects += _next_change(conn, casework.zone(conn, world, area), area, now)
        effects += [*pointjobs.upcoming(conn, world, now), *ahead.missing(conn, world, now)]
        Writer(conn, world, Here(now=now, actor="clock")).write(effects)


JOBS: dict[str, Job] = {"digest": _digest, "duty.change": _change, "figures": _figures}
