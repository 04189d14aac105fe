"""What a resident chooses from about a legal question, in how many words."""

from __future__ import annotations

from flows.errors import Unclear
from flows.flow import Answers, Choice, Sense, Turn
from flows.legal import texts
from flows.words import word
from nlu.late import regex

LAWYER = regex(
    r"(?:我|还是|那|就|想|要|帮我|给我|能不能|可以|行|好)*(?:找|请|问|咨询|联系)(?:一?下|一?个)?(?:律师|法律顾问|法律明白人)(?:吗|问问|咨询|咨询一下|看看)?"
)
_ARRANGE = regex(  # 行，帮我约
    r"(?:行|好|可以|嗯|要|那|就|的|吧|[,，。 ])*(?:请|麻烦)?(?:你们?|您)?"
    r"(?:帮我|给我|替我)(?:约|转|找|请|安排|联系)(?:一?[下个]|个?人|律师|顾问)*吧?"
)
NOWHERE = "0"
SURE = 0.8  # that a person is asked for
SOMEBODY = (
    "找人", "请人", "找个人", "找律师", "问人", "请人看", "请人看看", "找人看看", "找人问问", "找人帮我问问",
    "帮我找人", "帮我问问", "帮我约", "帮我转", "转吧", "约吧", "安排吧",
    "请律师", "问律师", "找人帮我", "找个律师", "请个律师", "找法律明白人", "找法律顾问",
)  # fmt: skip


def solved(_answers: Answers, _turn: Turn) -> tuple[Choice, ...]:
    return (
        Choice(
            "yes",
            texts.YES,
            (
                "解决",
                "有用",
                "有帮助",
                "晓得了",
                "够了",
                "行了",
                "好了",
                "好的",
                "懂了",
                "明白了",
                "明白",
                "知道了",
                "清楚了",
                "谢谢",
                "谢谢您",
                "谢了",
                "可以了",
                "不用了",
                "不用",
                "不问了",
                "不用问了",
            ),
            Sense.YES,
        ),
        Choice(
            "no",
            texts.NO,
            ("没解决", "没有解决", "还没", "没懂", "不懂", "不明白", "没用", "看不懂"),
            Sense.NO,
        ),
        Choice("person", texts.HUMAN, ("没解决，找人", *SOMEBODY)),
    )


def communities(_answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    named = (Choice(str(id), name) for id, name in turn.facts.communities[:12])
    return (*named, Choice(NOWHERE, texts.NOWHERE, ("不知道", "不在这里", "别的地方"), Sense.NO))


def person(_answers: Answers, _turn: Turn) -> tuple[Choice, ...]:
    return (
        Choice("yes", texts.PERSON, ("请", "麻烦了", "人工", "转人工", "真人", *SOMEBODY), Sense.YES),
        Choice("no", texts.NO_PERSON, ("够了", "看懂了", "懂了", "明白了", "知道了", "清楚了"), Sense.NO),
    )


def somebody(turn: Turn, _answers: Answers) -> str:
    """找律师问问, instead of a button."""
    said, seen = word(turn.said.text), turn.said.understood
    if seen.flow == "human" and seen.confidence >= SURE:  # 要得，找个人问哈
        return "person"
    if said.endswith("吗") or not (LAWYER.fullmatch(said) or _ARRANGE.fullmatch(said)):
        raise Unclear(texts.ASK_SOLVED)
    return "person"


def yes_somebody(turn: Turn, answers: Answers) -> str:
    return "yes" if somebody(turn, answers) else "no"
