"""What is remembered of one group for half an hour: its last lines, what was offered, what waits; pure values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from flows.group_words import SOMEBODY
from nlu.frozen import replace
from nlu.understanding import Understanding

KEEP_LINES = 30
TOLD = 500  # characters kept of a matter
KEEP = timedelta(minutes=30)
HOUR = timedelta(hours=1)
ONE_BREATH = timedelta(seconds=60)  # lines of one person that close together are one message
ALARM_AGAIN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Line:
    """One line somebody said; `understanding` is of the joined text when `pending_text` gave something to join."""

    person: str
    text: str
    understanding: Understanding
    addressed: bool = False
    reply_to_bot: bool = False
    reply_to_person: bool = False
    photo: bool = False

    @property
    def to_us(self) -> bool:
        """Whether the assistant is meant."""
        return self.addressed or self.reply_to_bot


class Heard(NamedTuple):  # thirty of them are read for a line: a dataclass takes two and a half times as long to make
    """What is kept of a line, for half an hour and never in a log."""

    person: str
    text: str
    at: datetime
    open_end: bool  # may be the first half of something


@dataclass(frozen=True, slots=True)
class Report:
    """A matter the assistant has offered to register; `joined` are other people who have it too; `taken`: who told it
    has said yes."""

    person: str
    service: str
    place: str
    at: datetime
    joined: tuple[str, ...] = ()
    text: str = ""
    taken: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """A matter that is offered at `until` unless somebody solves it first."""

    person: str
    text: str
    service: str
    place: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered of one group; small, and JSON both ways."""

    lines: tuple[Heard, ...] = ()
    open_reports: tuple[Report, ...] = ()
    offers: tuple[datetime, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    alarms: tuple[tuple[str, datetime], ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "lines": [[h.person, h.text, h.at.isoformat(), h.open_end] for h in self.lines],
            "open_reports": [
                [r.person, r.service, r.place, r.at.isoformat(), list(r.joined), r.text, r.taken]
                for r in self.open_reports
            ],
            "offers": [at.isoformat() for at in self.offers],
            "waiting": [[w.person, w.text, w.service, w.place, w.until.isoformat()] for w in self.waiting],
            "alarms": [[hazard, at.isoformat()] for hazard, at in self.alarms],
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Memory:
        """Raises KeyError, ValueError or TypeError when `stored` was not made by `to_json`."""
        time = datetime.fromisoformat
        return cls(
            lines=tuple(Heard(p, t, time(at), bool(o)) for p, t, at, o in stored["lines"]),
            open_reports=tuple(
                Report(p, s, w, time(at), tuple(j), t, bool(y)) for p, s, w, at, j, t, y in stored["open_reports"]
            ),
            offers=tuple(time(at) for at in stored["offers"]),
            waiting=tuple(Waiting(p, t, s, w, time(until)) for p, t, s, w, until in stored["waiting"]),
            alarms=tuple((hazard, time(at)) for hazard, at in stored["alarms"]),
        )


def pending_text(memory: Memory, person: str, now: datetime) -> str | None:
    """What `person` said a moment ago and a new line may complete; the caller understands both joined."""
    said = [h for h in memory.lines if h.person == person]
    if not said or now - said[-1].at > ONE_BREATH or not said[-1].open_end:
        return None
    text = said[-1].text
    return text if any(c.isalnum() for c in text) and not SOMEBODY.search(text) else None


def told_more(memory: Memory, report: Report, text: str) -> Memory:
    """The matter with one more line of who told it."""
    mine = (report.person, report.text)
    waiting = tuple(replace(w, text=_and(w.text, text)) if (w.person, w.text) == mine else w for w in memory.waiting)
    return replace(changed(memory, report, replace(report, text=_and(report.text, text))), waiting=waiting)


def changed(memory: Memory, report: Report, now: Report) -> Memory:
    """The memory with one matter as it is now."""
    return replace(memory, open_reports=tuple(now if r == report else r for r in memory.open_reports))


def _and(told: str, more: str) -> str:
    return f"{told}，{more}"[:TOLD]


def latest(memory: Memory, person: str) -> Report | None:
    """The matter `person` was offered to register last, as far as it is remembered."""
    return next((r for r in reversed(memory.open_reports) if r.person == person), None)


def whole(memory: Memory, person: str, text: str) -> str:
    """What `person` has told of the matter that began with `text`, as far as it is remembered."""
    mine = [r.text for r in memory.open_reports if r.person == person and r.text.startswith(text)]
    return mine[-1] if mine else text


def forget(memory: Memory, now: datetime) -> Memory:
    """Without what is older than it may be."""
    return replace(
        memory,
        lines=tuple(h for h in memory.lines if now - h.at <= KEEP),
        open_reports=tuple(r for r in memory.open_reports if now - r.at <= KEEP),
        offers=tuple(at for at in memory.offers if now - at < HOUR),
        alarms=tuple(alarm for alarm in memory.alarms if now - alarm[1] < ALARM_AGAIN),
    )
