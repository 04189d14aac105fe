"""The normaliser: one plain spelling for many, no exception for any string, cost bounded by a cap."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.features import ngrams, plain
from nlu.normalize import HEAD, TAIL, fold, normalize


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("３號樓２單元", "3号楼2单元"),
        ("領(lǐng)導(dǎo)您好", "领导您好"),
        ("领（lǐng）导（dǎo）您好", "领导您好"),
        ("路\u200b灯\u2060坏了", "路灯坏了"),
        ("坏了！！！！！", "坏了!!"),
        ("电话13800000000", "电话13800000000"),
        ("a\x00b\ud800c", "a bc"),
        ("\u202e反", "反"),
        ("  多  空格 ", "多 空格"),
        ("", ""),
    ],
)
def test_plain_spelling(written: str, read: str) -> None:
    assert normalize(written) == read


@pytest.mark.parametrize(
    ("said", "meant"),
    [("俺家咋没水", "我家怎么没水"), ("點樣報名", "怎么报名"), ("冇人理", "没人理"), ("啷个弄", "怎么弄")],
)
def test_dialect_words_become_plain_ones(said: str, meant: str) -> None:
    assert fold(normalize(said)) == meant


@given(st.text(max_size=300))
def test_any_string_is_read_and_reading_twice_changes_nothing_more(text: str) -> None:
    once = normalize(text)
    once.encode("utf-8")
    assert len(once) <= HEAD + TAIL + 1
    assert (ngrams(fold(once)) == ngrams(fold(once))).all()


def test_a_long_message_is_looked_at_by_its_head_and_tail() -> None:
    long = "开头" + "中" * 5 + "间隔文字" * 3000 + "结尾"
    read = normalize(long)
    assert read.startswith("开头") and read.endswith("结尾") and len(read) <= HEAD + TAIL + 1


def test_numbers_and_stops_are_one_thing_to_the_models() -> None:
    assert plain("3号楼，12单元。") == " 0号楼 0单元 "
    assert (ngrams("3号楼") == ngrams("17号楼")).all()
