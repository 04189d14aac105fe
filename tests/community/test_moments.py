"""Dates, times and weekdays as people write them."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from bot.community.moments import clock_time, is_relative, moment, weekdays

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEDNESDAY = date(2026, 1, 7)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("今天 18:00", "2026-01-07T18:00:00+08:00"),
        ("明天 8:05", "2026-01-08T08:05:00+08:00"),
        ("后天 08:00", "2026-01-09T08:00:00+08:00"),
        ("本周一 09:00", "2026-01-05T09:00:00+08:00"),
        ("这周日 09:00", "2026-01-11T09:00:00+08:00"),
        ("下周六 09:00", "2026-01-17T09:00:00+08:00"),
        ("下星期天 09:00", "2026-01-18T09:00:00+08:00"),
        ("下下周三 09:00", "2026-01-21T09:00:00+08:00"),
        ("2026-03-07 09:00", "2026-03-07T09:00:00+08:00"),
        ("2028-2-29 00:00", "2028-02-29T00:00:00+08:00"),
    ],
)
def test_moments(said: str, meant: str) -> None:
    assert moment(said, WEDNESDAY, SHANGHAI).isoformat() == meant


def test_weeks_begin_on_monday() -> None:
    sunday, monday = date(2026, 1, 11), date(2026, 1, 12)
    assert moment("下周一 09:00", sunday, SHANGHAI).date() == monday
    assert moment("下周一 09:00", monday, SHANGHAI).date() == date(2026, 1, 19)


@pytest.mark.parametrize(
    "said", ["", "下周六", "周六 09:00", "2026-02-29 09:00", "2026-13-01 09:00", "明天 24:00", "明天 9点"]
)
def test_no_moments(said: str) -> None:
    with pytest.raises(ValueError, match=r"is no|not a"):
        moment(said, WEDNESDAY, SHANGHAI)


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("每天", "1234567"),
        ("工作日", "12345"),
        ("周末", "67"),
        ("周一至周五", "12345"),
        ("周六到周二", "1267"),
        ("周三、周一", "13"),
        ("周日", "7"),
        ("531", "135"),
    ],
)
def test_weekdays(said: str, days: str) -> None:
    assert weekdays(said) == days


@pytest.mark.parametrize("said", ["", "8", "周八", "有空", "0"])
def test_no_weekdays(said: str) -> None:
    with pytest.raises(ValueError, match="weekdays"):
        weekdays(said)


def test_times_and_kinds() -> None:
    assert [clock_time(t) for t in ("8:30", "08:30", "23：59")] == ["08:30", "08:30", "23:59"]
    assert [is_relative(t) for t in ("下周六 09:00", "2026-03-07 09:00")] == [True, False]
