"""What only reads like danger; the caring question (现在有危险吗？): yes, a place or a cry alarms, no lets it rest."""

from __future__ import annotations

from datetime import timedelta

from flows import explained
from flows import flow as kernel
from flows.assistant import flow as assistant
from flows.assistant import texts
from flows.choosing import PAUSE
from flows.complaint.locate import only_a_place
from flows.effects import Say
from flows.flow import Flow, Outcome, Sense, State, Turn
from flows.forwarded import forwarded
from flows.registry import Registry
from flows.talk import WRITTEN
from flows.words import word
from flows.yesno import core_of, sense_of
from nlu.frozen import replace
from nlu.late import regex
from nlu.normalize import plain
from nlu.understanding import Hazard

CARED = "cared"  # of a state's last: what the question was asked of, when, and whether something else was said since
STILL = timedelta(minutes=15)
RUMOURED = frozenset({Hazard.CRIME, Hazard.VIOLENCE, Hazard.CHILD, Hazard.MISSING})  # passed on from group to group
# A cry and nothing else: nobody can hear in it what the matter is.
CRY = regex(
    r"(?:(?:快|赶紧|赶快|请|谁来|求求?+你?+们?+|帮我|帮忙|有没有人|[,，。.!！~ ])*+"
    r"(?:救命|救救我们?+|救我们?+|来人|求救|报警|sos|要?+(?:杀人|打死人|出人命)"
    r"|(?:我们?+|俺|现在|一个人|真的?+|好|很|太|有点|特别|非常|越来越)*+(?:害怕|恐惧|(?<=[我俺好很太点])怕))"
    r"[啊呀呐哪吧了]*+[,，。.!！~ ]*+)++"
)
_OF = r"(?:我们?+|[他她]|孩子|人|现在|暂时|目前|都|还|很|挺|是|[,，。 ])*+"
SAFE = regex(rf"{_OF}(?:安全|(?:不|没有?+)(?:什么|啥)?+危险)[的了呢啊]*+")
UNSAFE = regex(rf"(?:{_OF}(?:不太?+安全|(?:有点|有)?+危险|快来|来人?+)[的了吧啊呀]*+(?:[,，。 ]*+快点)?+)++")
# Yes, there is, said right after the question; what only says that it was read (好的, 知道了) is none.
THERE_IS = regex("(?:现在|目前|是|还)*(?:有|是|对|嗯|恩|没错|对头|系|肯定)")


def calmed(turn: Turn, flow: str) -> Turn:
    """What staff write down for others, such as a warning of a fire, is no cry for help, nor is a rumour passed on; a
    cry and nothing else is asked about."""
    seen = turn.said.understood
    heard = seen.danger or seen.concern
    rumour = heard in RUMOURED and turn.private and forwarded(turn.said.text)
    if heard is None or not (flow in WRITTEN or rumour or cries(turn.said.text)):
        return turn
    return replace(turn, said=replace(turn.said, understood=seen.but(danger=None, concern=None)))


def worried(turn: Turn) -> Hazard | None:
    """What somebody may be in danger of: what the understanding heard, or a cry that says nothing of it."""
    said = turn.said
    if said.answer or said.begin or explained.deaf(said.text):
        return None
    return said.understood.concern or (Hazard.VIOLENCE if cries(said.text) else None)


def cries(text: str) -> bool:
    """Whether it is a cry and nothing else."""
    return CRY.fullmatch(plain(text)) is not None


def asked(outcome: Outcome, turn: Turn, hazard: Hazard) -> Outcome:
    """With the caring question first, and what it was asked of kept for its answer."""
    kept = {"hazard": str(hazard), "text": turn.said.text[:500], "at": turn.now.isoformat()}
    state = replace(outcome.state, last={**outcome.state.last, CARED: kept})
    return replace(outcome, state=state).after(assistant.concern(hazard, turn.said.text))


def missed(before: State, outcome: Outcome) -> Outcome:
    """After something else than its answer: a mere yes answers it no more."""
    kept = outcome.state.last.get(CARED)
    if not kept or kept != before.last.get(CARED):
        return outcome
    last = {**outcome.state.last, CARED: {**kept, "missed": True}}
    return replace(outcome, state=replace(outcome.state, last=last))


def answered(flows: Registry, state: State, turn: Turn) -> Outcome | None:
    """The alarm, with what was told before; relief; None where this answers no such question, or another one."""
    kept, said = state.last.get(CARED), turn.said
    if not kept or said.answer or said.begin or turn.since(kept["at"]) > STILL:
        return None
    hazard, open_flow = Hazard(kept["hazard"]), flows.get(state.flow)
    if open_flow is not None and kernel.picks(open_flow, state, turn):
        return None
    danger = None if assistant.open_thread(turn, "handover", "alarm") else _tells(open_flow, state, turn)
    calm = replace(state, last={key: value for key, value in state.last.items() if key != CARED})
    if danger or cries(said.text):
        told = f"{kept['text']}\n{said.text}"
        whole = replace(turn, said=replace(said, text=told, understood=said.understood.but(text=told)))
        return assistant.danger(calm, whole, hazard, texts.CRIED if cries(kept["text"]) else "")
    if danger is None:
        return None
    relief = Say(texts.CARING_ON if hazard is Hazard.SUICIDE else texts.RELIEVED)
    return kernel.resume(open_flow, calm, turn).after(relief) if open_flow else Outcome(calm, (relief,))


def _tells(open_flow: Flow | None, state: State, turn: Turn) -> bool | None:
    """Whether there is danger; None: it says neither."""
    kept, said = state.last[CARED], word(turn.said.text)
    first = PAUSE.split(said)[0]
    yes, no = THERE_IS.fullmatch(core_of(first)) is not None, Sense.NO in sense_of(first)
    if Hazard(kept["hazard"]) is Hazard.SUICIDE:  # 您现在安全吗？
        yes, no = no, Sense.YES in sense_of(first)
    # A mere yes or no is the answer right after the question, unless what is open beside it is answered so too.
    mere = not kept.get("missed") and (open_flow is None or not _yes_or_no(open_flow, state, turn))
    if SAFE.fullmatch(said) or (mere and no) or (open_flow is None and assistant.denied(turn)):
        return False
    if UNSAFE.fullmatch(said) or (mere and yes) or (open_flow is None and only_a_place(turn)):
        return True
    return None


def _yes_or_no(open_flow: Flow, state: State, turn: Turn) -> bool:
    """Whether the open question may be answered by yes or no."""
    ask = open_flow.ask(state.asking)
    return ask is None or (ask.choices is not None and any(c.sense for c in ask.choices(state.answers, turn)))
