"""A place that changes hands: taken over by a code, or swapped for another once both have agreed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection

from bot import casework
from bot.volunteering import loading, shifts
from bot.world import World
from flows.effects import Effect, Lane, Privately, Say, SignUp
from flows.effects.volunteers import AskSwap, Swap, TakeOver
from flows.errors import NotAllowed
from flows.facts import ShiftView
from flows.volunteer import roll_texts, swapping, texts
from flows.volunteer import swap_texts as said
from flows.volunteer.rules import hindrance, no_reminders, reminders
from storage import audit, codes, volunteers, volunteers_people

if TYPE_CHECKING:
    from bot.effects import Here


def take_over(conn: Connection, world: World, here: Here, effect: TakeOver) -> list[Effect]:
    """One place, another person; the code counts once."""
    view = _held(conn, here, effect.shift, effect.giver, "这个位子已经不在了，不用接了。")
    _fit(conn, world, view, effect.person, effect.giver)
    if not codes.use(conn, effect.code, here.now):
        raise NotAllowed("这个接班码已经用过或者过期了。")
    volunteers.cancel(conn, effect.shift, effect.giver)
    zone = casework.zone(conn, world, view.area)
    text = texts.filled(texts.STANDING_IN, view, zone, who=_name(conn, effect.person))
    told = Say(text, to=Privately(effect.giver), lane=Lane.PUSH)
    due = reminders(view, effect.person, here.now, zone)
    return [SignUp(effect.shift, effect.person, "confirmed"), *due, told]


def ask(conn: Connection, world: World, here: Here, effect: AskSwap) -> list[Effect]:
    """The one whose place is wanted is asked. Raises NotAllowed when it could not come about anyway."""
    wanted, given = _both(conn, world, here, effect)
    zone = casework.zone(conn, world, wanted.area)
    return [swapping.asking(effect, wanted, given, _name(conn, effect.person), zone)]


def swap(conn: Connection, world: World, here: Here, effect: Swap) -> list[Effect]:
    """Both places change hands in one go, or neither. Raises NotAllowed when anything is not as it was."""
    ask = effect.ask
    if not effect.agreed:
        view = volunteers.get(conn, ask.other)
        text = texts.filled(said.ONE, view, casework.zone(conn, world, view.area)) if view else ""
        return [Say(said.DECLINED.format(shift=text), to=Privately(ask.person)), Say(said.DECLINED_OWN)]
    wanted, given = _both(conn, world, here, ask)
    if not codes.use(conn, ask.code, here.now):
        raise NotAllowed(said.GONE)
    volunteers.cancel(conn, wanted.id, ask.giver)
    volunteers.cancel(conn, given.id, ask.person)
    subject = {"shifts": [wanted.id, given.id], "people": [ask.giver, ask.person]}
    audit.record(conn, actor=here.actor, action="swap_shifts", subject=subject, now=here.now)
    return [
        *_moved(conn, world, here, wanted, ask.giver, ask.person),
        *_moved(conn, world, here, given, ask.person, ask.giver),
    ]


def _moved(conn: Connection, world: World, here: Here, view: ShiftView, gone: int, come: int) -> list[Effect]:
    """One of the two places: who comes is signed up and told, the organiser hears of it."""
    zone = casework.zone(conn, world, view.area)
    told = texts.filled(said.ORGANISER, view, zone, gone=_name(conn, gone), come=_name(conn, come))
    return [
        SignUp(view.id, come, "confirmed"),
        no_reminders(view.id, gone),
        *reminders(view, come, here.now, zone),
        Say(said.SWAPPED.format(shift=texts.filled(said.ONE, view, zone)), to=Privately(come), lane=Lane.PUSH),
        Say(told, to=shifts.organiser(conn, view.area, view.organiser), lane=Lane.PUSH),
    ]


def _both(conn: Connection, world: World, here: Here, ask: AskSwap) -> tuple[ShiftView, ShiftView]:
    """The place that is wanted and the one given for it, held; raises NotAllowed unless both fit both."""
    owners = {ask.shift: ask.giver, ask.other: ask.person}
    if len(owners) < 2 or ask.giver == ask.person:
        raise NotAllowed(said.GONE)
    held = {id: _held(conn, here, id, owners[id], said.GONE) for id in sorted(owners)}  # two never wait for each other
    wanted, given = held[ask.shift], held[ask.other]
    _fit(conn, world, wanted, ask.person, ask.giver)
    _fit(conn, world, given, ask.giver, ask.person)
    for view, who, without in ((wanted, ask.person, given.id), (given, ask.giver, wanted.id)):
        if volunteers.overlapping(conn, who, view, without) or _listed(conn, view.id, who):
            zone = casework.zone(conn, world, view.area)
            raise NotAllowed(said.CLASH.format(who=_name(conn, who), shift=texts.filled(said.ONE, view, zone)))
    return wanted, given


def _held(conn: Connection, here: Here, shift: int, person: int, gone: str) -> ShiftView:
    view = volunteers.lock(conn, shift, person)
    if view.mine != "confirmed" or view.came_at or view.starts_at <= here.now or view.state != "open":
        raise NotAllowed(gone)
    return view


def _listed(conn: Connection, shift: int, person: int) -> bool:
    view = volunteers.get(conn, shift, person)
    return view is not None and view.mine is not None


def _fit(conn: Connection, world: World, view: ShiftView, person: int, giver: int) -> None:
    """Raises NotAllowed when somebody is too young for a place, or lacks the skill that leaves with the giver."""
    me = loading.volunteer(conn, person)
    if hindrance(view, me, casework.zone(conn, world, view.area)):
        raise NotAllowed(said.TOO_YOUNG.format(title=view.title, age=view.min_age))
    leaves = loading.volunteer(conn, giver)
    lacking = swapping.lacking(view, me.skills if me else (), leaves.skills if leaves else ())
    if lacking:
        raise NotAllowed(lacking)


def _name(conn: Connection, person: int) -> str:
    return volunteers_people.names(conn, [person]).get(person, roll_texts.NEIGHBOUR)
