"""From when until when somebody says to be away."""

from __future__ import annotations

from datetime import datetime

import pytest

from flows.legal.leave import span

NOW = datetime.fromisoformat("2026-01-05T09:00:00+08:00")  # a Monday


@pytest.mark.parametrize(
    ("said", "since", "until"),
    [
        ("今天休假到周五，咨询别给我", "01-05T09", "01-10T00"),
        ("请假三天", "01-05T09", "01-08T00"),
        ("请半天假", "01-05T09", "01-06T00"),
        ("我明天不在", "01-06T00", "01-07T00"),
        ("明天开始请假两天", "01-06T00", "01-08T00"),
        ("休年假一周", "01-05T09", "01-12T00"),
        ("出差，下周一回来", "01-05T09", "01-12T00"),
        ("这周出差，下周一回来", "01-05T09", "01-12T00"),
        ("明天出差，1月9号回来", "01-06T00", "01-09T00"),
        ("下周一到周三出差", "01-12T00", "01-15T00"),
        ("1月8号到12号休假", "01-08T00", "01-13T00"),
        ("请假到1月8日", "01-05T09", "01-09T00"),
    ],
)
def test_a_leave_has_a_beginning_and_an_end(said: str, since: str, until: str) -> None:
    found = span(said, NOW)
    assert found is not None
    assert [at.strftime("%m-%dT%H") for at in found] == [since, until]


@pytest.mark.parametrize("said", ["请假", "我出差", "休假了", "昨天请假"])
def test_what_says_no_end_has_none(said: str) -> None:
    assert span(said, NOW) is None
