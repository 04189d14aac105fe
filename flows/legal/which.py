"""A legal question while another one waits for its answer: whether it goes on with that one."""

from __future__ import annotations

from flows.facts import ThreadView
from flows.flow import Answers, Choice, Turn
from flows.legal import texts
from flows.legal.asking import substance
from nlu.late import regex

_SAME = ("刚才", "刚刚", "那件", "上次", "上回", "接着", "补充", "还没回", "没回复", "回复了", "答复", "顾问怎么说")
_OTHER = ("另外", "另一", "别的", "换个", "新的问题")
_EVERYWHERE = frozenset(("怎么", "么办", "不给", "公司", "合同", "对方", "赔偿", "起诉"))  # tell no matter from another
_GOING_ON = regex(r"^(?:那|如果|要是|可是|但是|不过)")


def thread(turn: Turn) -> ThreadView | None:
    return next((t for t in turn.facts.threads if t.kind == "legal" and t.state != "closed"), None)


def wanted(answers: Answers, turn: Turn) -> bool:
    return "question" in answers and "which" not in answers and "solved" not in answers and thread(turn) is not None


def said(turn: Turn, answers: Answers) -> str | None:
    """Whether a sentence goes on with the waiting question; None when that is unclear."""
    text, waiting = str(answers.get("question", "")), thread(turn)
    if any(word in text for word in _OTHER):
        return "other"
    about = substance(waiting.question) if waiting else ""
    shared = any(about[i : i + 2] in text for i in range(len(about) - 1) if about[i : i + 2] not in _EVERYWHERE)
    return "same" if shared or any(word in text for word in _SAME) or _GOING_ON.match(text) else None


def question(answers: Answers, turn: Turn) -> str:
    waiting = thread(turn)
    return texts.WHICH.format(number=waiting.number if waiting else "")


def choices(answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    same = Choice("same", texts.SAME, ("接着", "那件", "刚才那件", "是", "对"))
    return same, Choice("other", texts.ANOTHER, ("另一件", "另外", "不是", "新的"))


def following(answers: Answers, turn: Turn) -> bool:
    return answers.get("which") == "same" and thread(turn) is not None
