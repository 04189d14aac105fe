"""What speaks for and against a line overheard in a group being a problem to offer to report; pure."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from math import log

from flows.group_weights import BIAS, WEIGHTS
from flows.group_words import CUES, PLACE, TROUBLE
from nlu.normalize import fold, normalize
from nlu.understanding import Understanding

SHORT = 9  # characters; shorter lines say little
NEVER_SURE = 1e-3  # of a chance


def weighed(seen: Understanding) -> float:
    """The evidence with what each piece counts; above 0 more speaks for it."""
    return BIAS + sum(WEIGHTS[name] * value for name, value in evidence(seen).items())


def evidence(seen: Understanding) -> dict[str, float]:
    """What speaks for and against a line's being such a problem, by the names of WEIGHTS: of the line with the one it
    completes."""
    words = _of_words(fold(normalize(seen.text)))
    complaint = dict(seen.ranking).get("complaint", seen.confidence if seen.flow == "complaint" else 0.0)
    place, trouble = bool(seen.slots.place or words["place"]), bool(words["trouble"])
    return {
        **words,
        "complaint": _logit(complaint),
        "local": _logit(seen.local),
        "place": float(place),
        "place and trouble": float(place and trouble),
        "danger": float(seen.danger is not None),
    }


@lru_cache(maxsize=256)  # a line is weighed when it is heard and when it is decided on
def _of_words(heard: str) -> Mapping[str, float]:
    """What the words say by themselves."""
    patterns = {**CUES, "place": PLACE, "trouble": TROUBLE}
    found = {name: float(pattern.search(heard) is not None) for name, pattern in patterns.items()}
    return found | {"short": float(len(heard) < SHORT)}


def _logit(chance: float) -> float:
    return log((chance + NEVER_SURE) / (1 - chance + NEVER_SURE))
