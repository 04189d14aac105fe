"""A shift gets another time: asked of the organiser, and told to everybody on its list, who leaves by one tap."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from flows.effects import Effect, Lane, Option, Privately, Say
from flows.effects.volunteers import ActOnShift
from flows.errors import NotAllowed
from flows.facts import ShiftView
from flows.flow import Answers, Ask, Flow, Turn
from flows.volunteer import desk, moments, roll_texts, texts
from flows.volunteer import moving_texts as said
from flows.volunteer.rules import no_reminders, reminders

if TYPE_CHECKING:
    from flows.volunteer.roll import Present

Span = tuple[datetime, datetime]


# -- asking the organiser ---------------------------------------------------------------------------------------------


def known(shift: ShiftView) -> dict[str, Any]:
    """What the questions need to know of a shift, as JSON."""
    old = _written((shift.starts_at, shift.ends_at))
    return {"shift": shift.id, "title": shift.title, "old": old, "listed": shift.taken + shift.waiting}


def _written(span: Span) -> list[str]:
    return [at.isoformat() for at in span]


def _read(pair: Sequence[str]) -> Span:
    start, end = (datetime.fromisoformat(at) for at in pair)
    return start, end


def _ask(answers: Answers, turn: Turn) -> str:
    return said.ASK.format(title=answers["title"], when=texts.span(*_read(answers["old"]), turn.zone))


def _new(turn: Turn, answers: Answers) -> list[str]:
    return _written(moments.another(turn.said.text, *_read(answers["old"]), turn.now, turn.zone))


def _summary(answers: Answers, turn: Turn) -> str:
    was, when = (texts.span(*_read(answers[name]), turn.zone) for name in ("old", "new"))
    told = said.TOLD.format(count=answers["listed"]) if answers["listed"] else said.TOLD_NOBODY
    return said.SURE.format(title=answers["title"], was=was, when=when, told=told)


MOVE = Flow(
    name="volunteer_move",
    title="",
    intents=frozenset(),
    aside=True,
    needs=frozenset({"volunteering"}),
    asks=(Ask("new", _ask, parse=_new, name="时间", free=True),),
    confirm=_summary,
    finish=lambda a, t: (ActOnShift(int(a["shift"]), "move", span=_read(a["new"])),),
)


# -- what it comes to -------------------------------------------------------------------------------------------------


def check(shift: ShiftView, people: Collection[Present], span: Span, now: datetime) -> None:
    """Raises NotAllowed unless the shift can still move there."""
    start, end = span
    for wrong, why in (
        (shift.state != "open", roll_texts.OFF_ALREADY),
        (shift.ends_at <= now, roll_texts.OVER),
        (any(one.came_at for one in people), said.BEGUN),
        (span == (shift.starts_at, shift.ends_at), said.SAME),
        (start <= now, moments.PAST),
        (end <= start, moments.TURNED),
    ):
        if wrong:
            raise NotAllowed(why)


def moved(
    old: ShiftView,
    shift: ShiftView,
    people: Collection[Present],
    clashing: Collection[int],
    now: datetime,
    zone: ZoneInfo,
) -> tuple[Effect, ...]:
    """Everybody on the list is told both times, and reminded at the new one; `clashing` have another shift then."""
    effects: list[Effect] = []
    for one in people:
        effects.append(no_reminders(shift.id, one.person))
        if one.state == "offered":
            effects += desk.moved_up(shift, one.person, now, zone, said.MOVED_OFFER, was=texts.when(old, zone))
            continue
        effects.append(_told(old, shift, one, one.person in clashing, zone))
        if one.state == "confirmed":
            effects += reminders(shift, one.person, now, zone)
    return tuple(effects)


def _told(old: ShiftView, shift: ShiftView, one: Present, clashing: bool, zone: ZoneInfo) -> Say:
    queued = one.state == "waiting"
    clash = said.CLASH if clashing else ""
    text = said.MOVED_QUEUE if queued else said.MOVED
    leave = Option(said.LEAVE_QUEUE if queued else said.LEAVE, "shift.leave", {"shift": shift.id}, person=one.person)
    return Say(
        texts.filled(text, shift, zone, was=texts.when(old, zone), clash=clash),
        to=Privately(one.person),
        options=((leave,),),
        lane=Lane.PUSH,
    )
