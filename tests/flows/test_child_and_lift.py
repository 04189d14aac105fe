"""What is said first to who is stuck in a lift, and to who is worried about a child next door."""

from __future__ import annotations

import pytest

from flows.assistant import texts
from flows.assistant.flow import concern, first_words
from flows.plainly import meant
from flows.registry import Registry
from nlu.understanding import Hazard, Understanding


@pytest.mark.parametrize("said", ["电梯困人了", "我被困在电梯里", "货梯停在半空，人在里面", "轿厢卡住了出不来"])
def test_who_is_stuck_in_a_lift_is_told_to_wait_and_to_press_the_alarm(said: str) -> None:
    assert first_words(Hazard.COLLAPSE, said) == texts.IN_A_LIFT
    assert "96333" in texts.IN_A_LIFT


@pytest.mark.parametrize("said", ["房子塌了有人压在下面", "电梯井塌了，埋了人", "扶手电梯把孩子的脚卷进去了"])
def test_a_collapse_is_none_of_a_lift(said: str) -> None:
    assert first_words(Hazard.COLLAPSE, said) == texts.HOTLINES[Hazard.COLLAPSE]


@pytest.mark.parametrize("said", ["楼上孩子一直哭喊，好像有打骂声", "隔壁孩子在哭，听着像挨打"])
def test_a_worry_about_a_child_is_asked_about_the_child(said: str) -> None:
    seen = meant(Registry({}), Understanding(said, None, "chatter", 0.5, concern=Hazard.VIOLENCE))
    assert seen.concern is Hazard.CHILD
    assert "12355" in concern(seen.concern, said).text


def test_a_quarrel_of_grown_ups_is_asked_about_as_before() -> None:
    seen = meant(Registry({}), Understanding("楼上两口子吵得厉害", None, "chatter", 0.5, concern=Hazard.VIOLENCE))
    assert seen.concern is Hazard.VIOLENCE


@pytest.mark.parametrize(
    "said", ["隔壁好像有打骂声", "家里传出打孩子的声音", "孩子一直哭喊", "楼上又在打孩子", "娃一直喊别打了"]
)
def test_a_beating_only_heard_is_asked_about(said: str) -> None:
    assert meant(Registry({}), Understanding(said, None, "chatter", 0.5)).concern is Hazard.CHILD


@pytest.mark.parametrize(
    "said", ["打孩子犯法吗", "楼上小孩哭闹太吵", "孩子打疫苗一直哭", "剧里后妈打孩子", "有人打电话", "孩子打球声音大"]
)
def test_a_child_that_only_cries_is_none(said: str) -> None:
    assert meant(Registry({}), Understanding(said, None, "chatter", 0.5)).concern is None
