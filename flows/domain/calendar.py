"""Working time: how far a clock runs over working days, lunch breaks and Chinese holidays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """When staff work, local time; `workday` says whether a date is one (the caller knows the holidays)."""

    zone: ZoneInfo
    spans: tuple[tuple[time, time], ...] = ((time(8, 30), time(12)), (time(14), time(17, 30)))
    workday: Callable[[date], bool] = lambda day: day.weekday() < 5

    @property
    def day(self) -> timedelta:
        """How much working time a working day holds."""
        anchor = date(2000, 1, 3)
        return sum((_between(anchor, a, b) for a, b in self.spans), timedelta())


def _between(day: date, a: time, b: time) -> timedelta:
    return datetime.combine(day, b) - datetime.combine(day, a)


def add_working(hours: WorkingHours, start: datetime, amount: timedelta) -> datetime:
    """The instant at which `amount` of working time has passed since `start`. Aware in, aware out (the hours' zone)."""
    if amount < timedelta():
        raise ValueError("working time can't be negative")
    at = start.astimezone(hours.zone)
    left = amount
    for _ in range(4000):  # ten years of days; a clock is at most months
        if hours.workday(at.date()):
            for opens, closes in hours.spans:
                begin = max(at, datetime.combine(at.date(), opens, hours.zone))
                end = datetime.combine(at.date(), closes, hours.zone)
                if begin >= end:
                    continue
                if end - begin >= left:
                    return begin + left
                left -= end - begin
        at = datetime.combine(at.date() + timedelta(days=1), time(), hours.zone)
    raise ValueError("no working time in ten years: check the calendar")


def working_between(hours: WorkingHours, start: datetime, end: datetime) -> timedelta:
    """How much working time lies between two instants; none when `end` is not after `start`."""
    at, until = start.astimezone(hours.zone), end.astimezone(hours.zone)
    found = timedelta()
    while at < until:
        if hours.workday(at.date()):
            for opens, closes in hours.spans:
                begin = max(at, datetime.combine(at.date(), opens, hours.zone))
                stop = min(until, datetime.combine(at.date(), closes, hours.zone))
                found += max(stop - begin, timedelta())
        at = datetime.combine(at.date() + timedelta(days=1), time(), hours.zone)
    return found
