"""The guard at the door: where a POST may come from, and how fast one may go."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.console.guard import Pace, is_same_origin, origin_of
from tests.web.house import StoppedClock


@pytest.mark.parametrize(
    ("headers", "same"),
    [
        ({"origin": "https://linli.example", "host": "127.0.0.1:8080"}, True),  # behind a proxy
        ({"origin": "https://linli.example.evil", "host": "127.0.0.1:8080"}, False),
        ({"origin": "HTTP://Localhost:8080", "host": "localhost:8080"}, True),
        ({"origin": "http://localhost:9", "host": "localhost:8080"}, False),
        ({"origin": "", "host": "localhost"}, False),
        ({"sec-fetch-site": "same-site", "origin": "https://linli.example"}, False),
        ({"sec-fetch-site": "none"}, True),
        ({"x-linli": "1"}, True),
    ],
)
def test_where_a_post_comes_from(headers: dict[str, str], same: bool) -> None:
    assert is_same_origin(headers, origin_of("https://linli.example/base")) is same


@given(steps=st.lists(st.tuples(st.sampled_from("ab"), st.floats(0, 5)), max_size=80))
def test_nobody_passes_more_often_than_burst_and_rate_allow(steps: list[tuple[str, float]]) -> None:
    clock = StoppedClock()
    pace = Pace(clock, burst=3, rate=0.5)
    began = clock.at
    passed = {"a": 0, "b": 0}
    for key, wait in steps:
        clock.forward(seconds=wait)
        passed[key] += pace.take(key) is None
    allowed = 3 + (clock.at - began).total_seconds() * 0.5 + 1e-3
    assert all(count <= allowed for count in passed.values())


def test_who_waits_as_told_passes() -> None:
    clock = StoppedClock()
    pace = Pace(clock, burst=1, rate=0.1)
    assert pace.take("a") is None
    refused = pace.take("a")
    assert refused and refused.first
    clock.forward(seconds=refused.wait)
    assert pace.take("a") is None


def test_the_memory_is_bounded() -> None:
    pace = Pace(StoppedClock(), burst=1, rate=0.1, most_keys=5)
    for n in range(50):
        pace.take(str(n))
    assert len(pace._buckets) <= 5
