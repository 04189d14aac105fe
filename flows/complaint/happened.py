"""When a complaint happened, as told: heard in the words, kept with them, said back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from functools import lru_cache
from typing import Any

from flows.complaint import texts
from flows.flow import Answers, Turn
from nlu.dates.spoken import spoken_when
from nlu.dates.told import Told, when_told
from nlu.dates.values import Doubt, When, Why
from nlu.normalize import normalize

ASKED = frozenset((Why.WHICH_DAY, Why.WHICH_HOUR, Why.WHICH_NIGHT, Why.HABIT))
CLEAR = ("", Why.SEVERAL.value)  # of several times each is clear


def local(turn: Turn) -> datetime:
    return turn.now.astimezone(turn.zone)


def heard(turn: Turn) -> dict[str, Any]:
    """The time in what is being said, seen from when it was said: the button of a group may be pressed the next day."""
    then = turn.said.said_at.astimezone(turn.zone) if turn.said.said_at else local(turn)
    found = _when(turn.said.text, then, then.tzinfo)
    return {"told": _row(found)} if found and _readings(found) else {}


@lru_cache(maxsize=16)  # a decision that has to have something looked up is taken again
def _when(text: str, then: datetime, _zone: tzinfo | None) -> Told | None:
    """The zone is named since one moment is equal in all of them."""
    return when_told(normalize(text), then)


def _readings(found: Told) -> tuple[When, ...]:
    if isinstance(found.found, When):
        return (found.found,)
    return found.found.readings if found.found.why in (*ASKED, Why.SEVERAL) else ()


def _row(found: Told) -> dict[str, Any]:
    why = found.found.why.value if isinstance(found.found, Doubt) else ""
    return {"words": found.words, "times": [one.to_json() for one in _readings(found)], "why": why}


def told(answers: Answers) -> dict[str, Any]:
    """What `heard` kept; {} when the first words told no time."""
    found = answers.get("description", {}).get("told")
    return found if isinstance(found, dict) else {}


def read(rows: Sequence[dict[str, Any]]) -> tuple[When, ...]:
    """The times of their JSON; none where another version wrote them."""
    try:
        return tuple(When.from_json(one) for one in rows)
    except (KeyError, ValueError):
        return ()


def times(answers: Answers) -> tuple[When, ...]:
    """The clear times of the complaint: what was tapped or typed since goes before what was told first."""
    first, value = told(answers), answers.get("when")
    if isinstance(value, dict):
        return read(value["times"])
    found = read(first["times"]) if first else ()
    if isinstance(value, str):
        return tuple(one for i, one in enumerate(found) if value == f"t{i}")
    return found if first and first["why"] in CLEAR else ()


def words(answers: Answers) -> str:
    """The time in the resident's own words; "" when none was told."""
    value = answers.get("when")
    return str(value["words"] if isinstance(value, dict) else told(answers).get("words", ""))


def said(answers: Answers, turn: Turn) -> str:
    """The time as the confirmation and the card tell it; "" when none is clear."""
    return "；".join(spoken_when(one, local(turn)) for one in times(answers))


def line(answers: Answers, turn: Turn) -> str:
    """The line of the confirmation: what is clear, or what the resident answered when asked."""
    found, value = said(answers, turn), answers.get("when")
    if found:
        return texts.WHEN_LINE.format(when=found)
    if isinstance(value, str):
        return texts.WHEN_UNSURE.format(words=words(answers)) if words(answers) else ""
    asked = isinstance(value, dict) and value["words"] != told(answers).get("words")
    return texts.WHEN_LINE.format(when=words(answers)) if asked else ""
