"""Who signed up on paper connects the form with this chat, by the code that was handed out."""

from __future__ import annotations

from flows.effects import Effect, Option, Say
from flows.effects.volunteers import BindVolunteer
from flows.facts import Query
from flows.flow import Answers, Ask, Flow, Outcome, State, Turn, start
from flows.volunteer import register_texts as said
from flows.volunteer.register import AGREED

JOIN = ((Option(said.SEE, "begin", {"flow": "volunteer", "intent": "join_activity"}),),)


def bind(state: State, turn: Turn) -> Outcome | Query:
    known = turn.facts.volunteering
    if known.me is not None:
        return Outcome(state, (Say(said.REGISTERED_ALREADY),))
    if known.paper is None:
        return Outcome(state, (Say(said.WRONG_CODE),))
    code, name = known.paper
    return start(BIND, turn, state, {"code": code, "name": name})


def _bound(answers: Answers, turn: Turn) -> tuple[Effect, ...]:
    if answers["sure"] == "no":
        return (Say(said.NOT_BOUND),)
    name = answers["name"]
    return (BindVolunteer(int(answers["code"]), turn.person), Say(said.BOUND.format(name=name), options=JOIN))


BIND = Flow(
    name="volunteer_bind",
    title="连上志愿者登记",
    intents=frozenset(),
    aside=True,
    needs=frozenset({"volunteering"}),
    asks=(Ask("sure", lambda a, t: said.IS_IT_YOU.format(name=a["name"]), choices=lambda a, t: AGREED),),
    finish=_bound,
)
