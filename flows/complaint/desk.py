"""What follows when somebody does something with a case: the move is checked, the history grows, people are told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flows.complaint import texts
from flows.complaint.buttons import ASKS_MORE, LABELS, ON_CARD, PRESSERS
from flows.complaint.rules import colour, scrubbed, spoken
from flows.domain.case import ALIVE, Action, Case, Ending, Event, Role, Status, apply, check, moves_for
from flows.effects import (
    CardKey,
    ChangeCase,
    Effect,
    Lane,
    Notice,
    OnDuty,
    Option,
    Privately,
    Say,
    Schedule,
    StaffRoom,
    Unschedule,
)
from flows.errors import NotAllowed

SILENCE = timedelta(days=7)  # after a result: then it closes by itself
NUDGES_A_DAY = 1
NEXT_LEVEL = {"grid": "community", "community": "subdistrict", "subdistrict": "city"}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does it, and what they are to the case. `name` is "staff:7", "person:12" or "clock"."""

    name: str
    roles: frozenset[Role]
    staff: int | None = None


@dataclass(frozen=True, slots=True)
class Around:
    """What surrounds a case: how its service is called, whose it is, who has it, when it last was nudged."""

    title: str
    parties: tuple[int, ...]  # reporter and co-complainants
    now: datetime
    zone: ZoneInfo
    nudged_at: datetime | None = None
    names: Mapping[int, str] = field(default_factory=dict)  # staff id -> name
    persons: Mapping[int, int] = field(default_factory=dict)  # staff id -> person

    phone: str | None = None  # of the reporter, who agreed that the owner may have it

    def owner_person(self, case: Case) -> int | None:
        return self.persons.get(case.owner or 0)


def act(case: Case, action: Action, actor: Actor, data: Mapping[str, Any], around: Around) -> tuple[Effect, ...]:
    """Everything that follows from doing `action` with `data`; raises NotAllowed and changes nothing."""
    if action is Action.TAKE and case.owner is not None:
        raise NotAllowed("您已经接了这件。" if case.owner == actor.staff else "这件诉求已经有同事接了。")
    check(case, action, actor.roles)
    if action is Action.NUDGE and around.nudged_at and around.now - around.nudged_at < timedelta(hours=20):
        raise NotAllowed(texts.NUDGED_TOO_OFTEN)
    if action is Action.ESCALATE:
        data = {**data, "level": NEXT_LEVEL.get(case.level, "city")}
    if action is Action.RESOLVE and data.get("ending") not in set(Ending):
        raise NotAllowed("请选一种结果：已办结、已答复，或者客观无法解决。")
    if action is Action.REPORT_IN and data.get("department") in case.reported_in:
        raise NotAllowed("你们已经报到过了。")
    needs_word = action in ASKS_MORE and action not in (Action.ASSIGN,)
    if needs_word and not str(data.get("note", "")).strip():
        raise NotAllowed("请写一句说明，居民要看得懂。")
    event = Event(case.version + 1, action, around.now, actor.name, data)
    after = apply(case, event)
    change = ChangeCase(case.id, case.version, action, actor.name, data)
    told = FOLLOWS.get(action, _nothing)(after, event, around)
    shown = (card(after, around),) if after.area else ()
    return (change, *told, *shown, *_clock(after, around.now))


def card(case: Case, around: Around) -> Say:
    """The work card as the grid's staff group sees it: the case, never the person."""
    name = around.names.get(case.owner or 0) if case.status in ALIVE else None
    owner = texts.OWNER.format(name=name) if name else ""
    lines = texts.CARD.format(
        mark=texts.COLOURS[colour(case, around.now, len(around.parties) - 1)],
        number=case.number,
        title=around.title,
        description=scrubbed(case.description)[:300],
        place=scrubbed(case.place),
        status=texts.CARD_STATUS.get(case.status, texts.STATUS[case.status]) + owner,
        clock=_clock_line(case, around),
    )
    note = f"\n{texts.CARD_NOTE.format(note=scrubbed(case.note))}" if case.note else ""
    rows = tuple(tuple(_option(case, action) for action in row) for row in ON_CARD.get(case.status, ()))
    assert case.area is not None
    return Say(
        lines.rstrip() + note, to=StaffRoom(case.area), options=rows, card=CardKey("case", case.id), lane=Lane.PUSH
    )


def _option(case: Case, action: Action) -> Option:
    return Option(LABELS[action], f"case.{action}", {"case": case.id}, roles=PRESSERS, area=case.area)


def _clock_line(case: Case, around: Around) -> str:
    due = case.resolve_due if case.acknowledged_at or case.owner else case.acknowledge_due
    if case.status not in ALIVE or due is None:
        return f"结果：{texts.ENDING[case.ending]}" if case.ending else ""
    word = "办理时限" if due == case.resolve_due else "接单时限"
    return f"{word}：{spoken(due, around.now, around.zone)}" + ("（已超时）" if around.now > due else "")


def _clock(case: Case, now: datetime) -> tuple[Effect, ...]:
    """The rows of the clock that belong to the case as it stands now."""
    key = f"case.{case.id}"
    if case.status is Status.RESOLVED:
        return (Unschedule(f"{key}.due*"), Schedule("case.lapse", f"{key}.lapse", now + SILENCE, {"case": case.id}))
    if case.status not in ALIVE:
        return (Unschedule(f"{key}.*"),)
    if case.status in (Status.SUBMITTED, Status.ACCEPTED) and case.reopened:
        return (Unschedule(f"{key}.lapse"),)
    return (Unschedule(f"{key}.due.acknowledge"),) if case.owner else ()


def watch(case: Case) -> tuple[Schedule, ...]:
    """The reminders before each clock of a new case runs out: at three quarters of the time."""
    assert case.opened_at
    found = []
    for name, due in (("acknowledge", case.acknowledge_due), ("resolve", case.resolve_due)):
        if due:
            at = case.opened_at + (due - case.opened_at) * 3 / 4
            found.append(Schedule("case.due", f"case.{case.id}.due.{name}", at, {"case": case.id, "clock": name}))
    return tuple(found)


# -- who is told -----------------------------------------------------------------------------------------------------

Follow = Callable[[Case, Event, Around], tuple[Effect, ...]]


def _nothing(_case: Case, _event: Event, _around: Around) -> tuple[Effect, ...]:
    return ()


def _parties(text: str, case: Case, around: Around, **more: str) -> tuple[Effect, ...]:
    said = text.format(number=case.number, title=around.title, **more)
    return tuple(Say(said, to=Privately(p), lane=Lane.PUSH, neutral="") for p in around.parties)


def _room(text: str, case: Case) -> tuple[Say, ...]:
    """A new message that asks somebody of the staff group to act, replying to the card."""
    if case.area is None:
        return ()
    return (Say(text, to=StaffRoom(case.area), about=CardKey("case", case.id), lane=Lane.PUSH),)


def _taken(case: Case, _event: Event, around: Around) -> tuple[Effect, ...]:
    return (Notice("接单成功，办完点「办结」。"), *_contact(case, around), *_parties(texts.TAKEN, case, around))


def _contact(case: Case, around: Around) -> tuple[Effect, ...]:
    """The reporter's phone, to the owner alone and in private, as the reporter agreed when leaving it."""
    owner = around.owner_person(case)
    if not around.phone or owner is None or owner in around.parties:
        return ()
    said = texts.CONTACT.format(number=case.number, phone=around.phone)
    return (Say(said, to=Privately(owner), lane=Lane.PUSH),)


def _accepted(case: Case, _event: Event, around: Around) -> tuple[Effect, ...]:
    return _parties(texts.ACCEPTED, case, around)


def _assigned(case: Case, event: Event, around: Around) -> tuple[Effect, ...]:
    name = around.names.get(case.owner or 0, "同事")
    person = around.owner_person(case)
    told = _room(texts.ASSIGNED_TO.format(name=name), case)
    mine = (Say(texts.ASSIGNED_TO.format(name=name), to=Privately(person), lane=Lane.PUSH),) if person else ()
    return (Notice(f"已转给{name}。"), *told, *mine, *_contact(case, around), *_parties(texts.ASSIGNED, case, around))


def _returned(case: Case, event: Event, _around: Around) -> tuple[Effect, ...]:
    return (Notice("已退回。"), *_room(texts.RETURNED_TO.format(note=scrubbed(str(event.data["note"]))), case))


def _called(case: Case, event: Event, around: Around) -> tuple[Effect, ...]:
    departments = "、".join(case.called) or texts.SOME_DEPARTMENTS
    called = texts.CALLED_TO.format(departments=departments, note=scrubbed(str(event.data["note"])))
    return (*_room(called, case), *_parties(texts.CALLED, case, around, departments=departments))


def _reported(case: Case, event: Event, around: Around) -> tuple[Effect, ...]:
    department = str(event.data["department"])
    return (Notice("已报到。"), *_parties(texts.REPORTED, case, around, department=department))


def _noted(case: Case, event: Event, around: Around) -> tuple[Effect, ...]:
    return (Notice("已记下，居民会看到。"), *_parties(texts.NOTED, case, around, note=str(event.data["note"])))


def _resolved(case: Case, event: Event, around: Around) -> tuple[Effect, ...]:
    assert case.ending
    said = texts.RESOLVED.format(
        number=case.number, title=around.title, ending=texts.ENDING[case.ending], note=event.data["note"]
    )
    args = {"case": case.id}
    rows = (
        (
            Option("满意", "case.rate", {**args, "rating": 5}),
            Option("一般", "case.rate", {**args, "rating": 3}),
            Option("不满意", "case.rate", {**args, "rating": 1}),
        ),
        (Option("没解决，重办", "case.reopen", args), Option("请上一级处理", "case.escalate", args)),
    )
    photos = list(event.data.get("photos") or ()) or [None]
    told = tuple(
        Say(said, to=Privately(p), options=rows, lane=Lane.PUSH, photo=photos[0], neutral="") for p in around.parties
    )
    return (Notice("已办结，等居民评价。"), *told)


def _rejected(case: Case, event: Event, around: Around) -> tuple[Effect, ...]:
    said = texts.REJECTED.format(number=case.number, title=around.title, note=event.data["note"])
    args = {"case": case.id}
    rows = ((Option("要求重办", "case.reopen", args), Option("请上一级处理", "case.escalate", args)),)
    return tuple(Say(said, to=Privately(p), options=rows, lane=Lane.PUSH, neutral="") for p in around.parties)


def _rated(_case: Case, _event: Event, _around: Around) -> tuple[Effect, ...]:
    return (Say(texts.RATED),)


def _added(case: Case, event: Event, around: Around) -> tuple[Effect, ...]:
    """More from the resident: it asks the owner to read on, so it is a new message, scrubbed like the card."""
    said = texts.ADDED_TO.format(note=scrubbed(str(event.data["note"])))
    owner = around.owner_person(case)
    mine = (Say(f"{case.number}：{said}", to=Privately(owner), lane=Lane.PUSH),) if owner else ()
    return (Say(texts.ADDED), *_room(said, case), *mine)


def _nudged(case: Case, _event: Event, around: Around) -> tuple[Effect, ...]:
    said = texts.NUDGED_TO.format(nudges=case.nudges)
    owner = around.owner_person(case)
    mine = (Say(f"{case.number}：{said}", to=Privately(owner), lane=Lane.PUSH),) if owner else ()
    return (Say(texts.NUDGED), *_room(said, case), *mine)


def _reopened(case: Case, _event: Event, _around: Around) -> tuple[Effect, ...]:
    return (Say(texts.REOPENED), *_room(texts.REOPENED_TO, case))


def _escalated(case: Case, _event: Event, around: Around) -> tuple[Effect, ...]:
    said = texts.ESCALATED_TO.format(number=case.number, title=around.title)
    up = (Say(said, to=OnDuty(case.area, "duty_leader"), lane=Lane.PUSH),) if case.area else ()
    return (Say(texts.ESCALATED), *up)


def _withdrawn(_case: Case, _event: Event, _around: Around) -> tuple[Effect, ...]:
    return (Say(texts.WITHDRAWN),)


def _lapsed(case: Case, _event: Event, around: Around) -> tuple[Effect, ...]:
    return _parties(texts.LAPSED, case, around)


FOLLOWS: dict[Action, Follow] = {
    Action.TAKE: _taken,
    Action.ACCEPT: _accepted,
    Action.ASSIGN: _assigned,
    Action.RETURN: _returned,
    Action.CALL_OUT: _called,
    Action.REPORT_IN: _reported,
    Action.NOTE: _noted,
    Action.RESOLVE: _resolved,
    Action.REJECT: _rejected,
    Action.RATE: _rated,
    Action.ADD: _added,
    Action.NUDGE: _nudged,
    Action.REOPEN: _reopened,
    Action.ESCALATE: _escalated,
    Action.WITHDRAW: _withdrawn,
    Action.LAPSE: _lapsed,
}


def possible(case: Case, roles: frozenset[Role]) -> tuple[Action, ...]:
    """What the staff page offers: what a button exists for."""
    return tuple(a for a in moves_for(case, roles) if a in LABELS)
