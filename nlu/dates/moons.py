"""Days told by the Chinese calendar, and festivals: 初三, 腊月二十三, 大年三十, 中秋."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from nlu.dates import lunar
from nlu.dates.around import FESTIVE, YEARS, Around, Day, nearest, one
from nlu.dates.numbers import number
from nlu.dates.values import Grain

MOONS = {"正": 1, "冬": 11, "腊": 12}


def lunar_day(said: Mapping[str, str], around: Around, _text: str) -> tuple[Day, ...]:
    name = said.get("month") or ("正" if "year_word" in said else "")
    day = _number(said.get("day", ""))
    month = MOONS.get(name) or (number(name) if name else None)
    if "rel" in said:
        return _lunar_days(around.today.year + YEARS[said["rel"]], month, day)
    years = range(around.today.year - 1, around.today.year + 2)
    found = sorted((d for y in years for d in _lunar_days(y, month, day)), key=lambda d: d.first)
    if around.future:
        return tuple([d for d in found if d.last >= around.today][:1])
    return tuple([d for d in found if d.first <= around.today][-1:])


def _number(name: str) -> int | None:
    return number(name.removeprefix("初")) if name else None


def _lunar_days(year: int, month: int | None, day: int | None) -> tuple[Day, ...]:
    if day is not None:
        wanted = {m for m, _, _ in lunar.months(year)} if month is None else {month}
        return tuple(one(d) for m in sorted(wanted) for d in lunar.days(year, m, day))
    return tuple(
        Day(first, first + timedelta(days=size - 1), Grain.MONTH)
        for number_, first, size in lunar.months(year)
        if number_ == month
    )


def eve(_said: Mapping[str, str], around: Around, _text: str) -> tuple[Day, ...]:
    return nearest(lambda year: one(d) if (d := lunar.new_years_eve(year)) else None, around, FESTIVE)


def feast(said: Mapping[str, str], around: Around, _text: str) -> tuple[Day, ...]:
    edge = said.get("edge", "")
    if edge in ("前", "后", "放假前"):
        return ()

    def made(year: int) -> Day | None:
        span = lunar.feast(said["name"], year)
        return Day(*span, about=edge == "前后") if span else None

    return nearest(made, around, FESTIVE)
