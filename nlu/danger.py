"""Hears danger in a message before any flow does: one that is happening now, or one that deserves a caring question."""

from __future__ import annotations

import json
import zlib
from functools import lru_cache
from pathlib import Path

import numpy as np

from nlu.danger_words import CUES, EVENTS, SLIPS
from nlu.features import Hashes, ngrams
from nlu.linear import Floats, Head, load_head, softmax
from nlu.normalize import fold, normalize
from nlu.understanding import Hazard

CLASSES = ("none", *(hazard.value for hazard in Hazard))
WEIGHTS = Path(__file__).parent / "weights" / "danger.npz"
TUNED = Path(__file__).parent / "tuned.json"
_TAKES_BACK = (
    "past",
    "solved",
    "law",
    "drill",
    "media",
    "figure",
    "equipment",
    "pet",
    "elsewhere",
    "wish",
    "join",
    "business",
    "not",
    "bot",
)


def danger(text: str, *, overheard: bool = False) -> tuple[Hazard | None, Hazard | None]:
    """(danger happening now, concern that deserves one caring question with the hotline); takes any string.

    `overheard`: said to others in a group, where a word that may mean danger mostly means none.
    """
    heard = _hear(text)
    events = _events(heard)
    sure = max((sure for _, sure in events), default=0)
    if not sure:
        return None, None
    chances = softmax(_head().scores(_evidence(heard, events)))
    now = 1.0 - float(chances[0])
    alarm, care = thresholds(overheard)[sure]
    if now < care:
        return None, None
    hazard = _hazard(events, chances)
    return (hazard, None) if now >= alarm else (None, hazard)


def evidence(text: str) -> Hashes:
    """What the model looks at, as sorted hashes: n-grams, the events and cues heard, and their pairs."""
    heard = _hear(text)
    return _evidence(heard, _events(heard))


def _hear(text: str) -> str:
    heard = fold(normalize(text))
    for slip, meant in SLIPS:
        heard = heard.replace(slip, meant)
    return heard


def _events(heard: str) -> tuple[tuple[Hazard, int], ...]:
    """Every (hazard, how sure) whose words are heard."""
    return tuple(dict.fromkeys((hazard, sure) for hazard, sure, pattern in EVENTS if pattern.search(heard)))


def _hazard(events: tuple[tuple[Hazard, int], ...], chances: Floats) -> Hazard:
    """The likeliest hazard among those whose words are heard most surely; of all when none is."""
    sure = max((sure for _, sure in events), default=0)
    heard = [hazard for hazard, s in events if s == sure] or list(Hazard)
    return max(heard, key=lambda hazard: float(chances[CLASSES.index(hazard.value)]))


def _evidence(heard: str, events: tuple[tuple[Hazard, int], ...]) -> Hashes:
    sure = max((sure for _, sure in events), default=0)
    certain = [hazard for hazard, s in events if s == 2]
    cues = [name for name, pattern in CUES.items() if pattern.search(heard)]
    doubts = sum(name in _TAKES_BACK for name in cues)
    names = [f"sure {sure}", f"sure {sure} doubts {min(doubts, 3)}", f"certain {min(len(certain), 3)}", *cues]
    names += [f"{hazard} {s}" for hazard, s in events] + [f"sure {sure} {cue}" for cue in cues]
    names += [f"{hazard} {cue}" for hazard in certain for cue in cues]
    named = np.array([zlib.crc32(name.encode()) for name in names], dtype=np.uint32)
    return np.unique(np.concatenate([ngrams(heard), named]))


@lru_cache(maxsize=2)
def thresholds(overheard: bool = False) -> tuple[tuple[float, float], ...]:
    """What the model must say for (an alarm, a caring question), by how sure the words alone are: 0 no word of danger
    (never), 1 one that may be, 2 an event."""
    numbers = json.loads(TUNED.read_text("utf-8"))["numbers"]
    may_be = numbers["danger.alarm_overheard" if overheard else "danger.alarm_may_be"]
    event = (numbers["danger.alarm_event"], numbers["danger.care_event"])
    return (1.0, 1.0), (may_be, numbers["danger.care_may_be"]), event


@lru_cache(maxsize=1)
def _head() -> Head:
    return load_head(WEIGHTS, CLASSES)
