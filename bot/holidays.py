"""Which days people work: holidays and 调休 as announced; a year not announced yet counts weekdays, and says so."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache, lru_cache

from bot.logs import Log

log = Log()
AHEAD = timedelta(days=90)  # the longest clock of a case


def is_workday(day: date) -> bool:
    """Whether people work that day."""
    try:
        return _announced(day)
    except NotImplementedError:
        _warn(day.year)
        return day.weekday() < 5


@lru_cache(maxsize=1024)  # a new case asks for a dozen days, mostly the same
def _announced(day: date) -> bool:
    from chinese_calendar import is_workday as announced

    return bool(announced(day))


@cache
def _warn(year: int) -> None:
    """Once a year and process."""
    log.warning("calendar.year_unknown", year=year, counts="weekdays", then="upgrade chinesecalendar")


def known_until() -> int:
    """The last year whose holidays are known."""
    from chinese_calendar.constants import holidays

    return int(max(holidays).year)


def unknown(now: datetime) -> str:
    """What to say when clocks that start now may run into a year whose holidays are not known; "" when all is known."""
    last = known_until()
    if (now + AHEAD).year <= last:
        return ""
    return f"holidays are known until {last}; later days count as plain weekdays: upgrade chinesecalendar"
