"""What the clock does with a mediation: nobody has taken it, both meet soon, the time for the court runs out."""

from __future__ import annotations

from flows.domain.mediation import Mediation, State
from flows.effects import Effect, Lane, OnDuty, Option, Say
from flows.mediation import texts
from flows.mediation.around import Around, both, one, working
from flows.mediation.desk import DUTY, seek
from flows.mediation.ending import until


def waiting(m: Mediation, around: Around) -> tuple[Effect, ...]:
    """A day without a mediator: the leader on duty hears of it, those who may take it are asked again."""
    if m.state is not State.CONSENTED:
        return ()
    said = texts.WAITING.format(number=m.number, kind=texts.SAID[m.kind], area=around.area)
    row = (Option(texts.OFFER, "mediation.offer_hand_over", {"mediation": m.id}, roles=DUTY, area=m.area),)
    told = Say(said, to=OnDuty(m.area, "duty_leader"), options=(row,), lane=Lane.PUSH)
    again = [e for e in seek(m, around) if not (isinstance(e, Say) and isinstance(e.to, OnDuty))]
    return (told, *again)


def remind(m: Mediation, around: Around) -> tuple[Effect, ...]:
    if m.state is not State.ARRANGED:
        return ()
    at = {"when": around.when(m.meets_at), "place": around.place, "number": m.number}
    mine = around.mediator[0]
    told = one(texts.REMIND_MEDIATOR.format(**at), mine, working(m, mine))
    return (*both(m, around, texts.REMIND.format(**at), ((texts.CANNOT, "decline_time"),)), *told)


def court(m: Mediation, around: Around) -> tuple[Effect, ...]:
    """A week before the thirty days are over."""
    if m.state is not State.SETTLED:
        return ()
    return both(m, around, texts.COURT.format(number=m.number, until=until(m, around)))


CLOCK = {"waiting": waiting, "remind": remind, "court": court}
