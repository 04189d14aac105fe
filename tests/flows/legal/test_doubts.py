"""What is doubtful about the citations of an answer, before it goes out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.legal.article import Article
from flows.legal.doubts import doubts

TODAY = date(2026, 11, 22)
ENDED = date(2026, 8, 15)


def article(law: str, number: str, until: date | None = None, begins: date = date(2021, 1, 1)) -> Article:
    return Article(1, law, number, "", "条文", begins, begins, until, "")


HELD = (
    article("中华人民共和国民法典", "第五百七十七条"),
    article("噪声污染防治法", "第一条", ENDED),
    article("新法", "第一条", begins=date(2027, 1, 1)),
)


def versions(law: str, number: str) -> Sequence[Article]:
    return [one for one in HELD if one.law.endswith(law) and one.number == number]


KNOWN = frozenset({"民法典", "噪声污染防治法", "新法"})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("先好好商量。", ()),
        ("看《民法典》第五百七十七条", ()),
        ("依据我国民法典第577条可以要赔偿", ()),
        ("民法典第9999条", ("《民法典》第九千九百九十九条不存在。",)),
        ("看合同法第一百零七条", ("《合同法》已经废止了，现在看《民法典》。",)),
        ("婚姻法上说的", ("《婚姻法》已经废止了，现在看《民法典》。",)),
        ("按劳动合同法办", ()),
        ("按噪声污染防治法第一条", ("《噪声污染防治法》已经废止了，现在看《生态环境法典》。",)),
        ("《新法》第一条", ("《新法》第一条要到2027年1月1日才施行。",)),
        ("《没有的条例》第三条", ("我这里没有收录《没有的条例》，第三条没法核对。",)),
        ("第九十九条说得清楚", ("第九十九条没有说是哪部法的，没法核对。",)),
    ],
)
def test_each_kind_of_doubt_is_said_in_words(text: str, said: tuple[str, ...]) -> None:
    assert doubts(text, versions, KNOWN, TODAY) == said


def test_a_law_still_in_force_on_the_day_is_no_doubt() -> None:
    assert doubts("按噪声污染防治法第一条", versions, KNOWN, date(2026, 8, 14)) == ()


@given(st.text(max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    doubts(text, versions, KNOWN, TODAY)
