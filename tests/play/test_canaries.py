"""Random neighbours who let everything slip: no group is ever shown any of it (the long form is `make torture`)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.canaries import Walk, resident
from tests.support.stage import Stage, on_stage


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with on_stage() as found:
        yield found


@settings(max_examples=8, derandomize=True)
@given(seed=st.integers(min_value=0, max_value=10**9))
def test_nothing_personal_is_ever_shown_to_a_group(stage: Stage, seed: int) -> None:
    assert list(Walk(stage, seed, people=5).steps(40)) == []


def test_a_leak_would_be_found(stage: Stage) -> None:
    import random

    one = resident(random.Random(1), "x")
    walk = Walk(stage, 1, people=1)
    walk.people = [one]
    spaced = f"{one.phone[:3]} {one.phone[3:7]} {one.phone[7:]}"
    wide = "".join(chr(0xFF10 + int(c)) for c in one.phone)
    for slip in (
        one.name,
        spaced,
        wide,
        one.id.lower(),
        f"3号楼{one.room}",
        f"{one.plate[:2]}·{one.plate[2:]}",
        one.account,
    ):
        assert walk.leaks({"chat": "group:g1", "text": f"看这里：{slip}。"}), slip
        assert not walk.leaks({"chat": "private:u1", "text": slip})
    assert walk.leaks({"chat": "group:g1", "text": "诉求 260105-1 办好了"})
