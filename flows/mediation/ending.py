"""How a mediation ends: the agreement is read back, confirmed or corrected; it fails; a side leaves; both rate."""

from __future__ import annotations

from datetime import timedelta

from flows.domain.mediation import SIDES, Mediation, State
from flows.effects import CardKey, Effect, Lane, Notice, Option, Privately, Say, Schedule, StaffRoom
from flows.mediation import texts
from flows.mediation.around import Around, both, one, working

COURT = timedelta(days=30)  # 人民调解法 art. 33
COURT_WARNING = timedelta(days=23)


def recorded(m: Mediation, around: Around, said: str) -> tuple[Effect, ...]:
    read = texts.READ_BACK.format(number=m.number, agreement=said)
    return (Notice(texts.RECORDED), *both(m, around, read, ((texts.RIGHT, "confirm"), (texts.WRONG, "correct"))))


def confirmed(m: Mediation, around: Around, _said: str) -> tuple[Effect, ...]:
    if m.state is not State.SETTLED or m.settled_at is None:
        return (Say(texts.CONFIRMED),)
    told = texts.SETTLED.format(number=m.number, agreement=around.agreement, until=until(m, around))
    at = m.settled_at + COURT_WARNING
    due = Schedule("mediation.court", f"mediation.{m.id}.court", at, {"mediation": m.id, "area": m.area})
    return (*rateable(m, around, told), *end(texts.SETTLED_TOLD.format(number=m.number), m, around), due)


def until(m: Mediation, around: Around) -> str:
    """The last day on which both may ask the court."""
    assert m.settled_at
    last = (m.settled_at + COURT).astimezone(around.zone)
    return f"{last.month}月{last.day}日"


def rateable(m: Mediation, around: Around, text: str) -> tuple[Effect, ...]:
    people = [p for side in SIDES if (p := around.persons.get(side))]
    return tuple(
        Say(
            text,
            to=Privately(p),
            options=(
                tuple(
                    Option(label, "mediation.rate", {"mediation": m.id, "rating": rating}, person=p)
                    for label, rating in texts.RATINGS
                ),
            ),
            lane=Lane.PUSH,
            neutral="",
        )
        for p in people
    )


def end(text: str, m: Mediation, around: Around) -> tuple[Effect, ...]:
    """The mediator and whoever opened it hear how it ended; on the card of a case, only that it did."""
    people = dict.fromkeys(p for p in (around.mediator[0], around.opener) if p)
    told = [e for p in people for e in one(text, p)]
    card = Say(text, to=StaffRoom(m.area), about=CardKey("case", m.case), lane=Lane.PUSH) if m.case else None
    return (*told, *((card,) if card else ()))


def corrected(m: Mediation, around: Around, _said: str) -> tuple[Effect, ...]:
    rows = working(m, around.mediator[0])
    return (Say(texts.CORRECTED), *one(texts.CORRECTED_TOLD.format(number=m.number), around.mediator[0], rows))


def failed(m: Mediation, around: Around, _said: str) -> tuple[Effect, ...]:
    return (Notice(texts.FAILED_TOLD), *rateable(m, around, texts.FAILED.format(number=m.number)))


def rated(_m: Mediation, _around: Around, _said: str) -> tuple[Effect, ...]:
    return (Say(texts.RATED),)


def withdrawn(m: Mediation, around: Around, _said: str) -> tuple[Effect, ...]:
    other = [p for side, p in around.persons.items() if side != around.side and p]
    told = [e for p in other for e in one(texts.WITHDRAWN.format(number=m.number), p)]
    why = texts.ENDED_TOLD.format(number=m.number, why=texts.WHY["withdrawn"])
    return (Say(texts.WITHDRAWN_MINE), *told, *end(why, m, around))
