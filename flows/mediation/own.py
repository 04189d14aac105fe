"""One's own mediations: how each stands, and what one may do about it now."""

from __future__ import annotations

from collections.abc import Iterable

from flows.complaint.rules import spoken
from flows.domain.mediation import Mediation, State
from flows.effects import Option, Say
from flows.facts import MediationView
from flows.flow import Outcome, Turn
from flows.flow import State as Talk
from flows.mediation import texts

ASKED_NOW = {  # what a side that has not answered yet may press
    State.ASKED: ((texts.YES, "consent"), (texts.NO, "refuse")),
    State.PROPOSED: ((texts.CAN, "accept_time"), (texts.CANNOT, "decline_time")),
    State.RECORDED: ((texts.RIGHT, "confirm"), (texts.WRONG, "correct")),
}
ANSWERED = {State.ASKED: "agreed", State.PROPOSED: "coming", State.RECORDED: "confirmed"}
UNTIL_MET = (State.CONSENTED, State.TAKEN, State.PROPOSED, State.ARRANGED)


def mine(state: Talk, turn: Turn) -> Outcome:
    """Each of them in a message of its own, since each has buttons of its own."""
    found = turn.facts.mediations
    if not found:
        return Outcome(state, (Say(texts.MINE_NONE),))
    return Outcome(state, tuple(_shown(one, turn) for one in found))


def _shown(one: MediationView, turn: Turn) -> Say:
    m = one.mediation
    said = [texts.MINE_LINE.format(number=m.number, kind=texts.SAID[m.kind], state=texts.STATE[m.state])]
    if m.meets_at and m.state in (State.PROPOSED, State.ARRANGED):
        said.append(texts.MINE_MEETS.format(when=spoken(m.meets_at, turn.now, turn.zone), place=one.place))
    if one.agreement and m.state in (State.RECORDED, State.SETTLED):
        said.append(texts.MINE_AGREED.format(agreement=one.agreement))
    if m.state in ANSWERED and one.side in getattr(m, ANSWERED[m.state]):
        said.append(texts.MINE_WAITS)
    return Say("\n".join(said), options=tuple(_rows(one, turn.person)))


def _rows(one: MediationView, person: int) -> Iterable[tuple[Option, ...]]:
    m = one.mediation
    if m.state in ANSWERED and one.side not in getattr(m, ANSWERED[m.state]):
        yield tuple(_option(m, person, *step) for step in ASKED_NOW[m.state])
    if m.state is State.ARRANGED:
        yield (_option(m, person, texts.CANNOT, "decline_time"),)
    if m.state in UNTIL_MET:
        steps = [(texts.WRITE, "write"), (texts.WITHDRAW, "withdraw")]
        if m.mediator and not m.office:
            steps.insert(0, (texts.OBJECT, "object"))
        yield tuple(_option(m, person, *step) for step in steps)
    if m.state in (State.SETTLED, State.FAILED) and one.side not in m.ratings:
        yield tuple(_option(m, person, label, "rate", rating=rating) for label, rating in texts.RATINGS)


def _option(m: Mediation, person: int, label: str, step: str, **more: int) -> Option:
    return Option(label, f"mediation.{step}", {"mediation": m.id, **more}, person=person)
