"""A clear time said back the way people say it: 11月20日（周五）晚上10点半左右, 每天夜里, 今天上午10点."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from nlu.dates.around import SMALL_HOURS
from nlu.dates.values import Cycle, Every, Grain, Kind, When

NAMES = "一二三四五六日"  # of the days of the week, Monday first
NEAR = {0: "今天", -1: "昨天", 1: "明天"}
SEASONS = {3: "春天", 6: "夏天", 9: "秋天"}
WHOLE_NIGHT = frozenset(("夜里", "整夜"))


def spoken_when(when: When, now: datetime) -> str:
    """The whole of it, with the date: what a resident is to check and staff have to know."""
    if when.cycle is not None:
        return _stretch(when, now) + _habit(when.cycle) + _about(when)
    if when.start is None:
        return ""
    if when.kind is Kind.SINCE:
        return _from(when, when.start, now) + ("起，到现在" if when.end else "开始")
    if when.end is None:
        return ""
    if when.kind is Kind.SPAN:
        return _span(when, when.start, when.end, now)
    return _at(when, when.start, now) + _about(when)


def label(when: When, now: datetime) -> str:
    """Short, for a button: today and yesterday by name."""
    if when.cycle is not None:
        return spoken_when(when, now) + ("这样" if when.cycle.words == "经常" else "")
    if when.start is None or when.kind is not Kind.AT or when.grain not in (Grain.MINUTE, Grain.HOUR, Grain.PART):
        return spoken_when(when, now)
    name = NEAR.get((when.start.date() - now.date()).days)
    if name is None or now.hour < SMALL_HOURS:  # when today and yesterday are two for who is still awake
        return spoken_when(when, now)
    return name + (when.part if when.grain is Grain.PART else _hour(when.start, when))


def _about(when: When) -> str:
    return "左右" if when.about and when.grain in (Grain.MINUTE, Grain.HOUR, Grain.DAY, Grain.MONTH) else ""


def _at(when: When, start: datetime, now: datetime) -> str:
    day = _date(start.date(), now)
    match when.grain:
        case Grain.MINUTE | Grain.HOUR:
            return day + _hour(start, when)
        case Grain.PART:
            return day + _part(when)
        case Grain.DAY:
            return day
        case Grain.WEEK:
            return _days(start.date(), _last(when), now)
        case Grain.MONTH:
            return _months(start.date(), _last(when), now)
        case Grain.SEASON:
            return _season(start)
        case Grain.YEAR:
            return f"{start.year}年"


def _part(when: When) -> str:
    """The night is said so that nobody takes it for the one before."""
    return "凌晨" if when.part == "后半夜" else f"{when.part}到次日凌晨" if when.part in WHOLE_NIGHT else when.part


def _season(start: datetime) -> str:
    winter = f"{start.year}年底到{start.year + 1}年初的冬天"
    return winter if start.month == 12 else f"{start.year}年{SEASONS.get(start.month, '')}"


def _last(when: When) -> date:
    assert when.end is not None
    return (when.end - timedelta(microseconds=1)).date()


def _date(day: date, now: datetime, *, weekday: bool = True) -> str:
    year = f"{day.year}年" if day.year != now.year else ""
    return f"{year}{day.month}月{day.day}日" + (f"（周{NAMES[day.weekday()]}）" if weekday else "")


def _days(first: date, last: date, now: datetime) -> str:
    if first == last:
        return _date(first, now)
    if first.year != last.year:
        return f"{first.year}年{first.month}月{first.day}日到{last.year}年{last.month}月{last.day}日"
    end = f"{last.day}日" if (first.year, first.month) == (last.year, last.month) else _date(last, now, weekday=False)
    return f"{_date(first, now, weekday=False)}到{end}"


def _months(first: date, last: date, now: datetime) -> str:
    year = f"{first.year}年" if first.year != now.year else ""
    if first.day != 1:
        return _days(first, last, now)
    return f"{year}{first.month}月" + (f"到{last.month}月" if first.month != last.month and last.day > 1 else "")


def _hour(at: datetime, when: When) -> str:
    """上午10点, 晚上10点半; two hours at once: 早上8到9点."""
    hour = _named(at.hour * 60 + at.minute)
    assert when.end is not None
    if when.grain is Grain.HOUR and when.end - at == timedelta(hours=2):
        return f"{hour.removesuffix('点')}到{(at.hour + 11 + 1) % 12 + 1}点"
    return hour


def part_name(minute: int) -> str:
    """The part of the day a minute lies in, as hours are told."""
    hour = minute // 60 % 24
    steps = ((5, "凌晨"), (9, "早上"), (12, "上午"), (13, "中午"), (18, "下午"), (24, "晚上"))
    return next(name for end, name in steps if hour < end)


def _named(minute: int) -> str:
    hour, rest = minute // 60 % 24, minute % 60
    said = hour if hour <= 12 else hour - 12
    return f"{part_name(minute)}{said}点" + ("" if not rest else "半" if rest == 30 else f"{rest:02d}分")


def _from(when: When, start: datetime, now: datetime) -> str:
    about = "大约" if when.about else ""
    if when.grain is Grain.MONTH and not when.about:
        return about + _months(start.date(), start.date(), now)
    if when.grain is Grain.MONTH:
        return f"{about}{start.year}年{start.month}月"
    if when.grain in (Grain.MINUTE, Grain.HOUR):
        return about + _date(start.date(), now) + _named(start.hour * 60 + start.minute)
    if when.grain is Grain.PART:
        return about + _date(start.date(), now) + _part(when)
    if when.grain in (Grain.SEASON, Grain.YEAR):
        return about + (_season(start) if when.grain is Grain.SEASON else f"{start.year}年")
    return about + _date(start.date(), now, weekday=not when.about)


def _span(when: When, start: datetime, end: datetime, now: datetime) -> str:
    if when.grain not in (Grain.MINUTE, Grain.HOUR, Grain.PART):
        return _days(start.date(), _last(when), now)
    first = _date(start.date(), now)
    first += part_name(minute_of(start)) if when.grain is Grain.PART else _named(minute_of(start))
    if when.part:  # 到早上
        end -= timedelta(hours=7) if when.part in ("晚上", *WHOLE_NIGHT) else timedelta(minutes=1)
    days = (end.date() - start.date()).days
    if days == 0:
        until = ""
    elif days == 1:
        until = "次日"
    else:
        until = _date(end.date(), now)
    return f"{first}到{until}{when.part or _named(minute_of(end))}"


def minute_of(at: datetime) -> int:
    return at.hour * 60 + at.minute


def _stretch(when: When, now: datetime) -> str:
    """The weeks or months a habit belongs to."""
    if when.start is None:
        return ""
    if when.end is None or when.end >= now:
        return f"{_date(when.start.date(), now, weekday=False)}起，"
    return _days(when.start.date(), _last(when), now) + "，"


def _habit(cycle: Cycle) -> str:
    hours = _hours(cycle)
    if cycle.every is Every.DAY and not cycle.words:
        return f"每天{hours}"
    if cycle.every is Every.WORKDAY:
        return f"工作日{hours}"
    if cycle.every is Every.WEEK:
        names = "、".join(f"周{NAMES[d]}" for d in cycle.days)
        return (
            f"每{names}" if len(cycle.days) < 2 else "每个周末" if cycle.days == (5, 6) else f"每周的{names}"
        ) + hours
    if cycle.every is Every.MONTH:
        return "每月" + "、".join(f"{d}号" for d in cycle.days) + cycle.words.removeprefix("月") + hours
    if cycle.every is Every.YEAR:
        return cycle.words or "每年"
    return cycle.words + hours


def _hours(cycle: Cycle) -> str:
    if cycle.hours is None:
        return ""
    start, end = cycle.hours
    if cycle.grain is Grain.PART and cycle.part:
        return cycle.part
    hour = _named(start)
    length = end - start
    if length == 1 or (cycle.grain is Grain.HOUR and length == 60):
        return hour
    return f"{hour}到{'次日' if end >= 1440 else ''}{_named(end)}"
