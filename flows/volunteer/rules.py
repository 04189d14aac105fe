"""The rules of shifts: what is open, what clashes, which one a sentence means, and when people are reminded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from flows.domain.volunteering import age
from flows.effects import Late, Schedule, Unschedule
from flows.facts import ShiftView
from flows.volunteer_facts import VolunteerView
from nlu.dates.days import WEEK
from nlu.late import regex

EVENING = time(19)  # the evening before
REPLY = timedelta(hours=2)  # a free place is kept so long for the first of the waiting list
SOON = timedelta(hours=2)  # and again shortly before
WAKING = time(7)  # nobody is reminded earlier in the morning than this
SHORTEST = timedelta(minutes=30)  # a reminder later than this before the start helps nobody

_WEEKDAY = regex(r"(下+)?(这|本)?个?(?:周|星期|礼拜)([一二三四五六日天末1-7])")
_WORKDAYS = regex(r"平时|平日|平常|工作日|周一到周五|周中")
_NOT_THEN = regex(  # 周末要看店
    r"(?:周末|双休日?|(?:周|星期|礼拜)[六日天])(?:[两二]天)?[我们都也还]*(?:要(?!报|参加|去|来)|得|不|没|上班|加班|忙|有事|走不开|去不了|来不了)"
)
_DATE = regex(r"(?:(\d{1,2})月)?(\d{1,2})[号日](?![楼院线门路栋])")
_DAYS = {"今天": 0, "今晚": 0, "今日": 0, "明天": 1, "明早": 1, "明晚": 1, "明日": 1, "大后天": 3, "后天": 2}
_PARTS = (
    (regex(r"早上|早晨|上午|清早|明早|一早"), (time(0), time(12))),
    (regex(r"中午"), (time(11), time(14))),
    (regex(r"下午"), (time(12), time(18))),
    (regex(r"晚上|傍晚|今晚|明晚|夜里"), (time(17), time(23, 59))),
)
_COMMON = frozenset("我你您他想要去来能可以有没吗呢吧啊的了在是和跟个做当帮报名参加志愿者活动服务社区什么哪些请问一下")
_EVERYWHERE = frozenset(("老人", "孩子", "小学", "社区", "小区", "村里", "大家", "居民"))  # tell no shift from another


class Hindrance(StrEnum):
    """Why somebody may not take a place."""

    UNKNOWN = "unknown"
    TOO_YOUNG = "too young"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a sentence says about when and what: nothing said leaves it open.

    `weekdays`, Monday 0, are those named without a week: the coming one is meant, else any later one.
    """

    days: frozenset[date] | None
    weekdays: frozenset[int]
    part: tuple[time, time] | None
    words: frozenset[str]  # pairs of characters, those that say nothing left out


def wish(text: str, today: date) -> Wish:
    """The wish in a sentence. Days are read forward from today: 周六 is the coming one, 下周六 the one of next week."""
    part = next((span for pattern, span in _PARTS if pattern.search(text)), None)
    text = _NOT_THEN.sub(" ", text)
    if _WORKDAYS.search(text):
        return Wish(frozenset(), frozenset(range(5)), part, words(_WORKDAYS.sub(" ", text)))
    return Wish(_days(text, today), _any_week(text), part, words(text))


def words(text: str) -> frozenset[str]:
    pairs = (text[i : i + 2] for i in range(len(text) - 1))
    return frozenset(p for p in pairs if p.isalnum() and not set(p) <= _COMMON and p not in _EVERYWHERE)


def _days(text: str, today: date) -> frozenset[date] | None:
    found: set[date] = set()
    for word, ahead in _DAYS.items():
        if word in text and not (word == "后天" and "大后天" in text):
            found.add(today + timedelta(days=ahead))
    for weeks, _, day in _WEEKDAY.findall(text):
        found |= {_weekday(today, len(weeks), d) for d in _named(day)}
    for month, day in _DATE.findall(text):
        found |= _date(today, int(month) if month else None, int(day))
    return frozenset(found) or None


def _any_week(text: str) -> frozenset[int]:
    return frozenset(d for weeks, this, day in _WEEKDAY.findall(text) if not (weeks or this) for d in _named(day))


def _named(day: str) -> tuple[int, ...]:
    return (5, 6) if day == "末" else (WEEK[day],)


def _weekday(today: date, weeks: int, day: int) -> date:
    found = today + timedelta(weeks=weeks, days=day - today.weekday())
    return found if found >= today else found + timedelta(weeks=1)


def _date(today: date, month: int | None, day: int) -> set[date]:
    for ahead in range(13):  # the next such day
        at = (today.month - 1 + ahead) % 12 + 1
        year = today.year + (today.month - 1 + ahead) // 12
        if month not in (None, at):
            continue
        try:
            found = date(year, at, day)
        except ValueError:
            continue
        if found >= today:
            return {found}
    return set()


def open_shifts(shifts: tuple[ShiftView, ...], now: datetime) -> tuple[ShiftView, ...]:
    """Those one may still sign up for, soonest first."""
    fit = (s for s in shifts if s.starts_at > now and s.deadline > now and s.state == "open" and not s.mine)
    return tuple(sorted(fit, key=lambda s: (s.starts_at, s.id)))


def my_shifts(shifts: tuple[ShiftView, ...], now: datetime) -> tuple[ShiftView, ...]:
    """The person's own that have not ended, soonest first."""
    return tuple(sorted((s for s in shifts if s.mine and s.ends_at > now), key=lambda s: (s.starts_at, s.id)))


def late(shift: ShiftView, now: datetime) -> bool:
    """Whether giving a place back now comes so late that the organiser has to hear of it."""
    return now > shift.starts_at - timedelta(hours=shift.cancel_hours)


def hindrance(shift: ShiftView, me: VolunteerView | None, zone: ZoneInfo) -> Hindrance | None:
    """What keeps somebody from a shift that has a minimum age: not being registered, or being too young."""
    if not shift.min_age:
        return None
    if me is None or me.born is None:
        return Hindrance.UNKNOWN
    return Hindrance.TOO_YOUNG if age(me.born, shift.starts_at.astimezone(zone).date()) < shift.min_age else None


def unskilled(shift: ShiftView, me: VolunteerView | None) -> bool:
    """Whether a shift wants a skill that this person has not told of: asked before a place is taken."""
    return bool(shift.skills) and not set(me.skills if me else ()) & set(shift.skills or ())


def reply_by(shift: ShiftView, now: datetime) -> datetime:
    """Until when a place that became free is kept for the one it was offered to: two hours, less when it is soon."""
    return min(now + REPLY, now + (shift.starts_at - now) / 2)


def clash(shift: ShiftView, shifts: tuple[ShiftView, ...]) -> ShiftView | None:
    """One of the person's own shifts that overlaps in time."""
    mine = (s for s in shifts if s.mine and s.id != shift.id)
    return next((s for s in mine if s.starts_at < shift.ends_at and shift.starts_at < s.ends_at), None)


def full(shift: ShiftView) -> bool:
    return shift.taken >= shift.capacity or shift.waiting > 0


def fitting(shifts: tuple[ShiftView, ...], wanted: Wish, zone: ZoneInfo) -> tuple[ShiftView, ...]:
    """The shifts a wish means, as given when it says nothing; those sharing most words only, when it names a thing:
    by title and place, else by what is done there."""
    fit = [s for s in shifts if _at(s, wanted, zone)]
    if not fit and wanted.weekdays:
        later = replace(wanted, days=None)
        fit = [s for s in shifts if s.starts_at.astimezone(zone).weekday() in wanted.weekdays and _at(s, later, zone)]
    scores = [len(wanted.words & words(f"{s.title}{s.place}")) for s in fit]
    if not any(scores):
        scores = [len(wanted.words & words(s.about)) for s in fit]
    best = max(scores, default=0)
    if best == 0:
        return tuple(fit)
    return tuple(s for s, score in zip(fit, scores, strict=True) if score == best)


def names_something(shifts: tuple[ShiftView, ...], wanted: Wish) -> bool:
    """Whether a wish says when, or a word that stands in one of the shifts."""
    known = frozenset().union(*(words(f"{s.title}{s.place}") for s in shifts))
    return wanted.days is not None or wanted.part is not None or bool(wanted.words & known)


def _at(shift: ShiftView, wanted: Wish, zone: ZoneInfo) -> bool:
    start = shift.starts_at.astimezone(zone)
    if wanted.days is not None and start.date() not in wanted.days:
        return False
    return wanted.part is None or wanted.part[0] <= start.time() < wanted.part[1]


def reminders(shift: ShiftView, person: int, now: datetime, zone: ZoneInfo) -> tuple[Schedule, ...]:
    """The evening before at 19:00 and two hours before (never before 7:00); what is already past is left out."""
    start = shift.starts_at.astimezone(zone)
    evening = datetime.combine(start.date() - timedelta(days=1), EVENING, zone)
    soon = start - SOON
    soon = max(soon, datetime.combine(soon.date(), WAKING, zone))
    times = {"eve": evening, "soon": soon}
    return tuple(
        Schedule(
            kind="shift.remind",
            key=f"{reminder_key(shift.id, person)}:{name}",
            at=at,
            subject={"shift": shift.id, "person": person},
            late=Late.EXPIRE,
            expires_at=shift.starts_at,
        )
        for name, at in times.items()
        if now < at <= start - SHORTEST
    )


def no_reminders(shift: int, person: int) -> Unschedule:
    return Unschedule(f"{reminder_key(shift, person)}:*")


def reminder_key(shift: int, person: int) -> str:
    return f"shift.remind:{shift}:{person}"
