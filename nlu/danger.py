"""Hears danger in a message before any flow does: one that is happening now, or one that deserves a caring question."""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Callable
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
SECOND = Path(__file__).parent / "weights" / "danger_second.npz"
TUNED = Path(__file__).parent / "tuned.json"
UNSURE = (0.03, 0.97)  # between these the second opinion is asked

Opinion = Callable[[], float | None]  # log-odds that it is danger, from the meaning of the whole; None: not to be had
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


def danger(
    text: str, *, overheard: bool = False, opinion: Opinion | None = None
) -> tuple[Hazard | None, Hazard | None]:
    """(danger happening now, concern that deserves one caring question with the hotline); takes any string.

    `overheard`: said to others in a group, where a word that may mean danger mostly means none.
    `opinion`: a second one, asked only where the words leave doubt.
    """
    heard = _hear(text)
    events = _events(heard)
    sure = max((sure for _, sure in events), default=0)
    if not sure and opinion is None:
        return None, None
    chances = softmax(_head().scores(_evidence(heard, events)))
    now = 1.0 - float(chances[0])
    alarm, care = thresholds(overheard)[sure]
    second = opinion() if opinion and UNSURE[0] < now < UNSURE[1] else None
    if second is not None:
        now, alarm, care = _both(now, second)
    if now < care:
        return None, None
    hazard = _hazard(events, chances)
    return (hazard, None) if now >= alarm else (None, hazard)


def _both(now: float, second: float) -> tuple[float, float, float]:
    """What both opinions make of it together, and from where that is an alarm, and a caring question."""
    numbers = _numbers()
    weight = numbers["danger.second"]
    odds = (1 - weight) * math.log(now / (1 - now)) + weight * second
    return 1 / (1 + math.exp(-odds)), numbers["danger.alarm_both"], numbers["danger.care_both"]


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
    numbers = _numbers()
    may_be, event = (numbers[f"danger.alarm_{'overheard' if overheard else name}"] for name in ("may_be", "event"))
    return (1.0, 1.0), (may_be, numbers["danger.care_may_be"]), (event, numbers["danger.care_event"])


@lru_cache(maxsize=1)
def _numbers() -> dict[str, float]:
    return dict(json.loads(TUNED.read_text("utf-8"))["numbers"])


@lru_cache(maxsize=1)
def _head() -> Head:
    return load_head(WEIGHTS, CLASSES)


def second_opinion(vector: Floats) -> float | None:
    """The log-odds of danger by a sentence vector of nlu/second.py; None where no head was trained."""
    head = _second()
    return None if head is None else float(vector @ head[0] + head[1])


@lru_cache(maxsize=1)
def _second() -> tuple[Floats, float] | None:
    if not SECOND.exists():
        return None
    with np.load(SECOND, allow_pickle=False) as stored:
        return stored["weights"].astype(np.float32), float(stored["bias"][0])
