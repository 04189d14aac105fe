"""What happens to shifts without a conversation: somebody moves up, a reminder falls due, new shifts are told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flows.effects import CancelSignUp, Effect, Lane, Option, Privately, Say, Schedule, SignUp, Unschedule
from flows.errors import NotAllowed
from flows.facts import ShiftView
from flows.volunteer import texts
from flows.volunteer.rules import no_reminders, open_shifts, reminders, reply_by

HOME = ZoneInfo("Asia/Shanghai")
MORNING = time(10)  # when new shifts are looked for, for those who asked to be told
PATIENCE = timedelta(days=60)


def moved_up(
    shift: ShiftView, person: int, now: datetime, zone: ZoneInfo = HOME, said: str = texts.MOVED_UP, **more: str
) -> tuple[Effect, ...]:
    """A place that was given back is kept for the first of the waiting list, who says once more whether to come.

    Nothing once the shift has begun.
    """
    if shift.starts_at <= now:
        return ()
    until = reply_by(shift, now)
    local = until.astimezone(zone)
    text = texts.filled(said, shift, zone, until=f"{texts.day(local)} {texts.hour(local)}", **more)
    subject = {"shift": shift.id, "person": person}
    yes = Option(texts.I_COME, "shift.take", subject, person=person)
    no = Option(texts.NOT_COMING, "shift.pass", subject, person=person)
    return (
        SignUp(shift.id, person, "offered"),
        Say(text, to=Privately(person), lane=Lane.PUSH, options=((yes, no),)),
        Schedule("shift.lapse", offer_key(shift.id, person), until, subject),
    )


def taken(shift: ShiftView, person: int, now: datetime, zone: ZoneInfo = HOME) -> tuple[Effect, ...]:
    """The one who was offered a place takes it. Raises NotAllowed when it was offered too long ago."""
    if shift.mine == "confirmed":
        raise NotAllowed(texts.MINE_ALREADY)
    if shift.mine != "offered" or shift.state != "open":
        raise NotAllowed(texts.TOO_LATE)
    due = reminders(shift, person, now, zone)
    said = texts.filled(texts.JOINED, shift, zone, remind=texts.JOINED_REMIND if due else "")
    return (SignUp(shift.id, person, "confirmed"), Unschedule(offer_key(shift.id, person)), *due, Say(said))


def passed(shift: ShiftView, person: int, *, lapsed: bool, zone: ZoneInfo = HOME) -> tuple[Effect, ...]:
    """The one who was offered a place does not take it, or says nothing: the next one is asked."""
    if shift.mine != "offered":
        return ()
    text = texts.filled(texts.LAPSED if lapsed else texts.PASSED, shift, zone)
    said = Say(text, to=Privately(person), lane=Lane.PUSH)
    return (CancelSignUp(shift.id, person), Unschedule(offer_key(shift.id, person)), said)


def left(shift: ShiftView, person: int, zone: ZoneInfo = HOME) -> tuple[Effect, ...]:
    """One of the list gives the place back, or waits no longer. Raises NotAllowed when it was given back already."""
    if not shift.mine:
        raise NotAllowed(texts.ALREADY_LEFT)
    text = texts.LEFT_QUEUE if shift.mine == "waiting" else texts.LEFT
    return (CancelSignUp(shift.id, person), no_reminders(shift.id, person), Say(texts.filled(text, shift, zone)))


def offer_key(shift: int, person: int) -> str:
    return f"shift.lapse:{shift}:{person}"


def reminder(shift: ShiftView, person: int, now: datetime, zone: ZoneInfo = HOME) -> tuple[Effect, ...]:
    """What a due `shift.remind` comes to: one line to a person who still has the place (`mine` is that person's)."""
    if shift.mine != "confirmed" or shift.starts_at <= now:
        return ()
    start = shift.starts_at.astimezone(zone)
    tomorrow = start.date() > now.astimezone(zone).date()
    text = texts.filled(texts.REMIND_EVE if tomorrow else texts.REMIND_SOON, shift, zone, hour=texts.hour(start))
    return (Say(text, to=Privately(person), lane=Lane.PUSH),)


def tell_later(person: int, area: int | None, now: datetime, zone: ZoneInfo = HOME) -> Schedule:
    """Somebody wants to hear when there is something to sign up for: looked for every morning, for two months."""
    until = (now + PATIENCE).astimezone(zone).date()
    return _look({"person": person, "area": area, "until": until.isoformat()}, now, zone)


def news(
    shifts: Sequence[ShiftView], subject: Mapping[str, Any], now: datetime, zone: ZoneInfo = HOME
) -> tuple[Effect, ...]:
    """What a due `volunteer.news` comes to: the shifts that are open now, told once; none yet: looked for tomorrow."""
    found = open_shifts(tuple(shifts), now)
    if found:
        text = texts.NEWS.format(lines="\n".join(texts.line(s, zone) for s in found[:5]))
        return (Say(text, to=Privately(int(subject["person"])), lane=Lane.BROADCAST),)
    if now.astimezone(zone).date() >= date.fromisoformat(str(subject["until"])):
        return ()
    return (_look(subject, now, zone),)


def _look(subject: Mapping[str, Any], now: datetime, zone: ZoneInfo) -> Schedule:
    day = now.astimezone(zone).date() + timedelta(days=1)
    key = f"{news_key(int(subject['person']))}:{day.isoformat()}"
    return Schedule("volunteer.news", key, datetime.combine(day, MORNING, zone), subject)


def news_key(person: int) -> str:
    return f"volunteer.news:{person}"
