"""What surrounds a mediation, and how its people are spoken to: each alone and in private."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from flows.complaint.rules import spoken
from flows.domain.mediation import SIDES, Mediation, Part
from flows.effects import Effect, Lane, Option, Privately, Say
from flows.mediation import texts


@dataclass(frozen=True, slots=True)
class Around:
    """What surrounds a mediation: who acts, who its people are, what was written down."""

    now: datetime
    zone: ZoneInfo
    area: str
    actor: str
    parts: frozenset[Part]
    community: int = 0  # the area whose work group hears of the subdistrict's plan
    side: str = ""  # of whoever acts
    persons: Mapping[str, int | None] = field(default_factory=dict)  # side -> person
    names: Mapping[str, str] = field(default_factory=dict)  # side -> who it is, for the mediator alone
    mediator: tuple[int | None, str] = (None, "")  # person, name
    candidates: tuple[int, ...] = ()  # persons
    office: tuple[int, ...] = ()  # persons of the office it is (to be) handed to
    opener: int | None = None  # person
    place: str = ""
    agreement: str = ""
    words: Mapping[str, str] = field(default_factory=dict)

    def told(self) -> str:
        """What staff and both sides wrote, for the mediator."""
        found = ((texts.SIDES[s], self.words.get(s)) for s in ("", *SIDES))
        return "\n".join(texts.WORDS_OF.format(side=side, words=words) for side, words in found if words)

    def sides(self) -> str:
        """Who the sides are, for a mediator to know of an interest by; "" when neither has said."""
        if not any(self.names.values()):
            return ""
        return "\n".join(f"{texts.SIDES[s]}：{self.names.get(s) or texts.NO_NAME}" for s in SIDES)

    def when(self, at: datetime | None) -> str:
        return spoken(at, self.now, self.zone) if at else ""


def options(m: Mediation, person: int | None, *steps: tuple[str, str]) -> tuple[Option, ...]:
    return tuple(Option(label, f"mediation.{step}", {"mediation": m.id}, person=person) for label, step in steps)


def both(m: Mediation, around: Around, text: str, *rows: tuple[tuple[str, str], ...]) -> tuple[Effect, ...]:
    """The same to both sides, each in private."""
    people = [p for side in SIDES if (p := around.persons.get(side))]
    return tuple(
        Say(text, to=Privately(p), options=tuple(options(m, p, *row) for row in rows), lane=Lane.PUSH, neutral="")
        for p in people
    )


def one(text: str, person: int | None, rows: tuple[tuple[Option, ...], ...] = ()) -> tuple[Effect, ...]:
    return (Say(text, to=Privately(person), options=rows, lane=Lane.PUSH, neutral=""),) if person else ()


def invitation(m: Mediation, person: int) -> Say:
    """What the side that was asked for reads: what kind of matter, and that it is free to say no."""
    said = texts.INVITED.format(kind=texts.SAID[m.kind], number=m.number)
    row = options(m, person, (texts.YES, "consent"), (texts.NO, "refuse"))
    return Say(said, to=Privately(person), options=(row,))


def to_mediator(text: str, around: Around) -> tuple[Effect, ...]:
    return one(text, around.mediator[0])


def working(m: Mediation, person: int | None) -> tuple[tuple[Option, ...], ...]:
    """What a mediator who has it may press."""
    return (
        options(m, person, (texts.PROPOSE, "propose"), (texts.RECORD, "record"), (texts.FAIL, "fail")),
        options(m, person, (texts.ASK_PLAN, "ask_plan"), (texts.OFFER, "offer_hand_over"), (texts.RECUSE, "recuse")),
    )
