"""A case opened at a counter: the form's fields answer the flow's own questions, and what it still asks is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flows.complaint import asking
from flows.complaint.filing import FILE
from flows.effects import Effect
from flows.flow import CONFIRM, Outcome, Said, State, Turn, advance, start
from nlu.understanding import Understanding

MOST = 12  # questions of the flow


@dataclass(frozen=True, slots=True)
class Counter:
    """What came of the form: what is done, or the question that is still open, with its choices (key, label)."""

    effects: tuple[Effect, ...] = ()
    slot: str = ""
    question: str = ""
    choices: tuple[tuple[str, str], ...] = ()


def told(turn: Turn, fields: Mapping[str, str]) -> Counter:
    """The case as the form tells it; `turn` says what happened. Raises Unclear when a field can't be read."""
    given = {"place": asking.place(_said(turn, fields["place"]), {})} if fields.get("place") else {}
    if fields.get("service") in turn.facts.services:
        given["service"] = fields["service"]
    outcome = start(FILE, turn, State(), given)
    for _ in range(MOST):
        assert isinstance(outcome, Outcome)  # nothing has to be looked up
        asked = outcome.state.asking or ""
        if not outcome.state.flow:
            return Counter(outcome.effects)
        answer = "yes" if asked == CONFIRM else fields.get(asked, "")
        if not answer or outcome.state.tries:
            return _open(outcome, turn)
        pressed = (asked, answer, outcome.state.step) if asked == CONFIRM or _is_choice(outcome, turn, answer) else None
        outcome = advance(FILE, outcome.state, _said(turn, "" if pressed else answer, pressed))
    raise AssertionError("the flow asks without end")


def _said(turn: Turn, text: str, answer: tuple[str, str, int] | None = None) -> Turn:
    return replace(turn, said=Said(text, Understanding(text, None, "chatter", 0.0), answer))


def _choices(outcome: Outcome, turn: Turn) -> tuple[tuple[str, str], ...]:
    ask = FILE.ask(outcome.state.asking)
    found = ask.choices(outcome.state.answers, turn) if ask and ask.choices else ()
    return tuple((choice.key, choice.label) for choice in found)


def _is_choice(outcome: Outcome, turn: Turn, answer: str) -> bool:
    return answer in dict(_choices(outcome, turn))


def _open(outcome: Outcome, turn: Turn) -> Counter:
    ask = FILE.ask(outcome.state.asking)
    assert ask is not None
    text = ask.text if isinstance(ask.text, str) else ask.text(outcome.state.answers, turn)
    return Counter((), ask.slot, text, _choices(outcome, turn))
