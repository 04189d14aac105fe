"""Hears danger in a message before any flow does: one that is happening now, or one that deserves a caring question."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from nlu.danger_words import CUES, EVENTS, HARMLESS, SLIPS
from nlu.features import Hashes, distinct, ngrams
from nlu.linear import Head, load_head, softmax
from nlu.normalize import fold, normalize
from nlu.spotting import Spotter, compiled, index, keys_of
from nlu.understanding import Hazard

CLASSES = ("none", *(hazard.value for hazard in Hazard))
WEIGHTS = Path(__file__).parent / "weights" / "danger.npz"
WORDS = Path(__file__).parent / "weights" / "words.json"
TUNED = Path(__file__).parent / "tuned.json"
_TAKEN_BACK = "past solved law drill media figure equipment pet elsewhere wish join business not bot"
_SLIP = re.compile("|".join(slip for slip, _ in SLIPS))
_HARMLESS = tuple((f"(?:{sounds})", means) for sounds, means in HARMLESS)  # each looked for whole: compiled once
_TAKES_BACK = frozenset(_TAKEN_BACK.split())
# What somebody who writes to an office puts behind anything (thanks, a wish, the number of the house): it takes nothing
# back, and is not heard.
_COURTESY = re.compile(
    r"[,。.!;~ ]+(?:(?:多?谢谢?|感谢|辛苦)(?:你们?|您们?|大家|各位|领导|社区)?[了啦啊哈]?"
    r"|(?:我?们?(?:就?在|住在?|家[在住]|地址是?)[^,。.!;~ \d]{0,8})?"
    r"\d{1,4}(?:号楼|栋|幢|单元)(?:\d{1,4}(?:单元|楼|层|室)?)*"
    r"|(?:麻烦|希望|恳请|拜托|请|求|望)(?:你们?|您|社区|物业|有关部门|相关部门|部门|领导|政府|街道|居委会?|网格员|工作人员|同志|帮|给|尽快|尽早|及时|赶紧|赶快|马上|快)*"
    r"(?:处理|解决|登记|记录|核实|安排|协调|跟进|反映|转达|过?来看|看)[一下儿看吧了啊呀]*)[,。.!~ ]*$"
)
_COURTESY_LENGTH = 24  # characters at the end in which it stands


@dataclass(frozen=True, slots=True)
class Words:
    """The patterns of danger_words.py, each looked for where keys of a text call for it."""

    events: Spotter
    cues: Spotter
    harmless: Spotter

    def numbered(self, keys_at: Sequence[Sequence[str]]) -> Words:
        """The same, asked by numbers: of each the keys it stands for."""
        return Words(*(spotter.numbered(keys_at) for spotter in (self.events, self.cues, self.harmless)))


def danger(text: str, *, overheard: bool = False) -> tuple[Hazard | None, Hazard | None]:
    """(danger happening now, concern that deserves one caring question with the hotline); takes any string.

    `overheard`: said to others in a group, where a word that may mean danger mostly means none.
    """
    heard, cues, events = _heard(uncourteous(fold(normalize(text))))
    if overheard and not events:
        return None, None
    return verdict(events, softmax(_head().scores(_evidence(heard, cues, events))).tolist(), overheard=overheard)


def evidence(text: str) -> Hashes:
    """What the model looks at, as sorted hashes: n-grams, the events and cues heard, and their pairs."""
    return _evidence(*_heard(fold(normalize(text))))


def _heard(folded: str) -> tuple[str, Sequence[str], Sequence[str]]:
    """(what is heard, the cues and the events in it)."""
    heard = hear(folded)
    events = heard_events(heard)
    if events and (calm := harmless(heard)) != heard:
        heard, events = calm, heard_events(calm)
    return heard, heard_cues(heard), events


def hear(folded: str) -> str:
    """Folded text without the slips of the keyboard that hide a danger."""
    if _SLIP.search(folded):
        for slip, meant in SLIPS:
            folded = folded.replace(slip, meant)
    return folded


def harmless(heard: str) -> str:
    """The same with what only sounds like an event as what it means; asked where an event is heard."""
    for sounds, means in _HARMLESS:
        heard = compiled(sounds).sub(means, heard)
    return heard


def uncourteous(folded: str) -> str:
    """Folded text without the courtesy at its end."""
    while (polite := _COURTESY.search(folded, max(1, len(folded) - _COURTESY_LENGTH))) is not None:
        folded = folded[: polite.start()]
    return folded


def heard_events(heard: str) -> tuple[str, ...]:
    """Every "hazard, how sure" whose words are heard."""
    return spotters().events.found(heard, keys_of(heard))


def heard_cues(heard: str) -> tuple[str, ...]:
    """What is heard that takes an event back, or tells that it is now."""
    return spotters().cues.found(heard, keys_of(heard))


def looked_for() -> frozenset[str]:
    """The keys of all words of danger, of what takes them back and of what only sounds like them."""
    known = spotters()
    return frozenset().union(known.events.keys, known.cues.keys, known.harmless.keys)


def verdict(events: Sequence[str], chances: Sequence[float], *, overheard: bool) -> tuple[Hazard | None, Hazard | None]:
    """(danger, concern) where these events were heard and the model gives these chances to CLASSES."""
    now = 1.0 - chances[0]
    sure = max([name[-1] for name in events], default="0")
    alarm, care = thresholds(overheard)[int(sure)]
    if now < care:
        return None, None
    hazard = Hazard(CLASSES[max(range(1, len(CLASSES)), key=chances.__getitem__)])
    return (hazard, None) if now >= alarm else (None, hazard)


def told(cues: Sequence[str], events: Sequence[str]) -> list[str]:
    """The events and cues heard and their pairs, each once, as names of what the model may know like n-grams."""
    sure = max((name[-1] for name in events), default="0")
    certain = [name[:-2] for name in events if name[-1] == "2"]
    doubts = len(_TAKES_BACK.intersection(cues))
    names = [f"sure {sure}", f"sure {sure} doubts {min(doubts, 3)}", f"certain {min(len(certain), 3)}", *cues, *events]
    names += [f"sure {sure} {cue}" for cue in cues]
    names += [f"{hazard} {cue}" for hazard in certain for cue in cues]
    return names


def tellable() -> dict[str, int]:
    """All that `told` may say, with numbers like those of n-grams."""
    few, hazards = range(4), CLASSES[1:]
    names = [f"sure {sure}" for sure in few[:3]]
    names += [f"{name} doubts {doubts}" for name in names for doubts in few]
    names += [f"certain {count}" for count in few]
    names += [f"{hazard} {sure}" for hazard in hazards for sure in (1, 2)]
    names += [f"{name}{cue}" for name in ("", *(f"{n} " for n in (*names[:3], *hazards))) for cue in CUES]
    return {name: zlib.crc32(name.encode()) for name in names}


def _evidence(heard: str, cues: Sequence[str], events: Sequence[str]) -> Hashes:
    numbers = [zlib.crc32(name.encode()) for name in told(cues, events)]
    return distinct(np.concatenate([ngrams(heard), np.array(numbers, dtype=np.uint32)]))


@lru_cache(maxsize=2)
def thresholds(overheard: bool = False) -> tuple[tuple[float, float], ...]:
    """What the model must say for (an alarm, a caring question), by how sure the words alone are: 0 no word of danger
    (asked only where it is not overheard), 1 one that may be, 2 an event."""
    numbers = json.loads(TUNED.read_text("utf-8"))["numbers"]
    kinds = ("no_word", "may_be", "event")
    alarms = [numbers["danger.alarm_overheard" if overheard else f"danger.alarm_{kind}"] for kind in kinds]
    return tuple((alarm, numbers[f"danger.care_{kind}"]) for alarm, kind in zip(alarms, kinds, strict=True))


def words() -> dict[str, Any]:
    """What is in WORDS: the patterns of danger_words.py as they are looked for."""
    events = ((f"{hazard} {sure}", pattern) for hazard, sure, pattern in EVENTS)
    sounds = ((means, pattern) for pattern, means in _HARMLESS)
    return {"events": index(events), "cues": index(CUES.items()), "harmless": index(sounds)}


def ready() -> None:
    """Compile now the patterns that would be compiled when they are first tried."""
    known = spotters()
    for spotter in (known.events, known.cues, known.harmless):
        spotter.ready()


@lru_cache(maxsize=1)
def spotters() -> Words:
    """What finds the patterns, asked by the keys of a text as they are written."""
    stored = json.loads(WORDS.read_text("utf-8"))
    return Words(*(Spotter(stored[name]) for name in ("events", "cues", "harmless")))


@lru_cache(maxsize=1)
def _head() -> Head:
    return load_head(WEIGHTS, CLASSES)
