"""Who is told when a case is supervised, by the clock or by somebody above."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from flows.complaint import texts
from flows.complaint.around import Around
from flows.complaint.card import asking, brief
from flows.complaint.clocks import ACCEPT_IN, EXTENDED_BY, FINISH_IN
from flows.complaint.lines import duty, granter, note, owner, room, up
from flows.complaint.rules import scrubbed, spoken
from flows.domain.case import LEVELS, Case, Event
from flows.effects import Department, Effect, Notice, Say


def supervised(case: Case, event: Event, around: Around) -> tuple[Effect, ...]:
    """督办: by the clock, one level after the other; or by somebody above, with a word."""
    d = event.data
    if event.actor != "clock":
        line = texts.SUPERVISED_BY.format(number=case.number, note=scrubbed(note(event)))
        told = owner(line, case, around) or room(line, case, around)
        return (Notice("已经督办，经办人会马上看到。"), *told)
    line = _why(case, event, around)
    if d.get("clock") == "time":
        return (granter(line, case, around),)
    if d.get("clock") == "call":  # decided with a tap, like the first time
        return (up(line, case, around),)
    first = int(d.get("step", 0)) == 1  # whoever has it hears at once, not again on every step
    mine = (owner(line, case, around) or room(line, case, around)) if first else ()
    once = _once(case, event, around)
    told = (*mine, *duty(line, case, around, str(d.get("level", case.level))))
    silent = _silent(case, event, around) if d.get("clock") == "report" else ()
    short = brief(_why(case, event, around, texts.BRIEF_SUPERVISED), case, around) if d["clock"] != "report" else None
    return (*(replace(e, key=once, brief=short) for e in told), *silent)


def _silent(case: Case, event: Event, around: Around) -> tuple[Say, ...]:
    """Who was to be there by now is asked once, themselves."""
    line = texts.STILL_CALLED.format(number=case.number, title=around.title)
    missing = event.data.get("departments", ()) if case.area is not None else ()
    return tuple(asking(line, case, around, Department(case.area or 0, str(name))) for name in missing)


def _once(case: Case, event: Event, around: Around) -> str:
    """What one breach is told under: who holds two roles on the way up hears it once, who is on top again and again."""
    clock, step = str(event.data.get("clock")), int(event.data.get("step", 0))
    due = {"acknowledge": case.acknowledge_due, "resolve": case.resolve_due}.get(clock)
    rungs = sum(level in around.above for level in LEVELS[LEVELS.index(case.level) :]) or 1
    climbing = due is not None and step <= rungs
    return f"due.{case.id}.{clock}." + (f"{due:%y%m%d%H%M}" if due and climbing else str(event.seq))


def _why(case: Case, event: Event, around: Around, wording: Mapping[str, str] = texts.SUPERVISED) -> str:
    clock = str(event.data.get("clock"))
    missing = "、".join(event.data.get("departments", ()))
    due = {"acknowledge": case.acknowledge_due, "resolve": case.resolve_due}.get(clock)
    if clock in ("accept", "finish") and case.since:
        days = ACCEPT_IN if clock == "accept" else FINISH_IN + EXTENDED_BY * case.extended
        due = case.since + timedelta(days=days)
    when = spoken(due, around.now, around.zone) if due else ""
    state = f"{around.names.get(case.owner, '经办人')}还没有办结" if case.owner else "还没有人接"
    return wording[clock].format(
        number=case.number,
        title=around.title,
        due=when,
        state=state,
        departments=missing,
        reason=scrubbed(case.asked_for),
    )
