"""Working time counted forwards and backwards: lunch, nights, weekends and holidays never count."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot import holidays
from bot.holidays import is_workday
from flows.domain.calendar import WorkingHours, add_working, working_between

HOURS = WorkingHours(ZoneInfo("Asia/Shanghai"), workday=is_workday)
moments = st.datetimes(datetime(2025, 1, 1), datetime(2026, 12, 1), timezones=st.just(UTC))


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}:00+08:00")


def test_a_year_not_announced_counts_weekdays_and_says_so_once() -> None:
    holidays._warn.cache_clear()
    later = holidays.known_until() + 1
    with capture_logs() as logs:
        for day in range(1, 8):
            on = date(later, 10, day)
            assert is_workday(on) == (on.weekday() < 5)
    assert [(line["event"], line["year"]) for line in logs] == [("calendar.year_unknown", later)]
    assert holidays.unknown(datetime(later - 1, 6, 1, tzinfo=UTC)) == ""
    assert str(later - 1) in holidays.unknown(datetime(later - 1, 12, 1, tzinfo=UTC))


@given(moments, st.integers(0, 60 * 80))
@settings(max_examples=60, deadline=None)
def test_what_is_added_is_what_lies_between(start: datetime, minutes: int) -> None:
    end = add_working(HOURS, start, timedelta(minutes=minutes))
    assert working_between(HOURS, start, end) == timedelta(minutes=minutes)
    assert working_between(HOURS, end, start) == timedelta()


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("03-02T08:30", "03-02T17:30", 7),  # a day with its lunch break
        ("03-02T12:00", "03-02T14:00", 0),
        ("03-06T17:00", "03-09T09:00", 1),  # over a weekend
        ("02-13T08:30", "02-15T17:30", 14),  # a Saturday on which people work (调休), and a Sunday
        ("02-17T00:00", "02-18T00:00", 0),  # the Spring Festival
        ("03-02T10:00", "03-02T09:00", 0),
    ],
)
def test_working_time_between(start: str, end: str, hours: float) -> None:
    assert working_between(HOURS, at(start), at(end)) == timedelta(hours=hours)


def test_a_year_not_announced_yet_counts_weekdays() -> None:
    friday = datetime(2099, 1, 2, 17, tzinfo=HOURS.zone)
    assert add_working(HOURS, friday, timedelta(hours=1)) == datetime(2099, 1, 5, 9, tzinfo=HOURS.zone)
