"""What a question of law asked in the middle of a report is about: the matter reported, and whose people they are."""

from __future__ import annotations

from datetime import timedelta

from flows.complaint.locate import locate, only_a_place, where_told
from flows.complaint.rights import LAW_TOO
from flows.flow import Answers, State, Turn
from flows.legal.asking import KEPT
from flows.legal.fields import OTHER, field_of
from flows.words import GOES_ON, THEY

STILL = timedelta(minutes=30)  # so long a question may be about what was registered
NAMELESS = 20  # characters of a question that may name no matter


def told(state: State, turn: Turn) -> Answers:
    """The matter of the report that was left for the question, or was registered just before; and where it is."""
    answers = state.suspended[0].answers if state.suspended else {}
    described, opened = answers.get("description"), turn.said.begin and not turn.said.text
    if opened and answers.get("service") not in LAW_TOO:  # 法律咨询 in the middle of a report of a lamp: another matter
        return {}
    if not isinstance(described, dict) or not described.get("text"):
        return {} if state.suspended else filed(state, turn)
    return {"question": str(described["text"])[:KEPT], **_where(where_told(answers), turn)}


def filed(state: State, turn: Turn) -> Answers:
    """The report that was registered last, while it is fresh."""
    last = state.last
    if last.get("flow") != "complaint" or "told" not in last or turn.since(last["at"]) > STILL:
        return {}
    return {"question": str(last["told"]), **_where(last.get("area"), turn)}


def asked(state: State, turn: Turn) -> Answers:
    """The same with a question that names no matter itself: 他不赔，法律上怎么说."""
    text, given = turn.said.understood.text.strip(), told(state, turn)
    if not given or len(text) > NAMELESS or field_of(text) != OTHER:
        return {}
    if not state.suspended and not (THEY.match(turn.said.plain) or GOES_ON.match(turn.said.plain)):
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
