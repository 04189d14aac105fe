"""Who is told when a case has a result, is closed, and weeks later: residents in private."""

from __future__ import annotations

from datetime import datetime, timedelta

from flows.complaint import texts
from flows.complaint.around import Around
from flows.complaint.clocks import dues
from flows.domain.case import Case, Ending, Event
from flows.effects import Effect, Lane, Notice, OpenCase, Option, Privately, Say, Schedule


def parties(text: str, case: Case, around: Around, **more: str) -> tuple[Effect, ...]:
    said = text.format(number=case.number, title=around.title, **more)
    return tuple(Say(said, to=Privately(p), lane=Lane.PUSH, neutral="") for p in around.parties)


def resolved(case: Case, event: Event, around: Around) -> tuple[Effect, ...]:
    assert case.ending
    said = texts.RESOLVED.format(
        number=case.number, title=around.title, ending=texts.ENDING[case.ending], note=str(event.data.get("note") or "")
    )
    if case.ending is Ending.IMPOSSIBLE:
        said = texts.IMPOSSIBLE.format(
            number=case.number, title=around.title, note=str(event.data.get("note") or ""), next_step=case.next_step
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
    photos = list(event.data.get("photos") or ())
    told: list[Effect] = [Notice("已办结，等居民评价。")]
    for person in around.parties:
        to = Privately(person)
        more = [Say(texts.MORE_PHOTOS, to=to, lane=Lane.PUSH, photo=photo, neutral="") for photo in photos[:-1]]
        last = photos[-1] if photos else None
        told += [*more, Say(said, to=to, options=rows, lane=Lane.PUSH, photo=last, neutral="")]
    return tuple(told)


def rejected(case: Case, event: Event, around: Around) -> tuple[Effect, ...]:
    said = texts.REJECTED.format(number=case.number, title=around.title, note=str(event.data.get("note") or ""))
    args = {"case": case.id}
    rows = ((Option("要求重办", "case.reopen", args), Option("请上一级处理", "case.escalate", args)),)
    told = (Say(said, to=Privately(p), options=rows, lane=Lane.PUSH, neutral="") for p in around.parties)
    return (Notice("已告诉居民不予受理和原因。"), *told)


def rated(case: Case, _event: Event, around: Around) -> tuple[Effect, ...]:
    asked = follow_up(case, around)
    if not asked:
        return (Say(texts.RATED),)
    weeks = max(1, around.offers[case.level].follow_up_days // 7)
    stop = Option(texts.DONT_ASK, "follow.stop", {"case": case.id})  # for the one who presses it
    return (Say(texts.RATED_FOLLOW.format(weeks=weeks), options=((stop,),)), *asked)


def follow_up(case: Case, around: Around) -> tuple[Schedule, ...]:
    """Weeks later whoever reported what was repaired is asked whether it held, where the service has it so."""
    service = around.offers.get(case.level)
    if case.ending is not Ending.SETTLED or service is None or not service.follow_up_days:
        return ()
    at = around.now + timedelta(days=service.follow_up_days)
    return tuple(
        Schedule("case.follow", f"follow.{case.id}.{p}", at, {"case": case.id, "person": p}) for p in around.parties
    )


def withdrawn(_case: Case, _event: Event, _around: Around) -> tuple[Effect, ...]:
    return (Say(texts.WITHDRAWN),)


def lapsed(case: Case, _event: Event, around: Around) -> tuple[Effect, ...]:
    return (*parties(texts.LAPSED, case, around), *follow_up(case, around))


def confirmed(_case: Case, _event: Event, _around: Around) -> tuple[Effect, ...]:
    return (Say(texts.STILL_FINE),)


def recurred(case: Case, event: Event, around: Around) -> tuple[Effect, ...]:
    """A new case that names the old one: what is closed stays closed, and the new one has its own clocks."""
    service = around.offers[case.level]
    kept = dues(service, around)
    person = int(event.actor.partition(":")[2])
    return (
        OpenCase(
            service=case.service,
            act=case.act,
            description=texts.AGAIN.format(number=case.number, description=case.description),
            place=case.place,
            area=case.area,
            building=case.building,
            person=person,
            photos=(),
            acknowledge_due=_at(kept["acknowledge_due"]),
            resolve_due=_at(kept["resolve_due"]),
            receipt=texts.TOGETHER_RECEIPT if around.again else texts.AGAIN_RECEIPT,
            joins=around.again,
            department=case.department,
            earlier=case.number,
            hazard=case.hazard or None,
            reachable=case.reachable and person == case.person,
        ),
    )


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)
