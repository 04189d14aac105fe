"""A message changed after it was sent: its new words stand for the old, where what those told is still open; pure."""

from __future__ import annotations

from difflib import SequenceMatcher

from flows import flow as kernel
from flows.assistant import texts
from flows.effects import Say
from flows.facts import Query
from flows.flow import Flow, Outcome, State, Turn
from flows.registry import Registry
from nlu.frozen import replace

NEAR = 0.5  # of two texts, how much is the same when one is the other put right
COMPARED = 100  # characters of each: the time it takes grows with their product
KEPT = "更正：{text}"


def retold(flows: Registry, state: State, turn: Turn) -> Outcome | Query | Turn:
    """What changed words come to: the report they began is begun anew with them; a registered one is told them (the
    turn to go on with); of anything else only words sent anew count, and that is said."""
    words = turn.said.text
    before = str(state.last.get("told", ""))
    if not state.flow and _near(words, before):
        if words == before:
            return Outcome(state)  # a platform tells of an edit that changed no word
        about = turn.said.understood.but(flow=state.last["flow"], intent="amend_case", confidence=1.0)
        said = replace(turn.said, text=KEPT.format(text=words), understood=about, changed=False)
        return replace(turn, said=said)
    open_flow = flows.get(state.flow)
    lines = _told(open_flow, state) if open_flow else []
    place = next((n for n, line in enumerate(lines) if _near(words, line)), None)
    if open_flow is None or place is None:
        return Outcome(state, (Say(texts.CHANGED_UNSEEN),))
    if lines[place] == words:
        return Outcome(state)
    lines[place] = words
    kept = {a.slot: state.answers[a.slot] for a in open_flow.asks if a.slot in state.answers and a.late and not a.free}
    told = replace(turn, said=replace(turn.said, text="\n".join(lines), changed=False))
    begun = kernel.start(open_flow, told, replace(state, asking=None, since=0), kept)
    return begun.after(Say(texts.CHANGED)) if isinstance(begun, Outcome) else begun


def _told(flow: Flow, state: State) -> list[str]:
    """The lines of what was told in the open flow: the first of its questions that any sentence answers."""
    slot = next((ask.slot for ask in flow.asks if ask.free and ask.fill), "")
    told = state.answers.get(slot)
    text = told.get("text", "") if isinstance(told, dict) else told
    return str(text or "").split("\n")


def _near(one: str, other: str) -> bool:
    one, other = one[:COMPARED], other[:COMPARED]
    return bool(one and other) and SequenceMatcher(None, one, other, autojunk=False).ratio() >= NEAR
