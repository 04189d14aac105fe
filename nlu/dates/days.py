"""Words for days, weeks, months, seasons and festivals turned into the dates they may mean, likeliest first."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from nlu.dates.around import YEARS, Around, Day, nearest, one
from nlu.dates.moons import eve, feast, lunar_day
from nlu.dates.numbers import number
from nlu.dates.tokens import Token
from nlu.dates.values import Grain

DAYS = {"前": -2, "昨": -1, "今": 0, "明": 1, "后": 2}
WEEK = {name: day for names in ("一二三四五六日", "1234567") for day, name in enumerate(names)} | {"天": 6}
EDGES = {
    "底": (25, 31),
    "末": (25, 31),
    "初": (1, 7),
    "中": (11, 20),
    "中旬": (11, 20),
    "上旬": (1, 10),
    "下旬": (21, 31),
}
SEASONS = {"春": 3, "夏": 6, "秋": 9, "冬": 12}


def readings(token: Token, around: Around) -> tuple[Day, ...]:
    """What the token may mean; () when there is no such day or nobody can know."""
    try:
        return READERS[token.sort](token.said, around, token.text)
    except (ValueError, OverflowError):
        return ()


def _day(_said: Mapping[str, str], around: Around, text: str) -> tuple[Day, ...]:
    if text == "当天":
        return ()
    ahead = -3 if text == "大前天" else 3 if text == "大后天" else DAYS[text[0]]
    days = [around.today + timedelta(days=ahead)]
    if around.late:  # who is still awake calls yesterday today
        days.append(days[0] - timedelta(days=1))
    return tuple(one(d) for d in days)


def _days(_said: Mapping[str, str], around: Around, _text: str) -> tuple[Day, ...]:
    return (Day(around.today - timedelta(days=2), around.today, about=True),)


def _full(said: Mapping[str, str], _around: Around, _text: str) -> tuple[Day, ...]:
    year, month, day = (number(said[k]) for k in ("year", "month", "day"))
    return (one(date(year or 0, month or 0, day or 0)),)


def _short_year(said: Mapping[str, str], _around: Around, _text: str) -> tuple[Day, ...]:
    year, month = 2000 + int(said["year"]), number(said["month"]) or 0
    return (one(date(year, month, number(said["day"]) or 0)),) if "day" in said else (_month(year, month),)


def _month(year: int, month: int) -> Day:
    return Day(date(year, month, 1), date(year, month, monthrange(year, month)[1]), Grain.MONTH)


def _edge(year: int, month: int, edge: str) -> Day:
    first, last = EDGES[edge]
    return Day(date(year, month, first), date(year, month, min(last, monthrange(year, month)[1])), Grain.WEEK)


def _of_month(year: int, month: int, said: Mapping[str, str]) -> Day:
    if "day" in said:
        return one(date(year, month, number(said["day"]) or 0))
    return _edge(year, month, said["edge"]) if "edge" in said else _month(year, month)


def _month_day(said: Mapping[str, str], around: Around, text: str) -> tuple[Day, ...]:
    month = number(said["month"]) or 0
    if text == "一月":  # as often a month's time
        return ()
    if "rel" in said:
        return (_of_month(around.today.year + YEARS[said["rel"]], month, said),)
    return nearest(lambda year: _of_month(year, month, said), around)


def _slash(said: Mapping[str, str], around: Around, text: str) -> tuple[Day, ...]:
    return _month_day(said, around, text)


def _back(today: date, months: int) -> tuple[int, int]:
    index = today.year * 12 + today.month - 1 - months
    return index // 12, index % 12 + 1


def _rel_month(said: Mapping[str, str], around: Around, _text: str) -> tuple[Day, ...]:
    rel = said["rel"]
    back = len(rel) if rel[0] == "上" else -1 if rel == "下" else 0
    return (_of_month(*_back(around.today, back), said),)


def _month_edge(said: Mapping[str, str], around: Around, _text: str) -> tuple[Day, ...]:
    """月底, 月初: this month's or the last's (the next's); both while this one's goes on."""
    here = _edge(*_back(around.today, 0), said["edge"])
    other = _edge(*_back(around.today, -1 if around.future else 1), said["edge"])
    if here.first <= around.today <= here.last and said["edge"] != "初":
        return (here, other)
    right = here.last >= around.today if around.future else here.first <= around.today
    return (here,) if right else (other,)


def _day_number(said: Mapping[str, str], around: Around, _text: str) -> tuple[Day, ...]:
    """15号: this month's or the last's (the next's); both on the day itself."""
    day, found = number(said["day"]) or 0, []
    for back in range(4):
        try:
            found.append(one(date(*_back(around.today, -back if around.future else back), day)))
        except ValueError:
            continue
    right = [d for d in found if (d.first >= around.today if around.future else d.first <= around.today)]
    return tuple(right[:2] if right and right[0].first == around.today else right[:1])


def _week(monday: date) -> Day:
    return Day(monday, monday + timedelta(days=6), Grain.WEEK)


def _named(monday: date, name: str) -> Day:
    if name == "末":
        return Day(monday + timedelta(days=5), monday + timedelta(days=6))
    return one(monday + timedelta(days=WEEK[name]))


def _rel_week(said: Mapping[str, str], around: Around, _text: str) -> tuple[Day, ...]:
    """At the weekend some call the week that ends 上周 already, and on a Monday the Sunday before is yesterday."""
    rel, name, today = said["rel"], said.get("day", ""), around.today
    weeks = (-1 if rel[0] == "上" else 1) * len(rel) if rel[0] in "上下" else 0
    monday = today + timedelta(weeks=weeks, days=-today.weekday())
    made = _named(monday, name) if name else _week(monday)
    other: Day | None = None
    if rel[0] == "上" and name != "末" and today.weekday() >= (5 if name else 6):
        other = (
            _named(monday + timedelta(weeks=1), name) if name else Day(monday + timedelta(weeks=1), today, Grain.WEEK)
        )
        other = other if other.last < today or not name else None
    elif rel[0] == "上" and name in ("日", "天", "7") and today.weekday() == 0:
        other = _named(monday - timedelta(weeks=1), name)
    elif rel[0] == "下" and today.weekday() == 6:
        other = _named(monday + timedelta(weeks=1), name) if name else _week(monday + timedelta(weeks=1))
    return (made, other) if other else (made,)


def _weekday(said: Mapping[str, str], around: Around, _text: str) -> tuple[Day, ...]:
    today = around.today
    monday = today - timedelta(days=today.weekday())
    days = [_named(monday + timedelta(weeks=w), said["day"]) for w in ((0, 1) if around.future else (0, -1))]
    right = [d for d in days if (d.last >= today if around.future else d.first <= today)]
    here = right and right[0].first <= today <= right[0].last
    return tuple(right if here else right[:1])


def _night(said: Mapping[str, str], around: Around, _text: str) -> tuple[Day, ...]:
    day = around.today + timedelta(days=DAYS[said["day"]])
    return (one(day), one(day - timedelta(days=1))) if around.late else (one(day),)


def _year(said: Mapping[str, str], _around: Around, _text: str) -> tuple[Day, ...]:
    return (_of_year(number(said["year"]) or 0, said.get("edge", "")),)


def _rel_year(said: Mapping[str, str], around: Around, _text: str) -> tuple[Day, ...]:
    year, edge = around.today.year + YEARS[said["rel"]], said.get("edge", "")
    made = _of_year(year, edge)
    if "冬" in edge and (said["rel"] == "今" or (said["rel"] == "去" and around.today.month <= 3)):
        return (made, _of_year(year - 1, edge))  # the winter that began with the year, or the one that began at its end
    return (made,)


def _of_year(year: int, edge: str) -> Day:
    season = next((s for s in SEASONS if s in edge), None)
    if season:
        month = SEASONS[season]
        year_end, month_end = (year + 1, 2) if season == "冬" else (year, month + 2)
        last = date(year_end, month_end, monthrange(year_end, month_end)[1])
        return Day(date(year, month, 1), last, Grain.SEASON, about=True)
    halves = {"底": (11, 12), "初": (1, 2), "上半年": (1, 6), "下半年": (7, 12)}
    first, last_month = next((v for k, v in halves.items() if k in edge), (1, 12))
    grain = Grain.YEAR if not edge else Grain.MONTH
    return Day(date(year, first, 1), date(year, last_month, monthrange(year, last_month)[1]), grain, about=bool(edge))


def _chinese_day(said: Mapping[str, str], around: Around, text: str) -> tuple[Day, ...]:
    """八月十五 without 号: by either calendar."""
    return tuple(dict.fromkeys((*lunar_day(said, around, text), *_month_day(said, around, text))))


def _none(_said: Mapping[str, str], _around: Around, _text: str) -> tuple[Day, ...]:
    return ()


def last_day(first: datetime, day: Token) -> datetime | None:
    """The end of 10月1日到7日, 上周三到周五."""
    if day.sort == "weekday":
        name = "日" if day.said["day"] == "末" else day.said["day"]
        return first + timedelta(days=(WEEK[name] - first.weekday()) % 7 + 1)
    month = number(day.said.get("month", "")) or first.month
    last = first.replace(month=month, day=number(day.said.get("day", "")) or monthrange(first.year, month)[1])
    last = last if last >= first else last.replace(year=last.year + 1)
    return last + timedelta(days=1)


READERS: Mapping[str, Callable[[Mapping[str, str], Around, str], tuple[Day, ...]]] = {
    "day": _day,
    "days": _days,
    "full": _full,
    "full_month": lambda said, _around, _text: (
        _of_month(number(said["year"]) or 0, number(said["month"]) or 0, said),
    ),
    "short_year": _short_year,
    "month_day": _month_day,
    "slash": _slash,
    "rel_month": _rel_month,
    "month_edge": _month_edge,
    "day_number": _day_number,
    "rel_week": _rel_week,
    "weekday": _weekday,
    "night": _night,
    "year": _year,
    "rel_year": _rel_year,
    "eve": eve,
    "lunar": lunar_day,
    "lunar_said": lunar_day,
    "lunar_month": lunar_day,
    "chinese_day": _chinese_day,
    "feast": feast,
    "season": _none,
    "lately": _none,
}
