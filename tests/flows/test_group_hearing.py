"""How a line overheard in a group is understood, by the engine that overhears groups."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from bot.commands.nlu import embedded_engine
from flows.group_hearing import overheard
from flows.group_memory import Line, Memory
from flows.groups import Decision, Offer, Silent, Wait, decide, remember
from nlu.embedded import EmbeddedEngine

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@cache
def engine() -> EmbeddedEngine:
    return embedded_engine(second=False).quick()


def last(*said: str) -> Decision:
    """The decision on the last of some lines of one person, ten seconds apart."""
    memory, decision = Memory(), Silent()
    for n, text in enumerate(said):
        now = NOW + timedelta(seconds=10 * n)
        understood = overheard(memory, "a", engine().understand(text), now, engine().understand)
        line = Line("a", text, understood)
        decision = decide(memory, line, now)
        memory = remember(memory, line, now, decision)
    return decision


@pytest.mark.parametrize(
    "text",
    [
        "楼上每天半夜搓麻将搓到两点，我五点半起来赶早班，上去说了还把我骂一顿",
        "对面工地打桩打到夜里十二点，我家娃明天要中考，做父母的心里急得像火烧，唉，这日子",
        "小区大门的道闸杆昨天砸到我车顶，保险公司来人看了，说要走流程，我跑了三趟，腿都跑断了",
    ],
)
def test_who_tells_a_problem_and_then_how_they_fare_is_offered_help(text: str) -> None:
    assert isinstance(last(text), Offer)


@pytest.mark.parametrize(
    "text",
    [
        "4号楼门口的雨水篦子被压断了，刚才物业来人换了新的",
        "下水井昨天往外冒黄水一大片，今天上午修好了，可以走了",
        "电梯又停在半路，吓死宝宝了，哈哈哈",
    ],
)
def test_what_ends_with_the_cure_or_a_laugh_is_left_alone(text: str) -> None:
    assert not isinstance(last(text), Offer | Wait)
