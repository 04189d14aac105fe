"""Patterns tried only where their words are: never fewer are found than when each is tried."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.domain import names, ordinary
from nlu import times
from nlu.danger import WORDS, harmless, spotters, words
from nlu.danger_words import CUES, EVENTS, HARMLESS
from nlu.dates.tokens import PATTERNS as DATES
from nlu.examples import parse_examples
from nlu.late import Regex
from nlu.pieces import branches, opening, piece
from nlu.slots import NEAR, PLACES
from nlu.spotting import Spotter, index, keys_of

ROOT = Path(__file__).resolve().parents[2]
PATTERNS = [(f"{hazard} {sure}", pattern) for hazard, sure, pattern in EVENTS] + list(CUES.items())
SPOTTER = Spotter(index(PATTERNS))
COMPILED = [(name, re.compile(pattern)) for name, pattern in PATTERNS]
# Bits of the patterns in any order come near to what they match far more often than any letters do.
BITS = sorted({bit for _, pattern in PATTERNS for bit in re.findall(r"[\w，]+", pattern)})
TEXTS = st.lists(st.sampled_from(BITS), max_size=8).map("".join)
EXAMPLES = [
    example.text
    for path in sorted((ROOT / "nlu" / "danger_examples").glob("*.yml"))
    for example in parse_examples(path.read_text("utf-8"))
]


def by_trying_each(text: str) -> set[str]:
    return {name for name, pattern in COMPILED if pattern.search(text)}


def spotted(text: str) -> set[str]:
    return set(SPOTTER.found(text, keys_of(text)))


@settings(max_examples=50)
@given(TEXTS)
def test_near_texts(text: str) -> None:
    assert spotted(text) == by_trying_each(text)


SOUNDS = sorted({bit for pattern, _ in HARMLESS for bit in re.findall(r"\w+", pattern)})


@settings(max_examples=50)
@given(st.lists(st.sampled_from(SOUNDS), max_size=8).map("".join))
def test_what_only_sounds_like_an_event_is_found_wherever_it_would_be_changed(text: str) -> None:
    found = spotters().harmless.found(text, keys_of(text))
    assert found or harmless(text) == text
    assert not found or any(re.search(pattern, text) for pattern, _ in HARMLESS)


@given(TEXTS)
def test_asked_by_numbers_it_finds_the_same(text: str) -> None:
    keys = sorted(SPOTTER.keys)
    halves = [keys[::2], *([key] for key in keys[1::2])]
    asked = [n for n, keys in enumerate(halves) if keys_of(text).intersection(keys)]
    assert SPOTTER.numbered(halves).found(text, asked) == SPOTTER.found(text, keys_of(text))


def test_examples() -> None:
    for text in EXAMPLES[::5]:
        assert spotted(text) == by_trying_each(text)


def test_what_is_stored_is_what_the_patterns_say() -> None:
    """After a change of danger_words.py: `python -m tools.words`."""
    assert json.loads(WORDS.read_text("utf-8")) == json.loads(json.dumps(words()))


@pytest.mark.parametrize(
    ("pattern", "needs"),
    [
        ("着火", {"着火"}),
        ("(?:着|起)了?火", {"着火", "着了火", "起火", "起了火"}),
        ("门.{0,4}(?:撬|砸)", {"门"}),
        ("[^，]{0,8}(?:漏气|泄)", {"漏气", "泄"}),
        ("水(?!费|表)", {"水"}),
        ("(?:刀.{1,3})+?", {"刀"}),
        ("[a-z]?", None),
        ("火?", None),
    ],
)
def test_what_a_pattern_cannot_do_without(pattern: str, needs: set[str] | None) -> None:
    known = piece(pattern)
    found = known.words if known.words and "" not in known.words else known.needs
    assert found == needs


def test_what_would_match_anything_is_refused() -> None:
    with pytest.raises(ValueError, match="anything may match"):
        index([("all", ".{0,3}")])


@pytest.mark.parametrize("pattern", ["(?i:a)", "(?(1)a|b)", "(?#x)a", "(?>a)"])
def test_what_is_not_understood_is_said(pattern: str) -> None:
    with pytest.raises(ValueError, match="not understood"):
        opening(pattern)


def test_branches_are_those_of_the_top() -> None:
    assert branches(r"a|(?:b|c)d|[|]e\|f") == ["a", "(?:b|c)d", r"[|]e\|f"]


@pytest.mark.parametrize(
    ("pattern", "opens"),
    [
        ("(?<![0-9])(?:一|[二三]?)月", "[一二三月]"),
        (r"\d+|(?:前)?天", r"[\d前天]"),
        ("a?", None),
        (".b", None),
        ("[天-]x", r"[天\-]"),
    ],
)
def test_what_a_match_begins_with(pattern: str, opens: str | None) -> None:
    found = opening(pattern)
    assert found == opens or sorted(found or "") == sorted(opens or "")


LATE = {
    f"{module.__name__}.{name}": pattern
    for module in (times, names, ordinary)
    for name, pattern in vars(module).items()
    if isinstance(pattern, Regex)
} | DATES


@pytest.mark.parametrize("name", LATE)
def test_what_is_found_looking_ahead_is_what_is_found_without(name: str) -> None:
    ahead = LATE[name]
    plain = re.compile(ahead.pattern)
    for text in EXAMPLES[::8]:
        assert [m.span() for m in ahead.finditer(text)] == [m.span() for m in plain.finditer(text)]


@given(
    st.lists(
        st.sampled_from(
            [*"区园村寓院苑城场学站路街巷道胡同屯嘎查苏木镇乡号#栋幢座元室楼层户门头边口侧面近我3十-A东西 "]
        ),
        max_size=20,
    )
)
def test_a_place_has_one_of_its_characters(signs: list[str]) -> None:
    text = "幸福" + "".join(signs)
    for sign, pattern in PLACES:
        assert sign.search(text) or not pattern.search(text)


NEARBY = [(pattern.pattern, near) for near in NEAR.values() for _, pattern in PLACES if near in pattern.pattern]
BEFORE = ["，", *"在到从住是去离我", "我们", "咱们", "一下", "反映", "投诉", "举报", "关于", "咨询", "", "这"]
NAMED = ["大", "幸福", "和平里", "东方红太", "长城以北太湖"]
KINDS = ["小区", "花园", "路", "大街", "大道", "胡同", "巷", "村", "镇", "嘎查", "苏木", "屯", "乡", "楼"]
WITHOUT = [(re.compile(source), re.compile(source.removeprefix(near))) for source, near in NEARBY]


def test_each_look_nearby_is_one_patterns() -> None:
    assert [source.startswith(near) for source, near in NEARBY] == [True] * len(NEAR)


@pytest.mark.parametrize("before", BEFORE)
def test_what_a_place_needs_nearby_is_there(before: str) -> None:
    texts = [f"{start}{before}{name}{kind}3号" for start in ("", "说") for name in NAMED for kind in KINDS]
    for near, without in WITHOUT:
        for text in texts:
            assert [m.span(1) for m in near.finditer(text)] == [m.span(1) for m in without.finditer(text)]
