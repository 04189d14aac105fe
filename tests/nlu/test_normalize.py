"""The normaliser: one plain spelling for many, no exception for any string, cost bounded by a cap."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.features import ngrams, plain
from nlu.normalize import _ODD, HEAD, TAIL, _of_odd, _to_simplified, fold, normalize, written_otherwise


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


PLAIN = [chr(c) for c in range(0x10000) if not _ODD.search(chr(c)) and not written_otherwise().search(chr(c))]
OTHERWISE = [c for c in map(chr, range(0x30000)) if written_otherwise().search(c)]


def test_a_plain_character_is_what_every_step_leaves_as_it_is() -> None:
    """Else a message of plain characters would not be read as another one is."""
    lines = "\n".join(PLAIN)
    assert len(PLAIN) > 17_000
    assert unicodedata.normalize("NFKC", lines) == lines
    assert _to_simplified().convert(lines) == lines
    assert not any(unicodedata.combining(c) or c == "(" for c in PLAIN)
    assert _of_odd("".join(PLAIN[:290])) == "".join(PLAIN[:290]).strip()


@given(st.text(st.sampled_from([*"路灯坏土打子沈a0 ，！（）～。“", *PLAIN[:300:7]]), max_size=40))
def test_the_short_way_leads_where_the_long_one_does(text: str) -> None:
    assert normalize(text) == _of_odd(text)


@pytest.mark.parametrize("word", ["打坏", "土坏", "坏布", "深沈", "慰藉", "答覆", "英哩", "瞭望", "著作", "乾隆"])
def test_words_are_simplified_as_words(word: str) -> None:
    assert normalize(f"这{word}的") == _to_simplified().convert(f"这{word}的")


@given(st.lists(st.sampled_from(OTHERWISE) | st.sampled_from([*PLAIN, *"，？！ aaa坏土髒"])).map("".join))
def test_the_short_way_leads_to_the_same(text: str) -> None:
    assert normalize(text) == _of_odd(text)
