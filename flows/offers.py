"""A question that offers two or three things to begin, and a bare yes to it: which of them."""

from __future__ import annotations

from dataclasses import replace

from flows.assistant import texts
from flows.effects import Here, Option, Say
from flows.flow import Outcome, Sense, State, Turn
from flows.words import word
from flows.yesno import sense_of

OFFER = "offer"  # of a state's last: what was offered just now, as (label, arguments)
MOST = 3  # choices of an offer; more are a menu
WANTS = frozenset({"要", "我要", "要的", "想", "想要", "需要", "来一个", "都要", "都行", "随便"})


def kept(outcome: Outcome) -> Outcome:
    """The outcome, with what its last words offer; an offer made before is over."""
    made = [] if outcome.state.flow else _made(outcome)
    last = {k: v for k, v in outcome.state.last.items() if k != OFFER}
    if made or len(last) < len(outcome.state.last):
        return replace(outcome, state=replace(outcome.state, last={**last, **({OFFER: made} if made else {})}))
    return outcome


def _made(outcome: Outcome) -> list[tuple[str, dict[str, object]]]:
    said = next((e for e in reversed(outcome.effects) if isinstance(e, Say) and isinstance(e.to, Here)), None)
    if said is None or not said.text.endswith(("？", "?")):
        return []
    options = [option for row in said.options for option in row]
    begins = 1 < len(options) <= MOST and all(option.action == "begin" for option in options)
    return [(option.label, dict(option.args)) for option in options] if begins else []


def which(state: State, turn: Turn) -> Outcome | None:
    """Somebody says yes to an offer of several: they are asked which; None: nothing of the kind."""
    made, said = state.last.get(OFFER), word(turn.said.text)
    if not made or turn.said.answer or turn.said.begin:
        return None
    if said not in WANTS and Sense.YES not in sense_of(said):
        return None
    row = tuple(Option(label, "begin", args) for label, args in made)
    return Outcome(state, (Say(texts.WHICH_ONE.format(names="、".join(o.label for o in row)), options=(row,)),))
