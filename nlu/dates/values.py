"""What words about time come to: an instant, a stretch, a habit, or a doubt that only the speaker can end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from nlu.frozen import replace


class Grain(StrEnum):
    """How exactly something was said."""

    MINUTE = "minute"
    HOUR = "hour"
    PART = "part"  # of a day: 晚上
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    SEASON = "season"
    YEAR = "year"


class Kind(StrEnum):
    """What sort of time it is."""

    AT = "at"  # once, within start..end
    SPAN = "span"  # from start to end
    SINCE = "since"  # from start on, until now where there is an end
    CYCLE = "cycle"  # again and again


class Why(StrEnum):
    """What is unclear."""

    WHICH_DAY = "which day"  # 上周五, said on a Saturday
    WHICH_HOUR = "which hour"  # 十点: in the morning or the evening
    WHICH_NIGHT = "which night"  # 前天晚上一点
    SEVERAL = "several times told"
    HABIT = "once or often"  # 晚上吵
    AHEAD = "ahead"  # said of the other direction: 明天 where the past is meant
    VAGUE = "vague"  # 前阵子: no question would help
    NO_SUCH = "no such time"  # 2月30号, 25点


class Every(StrEnum):
    """How often a habit comes round."""

    DAY = "day"
    WORKDAY = "workday"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    STEP = "step"  # every so many days
    OFTEN = "often"  # 隔三差五


@dataclass(frozen=True, slots=True)
class Cycle:
    """A habit. `days`: weekdays (Monday 0) or days of the month; `hours`: minutes of the day, the end may pass 1440."""

    every: Every
    days: tuple[int, ...] = ()
    step: int = 1
    hours: tuple[int, int] | None = None
    grain: Grain = Grain.DAY
    part: str = ""
    words: str = ""  # of a habit that has no numbers: 一到下雨天


@dataclass(frozen=True, slots=True)
class When:
    """A time that is clear. `start` and `end` (not included) are aware, in the zone asked in; a habit has none."""

    kind: Kind
    grain: Grain
    start: datetime | None = None
    end: datetime | None = None
    about: bool = False
    part: str = ""  # the word for the part of the day
    cycle: Cycle | None = None

    def to_json(self) -> dict[str, Any]:
        row: dict[str, Any] = {"kind": self.kind.value, "grain": self.grain.value}
        row |= {k: v.isoformat() for k, v in (("start", self.start), ("end", self.end)) if v}
        row |= {"about": True} if self.about else {}
        row |= {"part": self.part} if self.part else {}
        return row | ({"cycle": _row(self.cycle)} if self.cycle else {})

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> When:
        """Raises KeyError or ValueError on what is none."""
        start, end = (datetime.fromisoformat(row[k]) if row.get(k) else None for k in ("start", "end"))
        cycle = _cycle(row["cycle"]) if row.get("cycle") else None
        about, part = bool(row.get("about")), str(row.get("part", ""))
        return cls(Kind(row["kind"]), Grain(row["grain"]), start, end, about, part, cycle)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A time that is not clear: why, and what it may mean, likeliest first."""

    why: Why
    readings: tuple[When, ...] = ()


def _row(cycle: Cycle) -> dict[str, Any]:
    row: dict[str, Any] = {"every": cycle.every.value, "grain": cycle.grain.value}
    row |= {"days": list(cycle.days)} if cycle.days else {}
    row |= {"step": cycle.step} if cycle.step > 1 else {}
    row |= {"hours": list(cycle.hours)} if cycle.hours else {}
    row |= {"part": cycle.part} if cycle.part else {}
    return row | ({"words": cycle.words} if cycle.words else {})


def _cycle(row: Mapping[str, Any]) -> Cycle:
    hours = tuple(row["hours"]) if row.get("hours") else None
    made = Cycle(Every(row["every"]), tuple(row.get("days", ())), int(row.get("step", 1)), grain=Grain(row["grain"]))
    return replace(
        made,
        part=str(row.get("part", "")),
        words=str(row.get("words", "")),
        hours=(hours[0], hours[1]) if hours else None,
    )
