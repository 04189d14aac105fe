"""What a message means before the model is believed: kinds that one word leads astray."""

from __future__ import annotations

import pytest

from flows.plainly import meant
from flows.registry import registry
from nlu.understanding import Hazard, Understanding


@pytest.mark.parametrize(
    ("text", "flow"),
    [
        ("帮我写首关于法律的诗", None),
        ("请给我写一篇作文", None),
        ("写一封投诉信有用吗，物业一直不理人", "volunteer"),
        ("幼儿园报名几月份", "complaint"),
        ("孩子上小学怎么报名", "complaint"),
        ("周六的清河行动我要报名", "volunteer"),
        ("我要投诉你们社区的王主任，态度太差了", "complaint"),
        ("请主任给我回个电话", "volunteer"),
        ("户口本上名字写错了", "complaint"),
        ("開個收入證明", "complaint"),
        ("修了没", "complaint"),
        ("收入证明公司不给开", "volunteer"),
    ],
)
def test_a_kind_is_known_by_its_words_and_the_rest_is_left_to_the_model(text: str, flow: str | None) -> None:
    assert meant(registry(), Understanding(text, "volunteer", "join_activity", 0.9)).flow == flow


def test_danger_goes_before_any_kind() -> None:
    cry = Understanding("投诉窗口工作人员态度差，他正在打我", "human", "ask_human", 0.9, danger=Hazard.VIOLENCE)
    assert meant(registry(), cry) == cry
