"""The hour: minutes after midnight that a clock time or a part of the day may mean, alone or together."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlu.dates.numbers import number, pair
from nlu.dates.tokens import Token
from nlu.dates.values import Grain

DAY, HOUR = 24 * 60, 60
FROM_NOON = 13  # hours from here on need no word for the part of the day
_QUARTERS = {"半": 30, "一刻": 15, "1刻": 15, "三刻": 45, "3刻": 45}
# The part of the day, its first and last minute, and how it is said back; those that pass midnight end after 1440.
PARTS: tuple[tuple[re.Pattern[str], int, int, str], ...] = tuple(
    (re.compile(words), int(first * HOUR), int(last * HOUR), name)
    for words, first, last, name in (
        ("早晚高峰", 7, 19, "早晚高峰"),
        ("早高峰", 7, 9, "早高峰"),
        ("晚高峰", 17, 19, "晚高峰"),
        ("早饭", 6, 9, "早上"),
        ("[午]饭|中午|晌午|午休", 11, 14, "中午"),
        ("晚饭", 17, 20, "晚饭前后"),
        ("凌晨|天不亮|天没亮", 0, 6, "凌晨"),
        ("上午", 8, 12, "上午"),
        ("前半夜|上半夜", 20, 24, "前半夜"),
        ("下半夜|后半夜", 24, 30, "后半夜"),
        ("整夜|整晚|整宿|通宵", 20, 30, "整夜"),
        ("半夜|深夜|夜", 22, 30, "夜里"),
        ("下午|午后|后晌", 12, 18, "下午"),
        ("傍", 17, 20, "傍晚"),
        ("天黑|晚|黑", 18, 29, "晚上"),
        ("白天", 6, 18, "白天"),
        ("早|晨|清", 5, 10, "早上"),
    )
)
NIGHT = frozenset(("夜里", "整夜", "后半夜"))  # parts whose small hours belong to the day before or the day itself


@dataclass(frozen=True, slots=True)
class Clock:
    """An hour as told, before anybody knows which half of the day: minutes after midnight, how long, how exactly."""

    minutes: int
    length: int
    grain: Grain
    about: bool
    plain: bool  # told by the 24 hours: 22:15, 08:30


def part_of(text: str) -> tuple[int, int, str]:
    """(first minute, last minute, name) of a part of the day."""
    return next((first, last, name) for pattern, first, last, name in PARTS if pattern.search(text))


def clock_of(token: Token) -> Clock | None:
    """The hour of a clock token; None when there is no such hour."""
    said = token.said
    if token.sort == "digital":
        hour, minute = int(said["hour"]), int(said["minute"])
        plain = hour >= FROM_NOON or said["hour"].startswith("0") or hour == 0
        return Clock(hour * HOUR + minute, 1, Grain.MINUTE, False, plain) if hour <= 24 else None
    several = pair(said["hour"])
    if several:
        return Clock(several[0] * HOUR, 2 * HOUR, Grain.HOUR, True, False)
    told = number(said["hour"])
    if told is None or told > 24:
        return None
    about = "more" in said
    if "less" in said:
        short = said["less"].removesuffix("分")
        less = _QUARTERS.get(short) or number(short)
        return Clock(told * HOUR - less, 1, Grain.MINUTE, about, told > FROM_NOON) if less and told else None
    minute_said = said.get("minute")
    if not minute_said:
        return Clock(told * HOUR, HOUR, Grain.HOUR, about, told >= FROM_NOON or told == 0)
    at = _QUARTERS.get(minute_said, number(minute_said))
    if at is None or at > 59:
        return None
    return Clock(told * HOUR + at, 1, Grain.MINUTE, about, told >= FROM_NOON or told == 0)


def halves(clock: Clock) -> tuple[int, ...]:
    """The minutes after midnight it may mean when no word says which half of the day."""
    if clock.plain or clock.minutes >= FROM_NOON * HOUR:
        return (clock.minutes,)
    if clock.minutes >= 12 * HOUR:  # 十二点半: noon, or after midnight at the end of the day
        return (clock.minutes, clock.minutes + 12 * HOUR)
    return (clock.minutes, clock.minutes + 12 * HOUR)


def within(clock: Clock, part: str, *, one_night: bool) -> tuple[int, ...]:
    """The minutes it may mean within a part of the day; () when the two contradict each other.

    `one_night`: the words name the night as one (昨晚), so its small hours are the next day's.
    """
    at = clock.minutes
    if at >= FROM_NOON * HOUR and at < DAY:
        return (at,) if part not in ("早上", "上午", "凌晨") else ()
    at %= 12 * HOUR
    small = at < 6 * HOUR
    if part == "凌晨":
        return ((at + DAY,) if one_night else (at,)) if at < 7 * HOUR else ()
    if part in ("早上", "早高峰"):
        return (at,) if 3 * HOUR <= at < 12 * HOUR else ()
    if part == "上午":
        return (at,) if at >= 5 * HOUR else (at + 12 * HOUR,) if at < HOUR else ()
    if part == "中午":
        return (at,) if at >= 10 * HOUR else (at + 12 * HOUR,) if at < 4 * HOUR else ()
    if part in ("下午", "傍晚", "晚高峰", "晚饭前后"):
        return (at + 12 * HOUR,) if at < 9 * HOUR else ()
    if part == "白天":
        return (at,) if at >= 6 * HOUR else (at + 12 * HOUR,)
    if part == "晚上" and not (small and at < 5 * HOUR):
        return (at + 12 * HOUR,)
    return _in_the_night(at, part, one_night=one_night)


def _in_the_night(at: int, part: str, *, one_night: bool) -> tuple[int, ...]:
    """半夜两点 of a day is early on it or after its end; 晚上十二点 is its end."""
    if at >= 8 * HOUR:
        return (at + 12 * HOUR,)
    if at >= 6 * HOUR:
        return (at + 12 * HOUR,) if part != "后半夜" else ()
    if one_night or (part in ("晚上", "整夜") and at < HOUR) or part == "前半夜":
        return (at + DAY,)
    return (at + DAY, at)
