"""Decides in a group of residents whether to speak: pure, over a short memory of the group's last lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import exp

from flows.called import unnamed
from flows.group_evidence import weighed
from flows.group_memory import (
    ALARM_AGAIN,
    HOUR,
    KEEP,
    KEEP_LINES,
    ONE_BREATH,
    TOLD,
    Heard,
    Line,
    Memory,
    Report,
    Waiting,
    changed,
    forget,
    latest,
    told_more,
)
from flows.group_words import ALSO, COMMON, CUES, NAMED, NEXT, QUARREL, SOLVED, SOMEBODY
from flows.group_yes import accepts
from nlu.frozen import replace
from nlu.normalize import fold, normalize
from nlu.understanding import Hazard

PATIENCE = timedelta(seconds=50)  # how long a doubtful matter waits for later lines; never over a minute
ANSWERED = timedelta(minutes=2)  # so long after an offer a line nobody is named in may be its answer
ROW_LASTS = timedelta(minutes=3)
OFFERS_AN_HOUR = 5
SURE_OFFERS_AN_HOUR = 8
REPLIES = 1.5  # what is said to one person, taken off the sum
OFFER = 0.8  # from this strength on a matter is offered at once
WAIT = 0.7  # from here on after a wait
DOUBTFUL = 0.3  # below this a line is no report at all, also of what is reported
CLEAR = 0.8  # what is this clearly a problem and of another service is a matter of its own


@dataclass(frozen=True, slots=True)
class Silent:
    """Says nothing; `joins` is the open report this line belongs to."""

    joins: Report | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """Offers `person`, once and briefly, to register `text`."""

    person: str
    text: str
    service: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """Answers who addressed it, or names the hotline where somebody is in danger."""

    danger: Hazard | None = None


@dataclass(frozen=True, slots=True)
class Begin:
    """Who told the matter says yes to the offer: it begins, in private."""

    report: Report


@dataclass(frozen=True, slots=True)
class Wait:
    """Would offer, but later lines may settle it first: `settle` is asked again at `until`."""

    until: datetime
    person: str = field(default="")
    text: str = field(default="")
    service: str = field(default="")
    place: str = field(default="")


Decision = Silent | Offer | Answer | Begin | Wait


def decide(memory: Memory, line: Line, now: datetime) -> Decision:
    """What to do about one line; `memory` is of the lines before it. Danger and who asks never wait."""
    if line.understanding.danger is not None:
        return _alarm(memory, line, now)
    if (taken := _taken(memory, line, now)) is not None:
        return Begin(taken)
    if line.to_us:
        return Answer()
    heard = fold(normalize(line.text))
    strength = problem(line)
    known = _same_matter(memory, line, heard, strength, now)
    if known is not None:
        return Silent(joins=known)
    if strength < WAIT or _is_row(memory, now) or not _may_offer(memory, now, strength >= OFFER):
        return Silent()
    seen = line.understanding
    told = seen.text, seen.service, seen.slots.place or ""
    if strength >= OFFER:
        return Offer(line.person, *told)
    return Wait(now + PATIENCE, line.person, *told)


def problem(line: Line) -> float:
    """How surely (0..1) a line tells everybody a concrete problem of this place that nobody has solved."""
    heard = fold(normalize(line.text))
    if len(heard) < 4 or SOMEBODY.search(heard):
        return 0.0
    return 1 / (1 + exp(REPLIES * (line.reply_to_person and not line.photo) - weighed(line.understanding)))


def remember(memory: Memory, line: Line, now: datetime, decision: Decision = Silent()) -> Memory:
    """Memory after `line` was heard and `decision` taken; forgets what is older than half an hour."""
    kept = forget(memory, now)
    heard = fold(normalize(line.text))
    if SOLVED.search(heard):
        kept = replace(kept, waiting=())
    fragment = not (isinstance(decision, Offer | Answer) or line.to_us or line.reply_to_person)
    kept = replace(kept, lines=(*kept.lines, Heard(line.person, line.text[:200], now, fragment))[-KEEP_LINES:])
    match decision:
        case Silent(joins=Report() as report) if line.person not in (report.person, *report.joined):
            return changed(kept, report, replace(report, joined=(*report.joined, line.person)))
        case Silent(joins=Report() as report) if line.person == report.person and _goes_on(memory, line, now):
            return told_more(kept, report, line.text)
        case Begin(report):
            return changed(kept, report, replace(report, taken=True))
        case Offer():
            return _offered(kept, decision, now)
        case Wait():
            waiting = Waiting(decision.person, decision.text, decision.service, decision.place, decision.until)
            return replace(kept, waiting=(*(w for w in kept.waiting if w.person != line.person), waiting))
        case Answer(danger=Hazard() as hazard):
            return replace(kept, alarms=(*kept.alarms, (hazard.value, now)))
    return kept


def _goes_on(memory: Memory, line: Line, now: datetime) -> bool:
    """Whether who told a matter tells more of it in the same breath, and not that it is over."""
    heard = fold(normalize(line.text))
    last = next((h.at for h in reversed(memory.lines) if h.person == line.person), None)
    to_all = not (line.reply_to_person or SOMEBODY.search(heard) or SOLVED.search(heard) or CUES["play"].search(heard))
    return to_all and len(heard) >= 4 and last is not None and now - last <= ONE_BREATH


def settle(memory: Memory, now: datetime) -> tuple[tuple[Offer, ...], Memory]:
    """The offers whose wait is over at `now`, and the memory after they were made."""
    due = tuple(w for w in memory.waiting if w.until <= now)
    kept = replace(forget(memory, now), waiting=tuple(w for w in memory.waiting if w.until > now))
    offers = []
    for waiting in due:
        if _is_row(kept, now) or not _may_offer(kept, now, False):
            continue
        offer = Offer(waiting.person, waiting.text, waiting.service, waiting.place)
        offers.append(offer)
        kept = _offered(kept, offer, now)
    return tuple(offers), kept


def _alarm(memory: Memory, line: Line, now: datetime) -> Decision:
    hazard = line.understanding.danger
    assert hazard is not None
    told = any(h == hazard.value and now - at < ALARM_AGAIN for h, at in memory.alarms)
    return Silent() if told and not line.to_us else Answer(danger=hazard)


def _taken(memory: Memory, line: Line, now: datetime) -> Report | None:
    """The matter whose offer this line says yes to: where nobody is named it has to follow soon, a bare yes at once."""
    report = latest(memory, line.person)
    if report is None or report.taken:
        return None
    soon = line.to_us or (now - report.at <= ANSWERED and not line.reply_to_person)
    at_once = line.to_us or {line.person} == {h.person for h in memory.lines[-1:]}
    return report if soon and accepts(unnamed(line.text), bare=at_once) else None


def _same_matter(memory: Memory, line: Line, heard: str, strength: float, now: datetime) -> Report | None:
    """The open report a line belongs to: more of the same from who reported it, or a neighbour who has it too."""
    if NEXT.match(heard):
        return None
    seen = line.understanding
    also = ALSO.search(heard) is not None
    waiting = (Report(w.person, w.service, w.place, w.until - PATIENCE, text=w.text) for w in memory.waiting)
    for report in sorted((*memory.open_reports, *waiting), key=lambda r: r.at, reverse=True):
        recent, told = now - report.at <= KEEP / 3, fold(report.text)
        same = report.service == seen.service
        if recent and (same or strength < CLEAR) and (report.person == line.person or also):
            return report
        if strength > DOUBTFUL and now - report.at <= KEEP:
            place = seen.slots.place or ""
            near = not place or place in report.text or (bool(report.place) and report.place in place)
            near = near and not _elsewhere(heard, told) and (also or strength < CLEAR or _share(heard, told, 2))
            if (same and near) or (recent and _share(heard, told, 3)):
                return report
    return None


def _elsewhere(one: str, other: str) -> bool:
    """Whether both lines name streets or buildings, and none in common."""
    mine, theirs = set(NAMED.findall(one)), set(NAMED.findall(other))
    return bool(mine and theirs) and not mine & theirs


def _share(one: str, other: str, size: int) -> bool:
    """Whether both lines say the same characters, so many of them, and no common ones: mostly the name of a place."""
    said = {one[i : i + size] for i in range(len(one) - size + 1)}
    return any(part in other and part.isalpha() and not COMMON.search(part) for part in said)


def _offered(memory: Memory, offer: Offer, now: datetime) -> Memory:
    report = Report(offer.person, offer.service, offer.place, now, text=offer.text[:TOLD])
    waiting = tuple(w for w in memory.waiting if w.person != offer.person)
    return replace(memory, offers=(*memory.offers, now), open_reports=(*memory.open_reports, report), waiting=waiting)


def _may_offer(memory: Memory, now: datetime, sure: bool) -> bool:
    lately = sum(now - at < HOUR for at in memory.offers) + len(memory.waiting)
    return lately < (SURE_OFFERS_AN_HOUR if sure else OFFERS_AN_HOUR)


def _is_row(memory: Memory, now: datetime) -> bool:
    """Whether people are at each other: two sharp lines of the last minutes."""
    sharp = [h for h in memory.lines if now - h.at <= ROW_LASTS and QUARREL.search(fold(normalize(h.text)))]
    return len(sharp) >= 2 and len({h.person for h in sharp}) >= 2
