"""What people say who wait for their case, in few words, and what only sounds like it."""

from __future__ import annotations

import pytest

from flows.complaint.news import tells
from flows.complaint.rules import meant_by
from flows.further import asks_further


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("要多久", "case_status"),
        ("大概几天啊", "case_status"),
        ("催一下乱停车的那个，今天又差点撞了", "nudge_case"),
        ("麻烦帮我催办", "nudge_case"),
        ("物业天天催物业费", None),
        ("催收电话太烦人", None),
    ],
)
def test_waiting_in_few_words(text: str, intent: str | None) -> None:
    assert meant_by(text) == intent


def test_ones_own_case_is_no_further_question() -> None:
    assert not asks_further("我的诉求到哪了")
    assert asks_further("到哪里去告")


@pytest.mark.parametrize(
    ("words", "new"),
    [
        ("怎么还没人来", False),
        ("催一下楼道灯", False),
        ("还是没来，昨天又有人摔了", True),
        ("三楼那盏也不亮，开关烫手", True),
    ],
)
def test_what_is_new_in_a_nudge(words: str, new: bool) -> None:
    assert tells(words, "3号楼楼道灯坏了") is new
