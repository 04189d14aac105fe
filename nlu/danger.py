"""Hears danger in a message before any flow does: one that is happening now, or one that deserves a caring question."""

from __future__ import annotations

from nlu.danger_words import CUES, EVENTS
from nlu.normalize import fold, normalize
from nlu.understanding import Hazard

_TAKES_BACK = ("past", "solved", "law", "drill", "media", "figure", "equipment", "pet", "elsewhere", "wish", "join", "business", "not", "bot")


def danger(text: str) -> tuple[Hazard | None, Hazard | None]:
    """(danger happening now, concern that deserves one caring question with the hotline); any string, linear in its capped length."""
    heard = fold(normalize(text))
    best: tuple[int, Hazard] | None = None
    for hazard, sure, pattern in EVENTS:
        if (best is None or sure > best[0]) and pattern.search(heard):
            best = (sure, hazard)
    if best is None:
        return None, None
    cues = {name for name, pattern in CUES.items() if pattern.search(heard)}
    doubts = sum(name in cues for name in _TAKES_BACK) - ("urge" in cues) - ("now" in cues)
    sure, hazard = best
    if sure == 2 and doubts <= 0:
        return hazard, None
    return None, hazard if sure == 2 and doubts <= 1 else None
