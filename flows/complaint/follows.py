"""Who is told when something was done with a case: residents in private, staff at the card, leaders by the card."""

from __future__ import annotations

from collections.abc import Callable

from flows.complaint import endings, texts
from flows.complaint.around import Around
from flows.complaint.buttons import LABELS, PRESSERS
from flows.complaint.card import asking, card, pictures, question
from flows.complaint.endings import parties
from flows.complaint.lines import duty, granter, note, owner, room, up
from flows.complaint.mended import is_done
from flows.complaint.rules import scrubbed, spoken
from flows.complaint.supervising import supervised
from flows.domain.case import Action, Case, Ending, Event, Status
from flows.effects import (
    Department,
    Effect,
    Lane,
    Notice,
    Option,
    Privately,
    Say,
    StaffRoom,
)

AT_WORK = (Status.ASSIGNED, Status.CALLED_OUT)
Follow = Callable[[Case, Event, Around], tuple[Effect, ...]]


def _said(text: str, case: Case, around: Around, **more: object) -> str:
    """A line to staff, with the number of what it is about: among many cards it says which one is meant."""
    return text.format(number=case.number, title=around.title, **more)


def nothing(_case: Case, _event: Event, _around: Around) -> tuple[Effect, ...]:
    return ()


# -- taking it -------------------------------------------------------------------------------------------------------


def _taken(case: Case, _event: Event, around: Around) -> tuple[Effect, ...]:
    return (Notice("接单成功，办完点「办结」。"), *_contact(case, around), *parties(texts.TAKEN, case, around))


def _contact(case: Case, around: Around) -> tuple[Effect, ...]:
    """The reporter's phone, to the owner alone and in private, as the reporter agreed when leaving it."""
    owner = around.owner_person(case)
    if not around.phone or owner is None or owner in around.parties:
        return ()
    said = texts.CONTACT.format(number=case.number, phone=around.phone)
    return (Say(said, to=Privately(owner), lane=Lane.PUSH),)


def _accepted(case: Case, _event: Event, around: Around) -> tuple[Effect, ...]:
    return (Notice("已受理，别忘了派人。"), *parties(texts.ACCEPTED, case, around))


def _assigned(case: Case, event: Event, around: Around) -> tuple[Effect, ...]:
    name = around.names.get(case.owner or 0, "同事")
    line = _said(texts.ASSIGNED_TO, case, around, name=name)
    told = (*room(line, case, around), *owner(line, case, around))
    return (Notice(f"已转给{name}。"), *told, *_contact(case, around), *parties(texts.ASSIGNED, case, around))


def _returned(case: Case, event: Event, around: Around) -> tuple[Effect, ...]:
    return (Notice("已退回。"), *room(_said(texts.RETURNED_TO, case, around, note=scrubbed(note(event))), case, around))


def _aside(case: Case, _event: Event, around: Around) -> tuple[Effect, ...]:
    """信访工作条例 2022 art. 28; why somebody steps aside is asked by nobody."""
    return (Notice(texts.STEPPED_ASIDE), *room(_said(texts.ASIDE_TO, case, around), case, around))


# -- working on it ---------------------------------------------------------------------------------------------------


def _called(case: Case, event: Event, around: Around) -> tuple[Effect, ...]:
    """The staff group, each department in private, and the residents; nobody was named: the leader on duty."""
    named = "、".join(case.called) or texts.SOME_DEPARTMENTS
    until = spoken(case.report_due, around.now, around.zone) if case.report_due else ""
    lead = texts.LED_BY.format(lead=case.lead) if case.lead else ""
    line = _said(texts.CALLED_TO, case, around, departments=named, until=until, lead=lead, note=scrubbed(note(event)))
    assert case.area is not None
    new = [d for d in case.called if d in event.data.get("departments", ())]
    told = [asking(line, case, around, Department(case.area, name)) for name in new]
    if not case.called:
        told += duty(line, case, around, "subdistrict")
    return (*room(line, case, around), *told, *parties(texts.CALLED, case, around, departments=named))


def _wanted(case: Case, event: Event, around: Around) -> tuple[Effect, ...]:
    """The subdistrict decides with one tap; where there is none, whoever is highest here."""
    named = "、".join(case.wanted) or texts.SOME_DEPARTMENTS
    line = texts.CALL_WANTED.format(number=case.number, departments=named, note=scrubbed(note(event)))
    return (Notice(texts.CALL_ASKED), up(line, case, around))


def _granted(case: Case, event: Event, around: Around) -> tuple[Effect, ...]:
    mine = _asker(texts.CALL_GRANTED.format(number=case.number), event, around)
    return (Notice(texts.CALL_GRANTED_NOTICE), *mine, *_called(case, event, around))


def _refused(case: Case, event: Event, around: Around) -> tuple[Effect, ...]:
    line = texts.CALL_REFUSED.format(number=case.number)
    told = _asker(line, event, around) or room(line, case, around)
    return (Notice(texts.CALL_REFUSED_NOTICE), *told)


def _asker(line: str, event: Event, around: Around) -> tuple[Say, ...]:
    """A line to who asked for the call-out."""
    person = around.persons.get(int(event.data.get("asker") or 0))
    return (Say(line, to=Privately(person), lane=Lane.PUSH),) if person else ()


def _invited(case: Case, event: Event, around: Around) -> tuple[Effect, ...]:
    """The colleague who is to come along gets the card in private."""
    helper = int(event.data["helper"])
    name, person = around.names.get(helper, "同事"), around.persons.get(helper)
    line = texts.INVITED_TO.format(name=around.names.get(case.owner or 0, "经办人"))
    told = (asking(line, case, around, Privately(person)),) if person else ()
    return (Notice(f"已请{name}一起办。"), *told)


def _reported(case: Case, event: Event, around: Around) -> tuple[Effect, ...]:
    department = str(event.data["department"])
    missing = [d for d in case.called if d not in case.reported_in]
    still = texts.STILL_COMING.format(missing="、".join(missing)) if missing else texts.ALL_THERE
    mine = owner(_said(texts.REPORTED_TO, case, around, department=department), case, around)
    return (
        Notice(texts.REPORTED_NOTICE),
        *mine,
        *parties(texts.REPORTED, case, around, department=department, still=still),
    )


def _noted(case: Case, event: Event, around: Around) -> tuple[Effect, ...]:
    """A note stays among colleagues; whoever wrote it is offered to send it on as it is, or to end the case with it. Of
    a department that has not come the owner hears at once why."""
    tell = Option(LABELS[Action.TELL], "case.tell", {"case": case.id, "of": event.seq}, PRESSERS)
    mended, department = note(event), str(event.data.get("department") or "")
    if department in case.called and department not in case.reported_in:
        why = _said(texts.NOT_COMING, case, around, department=department, note=scrubbed(mended))
        return (Say(texts.KEPT_INSIDE, options=((tell,),)), *owner(why, case, around))
    if case.status in AT_WORK and is_done(mended):
        photos = list(event.data.get("photos") or ())
        args = {"case": case.id, "ending": str(Ending.SETTLED), "note": mended, "photos": photos}
        end = Option(texts.END_WITH_IT, "case.resolve", args, PRESSERS)
        return (Say(texts.KEPT_MENDED, options=((end, tell),)),)
    return (Say(texts.KEPT_INSIDE, options=((tell,),)),)


def _told(case: Case, event: Event, around: Around) -> tuple[Effect, ...]:
    """The residents read one note, each in private, with its photos."""
    shown = tuple(event.data.get("shown") or ())
    said = texts.NOTED.format(number=case.number, note=note(event))
    told: list[Effect] = [Notice(texts.TOLD_NOTICE)]
    for person in around.parties:
        to = Privately(person)
        told += [Say(texts.MORE_NOTED, to=to, lane=Lane.PUSH, photo=photo, neutral="") for photo in shown[1:]]
        told.append(Say(said, to=to, lane=Lane.PUSH, photo=next(iter(shown), None), neutral=""))
    return tuple(told)


def _suspended(case: Case, _event: Event, around: Around) -> tuple[Effect, ...]:
    return (Notice("已经私下问居民了，时限先停着。"), *question(texts.ASKED, case, around))


def _resumed(case: Case, event: Event, around: Around) -> tuple[Effect, ...]:
    """Staff go on without the resident's answer, or the time for one is over."""
    if event.actor != "clock":
        return (Notice("好，时限继续走。"),)
    return owner(texts.NO_ANSWER.format(number=case.number), case, around)


def _added(case: Case, event: Event, around: Around) -> tuple[Effect, ...]:
    """More from the resident: it asks the owner to read on, so it is a new message, scrubbed like the card."""
    said = _said(texts.ADDED_TO, case, around, note=scrubbed(note(event)))
    asked_for = event.data.get("asked")
    mine = _said(texts.ANSWERED_TO, case, around, note=note(event)) if asked_for else said
    photos = tuple(int(p) for p in event.data.get("photos") or ())
    shown = pictures(case, photos, StaffRoom(around.room(case))) if case.area else ()
    told = texts.ADDED_NUDGED if event.data.get("nudged") else texts.ADDED
    return (Say(told), *room(said, case, around), *shown, *owner(mine, case, around))


def _asked_time(case: Case, event: Event, around: Around) -> tuple[Effect, ...]:
    """The level above approves it with one tap; where there is none, the case's own."""
    line = texts.TIME_ASKED.format(number=case.number, days=case.asked_days, note=scrubbed(note(event)))
    return (Notice("已经请上一级批，批了马上告诉您。"), *((granter(line, case, around),) if case.area else ()))


def _extended(case: Case, event: Event, around: Around) -> tuple[Effect, ...]:
    due = spoken(case.resolve_due, around.now, around.zone) if case.resolve_due else ""
    mine = owner(texts.TIME_GIVEN.format(number=case.number, due=due), case, around)
    return (
        Notice("已同意延期，居民会收到说明。"),
        *mine,
        *parties(texts.EXTENDED, case, around, due=due, note=note(event)),
    )


def _denied(case: Case, _event: Event, around: Around) -> tuple[Effect, ...]:
    return (Notice("已告诉经办人。"), *owner(texts.TIME_DENIED.format(number=case.number), case, around))


def _nudged(case: Case, event: Event, around: Around) -> tuple[Effect, ...]:
    said, told = _said(texts.NUDGED_TO, case, around, nudges=case.nudges), texts.NUDGED
    if words := note(event):
        told = texts.NUDGED_WITH
        said = _said(texts.NUDGED_SAYING, case, around, nudges=case.nudges, note=scrubbed(words))
    return (Say(told), *room(said, case, around), *owner(said, case, around))


def _reopened(case: Case, _event: Event, around: Around) -> tuple[Effect, ...]:
    return (Say(texts.REOPENED), *room(_said(texts.REOPENED_TO, case, around), case, around))


def _escalated(case: Case, event: Event, around: Around) -> tuple[Effect, ...]:
    """The card goes up to the level's group, and the one who answers for it gets it in private."""
    by_staff = event.actor.startswith("staff:")
    line = texts.SENT_UP_TO if by_staff else texts.ESCALATED_TO
    said = line.format(number=case.number, title=around.title)
    up = (card(case, around, StaffRoom(around.room(case))), *duty(said, case, around, case.level)) if case.area else ()
    told = parties(texts.SENT_UP, case, around) if by_staff else (Say(texts.ESCALATED),)
    return (*((Notice("已经请上一级来办。"),) if by_staff else ()), *told, *up)


FOLLOWS: dict[Action, Follow] = {
    Action.TAKE: _taken,
    Action.ACCEPT: _accepted,
    Action.ASSIGN: _assigned,
    Action.RETURN: _returned,
    Action.STEP_ASIDE: _aside,
    Action.CALL_OUT: _called,
    Action.ASK_CALL: _wanted,
    Action.GRANT_CALL: _granted,
    Action.REFUSE_CALL: _refused,
    Action.INVITE: _invited,
    Action.REPORT_IN: _reported,
    Action.NOTE: _noted,
    Action.TELL: _told,
    Action.SUSPEND: _suspended,
    Action.RESUME: _resumed,
    Action.ASK_TIME: _asked_time,
    Action.EXTEND: _extended,
    Action.DENY: _denied,
    Action.RESOLVE: endings.resolved,
    Action.REJECT: endings.rejected,
    Action.RATE: endings.rated,
    Action.ADD: _added,
    Action.NUDGE: _nudged,
    Action.REOPEN: _reopened,
    Action.ESCALATE: _escalated,
    Action.SUPERVISE: supervised,
    Action.WITHDRAW: endings.withdrawn,
    Action.LAPSE: endings.lapsed,
    Action.CONFIRM: endings.confirmed,
    Action.RECUR: endings.recurred,
}
