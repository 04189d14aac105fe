"""While a person has the conversation, or is waited for: what goes to them, and what is still for the assistant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flows import asides, later
from flows import flow as kernel
from flows.assistant import flow as assistant
from flows.assistant import texts
from flows.complaint import desks
from flows.effects import ActOnThread, Option, Say
from flows.facts import Query, ThreadView
from flows.flow import Outcome, State, Turn
from flows.further import asks_further
from flows.registry import Registry
from flows.talk import OPENED
from flows.words import CANCEL, END, GLOBAL, HELLO, HUMAN, NODS, gives_up, waits_no_more, word
from flows.yesno import COURTESY
from nlu.late import regex

STOP = "stop_matter"  # the intent of letting the open matter be
VERY_SURE = 0.8  # that it is a matter for the assistant
# What is only to be looked up: nobody has to come for it.
LOOKS = frozenset(
    {
        "case_status",
        "ask_balance",
        "ask_statement",
        "ask_rules",
        "ranking",
        "show_codes",
        "volunteer_record",
        "my_teams",
    }
) | {desks.INTENT}
HURRIES = regex(
    r"(?:请问|那|怎么|咋|还|要|得|到底|人|工作人员|客服|人工|你们?|现在|都|这么久|半天|[,， ])*+"
    r"(?:等多久|多久|(?:什么时候|啥时候|几时|何时)(?:能|会|才)*来|没人(?:来|接|理|回)?|有人(?:来|接|在)?|(?<=人)呢|不理人?我?)(?:啊|呀|呢|吗|了|的|没有?)*+"
)
Fresh = Callable[[Registry, State, Turn], Outcome | Query]


def with_people(flows: Registry, state: State, turn: Turn, fresh: Fresh) -> Outcome | None:
    """While a person has the thread the assistant is silent, and passes on; while one is waited for it answers what
    only has to be looked up. `fresh`: what the assistant makes of words by themselves."""
    said = turn.said
    thread = assistant.open_thread(turn, "handover", "alarm") or _advised(state, turn)
    if thread is None or said.answer or said.begin or not turn.private:
        return None
    if said.understood.intent in (OPENED, later.NO) and not said.text:
        return None
    if said.understood.intent == "bind_volunteer" and turn.facts.volunteering.paper:  # a code is for us alone
        return None
    if not said.text and said.understood.intent == STOP and state.flow:
        return Outcome(kernel.stop(state), (Say(texts.CANCELLED),))
    said_word, waits = word(said.text), thread.state != "claimed"
    if said_word in END:
        return assistant.end_hand_over(state, turn, thread)
    if waits and (let_go := _lets_go(flows, state, turn, thread)):
        return let_go
    if waits and (said_word in GLOBAL - HUMAN or said.understood.intent == OPENED):
        return None
    if waits and (_answers(flows, state, turn) or (thread.unasked and _understood(flows, state, turn))):
        return None
    if waits and thread.kind == "alarm" and assistant.denied(turn):
        return assistant.note(state, turn, thread, texts.ALARM_OVER)
    if waits and thread.kind == "handover" and not state.flow and _nods(said_word):  # nothing that anybody has to read
        return Outcome(state, (Say(texts.HAND_OVER_WAITS),))
    if waits and thread.kind == "handover" and (told := _meanwhile(flows, state, turn, thread, fresh)):
        return told
    if thread.state == "claimed" or (thread.kind == "handover" and said.understood.intent != "ask_human"):
        return assistant.relay(state, turn, thread)
    if thread.kind == "alarm" and not state.flow and said.text.strip() and word(said.text) not in GLOBAL:
        seen = said.understood
        other = seen.flow in ("legal", "volunteer", "points") and seen.confidence >= VERY_SURE
        return None if other else assistant.note(state, turn, thread)
    return None


def _answers(flows: Registry, state: State, turn: Turn) -> bool:
    """Whether it answers, beyond doubt, the question that still stands there while a person is waited for."""
    open_flow = flows.get(state.flow)
    ask = open_flow.ask(state.asking) if open_flow else None
    if open_flow is None or turn.said.photos:
        return False
    told = ask.fill(turn, {}) if ask and ask.free and ask.late and ask.fill else None
    return told is not None or kernel.reads(open_flow, state, turn)


def _nods(said_word: str) -> bool:
    return said_word in NODS or COURTESY.fullmatch(said_word) is not None


def _meanwhile(flows: Registry, state: State, turn: Turn, thread: ThreadView, fresh: Fresh) -> Outcome | None:
    """What is answered at once while nobody has come: that they are still called, and what asks nothing back."""
    said = turn.said
    if HURRIES.fullmatch(word(said.text)):
        return Outcome(state, (Say(texts.HAND_OVER_STILL.format(number=thread.number)),))
    looked = said.understood.intent in LOOKS and said.understood.confidence >= VERY_SURE
    if state.flow or said.photos or not (looked or asides.told(said.text)):
        return None
    told = fresh(flows, state, turn)
    return told if isinstance(told, Outcome) and not told.state.flow else None


def _lets_go(flows: Registry, state: State, turn: Turn, thread: ThreadView) -> Outcome | None:
    """取消 while nobody has come yet: the waiting ends; where a matter is open as well it is asked which was meant."""
    said_word = word(turn.said.text)
    end, person = ActOnThread(thread.id, "close"), thread.kind == "handover"
    if person and waits_no_more(said_word) and len(said_word) > 2:
        open_flow = flows.get(state.flow)
        return kernel.resume(open_flow, state, turn).after(end) if open_flow else Outcome(state, (end,))
    if said_word not in CANCEL and not (person and gives_up(said_word)):
        return None
    open_flow = flows.get(state.flow)
    if open_flow is None:
        return Outcome(state, (end,))
    if not person:
        return None
    if thread.unasked:  # nobody asked for one
        return Outcome(kernel.stop(state), (replace(end, data={"quietly": True}), Say(texts.BOTH_LET_GO)))
    row = (
        Option(texts.STOP_WAITING, "thread.close", {"thread": thread.id}),
        Option(texts.STOP_MATTER, "begin", {"flow": "assistant", "intent": STOP, "text": ""}),
    )
    return Outcome(state, (Say(texts.CANCEL_WHICH.format(title=open_flow.title), options=(row,)),))


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
    if _nods(word(turn.said.text)) or word(turn.said.text) in HELLO:  # nothing that anybody has to read
        return None
    ours = seen.flow is not None and seen.confidence >= VERY_SURE and not asks_further(seen.plain)
    return None if ours or word(turn.said.text) in GLOBAL - END else thread
