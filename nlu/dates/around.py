"""The moment words about time are seen from, and the days that one reading of them means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from nlu.dates.values import Grain

SMALL_HOURS = 5  # before it the day that has begun and the one people are still in are two
FAR, NEAR = 200, 92  # days: a date that is as far gone may be the one that comes so soon
FESTIVE = 30  # and a festival that comes so soon
YEARS = {"去": -1, "今": 0, "本": 0, "前": -2, "明": 1}


@dataclass(frozen=True, slots=True)
class Day:
    """The days one reading means, both included. `ahead`: meant although it lies in the other direction."""

    first: date
    last: date
    grain: Grain = Grain.DAY
    about: bool = False
    ahead: bool = False


@dataclass(frozen=True, slots=True)
class Around:
    """What a reading depends on: the moment of speaking, and whether what is to come is meant."""

    now: datetime
    future: bool = False

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def late(self) -> bool:
        return self.now.hour < SMALL_HOURS


def one(day: date) -> Day:
    return Day(day, day)


def nearest(made: Callable[[int], Day | None], around: Around, within: int = NEAR) -> tuple[Day, ...]:
    """A date told without its year: the last such one, or the next; both when the far one is the meant direction's."""
    found = []
    for year in range(around.today.year - 1, around.today.year + 2):
        try:
            day = made(year)
        except ValueError:  # 2月29号 in most years
            continue
        if day is not None:
            found.append(day)
    past = [d for d in found if d.first <= around.today]
    coming = [d for d in found if d.first > around.today or (around.future and d.last >= around.today)]
    if around.future:
        return tuple(coming[:1])
    far = bool(past) and (around.today - past[-1].last).days > FAR
    soon = [d for d in coming if (d.first - around.today).days <= within]
    if soon and (far or not past):
        return (*past[-1:], Day(soon[0].first, soon[0].last, soon[0].grain, ahead=True))
    return tuple(past[-1:])
