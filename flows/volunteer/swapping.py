"""A place goes to somebody one knows: standing in by a code, or swapping two places, which both agree to."""

from __future__ import annotations

from collections.abc import Collection
from zoneinfo import ZoneInfo

from flows.domain.volunteering import SKILLS, labels
from flows.effects import Effect, Option, Privately, Say
from flows.effects.volunteers import AskSwap, TakeOver
from flows.facts import Query, ShiftView
from flows.flow import Answers, Ask, Choice, Flow, Outcome, State, Turn, start
from flows.volunteer import swap_texts as said
from flows.volunteer import texts
from flows.volunteer.register import AGREED
from flows.volunteer.rules import clash, hindrance, my_shifts, no_reminders
from flows.volunteer_facts import VolunteerView
from nlu.late import regex

DIGITS = regex(r"\d{6}")
CHOOSE = ((Option(said.CHOOSE, "begin", {"flow": "volunteer", "intent": "cancel_shift", "text": "换班"}),),)


def unfit(shift: ShiftView, me: VolunteerView | None, giver: Collection[str], turn: Turn) -> str:
    """Why somebody can't have another's place: the age, or a skill the one who leaves has and the activity wants."""
    if hindrance(shift, me, turn.zone):
        return said.TOO_YOUNG.format(title=shift.title, age=shift.min_age)
    return lacking(shift, me.skills if me else (), giver)


def lacking(shift: ShiftView, mine: Collection[str], giver: Collection[str]) -> str:
    """The words for a skill that would get lost; "" when none does."""
    lost = set(shift.skills or ()) & set(giver)
    if not lost or set(mine) & lost:
        return ""
    return said.SKILL.format(title=shift.title, skills=labels(sorted(lost), SKILLS))


def stand_in(state: State, turn: Turn) -> Outcome | Query:
    """Somebody gave the person a code: the place is shown and asked for."""
    offer = turn.facts.volunteering.stand_in
    refused = _refused(turn)
    if refused or offer is None:
        return Outcome(state, (Say(refused),))
    hit = clash(offer.shift, turn.facts.shifts)
    if hit:
        return Outcome(state, (Say(texts.filled(texts.CLASH, hit, turn.zone)),))
    told = texts.filled(said.TAKE_OVER, offer.shift, turn.zone)
    given = {"code": offer.code, "shift": offer.shift.id, "giver": offer.giver, "told": told}
    return start(STAND_IN, turn, state, given)


def _refused(turn: Turn) -> str:
    """Why the place behind a code is not the person's to take; "" when nothing is in the way but time."""
    offer = turn.facts.volunteering.stand_in
    if offer is None:
        return said.WRONG_CODE
    if offer.giver == turn.person:
        return said.OWN_CODE
    if offer.shift.starts_at <= turn.now:
        return texts.STARTED
    if any(s.id == offer.shift.id and s.mine for s in turn.facts.shifts):
        return texts.MINE_ALREADY
    return unfit(offer.shift, turn.facts.volunteering.me, offer.skills, turn)


def _taken(answers: Answers, turn: Turn) -> tuple[Effect, ...]:
    if answers["sure"] == "no":
        return (Say(said.NOT_TAKEN),)
    shift, giver = int(answers["shift"]), int(answers["giver"])
    return (TakeOver(int(answers["code"]), shift, giver, turn.person), no_reminders(shift, giver), Say(said.TAKEN))


STAND_IN = Flow(
    name="volunteer_stand_in",
    title="接班",
    intents=frozenset(),
    aside=True,
    needs=frozenset({"shifts", "volunteering"}),
    asks=(Ask("sure", lambda a, t: str(a["told"]), choices=lambda a, t: AGREED),),
    finish=_taken,
)


# -- swapping ---------------------------------------------------------------------------------------------------------


def swap(state: State, turn: Turn) -> Outcome | Query:
    """With the code of another's place: which of the own places goes for it. Without one: how it is done."""
    if not DIGITS.search(turn.said.understood.plain):
        mine = _own(turn)
        return Outcome(state, (Say(said.HOW if mine else texts.NONE_MINE, options=CHOOSE if mine else ()),))
    offer = turn.facts.volunteering.stand_in
    refused = _refused(turn)
    if refused or offer is None:
        return Outcome(state, (Say(refused),))
    own = [s.id for s in _swappable(offer.shift, turn)]
    if not own:
        return Outcome(state, (Say(said.NOTHING_TO_GIVE),))
    given = {"code": offer.code, "shift": offer.shift.id, "giver": offer.giver, "own": own}
    return start(SWAP, turn, state, given | {"told": texts.filled(said.PICK, offer.shift, turn.zone)})


def _own(turn: Turn) -> tuple[ShiftView, ...]:
    mine = my_shifts(turn.facts.shifts, turn.now)
    return tuple(s for s in mine if s.mine == "confirmed" and s.starts_at > turn.now)


def _swappable(wanted: ShiftView, turn: Turn) -> tuple[ShiftView, ...]:
    """The own places without which the wanted one clashes with nothing."""
    shifts = turn.facts.shifts
    return tuple(s for s in _own(turn) if not clash(wanted, tuple(x for x in shifts if x.id != s.id)))


def _choices(answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    own = (s for s in _own(turn) if s.id in answers["own"])
    return tuple(Choice(str(s.id), texts.label_mine(s, turn.zone)) for s in own)


def _asked(answers: Answers, turn: Turn) -> tuple[Effect, ...]:
    return (
        AskSwap(int(answers["code"]), int(answers["shift"]), int(answers["giver"]), int(answers["mine"]), turn.person),
        Say(said.ASKED),
    )


SWAP = Flow(
    name="volunteer_swap",
    title="换班",
    intents=frozenset(),
    aside=True,
    needs=frozenset({"shifts", "volunteering"}),
    asks=(Ask("mine", lambda a, t: str(a["told"]), choices=_choices, name="换出去的一场"),),
    finish=_asked,
)


def asking(ask: AskSwap, wanted: ShiftView, given: ShiftView, who: str, zone: ZoneInfo) -> Say:
    """The question to the one whose place is wanted, with both buttons."""
    args = {"code": ask.code, "shift": ask.shift, "giver": ask.giver, "other": ask.other, "person": ask.person}
    yes = Option(said.AGREE, "shift.swap", args, person=ask.giver)
    no = Option(said.DECLINE, "shift.keep", args, person=ask.giver)
    text = said.QUESTION.format(
        who=who,
        out=texts.filled(said.ONE, wanted, zone),
        back=texts.filled(said.ONE, given, zone),
    )
    return Say(text, to=Privately(ask.giver), options=((yes, no),))
