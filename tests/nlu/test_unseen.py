"""Groups and danger on lines of ours that nothing was trained on; docs/understanding.md gives the figures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from bot.commands.nlu import embedded_engine
from flows.group_hearing import overheard
from flows.group_memory import Line, Memory
from flows.groups import Answer, Begin, Offer, Wait, decide, remember, settle
from nlu.sentence import vector_model
from tests.support.hearing import apart, heard, measured

MORNING = datetime(2026, 3, 2, 1, tzinfo=UTC)


def spoken(lines: list[dict[str, Any]]) -> set[str]:
    """The texts that are answered or offered to report, a line every twenty seconds."""
    engine = embedded_engine(second=False).quick()
    memories: dict[str, Memory] = {}
    found: set[str] = set()
    waits: dict[tuple[str, str], str] = {}
    for row in lines:
        memory, now = memories.get(row["group"], Memory()), MORNING + timedelta(seconds=20 * row["n"])
        offers, memory = settle(memory, now)
        understood = engine.understand(row["text"])
        if not row["addressed"]:
            understood = overheard(memory, row["from"], understood, now, engine.understand)
        line = Line(row["from"], row["text"], understood, addressed=row["addressed"])
        decision = decide(memory, line, now)
        if isinstance(decision, Wait):
            waits[row["group"], row["from"]] = row["text"]
        found |= {waits[row["group"], offer.person] for offer in offers}
        found |= {row["text"]} if isinstance(decision, Offer | Answer | Begin) else set()
        memories[row["group"]] = remember(memory, line, now, decision)
    for group, memory in memories.items():  # what still waits
        found |= {waits[group, offer.person] for offer in settle(memory, MORNING + timedelta(hours=1))[0]}
    return found


GROUPS = ("groups", "groups_second", "groups_third", "groups_fourth", "groups_fifth")


@cache
def heard_of(name: str) -> tuple[list[bool], list[bool]]:
    """Of one set, whether it was spoken to: (each line told to all, each line to be left alone)."""
    lines = apart(name)
    answered = spoken(lines)
    told = [row["text"] in answered for row in lines if row["speak"] == "offer"]
    return told, [row["text"] in answered for row in lines if row["speak"] == "silent" and row["same_as"] is None]


@pytest.mark.parametrize("name", GROUPS)
def test_groups_are_spoken_to_when_something_is_told_to_all(name: str) -> None:
    told, talk = heard_of(name)
    print(f"noticed {sum(told) / len(told):.3f}, spoken to without need {1000 * sum(talk) / len(talk):.1f} per 1,000")
    assert sum(told) / len(told) >= 0.75
    assert sum(talk) / len(talk) <= 0.02


def test_groups_together_are_spoken_to_as_the_issue_wants() -> None:
    told = [noticed for name in GROUPS for noticed in heard_of(name)[0]]
    talk = [said for name in GROUPS for said in heard_of(name)[1]]
    print(f"noticed {sum(told)} of {len(told)}, spoken to without need {sum(talk)} of {len(talk)}")
    assert sum(told) / len(told) >= 0.80
    assert sum(talk) / len(talk) <= 0.010


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("danger_second", 0.86, 0.04),
        ("danger_third", 0.9, 0.05),
        ("danger_fourth", 0.83, 0.04),
        ("danger_fifth", 0.9, 0.08),
        ("danger_sixth", 0.9, 0.04),
        ("danger_seventh", 0.9, 0.04),
    ],
)
def test_danger_never_seen_is_heard_as_the_docs_say(name: str, least: float, most: float) -> None:
    unseen = [row for row in apart(name) if "looked_at" not in row]
    recall, false = measured(unseen)
    assert recall >= least
    assert false <= most


def test_with_the_second_stage_fewer_near_misses_alarm() -> None:
    if vector_model() is None:
        pytest.skip("SKIPPED: no sentence vectors here")
    later = (f"danger_{number}" for number in ("second", "third", "fourth", "fifth", "sixth", "seventh"))
    names = ("danger", *later)
    unseen = [row for name in names for row in apart(name) if "looked_at" not in row]
    (alone, false), (both, fewer) = measured(unseen), measured(unseen, second=True)
    assert both >= alone - 0.01
    assert fewer <= 0.75 * false


def test_a_broken_thing_with_a_story_to_it_is_no_danger() -> None:
    told = [row["text"] for row in apart("groups_third") if row["speak"] == "offer"]
    alarms = sum(heard(text, overheard=True)[0] is not None for text in told)
    assert alarms / len(told) <= 0.2  # some of them are


def test_ordinary_lines_with_dangerous_words_raise_no_alarm() -> None:
    alarms = [row["text"] for row in apart("ordinary") if heard(row["text"])[0]]
    print(alarms)
    assert len(alarms) <= 2


def test_a_complaint_of_a_few_characters_is_taken_as_one() -> None:
    engine = embedded_engine(second=False)
    short = [row["text"] for row in apart("short_complaints")]
    others = [text for text in short if engine.understand(text).flow != "complaint"]
    print(others)
    assert len(others) / len(short) <= 0.1


@pytest.mark.parametrize(
    ("text", "flow", "service"),
    [
        ("上礼拜让狗咬了", "complaint", "dog"),
        ("前天在台阶上滑了一跤", "complaint", ""),
        ("肉铺缺斤短两", "complaint", "consumer_dispute"),
        ("三轮车撞了我跑了", "complaint", "security"),
        ("电梯又不动了", "complaint", "elevator"),
        ("房东不退押金", "legal", ""),
        ("高利贷逼债", "legal", ""),
        ("有点头疼", None, ""),
    ],
)
def test_few_words_are_taken_for_what_they_are_about(text: str, flow: str | None, service: str) -> None:
    seen = embedded_engine(second=False).understand(text)
    assert seen.flow == flow
    assert not service or seen.services[0][0] == service
