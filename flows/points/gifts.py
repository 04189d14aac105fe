"""Points for another household, where the community has turned that on: by the code that household hands out."""

from __future__ import annotations

from flows.effects import Effect, GiveGiftCode, Say, SendGift
from flows.errors import Unclear
from flows.facts import Query
from flows.flow import Answers, Ask, Flow, Outcome, State, Turn, start
from flows.points import panel_texts, texts
from nlu.late import regex

CODE = regex(r"\d{8}")
WHOLE = regex(r"(\d{1,9})\s*分?")


def send(state: State, turn: Turn) -> Outcome | Query:
    """Begin to give points away."""
    return _off(state, turn) or start(GIFT, turn, state, {})


def code(state: State, turn: Turn) -> Outcome:
    """The code by which others may send points here."""
    household = turn.facts.household
    return _off(state, turn) or Outcome(state, (GiveGiftCode(household.id),) if household else ())


def _off(state: State, turn: Turn) -> Outcome | None:
    household = turn.facts.household
    if household is None:
        return Outcome(state, (Say(panel_texts.NOT_BOUND),))
    return None if household.gifts else Outcome(state, (Say(texts.NO_GIFTS),))


def _cap(turn: Turn) -> int:
    return (turn.facts.household.gifts or 0) if turn.facts.household else 0


def _code(turn: Turn, _answers: Answers) -> str:
    found = CODE.fullmatch(turn.said.understood.plain.strip())
    if found is None:
        raise Unclear(texts.GIFT_CODE_WRONG)
    return found[0]


def _points(turn: Turn, _answers: Answers) -> int:
    """A whole number up to the cap: nothing below one, no fraction, nothing enormous."""
    found = WHOLE.fullmatch(turn.said.understood.plain.strip())
    if found is None or not 1 <= int(found[1]) <= _cap(turn):
        raise Unclear(texts.GIFT_POINTS_WRONG.format(cap=_cap(turn)))
    return int(found[1])


def _confirm(answers: Answers, _turn: Turn) -> str:
    return texts.CONFIRM_GIFT.format(points=answers["points"])


def _finish(answers: Answers, turn: Turn) -> tuple[Effect, ...]:
    household = turn.facts.household
    if household is None or not household.gifts:
        return (Say(texts.NO_GIFTS),)
    return (SendGift(household.id, answers["code"], int(answers["points"])),)


def _ask_points(_answers: Answers, turn: Turn) -> str:
    return texts.ASK_GIFT_POINTS.format(cap=_cap(turn))


GIFT = Flow(
    "points_gift",
    "",
    frozenset(),
    (Ask("code", texts.ASK_GIFT_CODE, _code, name="收分码"), Ask("points", _ask_points, _points, name="分数")),
    _finish,
    _confirm,
    needs=frozenset({"household"}),
)
