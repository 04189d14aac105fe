"""Citations in free text, old law names, numerals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.legal.citations import chinese, citations, numeral, old_laws, value


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("《民法典》第一千零七十九条", [("民法典", "第一千零七十九条")]),
        ("《中华人民共和国民法典》第1079条怎么说", [("民法典", "第一千零七十九条")]),
        ("根据劳动合同法第82条和第四十七条", [("劳动合同法", "第八十二条"), ("劳动合同法", "第四十七条")]),
        ("刑法第一百三十三条之一", [("刑法", "第一百三十三条之一")]),
        ("民法典第9999条", [("民法典", "第九千九百九十九条")]),
        ("民法典1079条是什么", [("民法典", "第一千零七十九条")]),
        ("買了3000條，一共20条", []),
        ("按第十条办", [("", "第十条")]),
        ("第一次来，第三个问题", []),
    ],
)
def test_articles_named_in_a_text(text: str, found: list[tuple[str, str]]) -> None:
    assert [(citation.law, citation.number) for citation in citations(text)] == found


def test_an_old_law_says_what_replaced_it() -> None:
    (cited,) = citations("合同法第五十二条")
    assert cited.replaced_by == "民法典"
    assert citations("劳动合同法第五十二条")[0].replaced_by is None


def test_old_laws_are_seen_and_laws_that_only_end_alike_are_not() -> None:
    assert old_laws("以前婚姻法和《合同法》都有，劳动合同法没变") == ("婚姻法", "合同法")
    assert old_laws("噪声污染防治法还管用吗") == ("噪声污染防治法",)


@given(st.integers(1, 9999))
def test_numerals_read_back(number: int) -> None:
    assert value(chinese(number)) == number
    assert citations(f"《民法典》{numeral(str(number))}")[0].number == numeral(str(number))


@pytest.mark.parametrize(
    ("number", "written"),
    [(10, "十"), (11, "十一"), (101, "一百零一"), (110, "一百一十"), (1001, "一千零一"), (1010, "一千零一十")],
)
def test_numerals_as_laws_write_them(number: int, written: str) -> None:
    assert chinese(number) == written


@given(st.text(max_size=200))
def test_any_text_is_read_without_an_error(text: str) -> None:
    for citation in citations(text):
        assert 0 <= citation.start < citation.end <= len(text)
