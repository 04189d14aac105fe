"""The windows and the free times of an appointment: what may be chosen, and what a day or a part of it means."""

from __future__ import annotations

from datetime import datetime

from flows.appointment import texts
from flows.complaint.rules import spoken
from flows.domain.booking import Window, free
from flows.errors import Unclear
from flows.flow import Answers, Choice, Turn
from flows.volunteer.rules import wish
from flows.when import moment
from nlu.late import regex

SHOWN = 8
CLOCK = regex(r"\d\s*[:：点时]|[一二两三四五六七八九十]点")


def window_of(answers: Answers, turn: Turn) -> Window | None:
    """The window that was chosen."""
    return next((w for w in turn.facts.windows if w.key == answers.get("window")), None)


def community_of(answers: Answers, turn: Turn) -> int:
    """Whose windows are meant; 0: nobody knows."""
    return turn.facts.community or int(answers.get("area") or 0)


def free_times(answers: Answers, turn: Turn) -> tuple[datetime, ...]:
    """When a place is free at the window that was chosen, soonest first."""
    window = window_of(answers, turn)
    if window is None:
        return ()
    here = community_of(answers, turn)
    taken = {at: number for area, key, at, number in turn.facts.booked if (area, key) == (here, window.key)}
    return free(window, taken, turn.now, turn.zone, turn.facts.hours.workday)


def slots(answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    """Some of the free times: the next ones, then the first of each later day, so that a week can be seen."""
    found = (meant(str(answers["wish"]), answers, turn) if "wish" in answers else ()) or free_times(answers, turn)
    first = {at.date(): at for at in reversed(found)}
    shown = sorted({*found[:4], *list(first.values())[::-1][:6]})[:SHOWN]
    return tuple(Choice(at.isoformat(), spoken(at, turn.now, turn.zone)) for at in shown)


def meant(text: str, answers: Answers, turn: Turn) -> tuple[datetime, ...]:
    """The free times of the day, or the part of it, that is named (明天上午); all of them where none is."""
    wanted, free_ones = wish(text, turn.now.astimezone(turn.zone).date()), free_times(answers, turn)
    local = [(at, at.astimezone(turn.zone)) for at in free_ones]
    return tuple(
        at
        for at, here in local
        if (wanted.days is None or here.date() in wanted.days)
        and (wanted.part is None or wanted.part[0] <= here.time() < wanted.part[1])
    )


def timed(answers: Answers, turn: Turn) -> bool:
    """Whether what was chosen has times of its own."""
    window = window_of(answers, turn)
    return bool(window and window.hours)


def named(turn: Turn, text: str) -> bool:
    """Whether a day or a part of it is named, and no hour."""
    wanted = wish(text, turn.now.astimezone(turn.zone).date())
    return bool(wanted.days or wanted.part) and not CLOCK.search(text)


def slot(turn: Turn, answers: Answers) -> str:
    """A time typed instead of chosen. Raises Unclear."""
    at = moment(turn.said.text, turn.now.astimezone(turn.zone))
    if at not in free_times(answers, turn):
        raise Unclear(texts.NOT_A_SLOT)
    return at.isoformat()
