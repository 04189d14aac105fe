"""The clocks of a case: when each runs out, who is warned before, and who up the tree supervises afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flows.complaint import texts
from flows.complaint.around import Around
from flows.complaint.card import brief, question
from flows.complaint.rules import spoken
from flows.domain.calendar import add_working, working_between
from flows.domain.case import ALIVE, LEVELS, Case, Status
from flows.domain.places import building_level
from flows.effects import ActOnCase, CardKey, Effect, Lane, Option, Privately, Say, Schedule, StaffRoom, Unschedule
from flows.facts import ServiceView

SILENCE = timedelta(days=7)  # after a result: then it closes by itself
ANSWERS_IN = (timedelta(days=3), timedelta(days=4))  # the resident is asked again, then the clock goes on
DECIDE_IN = timedelta(hours=3)  # working time, over an extension
REPORT_IN = timedelta(hours=1)  # working time, unless the caller says otherwise
LADDER = {  # who hears it on which level
    "grid": "grid_leader",
    "community": "community_staff",
    "subdistrict": "duty_leader",
    "city": "duty_leader",
}
# How long each step of the ladder has, working time; on its top it is told again after the second one.
STEP = {"acknowledge": timedelta(hours=1), "resolve": timedelta(hours=7)}
TOP = {"acknowledge": timedelta(hours=7), "resolve": timedelta(hours=35)}

# What can wait that long rings on the half hour: what comes to one chat within it comes in one message.
BEAT = timedelta(minutes=30)

# The law's outer limits in days from the opening, and when each is rung for: well before, and when it is there.
# 信访工作条例 2022 art. 22-23 (15 days to accept), art. 34 (60 days to finish, one extension of at most 30).
ACCEPT_IN, FINISH_IN, EXTENDED_BY = 15, 60, 30
RINGS = (("accept", 10), ("accept", 13), ("finish", 45), ("finish", 55), ("finish", 60))


def dues(service: ServiceView, around: Around) -> dict[str, str]:
    """Both clocks of a service from now on, as an event keeps them."""
    return {"acknowledge_due": acknowledge_due(service, around), "resolve_due": resolve_due(service, around)}


def acknowledge_due(service: ServiceView, around: Around) -> str:
    return add_working(around.hours, around.now, timedelta(minutes=service.acknowledge_minutes)).isoformat()


def resolve_due(service: ServiceView, around: Around) -> str:
    return add_working(around.hours, around.now, timedelta(hours=service.resolve_hours)).isoformat()


def going_on(case: Case, around: Around) -> dict[str, str]:
    """The resolve clock of a case that stood still and goes on: with the working time that was left then."""
    if case.suspended_at is None or case.resolve_due is None or case.resolve_due <= case.suspended_at:
        return {}
    left = working_between(around.hours, case.suspended_at, case.resolve_due)
    return {"resolve_due": add_working(around.hours, around.now, left).isoformat()}


def extended(case: Case, around: Around) -> str:
    """The resolve clock after its one extension: never beyond what the law allows."""
    assert case.since
    base = max(case.resolve_due or around.now, around.now)
    wanted = add_working(around.hours, base + timedelta(days=case.asked_days), timedelta())
    return min(wanted, case.since + timedelta(days=FINISH_IN + EXTENDED_BY)).isoformat()


# -- the rows of the clock -------------------------------------------------------------------------------------------


def running(case: Case) -> dict[str, datetime]:
    """The clocks that run: of taking it while nobody has it, of finishing it unless the resident has to answer."""
    if case.status not in ALIVE or case.area is None:
        return {}
    found = {}
    if case.owner is None and case.acknowledge_due:
        found["acknowledge"] = case.acknowledge_due
    if case.suspended_at is None and case.resolve_due:
        found["resolve"] = case.resolve_due
    return found


def keep_time(before: Case, after: Case, around: Around) -> tuple[Effect, ...]:
    """The rows of the clock that a move changes; `before` a fresh Case(): it was just opened."""
    key = f"case.{after.id}"
    if after.status not in ALIVE:
        ended: tuple[Effect, ...] = (Unschedule(f"{key}.*"),)
        if after.status is Status.RESOLVED:
            ended += (Schedule("case.lapse", f"{key}.lapse", around.now + SILENCE, {"case": after.id}),)
        return ended
    was, now = running(before) if before.id else {}, running(after)
    found: list[Effect] = [Unschedule(f"{key}.due.{clock}") for clock in was if clock not in now]
    found += [warning(after, clock, due, around) for clock, due in now.items() if was.get(clock) != due]
    if before.status not in ALIVE:
        found += [Unschedule(f"{key}.lapse"), Unschedule(f"follow.{after.id}.*")]
    if before.status not in ALIVE or (before.since, before.extended) != (after.since, after.extended):
        found += outer(after, around)
    return (*found, *_waits(before, after, around))


def _waits(before: Case, after: Case, around: Around) -> list[Effect]:
    """What waits for the resident's answer, and for departments to report in."""
    key, subject = f"case.{after.id}", {"case": after.id}
    found: list[Effect] = []
    if after.suspended_at and after.suspended_at != before.suspended_at:
        found.append(Schedule("case.answer", f"{key}.answer", around.now + ANSWERS_IN[0], {**subject, "times": 0}))
    elif before.suspended_at and not after.suspended_at:
        found.append(Unschedule(f"{key}.answer"))
    if after.wanted_by is not None and before.wanted_by is None:
        at = add_working(around.hours, around.now, REPORT_IN)
        found.append(Schedule("case.call", f"{key}.call", at, subject))
    elif before.wanted_by is not None and after.wanted_by is None:
        found.append(Unschedule(f"{key}.call"))
    if after.asked_days and not before.asked_days:
        at = add_working(around.hours, around.now, DECIDE_IN)
        found.append(Schedule("case.time", f"{key}.time", at, subject))
    elif before.asked_days and not after.asked_days:
        found.append(Unschedule(f"{key}.time"))
    if after.status is Status.CALLED_OUT and after.report_due and after.report_due != before.report_due:
        found.append(Schedule("case.silent", f"{key}.silent", after.report_due, subject))
    elif before.status is Status.CALLED_OUT and after.status is not Status.CALLED_OUT:
        found.append(Unschedule(f"{key}.silent"))
    return found


def warning(case: Case, clock: str, due: datetime, around: Around) -> Schedule:
    """The reminder after three quarters of the working time that is left."""
    left = working_between(around.hours, around.now, due)
    at = add_working(around.hours, around.now, left * 3 / 4) if due > around.now else around.now
    if clock == "resolve" and (beat := _past(at)) > around.now:
        at = beat
    return _row(case, clock, min(at, max(due, around.now)), 0)


def wound_up(case: Case, clock: str, around: Around) -> tuple[Effect, ...]:
    """The row of a clock that has lost it: what is over already rings at once."""
    if case.status in ALIVE and clock == "resolve" and case.suspended_at:
        again = {"case": case.id, "times": 0}
        return (Schedule("case.answer", f"case.{case.id}.answer", around.now + ANSWERS_IN[0], again),)
    due = running(case).get(clock)
    return (warning(case, clock, due, around),) if due else ()


def _past(at: datetime) -> datetime:
    """The beat before, or at, a moment."""
    return at - timedelta(seconds=at.timestamp() % BEAT.total_seconds())


def _row(case: Case, clock: str, at: datetime, step: int) -> Schedule:
    subject = {"case": case.id, "clock": clock, "step": step}
    return Schedule("case.due", f"case.{case.id}.due.{clock}", at, subject)


def outer(case: Case, around: Around) -> list[Effect]:
    """The next ring of the law's outer limits, if any is to come."""
    assert case.since
    for what, day in RINGS:
        at = case.since + timedelta(days=day + (EXTENDED_BY if case.extended and what == "finish" else 0))
        if at > around.now and case.area is not None:
            return [Schedule("case.outer", f"case.{case.id}.due.outer", at, {"case": case.id, "what": what})]
    return []


# -- what happens when one rings -------------------------------------------------------------------------------------


def ring(case: Case, subject: Mapping[str, Any], around: Around) -> tuple[Effect, ...]:
    """A clock has come to its reminder, or has run out: somebody up the tree supervises, each step one level higher."""
    clock, step = str(subject["clock"]), int(subject.get("step", 0))
    due = running(case).get(clock)
    if due is None:
        return ()
    if around.now < due:
        return (*(warn(case, clock, due, around) if step == 0 else ()), _row(case, clock, due, 1))
    rungs = [level for level in LEVELS[LEVELS.index(case.level) :] if level in around.above] or [case.level]
    step = max(step, 1)
    wait = STEP[clock] if step < len(rungs) else TOP[clock]
    data = {"clock": clock, "step": step, "level": rungs[min(step, len(rungs)) - 1]}
    again = _past(add_working(around.hours, around.now, wait) + BEAT - timedelta(microseconds=1))
    return (ActOnCase(case.id, "supervise", data), _row(case, clock, again, step + 1))


def ring_outer(case: Case, subject: Mapping[str, Any], around: Around) -> tuple[Effect, ...]:
    """One of the law's limits comes near: the highest level there is hears it; the next ring is set."""
    if case.status not in ALIVE or case.area is None:
        return ()
    what = str(subject["what"])
    if what == "accept" and case.status is not Status.SUBMITTED:
        return tuple(outer(case, around))
    level = next((one for one in reversed(LEVELS) if one in around.above), case.level)
    return (ActOnCase(case.id, "supervise", {"clock": what, "level": level}), *outer(case, around))


def warn(case: Case, clock: str, due: datetime, around: Around) -> tuple[Effect, ...]:
    """The owner is reminded in private, else by name in the staff group; nobody has it: whoever has to act."""
    when = {"number": case.number, "title": around.title, "due": spoken(due, around.now, around.zone)}
    person, name = around.owner_person(case), around.names.get(case.owner or 0)
    if person:
        line = brief(texts.BRIEF_OWNER.format(**when), case, around)
        return (Say(texts.DUE_OWNER.format(**when), to=Privately(person), lane=Lane.PUSH, brief=line),)
    said, short = (texts.DUE_NAMED, texts.BRIEF_NAMED) if name else (texts.DUE_ROOM, texts.BRIEF_ROOM)
    line, key = brief(short.format(name=name, **when), case, around), CardKey("case", case.id)
    text = said.format(name=name, **when)
    return (Say(text, to=StaffRoom(around.room(case)), about=key, lane=Lane.PUSH, brief=line),)


def remind_answer(case: Case, subject: Mapping[str, Any], around: Around) -> tuple[Effect, ...]:
    """The resident has not answered: asked once more, then the case goes on without."""
    if case.status not in ALIVE or case.suspended_at is None:
        return ()
    if int(subject["times"]):
        return (ActOnCase(case.id, "resume"),)
    again = Schedule("case.answer", f"case.{case.id}.answer", around.now + ANSWERS_IN[1], {"case": case.id, "times": 1})
    return (*question(texts.ASKED_AGAIN, case, around), again)


def undecided(case: Case) -> tuple[Effect, ...]:
    """Nobody has decided yet about a call-out that was asked for: asked once more."""
    if case.status not in ALIVE or case.wanted_by is None:
        return ()
    return (ActOnCase(case.id, "supervise", {"clock": "call", "level": "subdistrict"}),)


def time_undecided(case: Case) -> tuple[Effect, ...]:
    """Nobody has decided yet about an extension that was asked for: asked once more."""
    if case.status not in ALIVE or not case.asked_days:
        return ()
    return (ActOnCase(case.id, "supervise", {"clock": "time"}),)


def silent(case: Case) -> tuple[Effect, ...]:
    """The time to report in is over: the leader on duty hears who has not."""
    missing = [name for name in case.called if name not in case.reported_in]
    if case.status is not Status.CALLED_OUT or not missing:
        return ()
    return (ActOnCase(case.id, "supervise", {"clock": "report", "level": "subdistrict", "departments": missing}),)


def follow(case: Case, subject: Mapping[str, Any], around: Around) -> tuple[Effect, ...]:
    """回访: weeks after it was closed each reporter is asked, once and alone, whether it held."""
    person = int(subject["person"])
    if case.status is not Status.CLOSED or person not in around.parties:
        return ()
    said = texts.FOLLOW.format(number=case.number, title=around.title, place=building_level(case.place))
    args = {"case": case.id}
    row = (Option("还好", "follow.confirm", args), Option("又坏了", "follow.recur", args))
    return (Say(said, to=Privately(person), options=(row,), lane=Lane.PUSH, neutral=""),)
