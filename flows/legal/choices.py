"""What a resident chooses from about a legal question, in how many words."""

from __future__ import annotations

from flows.flow import Answers, Choice, Sense, Turn
from flows.legal import texts

NOWHERE = "0"


def solved(_answers: Answers, _turn: Turn) -> tuple[Choice, ...]:
    return (
        Choice(
            "yes",
            texts.YES,
            ("解决", "好了", "好的", "懂了", "明白了", "明白", "知道了", "清楚了", "谢谢", "谢谢您", "谢了"),
        ),
        Choice(
            "no",
            texts.NO,
            ("没解决", "没有解决", "还没", "没懂", "不懂", "不明白", "没用", "看不懂"),
            Sense.NO,
        ),
        Choice("person", texts.HUMAN, ("没解决，找人", "找人", "请人", "找个人", "找律师", "问人")),
    )


def communities(_answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    named = (Choice(str(id), name) for id, name in turn.facts.communities[:12])
    return (*named, Choice(NOWHERE, texts.NOWHERE, ("不知道", "不在这里", "别的地方"), Sense.NO))


def person(_answers: Answers, _turn: Turn) -> tuple[Choice, ...]:
    return (
        Choice("yes", texts.PERSON, ("请", "请人看", "麻烦了", "找人", "找个人", "人工", "转人工", "真人"), Sense.YES),
        Choice("no", texts.NO_PERSON, ("够了", "看懂了"), Sense.NO),
    )
