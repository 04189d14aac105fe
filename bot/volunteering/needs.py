"""Needs and posts that are promised, and neighbours' requests that are offered to a few volunteers at a time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from bot import casework
from bot.quiet import quiet_at
from bot.volunteering import shifts
from bot.world import World
from flows.domain.volunteering import moved, part_of_week, to_ask
from flows.effects import Effect, KeepPersonal, Privately, Say, Schedule, Unschedule
from flows.effects.volunteers import ActOnNeed, OpenNeed, RecordHours
from flows.errors import NotAllowed
from flows.volunteer import need_desk as desk
from storage import audit, personal, volunteers_needs, volunteers_people

if TYPE_CHECKING:
    from bot.effects import Here

LATELY = timedelta(days=30)
ANSWER = timedelta(hours=2)  # then the next few are asked
STAFFED = frozenset({"confirm", "refuse"})  # what an organiser does


def write(conn: Connection, world: World, here: Here, effect: OpenNeed | ActOnNeed) -> list[Effect]:
    if isinstance(effect, OpenNeed):
        return _open(conn, world, here, effect)
    return _act(conn, world, here, effect)


def _open(conn: Connection, world: World, here: Here, effect: OpenNeed) -> list[Effect]:
    if effect.kind != "help":
        shifts.check_organiser(conn, world, here, effect.area)
    id = volunteers_needs.open_need(
        conn,
        area_id=effect.area,
        kind=effect.kind,
        title=effect.title,
        about=effect.about,
        skill=effect.skill,
        at=here.now,
        wanted_at=effect.wanted_at,
        asker_id=effect.asker,
    )
    audit.record(conn, actor=here.actor, action="open_need", subject={"need": id}, now=here.now)
    if effect.kind != "help" or effect.asker is None:
        return []
    kept = KeepPersonal(effect.asker, address_field(id), effect.address)
    asked = ask(conn, world, here, id)
    return [kept, Say(effect.receipt, to=Privately(effect.asker)), *asked]


def address_field(need: int) -> str:
    return f"help:{need}"


def ask(conn: Connection, world: World, here: Here, id: int) -> list[Effect]:
    """Offer a request to the next few who fit; when nobody is left, an organiser hears of it."""
    row = volunteers_needs.get(conn, id, lock=True)
    if row.state != "open":
        return []
    zone = casework.zone(conn, world, row.area_id)
    when = part_of_week(row.wanted_at.astimezone(zone)) if row.wanted_at else ""
    before = volunteers_needs.offers(conn, id)
    fit = volunteers_people.candidates(conn, row.area_id, here.now - LATELY, (*before, row.asker_id))
    few = to_ask(row.skill, when, fit)
    if not few or (row.wanted_at and row.wanted_at <= here.now):
        to = shifts.organiser(conn, row.area_id, None)
        return [*desk.nobody(row.title, row.about, to), *desk.still_looking(row.asker_id)]
    until = quiet_at(conn, world, row.area_id, here.now)
    if until and not (row.wanted_at and row.wanted_at <= until):  # nobody is woken for what can wait till morning
        later = Schedule("need.ask", f"need.ask:{id}", until, {"need": id, "area": row.area_id})
        return [later, *desk.tonight(row.asker_id, until)]
    volunteers_needs.offered(conn, id, few, here.now)
    again = Schedule("need.ask", f"need.ask:{id}", here.now + ANSWER, {"need": id, "area": row.area_id})
    return [*(desk.offer(row.id, row.title, row.about, row.wanted_at, one, zone) for one in few), again]


def _act(conn: Connection, world: World, here: Here, effect: ActOnNeed) -> list[Effect]:
    row = volunteers_needs.get(conn, effect.need, lock=True)
    if effect.action == "decline":
        volunteers_needs.answered(conn, row.id, here.person or 0, "declined")
        waiting = "offered" in volunteers_needs.offers(conn, row.id).values()
        thanks: list[Effect] = [desk.declined()]
        return thanks if waiting or row.state != "open" else [*thanks, *ask(conn, world, here, row.id)]
    _may(conn, world, here, row, effect.action)
    after = moved(row.state, effect.action)
    volunteers_needs.change(conn, row.id, after, **_values(effect, here))
    audit.record(
        conn, actor=here.actor, action=f"need_{effect.action}", subject={"need": row.id, "state": after}, now=here.now
    )
    return _told(conn, world, here, row, effect)


def _values(effect: ActOnNeed, here: Here) -> dict[str, Any]:
    if effect.action == "promise":
        return {"person_id": here.person}
    if effect.action == "give_up":
        return {"person_id": None}
    return {"done_at": here.now} if effect.action == "done" else {}


def _may(conn: Connection, world: World, here: Here, row: Any, action: str) -> None:
    """Raises NotAllowed: a request is for those it was offered to; what one promised is one's own; staff confirm."""
    if action in STAFFED or (action == "withdraw" and row.asker_id != here.person):
        shifts.check_organiser(conn, world, here, row.area_id)
        if action == "confirm" and row.person_id == here.person:
            raise NotAllowed(desk.OWN_WORK)
    elif action == "promise" and row.kind == "help":
        if volunteers_needs.offers(conn, row.id).get(here.person or 0) not in ("offered", "declined"):
            raise NotAllowed(desk.NOT_OFFERED)
        volunteers_needs.answered(conn, row.id, here.person or 0, "accepted")
    elif action in ("give_up", "done") and row.person_id != here.person:
        raise NotAllowed(desk.NOT_PROMISED)


def _told(conn: Connection, world: World, here: Here, row: Any, effect: ActOnNeed) -> list[Effect]:
    to = shifts.organiser(conn, row.area_id, None)
    names = volunteers_people.names(conn, [p for p in (here.person, row.person_id) if p])
    who = names.get(here.person or 0, desk.SOMEBODY)
    match effect.action:
        case "promise":
            address = personal.read(conn, row.asker_id).get(address_field(row.id), "") if row.asker_id else ""
            told = desk.promised(row.id, row.title, address, who, row.asker_id, to)
            return [Unschedule(f"need.ask:{row.id}"), *told]
        case "give_up":
            again = ask(conn, world, here, row.id) if row.kind == "help" else []
            return [*desk.given_up(row.title, row.asker_id, to), *again]
        case "done":
            return list(desk.done(row.id, row.title, who, effect.minutes, row.area_id, row.asker_id, to))
        case "confirm":
            _forget(conn, row)
            entry = _hours(row, effect.minutes, here.actor, row.done_at or here.now)
            return [entry, desk.confirmed()] if effect.minutes > 0 else [desk.confirmed()]
        case "refuse":
            return list(desk.refused(row.title, row.person_id))
    _forget(conn, row)
    return list(desk.withdrawn(row.title, row.person_id))


def _forget(conn: Connection, row: Any) -> None:
    """The address was for this once."""
    if row.asker_id:
        personal.forget(conn, row.asker_id, [address_field(row.id)])


def _hours(row: Any, minutes: int, by: str, on: datetime) -> RecordHours:
    return RecordHours(
        f"need:{row.id}:{row.person_id}", row.person_id, row.area_id, minutes, on, by, need=row.id, note=row.title
    )
