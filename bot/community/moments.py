"""Dates, times and weekdays as people write them in a community file."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from nlu.dates.spoken import NAMES
from nlu.late import regex

_TIME = regex(r"([01]?\d|2[0-3])[:：]([0-5]\d)\Z")
_NAMED = {"今天": 0, "明天": 1, "后天": 2}
_WEEK = regex(r"(本|这|下下|下)(?:周|星期|礼拜)([一二三四五六日天])\Z")
_DATE = regex(r"(\d{4})-(\d{1,2})-(\d{1,2})\Z")
_SPAN = regex(r"周([一二三四五六日天])(?:至|到|-|~)周?([一二三四五六日天])\Z")


def clock_time(text: str) -> str:
    """ "8:30" as "08:30"; raises ValueError."""
    found = _TIME.match(text.strip())
    if not found:
        raise ValueError(f'{text!r} is not a time of day; write it like "08:30"')
    return f"{int(found[1]):02d}:{found[2]}"


def weekdays(text: str) -> str:
    """周一至周五, 每天, 工作日, 周末, 周一、周三 or "135" as "12345" …; raises ValueError."""
    text = text.strip()
    named = {"每天": "1234567", "工作日": "12345", "周末": "67"}.get(text)
    if named:
        return named
    span = _SPAN.match(text)
    if span:
        first, last = _weekday(span[1]), _weekday(span[2])
        return "".join(
            str(day + 1) for day in range(7) if first <= day <= last or (last < first and not last < day < first)
        )
    if re.fullmatch(r"[1-7]{1,7}", text):
        return "".join(sorted(set(text)))
    parts = [part for part in re.split(r"[、,，\s]+", text) if part]
    if parts and all(re.fullmatch(r"周[一二三四五六日天]", part) for part in parts):
        return "".join(sorted({str(_weekday(part[1]) + 1) for part in parts}))
    raise ValueError(
        f'{text!r} names no weekdays; write 每天, 工作日, 周末, 周一至周五, 周一、周三 or digits like "135"'
    )


def is_relative(text: str) -> bool:
    """Whether a moment is meant from the day of the import (下周六 09:00) rather than a date."""
    return not _DATE.match(text.strip().split(" ")[0])


def moment(text: str, today: date, zone: ZoneInfo) -> datetime:
    """ "2026-03-07 09:00" or "下周六 09:00" (weeks begin on Monday) as an aware instant; raises ValueError."""
    day, _, hour = text.strip().partition(" ")
    at = time.fromisoformat(clock_time(hour or "?"))
    return datetime.combine(_day(day, today, text), at, tzinfo=zone)


def _day(word: str, today: date, text: str) -> date:
    if word in _NAMED:
        return today + timedelta(days=_NAMED[word])
    week = _WEEK.match(word)
    if week:
        monday = today - timedelta(days=today.weekday())
        return monday + timedelta(weeks={"下": 1, "下下": 2}.get(week[1], 0), days=_weekday(week[2]))
    found = _DATE.match(word)
    if not found:
        raise ValueError(f'{text!r} is not a moment; write it like "2026-03-07 09:00" or "下周六 09:00"')
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise ValueError(f"{word} is no date in the calendar") from None


def _weekday(word: str) -> int:
    return NAMES.index(word.replace("天", "日"))
