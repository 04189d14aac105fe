"""What a question of law asked in the middle of a report is about: the matter reported, and whose people they are."""

from __future__ import annotations

from flows.complaint.locate import locate, only_a_place, where_told
from flows.flow import Answers, State, Turn
from flows.legal.asking import KEPT
from flows.legal.fields import OTHER, field_of

NAMELESS = 20  # characters of a question that may name no matter


def told(state: State, turn: Turn) -> Answers:
    """The matter of the report that was left for the question, and where it is."""
    answers = state.suspended[0].answers if state.suspended else {}
    described = answers.get("description")
    if not isinstance(described, dict) or not described.get("text"):
        return {}
    return {"question": str(described["text"])[:KEPT], **_where(where_told(answers), turn)}


def asked(state: State, turn: Turn) -> Answers:
    """The same with a question that names no matter itself: 他不赔，法律上怎么说."""
    text, given = turn.said.understood.text.strip(), told(state, turn)
    if not given or len(text) > NAMELESS or field_of(text) != OTHER:
        return {}
    return {**given, "question": f"{given['question']}\n{text}"[:KEPT]}


def lives(turn: Turn) -> Answers:
    """Where somebody lives, when that is all that is said: 我在幸福里住."""
    found = locate(turn, turn.said.text) if only_a_place(turn) else None
    return _where(found.get("area"), turn) if found else {}


def _where(area: int | None, turn: Turn) -> Answers:
    """The answer to which community."""
    places = turn.facts.places
    community = places.above(area, "community") if area is not None and area in places else None
    return {} if community is None else {"where": str(community)}
