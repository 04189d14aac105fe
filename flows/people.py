"""While a person has the conversation, or is waited for: what goes to them, and what is still for the assistant."""

from __future__ import annotations

from flows import flow as kernel
from flows.assistant import flow as assistant
from flows.assistant import texts
from flows.effects import Say
from flows.facts import ThreadView
from flows.flow import Outcome, State, Turn
from flows.further import asks_further
from flows.registry import Registry
from flows.talk import OPENED
from flows.words import CANCEL, END, GLOBAL, HUMAN, word

VERY_SURE = 0.8  # that it is a matter for the assistant


def with_people(flows: Registry, state: State, turn: Turn) -> Outcome | None:
    """While a person has the thread the assistant is silent, and passes on."""
    said = turn.said
    thread = assistant.open_thread(turn, "handover", "alarm") or _advised(state, turn)
    if thread is None or said.answer or said.begin or not turn.private:
        return None
    if said.understood.intent == "bind_volunteer" and turn.facts.volunteering.paper:  # a code is for us alone
        return None
    said_word, waits = word(said.text), thread.state != "claimed"
    if said_word in END or (waits and said_word in CANCEL and not state.flow):
        return assistant.end_hand_over(state, turn, thread)
    if waits and (said_word in GLOBAL - HUMAN or said.understood.intent == OPENED):
        return None
    if waits and thread.unasked and _understood(flows, state, turn):
        return None
    if waits and thread.kind == "alarm" and assistant.denied(turn):
        return Outcome(state, (Say(texts.ALARM_OVER),))
    if thread.state == "claimed" or (thread.kind == "handover" and said.understood.intent != "ask_human"):
        return assistant.relay(state, turn, thread)
    if thread.kind == "alarm" and not state.flow and said.text.strip() and word(said.text) not in GLOBAL:
        seen = said.understood
        other = seen.flow in ("legal", "volunteer", "points") and seen.confidence >= VERY_SURE
        return None if other else assistant.note(state, turn, thread)
    return None


def _understood(flows: Registry, state: State, turn: Turn) -> bool:
    """While a person is waited for whom nobody asked for: whether this is understood after all."""
    said, open_flow = turn.said, flows.get(state.flow)
    seen = said.understood
    if seen.flow not in (None, "human", "help") and seen.confidence >= VERY_SURE:
        return True
    asked_since = state.step > int(state.last.get(assistant.WAITS, 0))
    return open_flow is not None and (asked_since or kernel.reads(open_flow, state, turn))


def _advised(state: State, turn: Turn) -> ThreadView | None:
    """The legal question somebody is answering, when what is said is no word of ours and no matter we are sure of."""
    seen = turn.said.understood
    thread = assistant.open_thread(turn, "legal")
    if thread is None or thread.state != "claimed" or state.flow or not turn.said.text.strip():
        return None
    ours = seen.flow is not None and seen.confidence >= VERY_SURE and not asks_further(seen.plain)
    return None if ours or word(turn.said.text) in GLOBAL - END else thread
