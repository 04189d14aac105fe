"""A step of a volunteer or an organiser on a shift: load it as it stands, decide (pure), hand the effects on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from bot import casework
from bot.quiet import quiet_at
from bot.world import World
from flows.domain.volunteering import EARLY, GRACE, WINDOW, place_codes
from flows.effects import Effect, Notice, OnDuty, Option, Privately, Recipient, Room, Say, Schedule
from flows.effects.volunteers import ActOnShift, RecordHours
from flows.errors import NotAllowed
from flows.facts import ShiftView
from flows.volunteer import desk, moving, roll
from flows.volunteer import moving_texts as moved_said
from flows.volunteer import roll_texts as said
from flows.volunteer.roll import ORGANISERS, Present
from storage import (
    aliases,
    audit,
    cards,
    codes,
    outbox,
    people,
    sequence,
    volunteers,
    volunteers_hours,
    volunteers_people,
)

if TYPE_CHECKING:
    from bot.effects import Here

MANAGING = frozenset({"roll", "recruit", "code", "confirm", "correct", "move", "call_off", "tell"})
NOTICES = 3  # of a shift on a day


def act(conn: Connection, world: World, here: Here, step: ActOnShift) -> list[Effect]:
    """What follows from a step now. Raises NotAllowed."""
    if step.person is not None:  # a button may be older than the merging of two accounts
        step = replace(step, person=aliases.current(conn, step.person))
    shift = volunteers.lock(conn, step.shift, step.person or 0)
    if step.action in MANAGING and here.actor != "clock":
        check_organiser(conn, world, here, shift.area, shift.organiser)
    return STEPS[step.action](conn, world, here, shift, step)


def check_organiser(conn: Connection, world: World, here: Here, area: int, organiser: int | None = None) -> None:
    """Raises NotAllowed unless whoever acts organises there."""
    places = world.known(conn).places
    roles = here.staff.roles if here.staff else ()
    inside = any(r.role in ORGANISERS and places.inside(area, r.area) for r in roles)
    if not inside and not (here.staff and here.staff.id == organiser):
        raise NotAllowed(said.NOT_YOURS)


def organiser(conn: Connection, area: int, staff: int | None) -> Recipient:
    """Who looks after an activity: its organiser, else the organiser on duty of the area."""
    found = people.staff_by_id(conn, [staff]) if staff else []
    return Privately(found[0].person) if found and found[0].person else OnDuty(area, "volunteer_organiser")


def present(conn: Connection, shift: int) -> list[Present]:
    """Everybody on the list, with the names of those who gave one."""
    lines = volunteers.roster(conn, shift)
    names = volunteers_people.names(conn, [line.person for line in lines])
    return [
        Present(x.person, names.get(x.person, said.NEIGHBOUR), x.state, x.came_at, x.left_at, x.forgot, x.minutes)
        for x in lines
    ]


def shown(conn: Connection, world: World, shift: ShiftView) -> list[Effect]:
    """The cards of a shift as they are to be now."""
    from flows.effects import CardKey

    chats = cards.all_of(conn, CardKey("shift", shift.id))
    return [card(conn, world, shift.id, chat) for chat in chats]


def card(conn: Connection, world: World, shift_id: int, chat: int) -> Say:
    """The card of a shift in a residents' group."""
    shift = volunteers.get(conn, shift_id)
    assert shift
    held = [line.person for line in volunteers.roster(conn, shift_id) if line.state in volunteers.HELD]
    open_ = [p for p in held if (row := volunteers_people.get(conn, p)) is not None and row.board == "shown"]
    names = volunteers_people.names(conn, open_[:12])
    return roll.card(shift, tuple(names.values()), casework.zone(conn, world, shift.area), chat)


# -- the steps --------------------------------------------------------------------------------------------------------


def _came(conn: Connection, world: World, here: Here, shift: ShiftView, step: ActOnShift) -> list[Effect]:
    if shift.mine not in volunteers.HELD or shift.state != "open" or step.person is None:
        raise NotAllowed(said.CAME_NOT)
    volunteers.came(conn, shift.id, step.person, here.now)
    return []


def _left(conn: Connection, world: World, here: Here, shift: ShiftView, step: ActOnShift) -> list[Effect]:
    if step.person is not None:
        volunteers.left(conn, shift.id, step.person, min(here.now, shift.ends_at))
    return []


def _roll(conn: Connection, world: World, here: Here, shift: ShiftView, step: ActOnShift) -> list[Effect]:
    to = Privately(here.staff.person) if here.staff and here.staff.person else None
    zone = casework.zone(conn, world, shift.area)
    return [roll.listed(shift, present(conn, shift.id), here.now, zone, to)] if to else []


def _code(conn: Connection, world: World, here: Here, shift: ShiftView, step: ActOnShift) -> list[Effect]:
    """The number of the place as it is now, with a link that says it for whoever scans it."""
    if not shift.starts_at - EARLY <= here.now <= shift.ends_at:
        raise NotAllowed(said.CODE_LATER)
    code = place_codes(world.secret, shift.id, here.now)[0]
    again = Option(said.AGAIN, "shift.code", {"shift": shift.id}, roles=ORGANISERS, area=shift.area)
    text = said.PLACE_CODE.format(title=shift.title, code=code)
    return [Say(text, options=((again,),))]


def _recruit(conn: Connection, world: World, here: Here, shift: ShiftView, step: ActOnShift) -> list[Effect]:
    """The residents' groups hear that people are short, once a day."""
    if shift.state != "open" or shift.starts_at <= here.now:
        raise NotAllowed(said.OFF_ALREADY if shift.state != "open" else said.OVER)
    if shift.taken >= shift.capacity:
        raise NotAllowed(said.NOBODY_LACKS)
    zone = casework.zone(conn, world, shift.area)
    day = f"{here.now.astimezone(zone):%Y%m%d}"
    calls = [roll.call(shift, zone, room, day) for room in volunteers.residents_rooms(conn, shift.area)]
    new = [one for one in calls if isinstance(one.to, Room) and not outbox.known(conn, f"{one.key}@{one.to.chat}")]
    if not new:
        raise NotAllowed(said.RECRUITED_ALREADY if calls else said.NO_GROUPS)
    return [*new, Notice(said.RECRUITED)]


def token(conn: Connection, secret: bytes, shift: int, now: datetime) -> str:
    """A link's code that checks in (or out) whoever opens it, for as long as the number in it counts."""
    code = place_codes(secret, shift, now)[0]
    args = {"flow": "volunteer", "intent": "scan", "text": f"签到 {code}"}
    subject = {"action": "begin", "args": args}
    return codes.issue(conn, kind="place", subject=subject, now=now, lifetime=WINDOW + timedelta(minutes=1))


def _confirm(conn: Connection, world: World, here: Here, shift: ShiftView, step: ActOnShift) -> list[Effect]:
    if here.now < shift.ends_at:
        raise NotAllowed(said.TOO_EARLY)
    _close(conn, shift)
    rows = roll.credits(shift, present(conn, shift.id), here.actor)
    return [*rows, Notice(said.CONFIRMED.format(count=len(rows)))]


def _correct(conn: Connection, world: World, here: Here, shift: ShiftView, step: ActOnShift) -> list[Effect]:
    if here.now < shift.ends_at:
        raise NotAllowed(said.TOO_EARLY)
    person = step.person or 0
    if shift.mine not in volunteers.HELD:
        raise NotAllowed(said.CAME_NOT)
    live = volunteers_hours.live(conn, shift.id, person)
    standing = RecordHours("", person, shift.area, live.minutes, live.on, live.by) if live else None
    count = volunteers_hours.count(conn, shift.id, person)
    rows = roll.corrected(shift, person, standing, live.id if live else None, step.minutes, here.actor, count)
    return [*rows, Notice(said.FIXED if live else said.RECORDED)]


def _call_off(conn: Connection, world: World, here: Here, shift: ShiftView, step: ActOnShift) -> list[Effect]:
    if shift.state != "open":
        raise NotAllowed(said.OFF_ALREADY)
    if shift.ends_at <= here.now:
        raise NotAllowed(said.OFF_OVER)
    listed = present(conn, shift.id)
    volunteers.call_off(conn, shift.id)
    told = roll.called_off(shift, listed, step.reason, casework.zone(conn, world, shift.area))
    return [*told, *shown(conn, world, shift), Notice(said.OFF_DONE.format(count=len(listed)))]


def _tell(conn: Connection, world: World, here: Here, shift: ShiftView, step: ActOnShift) -> list[Effect]:
    """A word of the organiser to everybody on the list, a few times a day; at night it waits for the morning."""
    if shift.ends_at <= here.now:
        raise NotAllowed(said.TELL_OVER)
    zone, morning = casework.zone(conn, world, shift.area), quiet_at(conn, world, shift.area, here.now)
    at = morning if morning and morning < shift.starts_at else None
    told = roll.notice(shift, present(conn, shift.id), step.reason, zone, at)
    if sequence.next_number(conn, sequence.daily(f"tell.{shift.id}", here.now)) > NOTICES:
        raise NotAllowed(said.TELL_ENOUGH.format(most=NOTICES))
    what = {"shift": shift.id, "people": len(told)}
    audit.record(conn, actor=here.actor, action="tell_shift", subject=what, now=here.now)
    return [*told, Notice(said.TELL_DONE.format(count=len(told)))]


def _move(conn: Connection, world: World, here: Here, shift: ShiftView, step: ActOnShift) -> list[Effect]:
    """Another time, and reminders with it; everybody on the list is told."""
    listed = present(conn, shift.id)
    assert step.span
    moving.check(shift, listed, step.span, here.now)
    if volunteers.begins(conn, shift.activity, step.span[0], but=shift.id):
        raise NotAllowed(moved_said.THERE_ALREADY)
    volunteers.move(conn, shift.id, *step.span)
    audit.record(conn, actor=here.actor, action="move_shift", subject={"shift": shift.id}, now=here.now)
    view = volunteers.lock(conn, shift.id)
    clashing = {one.person for one in listed if volunteers.overlapping(conn, one.person, view)}
    told = moving.moved(shift, view, listed, clashing, here.now, casework.zone(conn, world, shift.area))
    clock = due(view) if listed else ()
    return [*told, *clock, *shown(conn, world, view), Notice(moved_said.DONE.format(count=len(listed)))]


def due(shift: ShiftView) -> tuple[Schedule, Schedule]:
    """The organiser's lists of the start and of the end."""
    one = {"shift": shift.id}
    return (
        Schedule("shift.begun", f"shift.begun:{shift.id}", shift.starts_at, one),
        Schedule("shift.closed", f"shift.closed:{shift.id}", shift.ends_at + GRACE, one),
    )


def _close(conn: Connection, shift: ShiftView) -> None:
    """Who came and never checked out is taken to have stayed to the planned end, and it is marked."""
    for line in volunteers.roster(conn, shift.id):
        if line.came_at and line.left_at is None:
            volunteers.left(conn, shift.id, line.person, shift.ends_at, forgot=True)


def _closed(conn: Connection, world: World, here: Here, shift: ShiftView, step: ActOnShift) -> list[Effect]:
    """Some time after the end: the organiser gets the list with what each is to be credited with."""
    if shift.state != "open":
        return []
    _close(conn, shift)
    listed = present(conn, shift.id)
    to = organiser(conn, shift.area, shift.organiser)
    return [roll.listed(shift, listed, here.now, casework.zone(conn, world, shift.area), to)] if listed else []


def _begun(conn: Connection, world: World, here: Here, shift: ShiftView, step: ActOnShift) -> list[Effect]:
    """At the start: the organiser hears who has not come."""
    if shift.state != "open":
        return []
    text = roll.missing(shift, present(conn, shift.id), casework.zone(conn, world, shift.area))
    return [Say(text, to=organiser(conn, shift.area, shift.organiser))] if text else []


def _take(conn: Connection, world: World, here: Here, shift: ShiftView, step: ActOnShift) -> list[Effect]:
    return list(desk.taken(shift, step.person or 0, here.now, casework.zone(conn, world, shift.area)))


def _pass(conn: Connection, world: World, here: Here, shift: ShiftView, step: ActOnShift) -> list[Effect]:
    lapsed = here.actor == "clock"
    return list(desk.passed(shift, step.person or 0, lapsed=lapsed, zone=casework.zone(conn, world, shift.area)))


def _leave(conn: Connection, world: World, here: Here, shift: ShiftView, step: ActOnShift) -> list[Effect]:
    return list(desk.left(shift, step.person or 0, casework.zone(conn, world, shift.area)))


Step = Callable[[Connection, World, "Here", ShiftView, ActOnShift], list[Effect]]
STEPS: dict[str, Step] = {
    "came": _came,
    "left": _left,
    "roll": _roll,
    "recruit": _recruit,
    "code": _code,
    "confirm": _confirm,
    "correct": _correct,
    "move": _move,
    "call_off": _call_off,
    "tell": _tell,
    "closed": _closed,
    "begun": _begun,
    "take": _take,
    "pass": _pass,
    "leave": _leave,
}
