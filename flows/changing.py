"""What is to be changed at the confirmation, called by its name: 电话不留了, 地址错了, 时间写错了，是前天晚上."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

from flows.choosing import PAUSE, pick
from flows.declared import Ask, Flow
from flows.errors import Unclear
from flows.talk import State, Turn
from nlu.late import regex
from nlu.normalize import aligned, plain

LONGEST = 20  # characters of a wish to change one answer
CHANGES = regex(r"改|换|错|不对|不是|不留|不要|别留|删|去掉|重新|写反|填反|不准")
MEANS = regex(r"^(?:应该|改成|改为|换成|得|要|是)+")


def wished(turn: Turn) -> bool:
    """Whether the words may change an answer at all."""
    text = turn.said.understood.plain
    return not turn.said.answer and len(text) <= LONGEST and CHANGES.search(text) is not None


def named(flow: Flow, state: State, turn: Turn) -> tuple[str, Any] | None:
    """(slot, the new answer where it is said too, else None) of the one answer that is called by its name."""
    text = turn.said.understood.plain
    found = [a for a in flow.asks if a.name and a.slot in state.answers and any(w in text for w in (a.name, *a.also))]
    return (found[0].slot, _said(found[0], state, turn)) if len(found) == 1 else None


def _said(ask: Ask, state: State, turn: Turn) -> Any:
    parts = PAUSE.split(turn.said.understood.text)
    choices = ask.choices(state.answers, turn) if ask.choices else ()
    picked = next((c for part in parts if (c := pick(choices, _saying(turn, part)))), None)
    if picked is not None:
        return picked.key
    names = (ask.name, *ask.also)
    rest = "，".join(part for part in parts if not any(w in plain(part) for w in names))
    rest = rest[len(rest) - len(MEANS.sub("", aligned(rest))) :]
    parse = ask.fill if ask.free else ask.parse
    with suppress(Unclear):
        return parse(_saying(turn, rest), state.answers) if rest and ask.late and parse else None
    return None


def _saying(turn: Turn, text: str) -> Turn:
    """The turn as if only this part of it had been said."""
    return replace(turn, said=replace(turn.said, text=text, understood=turn.said.understood.but(text=text)))
