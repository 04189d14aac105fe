"""The other matters of a message: kept while the first is dealt with, then offered one after another."""

from __future__ import annotations

from dataclasses import replace

from flows.assistant import texts
from flows.effects import Option, Say
from flows.registry import Registry
from flows.talk import Outcome, State, Turn

NO = "later_no"  # the intent of declining what was offered
Later = tuple[tuple[str, str], ...]  # (flow, words)


def narrowed(flows: Registry, state: State, turn: Turn) -> tuple[Turn, Later]:
    """The turn with the first matter only, and what waits; the whole turn where it has one, or answers something."""
    said, seen = turn.said, turn.said.understood
    open_flow = flows.get(state.flow)
    ask = open_flow.ask(state.asking) if open_flow else None
    telling = open_flow is None or (ask is not None and ask.free and seen.flow == state.flow)
    if not seen.others or said.answer or said.begin or not turn.private or not telling:
        return turn, state.later
    waiting = tuple((other.flow, other.text[:500]) for other in seen.others)
    first = seen.but(text=seen.first, first="", others=())
    return replace(turn, said=replace(said, text=seen.first, understood=first)), (*state.later, *waiting)[:5]


def offered(flows: Registry, outcome: Outcome, later: Later) -> Outcome:
    """Where nothing is open any more the next matter is offered; else it goes on waiting."""
    later = (*later, *(one for one in outcome.state.later if one not in later))  # and what came up meanwhile
    if outcome.state.flow or not later:
        return replace(outcome, state=replace(outcome.state, later=later)) if later else outcome
    name, words = later[0]
    after = replace(outcome, state=replace(outcome.state, later=later[1:]))
    if flows.get(name) is None:
        return offered(flows, after, later[1:])
    go = Option("接着办", "begin", {"flow": name, "text": words})
    stop = Option("不用了", "begin", {"flow": "assistant", "intent": NO, "text": ""})
    return replace(after, effects=(*after.effects, Say(texts.LATER.format(text=words[:60]), options=((go, stop),))))
