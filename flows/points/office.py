"""What staff do for households in chat: binding codes, moving to another community, corrections; and leaving one."""

from __future__ import annotations

from typing import Any

from flows.effects import Effect, GiveHouseholdCode, LeaveHousehold, MoveHousehold, Say, ShowEntries, ShowPending
from flows.errors import Unclear
from flows.facts import Query
from flows.flow import Answers, Ask, Choice, Flow, Outcome, State, Turn, start
from flows.points import panel_texts as texts
from flows.points.proposing import APPEAL, SEARCH, WHICH, name_of

COMMUNITIES = 8  # in one list


def give_code(state: State, turn: Turn) -> Outcome | Query:
    return _begin(CODE, state, turn)


def correct(state: State, turn: Turn) -> Outcome | Query:
    return _begin(ENTRIES, state, turn)


def move(state: State, turn: Turn) -> Outcome | Query:
    return _begin(MOVE, state, turn)


def pending(state: State, turn: Turn) -> Outcome:
    return Outcome(state, (ShowPending() if turn.facts.office else Say(texts.NO_OFFICE),))


def leave(state: State, turn: Turn) -> Outcome | Query:
    """A member goes; the points stay with the household."""
    if turn.facts.household is None:
        return Outcome(state, (Say(texts.NOT_BOUND),))
    return start(LEAVE, turn, state, {})


def appeal(state: State, turn: Turn) -> Outcome | Query:
    """The household's word against a deduction that was announced."""
    announced = turn.facts.household.announced if turn.facts.household else ()
    if not announced:
        return Outcome(state, (Say(texts.NOTHING_TO_APPEAL),))
    return start(APPEAL, turn, state, {"proposal": announced[0]})


def _begin(flow: Flow, state: State, turn: Turn) -> Outcome | Query:
    if turn.facts.office is None:
        return Outcome(state, (Say(texts.NO_OFFICE),))
    return start(flow, turn, state, {})


def _code_question(answers: Answers, turn: Turn) -> str:
    return texts.CONFIRM_CODE.format(name=name_of(answers, turn))


def _code(answers: Answers, turn: Turn) -> tuple[Effect, ...]:
    return (GiveHouseholdCode(int(answers["household"]), texts.CODE.format(name=name_of(answers, turn))),)


def _entries(answers: Answers, _turn: Turn) -> tuple[Effect, ...]:
    return (ShowEntries(int(answers["household"])),)


def _communities(_answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    known = turn.facts.communities
    return tuple(Choice(str(id), name) for id, name in known[:COMMUNITIES]) if len(known) <= COMMUNITIES else ()


def _community(turn: Turn, _answers: Answers) -> Any:
    text = turn.said.understood.plain.strip()
    found = [id for id, name in turn.facts.communities if len(text) > 1 and (text in name or name in text)]
    if len(found) != 1:
        raise Unclear(texts.ASK_COMMUNITY)
    return str(found[0])


def _move_question(answers: Answers, turn: Turn) -> str:
    name = next((n for id, n in turn.facts.communities if str(id) == answers["community"]), "")
    return texts.CONFIRM_MOVE.format(name=name_of(answers, turn), community=name)


def _move(answers: Answers, _turn: Turn) -> tuple[Effect, ...]:
    return (MoveHousehold(int(answers["household"]), int(answers["community"])), Say(texts.MOVED))


def _leave_question(_answers: Answers, turn: Turn) -> str:
    return texts.CONFIRM_LEAVE.format(name=turn.facts.household.name) if turn.facts.household else ""


def _leave(_answers: Answers, turn: Turn) -> tuple[Effect, ...]:
    return (LeaveHousehold(turn.person), Say(texts.LEFT))


NEEDS = frozenset({"household", "office"})
CODE = Flow("points_code", "", frozenset(), (SEARCH, WHICH), _code, _code_question, needs=NEEDS)
ENTRIES = Flow("points_entries", "", frozenset(), (SEARCH, WHICH), _entries, needs=NEEDS)
MOVE = Flow(
    "points_move",
    "",
    frozenset(),
    (SEARCH, WHICH, Ask("community", texts.ASK_COMMUNITY, _community, _communities, name="社区")),
    _move,
    _move_question,
    needs=NEEDS,
)
LEAVE = Flow("points_leave", "", frozenset(), (), _leave, _leave_question, needs=NEEDS)
