"""What follows from a step of a mediation: the history grows, both sides, the mediator and the offices are told.

Neither side is ever shown what the other wrote; only the mediator reads that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from flows.domain.mediation import Event, Mediation, State, Step, apply, check
from flows.effects import (
    ChangeMediation,
    Effect,
    Lane,
    Notice,
    OnDuty,
    Option,
    Say,
    Schedule,
    StaffRoom,
    Unschedule,
)
from flows.errors import NotAllowed
from flows.mediation import ending, texts
from flows.mediation.around import Around, both, one, options, to_mediator, working

PATIENCE = timedelta(days=1)  # for a mediator to take it
WORDS = {Step.PROPOSE: "place", Step.RECORD: "agreement", Step.PLAN: "plan"}  # where a step's words are kept


def act(mediation: Mediation, step: Step, around: Around, data: Mapping[str, Any]) -> tuple[Effect, ...]:
    """Everything that follows from a step; raises NotAllowed and changes nothing."""
    check(mediation, step, around.parts, around.side)
    said = str(data.get("words", "")).strip()
    if step in WORDS and not said:
        raise NotAllowed("请写一句话，双方要看得懂。")
    kept = {k: data[k] for k in ("at", "office", "rating") if k in data}
    if around.side:
        kept["side"] = around.side
    after = apply(mediation, Event(mediation.version + 1, step, around.now, around.actor, kept))
    written = {WORDS[step]: said} if step in WORDS else {}
    change = ChangeMediation(mediation.id, mediation.version, step, around.actor, kept, written)
    return (change, *FOLLOWS[step](after, around, said), *_clock(after))


def _clock(m: Mediation) -> tuple[Effect, ...]:
    """What is due for it as it stands now."""
    key = f"mediation.{m.id}"
    gone = []
    if m.state is not State.ASKED:
        gone.append(Unschedule(f"{key}.lapse"))
    if m.state is not State.CONSENTED:
        gone.append(Unschedule(f"{key}.waiting"))
    if m.state is not State.ARRANGED:
        gone.append(Unschedule(f"{key}.remind*"))
    return tuple(gone)


Follow = Callable[[Mediation, Around, str], tuple[Effect, ...]]


def _consented(m: Mediation, around: Around, _said: str) -> tuple[Effect, ...]:
    write = (texts.WRITE, "write"), (texts.WITHDRAW, "withdraw")
    if m.state is not State.CONSENTED:
        mine = around.persons.get(around.side)
        row = (options(m, mine, *write),) if mine else ()
        return (Say(texts.CONSENTED, options=row),)
    return (*both(m, around, texts.CONSENTED_BOTH.format(number=m.number), write), *seek(m, around))


def seek(m: Mediation, around: Around) -> tuple[Effect, ...]:
    """Ask the mediators who might take it whether they have an interest; nobody there: those on duty are told."""
    kind = texts.SAID[m.kind]
    sides = around.sides()
    said = texts.CARD.format(kind=kind, number=m.number, area=around.area, sides=f"\n{sides}" if sides else "")
    steps: tuple[tuple[str, str], ...] = ((texts.NOTHING, "take"), (texts.RECUSE, "recuse"))
    if m.office:
        said = texts.OFFICE_CARD.format(kind=kind, number=m.number, area=around.area, office=m.office)
        steps = ((texts.OFFICE_TAKE, "take"),)
    people = around.office if m.office else around.candidates
    asked = [e for p in people for e in one(said, p, (options(m, p, *steps),))]
    if not asked:
        asked = [_duty(texts.NOBODY, m, around)]
    due = Schedule(
        "mediation.waiting",
        f"mediation.{m.id}.waiting",
        around.now + PATIENCE,
        {"mediation": m.id, "area": m.area},
    )
    return (*asked, due)


def _duty(text: str, m: Mediation, around: Around) -> Say:
    said = text.format(number=m.number, kind=texts.SAID[m.kind], area=around.area)
    rows = ((Option(texts.OFFER, "mediation.offer_hand_over", {"mediation": m.id}, roles=DUTY, area=m.area),),)
    return Say(said, to=OnDuty(m.area, "duty_leader"), options=rows, lane=Lane.PUSH)


DUTY = ("community_staff", "duty_leader", "supervisor", "administrator")


def _refused(m: Mediation, around: Around, _said: str) -> tuple[Effect, ...]:
    other = [p for side, p in around.persons.items() if side != around.side and p]
    told = [e for p in (*other, around.opener) for e in one(texts.REFUSED.format(number=m.number), p)]
    return (Say(texts.REFUSED_MINE), *told)


def _lapsed(m: Mediation, around: Around, _said: str) -> tuple[Effect, ...]:
    return (
        *both(m, around, texts.LAPSED.format(number=m.number)),
        *one(texts.LAPSED.format(number=m.number), around.opener),
    )


def _taken(m: Mediation, around: Around, _said: str) -> tuple[Effect, ...]:
    person, name = around.mediator
    told = texts.TAKEN.format(name=name, number=m.number)
    words = around.told() or texts.NO_WORDS
    mine = texts.MINE.format(number=m.number, words=words)
    steps = ((texts.OBJECT, "object"),) if not m.office else ()
    return (
        *one(mine, person, working(m, person)),
        *both(m, around, told, (*steps, (texts.WRITE, "write"), (texts.WITHDRAW, "withdraw"))),
    )


def _recused(m: Mediation, around: Around, _said: str) -> tuple[Effect, ...]:
    had = both(m, around, texts.CHANGED.format(number=m.number)) if around.mediator[0] else ()
    return (Notice(texts.RECUSED), *had, *seek(m, around))


def _objected(m: Mediation, around: Around, _said: str) -> tuple[Effect, ...]:
    told = both(m, around, texts.CHANGED.format(number=m.number))
    return (*to_mediator(texts.AGAIN.format(number=m.number), around), *told, *seek(m, around))


def _plan_asked(m: Mediation, around: Around, _said: str) -> tuple[Effect, ...]:
    """The town reads what staff wrote; what the sides wrote they wrote for the mediator alone."""
    words = around.words.get("") or texts.ASK_MEDIATOR.format(name=around.mediator[1] or texts.MEDIATOR)
    said = texts.PLAN_ASKED.format(kind=texts.SAID[m.kind], number=m.number, area=around.area, words=words)
    row = (Option(texts.WRITE_PLAN, "mediation.plan", {"mediation": m.id}, roles=DUTY),)
    return (Notice(texts.PLAN_WAITS), Say(said, to=OnDuty(m.area, "duty_leader"), options=(row,), lane=Lane.PUSH))


def _planned(m: Mediation, around: Around, said: str) -> tuple[Effect, ...]:
    """The plan comes back to the community, the mediator and whoever opened it; never to the sides."""
    told = texts.PLANNED.format(number=m.number, kind=texts.SAID[m.kind], plan=said)
    people = dict.fromkeys(p for p in (around.mediator[0], around.opener) if p)
    to_them = [e for p in people for e in one(told, p)]
    rooms = dict.fromkeys(area for area in (m.area, around.community) if area)
    return (Notice(texts.PLAN_SENT), *(Say(told, to=StaffRoom(a), lane=Lane.PUSH) for a in rooms), *to_them)


def _proposed(m: Mediation, around: Around, said: str) -> tuple[Effect, ...]:
    text = texts.TIME.format(when=around.when(m.meets_at), place=said)
    asked = both(m, around, text, ((texts.CAN, "accept_time"), (texts.CANNOT, "decline_time")))
    return (Notice(texts.PROPOSED), *asked)


def _coming(m: Mediation, around: Around, _said: str) -> tuple[Effect, ...]:
    if m.state is not State.ARRANGED or m.meets_at is None:
        return (Say(texts.COMING),)
    at = {"when": around.when(m.meets_at), "place": around.place}
    due: list[Effect] = []
    for name, before in (("day", timedelta(days=1)), ("soon", timedelta(hours=2))):
        if m.meets_at - before > around.now + timedelta(hours=1):
            key = f"mediation.{m.id}.remind.{name}"
            due.append(Schedule("mediation.remind", key, m.meets_at - before, {"mediation": m.id, "area": m.area}))
    told = both(m, around, texts.ARRANGED.format(**at), ((texts.CANNOT, "decline_time"),))
    return (
        *told,
        *one(texts.ARRANGED_TOLD.format(number=m.number, **at), around.mediator[0], working(m, around.mediator[0])),
        *due,
    )


def _not_then(m: Mediation, around: Around, _said: str) -> tuple[Effect, ...]:
    rows = working(m, around.mediator[0])
    return (Say(texts.NOT_THEN), *one(texts.NOT_THEN_TOLD.format(number=m.number), around.mediator[0], rows))


def _offered(m: Mediation, around: Around, _said: str) -> tuple[Effect, ...]:
    text = texts.HAND_OVER.format(number=m.number, office=m.offered)
    return (Notice(texts.OFFERED), *both(m, around, text, ((texts.ALLOW, "allow"), (texts.DENY, "deny"))))


def _allowed(m: Mediation, around: Around, _said: str) -> tuple[Effect, ...]:
    if m.offered:
        return (Say(texts.ALLOWED),)
    told = both(m, around, texts.HANDED_OVER.format(number=m.number, office=m.office))
    return (
        *told,
        *to_mediator(texts.HANDED_OVER.format(number=m.number, office=m.office), around),
        *seek(m, around),
    )


def _denied(m: Mediation, around: Around, _said: str) -> tuple[Effect, ...]:
    told = texts.DENIED.format(number=m.number, office="那边")
    people = dict.fromkeys(p for p in (around.mediator[0], around.opener) if p)
    return (Say(texts.DENIED_MINE), *(e for p in people for e in one(told, p)))


FOLLOWS: Mapping[Step, Follow] = {
    Step.CONSENT: _consented,
    Step.REFUSE: _refused,
    Step.LAPSE: _lapsed,
    Step.TAKE: _taken,
    Step.RECUSE: _recused,
    Step.OBJECT: _objected,
    Step.ASK_PLAN: _plan_asked,
    Step.PLAN: _planned,
    Step.PROPOSE: _proposed,
    Step.ACCEPT_TIME: _coming,
    Step.DECLINE_TIME: _not_then,
    Step.RECORD: ending.recorded,
    Step.CONFIRM: ending.confirmed,
    Step.CORRECT: ending.corrected,
    Step.FAIL: ending.failed,
    Step.RATE: ending.rated,
    Step.OFFER_HAND_OVER: _offered,
    Step.ALLOW: _allowed,
    Step.DENY: _denied,
    Step.WITHDRAW: ending.withdrawn,
}
