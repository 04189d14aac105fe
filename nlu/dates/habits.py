"""Habits: 每天半夜, 每周三晚上八点, 工作日早高峰, 隔三差五."""

from __future__ import annotations

from nlu.dates.clocks import DAY, Clock, halves, within
from nlu.dates.days import WEEK
from nlu.dates.numbers import number
from nlu.dates.sides import Side
from nlu.dates.tokens import Token
from nlu.dates.values import Cycle, Every, Grain, Kind, When
from nlu.frozen import replace

_ROUND_THE_CLOCK = ("整天", "一天到晚", "从早到晚", "没日没夜", "日日夜夜", "白天黑夜")


def habits(left: Side, right: Side | None) -> tuple[When, ...]:
    """What a habit may mean, by the half of the day; () when it can't be read."""
    cycle = _cycle(left, right)
    if cycle is None or left.odd or (right is not None and right.odd):
        return ()
    hours = _hours(left, right)
    if hours is None:
        return ()
    return tuple(_timed(cycle, span, left, right) for span in hours)


def _timed(cycle: Cycle, span: tuple[int, int] | None, left: Side, right: Side | None) -> When:
    about = left.about or bool(left.clock and left.clock.about)
    if span is None:
        return When(Kind.CYCLE, cycle.grain, cycle=cycle, about=about)
    grain = left.clock.grain if left.clock else Grain.PART
    part = left.part[2] if left.part and (right is None or right.empty) else cycle.part
    return When(Kind.CYCLE, grain, cycle=replace(cycle, hours=span, grain=grain, part=part), about=about)


def _hours(left: Side, right: Side | None) -> tuple[tuple[int, int] | None, ...] | None:
    """The minutes of the day, once for each half that may be meant; None when the words contradict themselves."""
    first = offsets(left)
    if right is None or (right.bare and right.empty):
        if first is None:
            return (None,)
        return tuple((a % DAY, a % DAY + length) for a, length in _distinct(first)) or None
    if not first:
        return None
    made = []
    for start, _ in _distinct(first):
        end = _ending(start % DAY, left, right)
        if end is None:
            return None
        made.append((start % DAY, end))
    return tuple(made)


def _distinct(found: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    return tuple({start % DAY: (start % DAY, length) for start, length in found}.values())


def _ending(start: int, left: Side, right: Side) -> int | None:
    """When a stretch that begins at `start` ends: the first such time after it."""
    if right.clock is None:
        return None
    if right.part:
        ends = within(right.clock, right.part[2], one_night=False)
    elif (left.clock and left.clock.plain) or right.clock.plain:
        ends = (right.clock.minutes,)
    else:
        ends = halves(right.clock)
    later = sorted((end - start) % DAY for end in ends)
    later = [gap or DAY for gap in later]
    return start + later[0] if later else None


def offsets(side: Side) -> tuple[tuple[int, int], ...] | None:
    """(minutes after midnight, length) that the hour and part may mean; None: none told, (): they contradict."""
    if side.clock is None:
        return ((side.part[0], side.part[1] - side.part[0]),) if side.part else None
    return tuple((at, side.clock.length) for at in minutes(side.clock, side))


def minutes(clock: Clock, side: Side) -> tuple[int, ...]:
    return within(clock, side.part[2], one_night=side.one_night) if side.part else halves(clock)


def _cycle(left: Side, right: Side | None) -> Cycle | None:
    tokens = [*left.habits, *(right.habits if right else ())]
    ranked = sorted(tokens, key=lambda t: t.sort in ("every_day", "every_night"))
    if not ranked:
        return _bare(left)
    first = ranked[0]
    if first.sort == "every_night" and left.part is None:
        left.part = (18 * 60, 29 * 60, "晚上")
    if first.sort == "every_week" and right is not None and right.day and right.day.sort == "weekday":
        days = _days_between(first.said.get("day", ""), right.day.said["day"])
        left.part, left.clock = right.part or left.part, right.clock or left.clock
        right.day = right.part = right.clock = None
        return Cycle(Every.WEEK, days) if days != (0, 1, 2, 3, 4) else Cycle(Every.WORKDAY, days)
    made = _of(first)
    if made is not None and first.sort == "every_day" and left.day is not None and left.day.sort == "weekday":
        made, left.day = _bare(left), None  # 每逢周末
    if first.text == "一到晚上" and left.part is None:
        left.part = (18 * 60, 29 * 60, "晚上")
    return made


def _bare(left: Side) -> Cycle | None:
    """周末都, 晚上总: a word of the moment with a word of habit after it."""
    if left.day is None:
        return Cycle(Every.OFTEN, words="经常")
    if left.day.sort != "weekday":
        return None
    name = left.day.said["day"]
    return Cycle(Every.WEEK, (5, 6) if name == "末" else (WEEK[name],))


def _days_between(first: str, last: str) -> tuple[int, ...]:
    if first not in WEEK or last not in WEEK:
        return ()
    return tuple((WEEK[first] + i) % 7 for i in range((WEEK[last] - WEEK[first]) % 7 + 1))


def _of(token: Token) -> Cycle | None:
    said, text = token.said, token.text
    match token.sort:
        case "every_day" | "every_night":
            return Cycle(Every.DAY)
        case "workday":
            return Cycle(Every.WORKDAY, (0, 1, 2, 3, 4))
        case "weekdays":
            days = _days_between(said["first"], said["last"])
            return Cycle(Every.WORKDAY if days == (0, 1, 2, 3, 4) else Every.WEEK, days)
        case "week_list":
            return Cycle(Every.WEEK, tuple(sorted({WEEK[c] for c in said["days"] if c in WEEK})))
        case "every_week":
            name = said.get("day", "")
            return Cycle(Every.WEEK, (5, 6) if name == "末" else (WEEK[name],) if name else ())
        case "every_month":
            day = number(said["day"]) if "day" in said else None
            words = f"月{said['edge']}" if "edge" in said else ""
            return Cycle(Every.MONTH, (day,) if day and day <= 31 else (), words=words)
        case "every_year":
            return Cycle(Every.YEAR)
        case "every_step":
            return _step(said, text)
    return _irregular(text)


def _step(said: dict[str, str], text: str) -> Cycle:
    count = number(said["count"])
    if said["unit"] in ("天", "日") and count:
        return Cycle(Every.STEP, step=count + (1 if "隔" in text else 0), words=text)
    return Cycle(Every.OFTEN, words=text)


def _irregular(text: str) -> Cycle:
    if text.startswith("双休"):
        return Cycle(Every.WEEK, (5, 6))
    if text == "一到周末":
        return Cycle(Every.WEEK, (5, 6))
    if text == "一到晚上":
        return Cycle(Every.DAY)
    return Cycle(Every.DAY, words=text) if text in _ROUND_THE_CLOCK else Cycle(Every.OFTEN, words=text)
