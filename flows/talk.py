"""The values of a conversation: what was said, a turn, the state between turns, and what a decision comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from flows.effects import Effect
from flows.facts import Facts
from nlu.frozen import replace
from nlu.normalize import plain
from nlu.understanding import Understanding

Answers = Mapping[str, Any]  # slot -> JSON value


@dataclass(frozen=True, slots=True)
class Said:
    """What a person said or pressed. `answer` is (slot, key, step) of a pressed choice."""

    text: str
    understood: Understanding
    answer: tuple[str, str, int] | None = None
    photos: tuple[int, ...] = ()
    location: tuple[float, float] | None = None
    pinned: str = ""  # what the map calls it
    voice: bool = False
    recorded: bool = False  # the voice is kept, and goes with the case that is registered next
    begin: str | None = None  # a flow asked for by a button; the text is what was said before
    said_at: datetime | None = None  # and when it was said
    changed: bool = False  # the new words of a message that was sent before

    @property
    def plain(self) -> str:
        """The words as patterns read them; `text` is what is kept and shown."""
        return plain(self.text)


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing said, when, by whom, and what is known."""

    said: Said
    now: datetime
    person: int
    facts: Facts
    zone: ZoneInfo
    private: bool = True

    def since(self, at: str) -> timedelta:
        """How long ago a moment kept in a state (ISO 8601) was."""
        return self.now - datetime.fromisoformat(at)


class Sense(StrEnum):
    """What a choice comes to: people say yes and no in more words than anybody lists at each question."""

    YES = "yes"
    NO = "no"
    NOTHING = "nothing"  # a no to what needn't be given: 没拍, 手头没有


@dataclass(frozen=True, slots=True)
class Choice:
    """One possible answer: accepted by its button, number, label, one of its words, or any way to say its sense."""

    key: str
    label: str
    words: tuple[str, ...] = ()
    sense: Sense | None = None


@dataclass(frozen=True, slots=True)
class State:
    """Where a conversation stands; JSON between turns. `step` rises with every question, so an old button is known;
    asked again with nothing changed, those since `since` still hold: a press may come after the line typed after it."""

    flow: str = ""
    answers: Answers = field(default_factory=dict)
    asking: str | None = None
    tries: int = 0
    step: int = 0
    since: int = 0
    unclear: int = 0  # messages in a row that nothing was made of
    suspended: tuple[State, ...] = ()
    last: Answers = field(default_factory=dict)  # what the matter that ended last was about, for what goes on with it
    later: tuple[tuple[str, str], ...] = ()  # other matters of the same message: (flow, words)

    def to_json(self) -> dict[str, Any]:
        row: dict[str, Any] = {"flow": self.flow, "answers": dict(self.answers), "asking": self.asking}
        row |= {"tries": self.tries, "step": self.step, "unclear": self.unclear}
        row |= {"since": self.since} if self.since else {}
        row |= {"last": dict(self.last)} if self.last else {}
        if self.later:
            row["later"] = [list(one) for one in self.later]
        return row | {"suspended": [s.to_json() for s in self.suspended]}

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> State:
        known = {
            k: row[k] for k in ("flow", "answers", "asking", "tries", "step", "since", "unclear", "last") if k in row
        }
        later = tuple((str(flow), str(words)) for flow, words in row.get("later", ()))
        return cls(**known, suspended=tuple(cls.from_json(s) for s in row.get("suspended", ())), later=later)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a decision comes to: the next state, and effects. `person_wanted` asks the router for a hand-over."""

    state: State
    effects: tuple[Effect, ...] = ()
    person_wanted: bool = False

    def after(self, *first: Effect) -> Outcome:
        """The same, with these effects before its own."""
        return replace(self, effects=(*first, *self.effects))


OPENED = "opened"  # the intent of a flow asked for by its title
WRITTEN = frozenset({"alert_draft", "mediation_record", "mediation_plan"})  # flows in which staff write for others


def titled(turn: Turn) -> Turn:
    """A flow's title typed instead of pressed; to a person who has the conversation it is a word like others."""
    said, seen = turn.said, turn.said.understood
    if seen.intent != OPENED or said.answer or said.begin or not turn.private:
        return turn
    return replace(turn, said=replace(said, begin=seen.flow, text="", understood=seen.but(text="")))
