"""What happens to shifts without a conversation: somebody moves up, a reminder falls due, new shifts are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from flows.effects import Effect, Lane, Privately, Say, SignUp
from flows.facts import ShiftView
from flows.volunteer import texts
from flows.volunteer.rules import reminders

HOME = ZoneInfo("Asia/Shanghai")
NEWS = "volunteer_news"  # the consent of those who want to hear of new shifts
NEWS_VERSION = "2026-1"


def moved_up(shift: ShiftView, person: int, now: datetime, zone: ZoneInfo = HOME) -> tuple[Effect, ...]:
    """The first of the waiting list takes a place that was given back; nothing once the shift has begun."""
    if shift.starts_at <= now:
        return ()
    due = reminders(shift, person, now, zone)
    remind = texts.JOINED_REMIND if due else ""
    text = texts.filled(texts.MOVED_UP, shift, zone, remind=remind)
    return (SignUp(shift.id, person, "confirmed"), Say(text, to=Privately(person), lane=Lane.PUSH), *due)


def reminder(shift: ShiftView, person: int, now: datetime, zone: ZoneInfo = HOME) -> tuple[Effect, ...]:
    """What a due `shift.remind` comes to: one line to a person who still has the place (`mine` is that person's)."""
    if shift.mine != "confirmed" or shift.starts_at <= now:
        return ()
    start = shift.starts_at.astimezone(zone)
    tomorrow = start.date() > now.astimezone(zone).date()
    text = texts.filled(texts.REMIND_EVE if tomorrow else texts.REMIND_SOON, shift, zone, hour=texts.hour(start))
    return (Say(text, to=Privately(person), lane=Lane.PUSH),)


def news(shifts: Sequence[ShiftView], person: int, zone: ZoneInfo = HOME) -> tuple[Effect, ...]:
    """New shifts, told to one who asked to hear of them (consent `volunteer_news`)."""
    if not shifts:
        return ()
    lines = "\n".join(texts.line(replace(s, mine=None), zone) for s in shifts[:5])
    return (Say(texts.NEWS.format(lines=lines), to=Privately(person), lane=Lane.PUSH),)
