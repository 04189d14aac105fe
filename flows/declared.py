"""What a flow is declared with: its questions, what starts it, what it does at its end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flows.effects import Effect, Option, Say
from flows.facts import Query
from flows.talk import Answers, Choice, Outcome, State, Turn

Text = str | Callable[[Answers, Turn], str]
Parse = Callable[[Turn, Answers], Any]


def always(_answers: Answers, _turn: Turn) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Ask:
    """One question.

    `parse` turns what was said into a JSON value or raises Unclear; with `choices` and no `parse`, only a choice is
    accepted. `fill` looks for the answer in what was said before the question was asked; None: not there. `name` is
    what the slot is called when the resident wants to change it; without one it can't be changed.
    """

    slot: str
    text: Text
    parse: Parse | None = None
    choices: Callable[[Answers, Turn], tuple[Choice, ...]] | None = None
    when: Callable[[Answers, Turn], bool] = always
    fill: Parse | None = None
    name: str = ""
    also: tuple[str, ...] = ()  # what residents call it too
    free: bool = False  # any sentence is an answer: only a clear change of subject is not
    passed_on: bool = False  # what staff write for others: whatever it is about, only set phrases are for us
    late: bool = False  # what parses is taken at the confirmation too, without 修改
    drops: tuple[str, ...] = ()  # answers drawn from this one: they go when it is changed
    beside: Callable[[Answers, Turn], tuple[Option, ...]] | None = None  # buttons that are no answers, each in a row
    again: Callable[[Answers, Turn], bool] = always  # whether 返回 comes to it: not to what was never asked
    looked: bool = False  # its words come from what is looked up: looked up before anything is made of the answer
    falls_to: Any = None  # what is taken after two answers that don't fit: nobody waits for a person over a photo


Finish = Callable[[Answers, Turn], "tuple[Effect, ...]"]
Then = Callable[[Answers, Turn], Answers | None]
Entry = Callable[["State", Turn], "Outcome | Query | None"]  # None: it begins the questions after all


@dataclass(frozen=True, slots=True)
class Flow:
    """A conversation: what starts it, what it asks, what it does.

    `entries` answer an intent at once; every other intent of `intents` starts the questions. `words` gives the intent
    of set phrases ("我要投诉"), without asking the understanding.
    `look` names what has to be looked up before the next question. A `confirm` that comes to "" needs none.
    `instead` answers what sounds like a new matter and is none (啥时候来水, of what was reported); None: it begins.
    `otherwise` takes what was no answer to the open question; None: ask it again.
    """

    name: str
    title: str
    intents: frozenset[str]
    asks: tuple[Ask, ...] = ()
    finish: Finish | None = None
    confirm: Callable[[Answers, Turn], str] | None = None
    entries: Mapping[str, Entry] = field(default_factory=dict)
    needs: frozenset[str] = frozenset()
    look: Callable[[Answers, Turn], Query | None] | None = None
    ahead: bool = False  # most answers need what is looked up, and it is quickly found: before they are read
    instead: Callable[[State, Turn], Outcome | None] | None = None
    otherwise: Callable[[State, Turn], Outcome | Query | None] | None = None
    words: Callable[[str], str | None] = lambda _text: None
    keeps: Then | None = None  # what is remembered after the end …
    goes_on: Callable[[Turn, Answers], Answers | Say | None] | None = None  # … and what goes on with it, or its answer
    then: Then | None = None  # the answers the next matter of the same message begins with
    aside: bool = False  # begun by another flow of its folder, never from the menu

    def ask(self, slot: str | None) -> Ask | None:
        for one in self.asks:
            if one.slot == slot:
                return one
        return None
