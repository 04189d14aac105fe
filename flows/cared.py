"""The caring question (现在有危险吗？) and its answer: yes, a place or a cry raises the alarm, no lets it rest."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from flows import flow as kernel
from flows.assistant import flow as assistant
from flows.assistant import texts
from flows.choosing import PAUSE
from flows.complaint.locate import only_a_place
from flows.effects import Say
from flows.flow import Outcome, Sense, State, Turn
from flows.registry import Registry
from flows.words import word
from flows.yesno import sense_of
from nlu.frozen import replace
from nlu.normalize import fold
from nlu.understanding import Hazard

CARED = "cared"  # of a state's last: what the question was asked of, and when
STILL = timedelta(minutes=15)
# A cry and nothing else: nobody can hear in it what the matter is.
CRY = re.compile(
    r"(?:(?:快|赶紧|赶快|请|谁来|求求?+你?+们?+|帮我|帮忙|有没有人|[,，。.!！~ ])*+"
    r"(?:救命|救救我们?+|救我们?+|来人|求救|报警|sos|要?+(?:杀人|打死人|出人命))[啊呀呐哪吧了]*+[,，。.!！~ ]*+)++"
)
_OF = r"(?:我们?+|[他她]|孩子|人|现在|暂时|目前|都|还|很|挺|是|[,，。 ])*+"
SAFE = re.compile(rf"{_OF}(?:安全|(?:不|没有?+)(?:什么|啥)?+危险)[的了呢啊]*+")
UNSAFE = re.compile(rf"(?:{_OF}(?:不太?+安全|(?:有点|有)?+危险|有|快来|来人?+|快点)[的了吧啊呀]*+)++")


def worried(turn: Turn) -> Hazard | None:
    """What somebody may be in danger of: what the understanding heard, or a cry that says nothing of it."""
    said = turn.said
    if said.answer or said.begin:
        return None
    return said.understood.concern or (Hazard.VIOLENCE if CRY.fullmatch(fold(word(said.text))) else None)


def asked(outcome: Outcome, turn: Turn, hazard: Hazard) -> Outcome:
    """With the caring question first, and what it was asked of kept for its answer."""
    kept = {"hazard": str(hazard), "text": turn.said.text[:500], "at": turn.now.isoformat()}
    state = replace(outcome.state, last={**outcome.state.last, CARED: kept})
    return replace(outcome, state=state, effects=(assistant.concern(hazard, turn.said.text), *outcome.effects))


def answered(flows: Registry, state: State, turn: Turn) -> Outcome | None:
    """The alarm, with what was told before; relief; None where this answers no such question, or another one."""
    kept, said = state.last.get(CARED), turn.said
    if not kept or said.answer or said.begin or turn.now - datetime.fromisoformat(kept["at"]) > STILL:
        return None
    hazard, open_flow = Hazard(kept["hazard"]), flows.get(state.flow)
    if open_flow is not None and kernel.picks(open_flow, state, turn):
        return None
    calm = replace(state, last={key: value for key, value in state.last.items() if key != CARED})
    safe, unsafe = (Sense.YES, Sense.NO) if hazard is Hazard.SUICIDE else (Sense.NO, Sense.YES)  # 您现在安全吗？
    senses = sense_of(PAUSE.split(word(said.text))[0])
    unsafe_here = UNSAFE.fullmatch(said.plain.strip(" 。.!！~")) or only_a_place(turn)
    if open_flow is None and (assistant.denied(turn) or safe in senses or SAFE.fullmatch(word(said.text))):
        return Outcome(calm, (Say(texts.CARING_ON if hazard is Hazard.SUICIDE else texts.RELIEVED),))
    if not (unsafe in senses or CRY.fullmatch(fold(word(said.text))) or (open_flow is None and unsafe_here)):
        return None
    told = f"{kept['text']}\n{said.text}"
    whole = replace(turn, said=replace(said, text=told, understood=said.understood.but(text=told)))
    return assistant.danger(calm, whole, hazard, texts.CRIED if CRY.fullmatch(fold(word(kept["text"]))) else "")
