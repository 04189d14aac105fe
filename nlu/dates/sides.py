"""One side of what was told (before or after a 到): its day, part of the day, hour, habit and length."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from nlu.dates.clocks import Clock, clock_of, part_of
from nlu.dates.days import READERS
from nlu.dates.numbers import amount
from nlu.dates.tokens import Token
from nlu.dates.values import Grain, Kind, When

HABITS = frozenset(
    (
        "irregular",
        "every_step",
        "every_month",
        "every_year",
        "week_list",
        "every_week",
        "every_day",
        "every_night",
        "workday",
        "weekdays",
    )
)
FUZZY = frozenset(("season", "lately"))
CLOCKS = frozenset(("clock", "to_clock", "digital"))
UNITS = {  # how far back one of it is, and how exactly that is known
    "分": (timedelta(minutes=1), Grain.MINUTE),
    "时": (timedelta(hours=1), Grain.HOUR),
    "天": (timedelta(days=1), Grain.DAY),
    "周": (timedelta(weeks=1), Grain.DAY),
    "月": (timedelta(days=30), Grain.DAY),
    "年": (timedelta(days=365), Grain.MONTH),
}
KEYS = {
    "分钟": "分",
    "小时": "时",
    "钟头": "时",
    "天": "天",
    "日": "天",
    "周": "周",
    "星期": "周",
    "礼拜": "周",
    "月": "月",
    "年": "年",
}


@dataclass(slots=True)
class Side:
    """What the tokens of one side say; `odd`: something in it can't be read, or stands twice."""

    day: Token | None = None
    year: Token | None = None  # 去年 before 国庆
    part: tuple[int, int, str] | None = None
    one_night: bool = False
    clock: Clock | None = None
    habits: list[Token] = field(default_factory=list)
    length: Token | None = None  # 三天前, 半个月了
    now: str = ""
    about: bool = False
    since: bool = False
    next_day: bool = False
    until_now: bool = False
    bound: str = ""  # 以前, 以后
    odd: bool = False

    @property
    def bare(self) -> bool:
        """An hour or a part of the day and nothing else."""
        return not (self.day or self.habits or self.length or self.now)

    @property
    def part_only(self) -> bool:
        return self.bare and self.part is not None and self.clock is None

    @property
    def is_now(self) -> bool:
        """到现在, 到今天."""
        today = self.day is not None and self.day.text in ("今天", "今日") and not (self.clock or self.part)
        return bool(self.now) or today

    @property
    def empty(self) -> bool:
        return self.bare and not (self.part or self.clock)


def side(tokens: tuple[Token, ...]) -> Side:
    """The tokens put where they belong."""
    made = Side()
    for token in tokens:
        _take(made, token)
    return made


def sides(found: tuple[Token, ...]) -> tuple[Side, Side | None]:
    """What stands before a 到, and what stands after it."""
    ends = [i for i, t in enumerate(found) if t.sort == "to"]
    if not ends:
        return side(found), None
    left, right = side(found[: ends[0]]), side(found[ends[0] + 1 :])
    if right.empty and not right.now:
        return left, None
    return left, right


def _take(made: Side, token: Token) -> None:
    sort = token.sort
    if sort == "night":
        made.odd |= made.day is not None
        made.day, made.one_night = token, token.said["part"][0] in "晚夜黑"
        made.part = part_of("晚上" if made.one_night else "早上")
    elif sort in READERS and sort != "feast":
        made.odd |= made.day is not None
        made.day = token
    elif sort == "feast":
        made.odd |= made.day is not None and made.day.sort not in ("year", "rel_year")
        made.year, made.day = made.day, token
    elif sort in HABITS:
        made.habits.append(token)
    elif sort == "part":
        _part(made, token)
    elif sort in CLOCKS:
        made.odd |= made.clock is not None
        made.clock = clock_of(token)
        made.odd |= made.clock is None
    elif sort in ("ago", "lasting"):
        made.odd |= made.length is not None
        made.length = token
    else:
        _mark(made, token)


def _part(made: Side, token: Token) -> None:
    """昨晚半夜 is one night still; 早上晚上 is two."""
    found = part_of(token.text)
    if made.part is not None and not (made.one_night or made.part[2] in ("夜里", "晚上")):
        made.odd |= found != made.part
    made.one_night = made.one_night or (made.part is not None and made.part[2] in ("夜里", "晚上"))
    made.part = found


def _mark(made: Side, token: Token) -> None:
    if token.sort == "now":
        made.now = token.text
    elif token.sort == "about":
        made.about = True
    elif token.sort == "next_day":
        made.next_day = True
    elif token.sort == "since":
        made.since = True
        made.until_now |= token.text in ("以来", "至今")
    elif token.sort in ("after", "before"):
        made.bound = token.sort
    else:
        made.odd = True


def length_of(token: Token) -> tuple[timedelta, Grain, bool] | None:
    """How long, how exactly, and whether only about so long; None when the words leave it open."""
    said = token.said
    count = said.get("count", "")
    half = "half" in said or said.get("over") == "半" or count == "半"
    many = amount("" if count == "半" else count, half)
    key = next(k for word, k in KEYS.items() if said["unit"].endswith(word))
    if many is None or "some" in said:
        return None
    unit, grain = UNITS[key]
    about = "more" in said or said.get("over") == "多" or said.get("near") in ("快", "近", "约", "大概", "大约")
    about |= key in "月年" or many.denominator > 1 or (key == "周") or (key == "天" and many > 7)
    days = timedelta(seconds=float(unit.total_seconds() * many))
    return days, grain, about


def ago(token: Token, now: datetime) -> When | None:
    """三天前, 半个月前, 两个小时前; None when nobody can say."""
    found = length_of(token)
    if found is None:
        return None
    back, grain, about = found
    at = now - back
    if grain is Grain.MONTH:
        at = at.replace(day=1)
    if grain in (Grain.DAY, Grain.MONTH):
        start = at.replace(hour=0, minute=0, second=0, microsecond=0)
        return When(Kind.AT, grain, start, start + timedelta(days=1 if grain is Grain.DAY else 31), about)
    return When(Kind.AT, grain, at, min(at + timedelta(minutes=30), now), about=True)


def lasting(token: Token, now: datetime) -> When | None:
    """快一年了, 三天了: since about then; None when nobody can say."""
    found = ago(token, now)
    if found is None or found.start is None:
        return None
    return When(Kind.SINCE, found.grain, found.start, now, about=True)
