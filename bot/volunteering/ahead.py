"""What organisers hear of shifts to come: the evening before, that people are short; and of their work, when asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot import casework
from bot.volunteering import shifts
from bot.world import Community, World
from flows.effects import Effect, Late, Recipient, Schedule
from flows.facts import ShiftView
from flows.volunteer import roll
from storage import areas, volunteers

if TYPE_CHECKING:
    from bot.effects import Here
    from storage.people import Staff

EVE = time(18)  # an hour before those who have signed up are reminded
SOON, LATELY = timedelta(days=3), timedelta(days=7)
JOB = "shift.short"


def upcoming(here: Community, now: datetime) -> Schedule:
    """The next look at the shifts of a community's next day."""
    local = now.astimezone(here.zone)
    at = datetime.combine(local.date() + timedelta(days=local.time() >= EVE), EVE, here.zone)
    return Schedule(JOB, f"short.{here.id}", at, {"area": here.id}, Late.EXPIRE, at + timedelta(hours=3))


def missing(conn: Connection, world: World, now: datetime) -> list[Schedule]:
    """That look for every community that has none on the calendar."""
    known = world.known(conn).communities
    return [upcoming(known[id], now) for id in areas.without(conn, "short") if id in known]


def short(conn: Connection, world: World, here: Here, subject: Mapping[str, Any]) -> list[Effect]:
    """Each organiser hears once of all the shifts of tomorrow that are short of people; and the next evening's date."""
    found = world.known(conn).communities.get(int(subject["area"]))
    if found is None:
        return []
    mine: dict[Recipient, list[ShiftView]] = {}
    for shift in _tomorrow(conn, found.id, here.now, found.zone):
        mine.setdefault(shifts.organiser(conn, shift.area, shift.organiser), []).append(shift)
    told = [roll.short(rows, found.zone, to, f"{JOB}.{here.now:%Y%m%d}") for to, rows in mine.items()]
    return [*told, upcoming(found, here.now)]


def _tomorrow(conn: Connection, area: int, now: datetime, zone: ZoneInfo) -> list[ShiftView]:
    day = now.astimezone(zone).date() + timedelta(days=1)
    first, last = (datetime.combine(at, time(), zone) for at in (day, day + timedelta(days=1)))
    found = volunteers.organised(conn, [area], first, last)
    return [shift for shift in found if shift.starts_at >= first and shift.taken < shift.capacity]


def work(conn: Connection, world: World, staff: Staff, now: datetime) -> str:
    """What waits for an organiser: hours to confirm, and the shifts of the next days; "" for nobody who organises."""
    mine = [held.area for held in staff.roles if held.role == "volunteer_organiser"]
    found = volunteers.organised(conn, mine, now - LATELY, now + SOON) if mine else []
    over = [shift for shift in found if shift.ends_at <= now and roll.unconfirmed(shifts.present(conn, shift.id))]
    coming = [shift for shift in found if shift.ends_at > now]
    return roll.agenda(over, coming, casework.zone(conn, world, mine[0])) if mine else ""
