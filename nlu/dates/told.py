"""The times a whole message tells of, each with its words and what they mean; and when it happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from nlu.dates.read import resolve
from nlu.dates.values import Doubt, Kind, When, Why
from nlu.times import GATE, TIME

MOST = 6  # times of one message that are looked at


@dataclass(frozen=True, slots=True)
class Told:
    """Words about time, as they stand in the normalised message, and what they mean."""

    words: str
    found: When | Doubt


def times_told(text: str, now: datetime, *, future: bool = False) -> tuple[Told, ...]:
    """Every time in a normalised message, in its order."""
    made: list[Told] = []
    if not GATE.search(text):
        return ()
    for match in TIME.finditer(text):
        words = match.group().strip()
        found = resolve(words, now, future=future, before=text[: match.start()], after=text[match.end() :])
        if found is not None:
            made.append(Told(words, found))
        if len(made) == MOST:
            break
    return tuple(made)


def when_told(text: str, now: datetime, *, future: bool = False) -> Told | None:
    """When it happened, as the whole message tells it.

    One habit goes before the single times beside it; what is only vague, or lies in the other direction, says nothing
    beside a time that is clear. Several times that differ leave a doubt: which of them it was.
    """
    told = times_told(text, now, future=future)
    habits = [t for t in told if isinstance(t.found, When) and t.found.kind is Kind.CYCLE]
    clear = [t for t in told if isinstance(t.found, When) and t not in habits]
    asked = [t for t in told if isinstance(t.found, Doubt) and t.found.why not in (Why.VAGUE, Why.AHEAD, Why.NO_SUCH)]
    several = habits or clear
    if len(habits) == 1 or (not asked and len({t.found for t in several}) == 1):
        return several[0]
    if len(asked) == 1 and not several:
        return asked[0]
    if several or asked:
        readings = tuple(dict.fromkeys(t.found for t in several if isinstance(t.found, When)))
        words = max((*several, *asked), key=lambda t: len(t.words)).words
        return Told(words, Doubt(Why.SEVERAL, readings if len(readings) > 1 and not asked else ()))
    return told[0] if told else None
