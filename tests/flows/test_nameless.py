"""Whether the words of a report say what is broken: where they do not, it is asked, however sure a model is."""

from __future__ import annotations

import pytest

from flows.complaint.asking import NAMELESS


@pytest.mark.parametrize(
    "said", ["门口那个东西坏了要修", "楼道里那个东西坏了", "有个坏了", "那个又坏了", "这个东西用不了", "院里那玩意不转"]
)
def test_what_names_nothing_is_nameless(said: str) -> None:
    assert NAMELESS.search(said)


@pytest.mark.parametrize(
    "said",
    ["门口那个灯坏了", "路灯坏了要修", "楼上扔东西砸坏了车", "网上买的东西坏了", "那个井盖坏了", "电梯坏了", "有个坑"],
)
def test_what_is_named_is_not(said: str) -> None:
    assert not NAMELESS.search(said)
