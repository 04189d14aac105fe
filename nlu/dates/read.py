"""Words about time turned into the time they mean: clear, in doubt with what they may mean, or none at all."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from nlu.dates import cues, lunar
from nlu.dates.around import YEARS, Around, Day
from nlu.dates.clocks import DAY
from nlu.dates.days import last_day, readings
from nlu.dates.habits import habits, minutes, offsets
from nlu.dates.numbers import number
from nlu.dates.sides import FUZZY, Side, ago, lasting, sides
from nlu.dates.tokens import tokens
from nlu.dates.values import Cycle, Doubt, Every, Grain, Kind, When, Why
from nlu.frozen import replace

MOST = 3  # readings of a doubt
LONGEST = 60  # characters that are looked at
BORROWS = frozenset(("day_number", "weekday", "month_day"))  # 10月1日到7日: the end takes its month from the start
NO_TIME = frozenset(("other", "about", "to", "after", "before", "since"))
Found = When | Doubt | None


def resolve(text: str, now: datetime, *, future: bool = False, before: str = "", after: str = "") -> Found:
    """The time that normalised `text` tells of, seen from `now` (aware; its zone is where people live).

    The past is meant unless `future` is. `before` and `after` are the words around it, which may say that it is a
    habit, a beginning or a limit. None: nothing about time. Never raises on any text.
    """
    try:
        return _resolve(text.strip()[:LONGEST], Around(now, future), before[-12:], after[:12])
    except (OverflowError, ValueError):  # 九百九十九年前, 10月1日到40日
        return Doubt(Why.NO_SUCH)


def _resolve(text: str, around: Around, before: str, after: str) -> Found:
    found = tokens(text)
    if all(t.sort in NO_TIME for t in found) or (cues.limit(after) and all(t.sort == "lasting" for t in found)):
        return None
    left, right = sides(found)
    if left.odd or left.next_day or (right and right.odd) or cues.lunar(before):
        return Doubt(Why.VAGUE)
    often, listed = cues.often(before, after), any(t.sort == "week_list" for t in left.habits)
    if listed and not often and "every" not in left.habits[0].said:  # 周六周日停水: one weekend, or all of them
        return Doubt(Why.VAGUE)
    left.about |= left.bound == "after" and (left.bare or bool(left.habits))
    if left.habits or (right and right.habits) or (often and _may_be_habit(left)):
        return _habit(left, right, around, before)
    if (left.bound == "before" and not left.length) or (left.part_only and cues.lasted(before)):
        return Doubt(Why.VAGUE)
    return _told_once(left, right, around, before, after)


def _told_once(left: Side, right: Side | None, around: Around, before: str, after: str) -> Found:
    left.since |= cues.since(before, after)
    left.until_now |= cues.until_now(after)
    if right is not None and right.is_now:
        right, left.since, left.until_now = None, True, True
    made = _once(left, around, before, after) if right is None else _span(left, right, around)
    if isinstance(made, Doubt):
        return made
    if right is None and (left.since or (left.bound == "after" and not left.bare)):
        made = tuple(_since(one, left, around) for one in made)
    return _chosen(made, left, around)


def _may_be_habit(left: Side) -> bool:
    return left.bare or (left.day is not None and left.day.sort == "weekday")


def _habit(left: Side, right: Side | None, around: Around, before: str) -> Found:
    """A habit, with the stretch it belongs to where one is told: 从10月起每天晚上, 上周每天."""
    stretch: When | None = None
    if left.day is not None and any(t.sort == "every_year" for t in left.habits):
        words = f"每年{left.day.text}"
        return When(Kind.CYCLE, Grain.DAY, cycle=Cycle(Every.YEAR, words=words))
    if left.length is not None:
        stretch, left.length = lasting(left.length, around.now), None
    elif left.day is not None and left.habits and left.day.sort not in ("weekday", *FUZZY):
        days = [d for d in readings(left.day, around) if d.first <= around.today]
        if len(days) != 1:
            return Doubt(Why.VAGUE)
        stretch, left.day = _at(days[0], 0, 0, left, around), None
        stretch = _since(stretch, left, around) if left.since or cues.since(before, "") else stretch
    made = habits(left, right)
    if not made:
        return Doubt(Why.VAGUE)
    if stretch is not None:
        made = tuple(replace(one, start=stretch.start, end=stretch.end) for one in made)
    return made[0] if len(made) == 1 else Doubt(Why.WHICH_HOUR, made[:MOST])


def _since(one: When, left: Side, around: Around) -> When:
    """From then on: until now where the words say so, else nobody knows until when (昨晚十点开始施工)."""
    if one.kind is Kind.CYCLE or around.future:
        return one
    return replace(one, kind=Kind.SINCE, end=around.now if left.until_now else None)


def _once(left: Side, around: Around, before: str, after: str) -> tuple[When, ...] | Doubt:
    if left.now:
        return (When(Kind.AT, Grain.MINUTE, around.now, around.now, about=True),)
    if left.length is not None:
        return _length(left, around, before, after)
    if left.day is None:
        return _bare(left, around)
    if left.day.sort in FUZZY:
        return Doubt(Why.VAGUE)
    days = _days(left, around)
    if not days:
        return Doubt(Why.VAGUE if left.day.sort in ("feast", "lunar", "day", "lunar_month") else Why.NO_SUCH)
    if left.part is None and left.clock is None:
        return tuple(_at(day, 0, 0, left, around) for day in days)
    return _on(days, left, around)


def _length(left: Side, around: Around, before: str, after: str) -> tuple[When, ...] | Doubt:
    assert left.length is not None
    if left.part or left.clock or left.day:
        return Doubt(Why.VAGUE)
    token = left.length
    if token.sort == "ago":
        found = ago(token, around.now)
        return (found,) if found else Doubt(Why.VAGUE)
    told = token.text.endswith(("了", "以来")) or "near" in token.said or cues.goes_on(before, after)
    since = lasting(token, around.now) if told else None
    return (since,) if since else Doubt(Why.VAGUE)


def _days(left: Side, around: Around) -> tuple[Day, ...]:
    assert left.day is not None
    if left.year is None:
        return readings(left.day, around)
    said = left.year.said
    year = around.today.year + YEARS[said["rel"]] if "rel" in said else number(said["year"]) or 0
    span = lunar.feast(left.day.said["name"], year) if left.day.said.get("edge") not in ("前", "后", "放假前") else None
    return (Day(*span),) if span else ()


def _on(days: tuple[Day, ...], left: Side, around: Around) -> tuple[When, ...] | Doubt:
    """An hour or a part of a day."""
    if any(day.grain is not Grain.DAY or day.first != day.last for day in days):
        return Doubt(Why.VAGUE)
    hours = offsets(left)
    if not hours:
        return Doubt(Why.NO_SUCH)
    made = [_at(day, at, length, left, around) for day in days for at, length in hours]
    if left.clock is None and left.part and left.part[2] in ("夜里", "后半夜") and not around.future:
        # 今天半夜, said in the morning, is the night that has just ended
        made += [_at(day, at - DAY, n, left, around) for day in days for at, n in hours if day.first == around.today]
    return tuple(dict.fromkeys(made))


def _at(day: Day, minute: int, length: int, left: Side, around: Around) -> When:
    midnight = datetime.combine(day.first, datetime.min.time(), around.now.tzinfo)
    about = day.about or left.about or bool(left.clock and left.clock.about)
    if not length:
        end = datetime.combine(day.last, datetime.min.time(), around.now.tzinfo) + timedelta(days=1)
        kind = Kind.AT if day.grain is not Grain.DAY or day.first == day.last else Kind.SPAN
        return When(kind, day.grain, midnight, end, about)
    grain = left.clock.grain if left.clock else Grain.PART
    start = midnight + timedelta(minutes=minute)
    part = left.part[2] if left.part and not left.clock else ""
    return When(Kind.AT, grain, start, start + timedelta(minutes=length), about, part)


def _bare(left: Side, around: Around) -> tuple[When, ...] | Doubt:
    """An hour or a part of the day alone: the last time it was so (the next); or, of the past, always so."""
    hours = offsets(left)
    if not hours:
        return Doubt(Why.NO_SUCH)
    days = [Day(d, d) for d in _near(around.today)]
    once = []
    for at in dict.fromkeys(at % DAY for at, _ in hours):
        made = [_at(day, at, hours[0][1], left, around) for day in days]
        once.append(_nearest(made, around))
    found = tuple(one for one in once if one)
    if around.future or len(found) > 1 or (left.since and left.until_now):
        return found
    return (*found, *habits(left, None)[:1])


def _near(today: date) -> tuple[date, ...]:
    return tuple(today + timedelta(days=n) for n in (-1, 0, 1))


def _nearest(made: list[When], around: Around) -> When | None:
    right = [one for one in made if one.start and _meant(one, around)]
    return (right[0] if around.future else right[-1]) if right else None


def _meant(one: When, around: Around) -> bool:
    """Whether it lies in the direction that is meant."""
    if one.kind is Kind.CYCLE or one.start is None:
        return True
    return (one.end or one.start) > around.now if around.future else one.start <= around.now


def _span(left: Side, right: Side, around: Around) -> tuple[When, ...] | Doubt:
    """From one time to another; the other borrows what it doesn't say itself."""
    starts = _once(left, around, "", "")
    if isinstance(starts, Doubt):
        return starts
    made: list[When] = []
    for start in starts:
        if start.kind is Kind.CYCLE:
            made += habits(left, right)
        elif (end := _until(start, right, around)) is not None:
            part = right.part[2] if right.part and not right.clock else ""
            made.append(_over(replace(start, kind=Kind.SPAN, end=end, part=part), left, around))
    return tuple(made) or Doubt(Why.NO_SUCH)


def _over(span: When, left: Side, around: Around) -> When:
    """Of hours that are told without a day, the last ones that are over."""
    if around.future or not left.bare or span.start is None or span.end is None or span.end <= around.now:
        return span
    return replace(span, start=span.start - timedelta(days=1), end=span.end - timedelta(days=1))


def _until(start: When, right: Side, around: Around) -> datetime | None:
    """The end of a stretch that begins at `start`."""
    assert start.start is not None
    if (
        right.day is not None
        and right.day.sort in BORROWS
        and not (right.clock or right.part or "rel" in right.day.said)
    ):
        return last_day(start.start.replace(hour=0, minute=0), right.day)
    if right.day is not None:
        ends = _once(right, replace(around, future=False), "", "")
        if isinstance(ends, Doubt):
            return None
        found = [e.start if right.clock else e.end for e in ends if e.start and e.end]
        return min((at for at in found if at and at > start.start), default=None)
    if right.clock is None and right.part is None:
        return None
    midnight = start.start.replace(hour=0, minute=0) + timedelta(days=int(right.next_day))
    if right.clock is None:
        assert right.part is not None
        found = [midnight + timedelta(minutes=right.part[1])]
    else:
        found = [midnight + timedelta(minutes=m) for m in minutes(right.clock, right)]
    later = [at if at > start.start else at + timedelta(days=1) for at in found]
    return min(later) if later else None


def _chosen(made: tuple[When, ...], left: Side, around: Around) -> When | Doubt:
    """The one reading that is left, or the doubt between them."""
    keep = tuple(dict.fromkeys(one for one in made if _meant(one, around) or _both_ways(left, around)))
    if not keep:
        return Doubt(Why.AHEAD, made[:1])
    keep = tuple(_ended(one, around) for one in keep)
    if len(keep) == 1:
        return keep[0]
    once = sorted((o for o in keep if o.start), key=lambda o: o.start or around.now, reverse=True)
    ordered = (*once, *(o for o in keep if not o.start))
    return Doubt(_why(keep, left), ordered[:MOST])


def _both_ways(left: Side, around: Around) -> bool:
    """12月3号, said in November: the coming one may be meant."""
    return bool(left.day) and any(day.ahead for day in _days(left, around))


def _ended(one: When, around: Around) -> When:
    """What goes on still has no end yet."""
    if around.future or one.end is None or one.start is None or one.start > around.now or one.end <= around.now:
        return one
    if one.kind is Kind.SPAN and one.grain is not Grain.DAY:
        return one
    return replace(one, end=around.now)


def _why(keep: tuple[When, ...], left: Side) -> Why:
    if any(one.kind is Kind.CYCLE for one in keep):
        return Why.HABIT
    if len({one.start.timetz() for one in keep if one.start}) == 1:
        return Why.WHICH_DAY
    if left.clock is not None and left.part is None:
        return Why.WHICH_HOUR
    if left.clock is not None and left.part is not None and left.part[2] in ("晚上", "夜里", "整夜", "后半夜"):
        return Why.WHICH_NIGHT
    return Why.WHICH_DAY
