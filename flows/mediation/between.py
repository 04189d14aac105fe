"""What is asked and told beside the questions of a mediation, and right after it was asked for."""

from __future__ import annotations

import re
from datetime import timedelta

from flows.effects import Say
from flows.flow import CONFIRM, Answers, Flow, Outcome, State, Turn, resume
from flows.further import names_its_own
from flows.mediation import texts
from flows.words import GLOBAL, word
from flows.yesno import sense_of
from nlu.frozen import replace
from nlu.late import regex

LEAST, LONGEST, KEPT = 4, 24, 1000  # characters: of what is told more, of a question, of all that is kept
STILL = timedelta(minutes=30)  # so long a short question goes on with what was asked for
_THEY = r"(?:那|可|可是|要是|如果|万一|[他她]们?|对方|人家|楼上|楼下|邻居|就是|还是|都|不接电话|[,，])*"
_ASKED: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (regex(pattern), told)
    for pattern, told in (
        (
            rf"^{_THEY}(?:不来|不肯|不同意|不愿意?|不理|不回|不答应|拒绝|不去|不参加|没回|不配合)[^,，。]{{0,4}}"
            r"(?:怎么办|咋办|咋整|呢|的话|会怎么?样|就算了)*$",
            texts.IF_NOT,
        ),
        (r"多久|多长时间|几天|什么时候|啥时候|哪天|等到", texts.HOW_LONG),
        (r"会不会知道|知道是我|看得?[到见]我(?:写|说)|匿名|保密|谁看得?[到见]", texts.WHO_KNOWS),
        (r"有用吗|有效吗|有效力|管用|算数|反悔|不认账|不算话|说话不算", texts.BINDING),
        (r"谁来?(?:调解|谈|帮)|调解员是谁|哪[个位]调解|偏心|偏向|向着|认识调解员", texts.WHO_MEDIATES),
        (
            r"不想(?:见|找|跟|和)[他她]|没有?[他她](?:们|家)?的?(?:电话|微信|联系)|(?:怎么|咋)(?:转|给|发|交)给?(?:[他她]|对方)"
            r"|联系不[上到]|(?:你们?|社区).{0,4}(?:转给|去说|通知|告诉|去找)(?:一下)?(?:[他她]|对方)",
            texts.HANDED,
        ),
        (r"(?:在|去|到)(?:哪里?|哪儿|什么地方).{0,2}(?:谈|调解|见|说)?", texts.WHERE),
    )
)


def between(flow: Flow, state: State, turn: Turn) -> Outcome | None:
    """The answer, or what was told more, then the open question again; None when it is nothing of the kind."""
    if turn.said.answer or word(turn.said.text) in GLOBAL:
        return None
    if told := _answer(turn):
        return resume(flow, state, turn).after(Say(told))
    text, words = turn.said.text.strip(), str(state.answers.get("words", ""))
    if state.asking != CONFIRM or len(text) < LEAST or sense_of(word(text)) or len(words) + len(text) > KEPT:
        return None
    told_more = replace(state, answers={**state.answers, "words": f"{words}\n{text}"})
    return resume(flow, told_more, turn).after(Say(texts.TOLD))


def afterwards(turn: Turn, last: Answers) -> Say | None:
    """The answer to what is asked soon after a mediation was asked for, unless it names another matter."""
    if turn.since(last["at"]) > STILL or names_its_own(turn.said.plain):
        return None
    told = _answer(turn)
    return Say(told) if told else None


def _answer(turn: Turn) -> str:
    plain = turn.said.plain.strip(" 。.!！?？")
    if len(plain) > LONGEST:
        return ""
    return next((told for pattern, told in _ASKED if pattern.search(plain)), "")
