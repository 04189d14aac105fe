"""How a line overheard in a group is understood: with what its author has just said, and by what it tells first; pure
but for the engine that is handed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flows.group_memory import Line, Memory, pending_text
from flows.group_words import CUES, NEXT, SOLVED
from flows.groups import problem
from nlu.late import regex
from nlu.normalize import fold, normalize
from nlu.understanding import Understanding

DOUBTED = (0.2, 0.8)  # how surely a line is a problem for its beginning to be heard by itself
FIRST = 0.9  # how surely the beginning is one then
PARTS = 6  # clauses of which a beginning is made at most
CLAUSE = regex(r"[^,，。.！!；;~…？?\s]+[,，。.！!；;~…？?\s]*")


def overheard(
    memory: Memory, person: str, heard: Understanding, now: datetime, understand: Callable[[str], Understanding]
) -> Understanding:
    """A line nobody addressed to the assistant: `heard` is of itself, `understand` the engine for what is tried."""
    if heard.danger:
        return heard
    before = pending_text(memory, person, now)
    if before is not None and not NEXT.match(fold(normalize(heard.text))):
        both = understand(f"{before}，{heard.text}")
        heard = both if both.danger or both.local > heard.local else heard
    return heard if heard.danger else _told_first(heard, understand)


def _told_first(heard: Understanding, understand: Callable[[str], Understanding]) -> Understanding:
    """Who tells a problem clearly and then how they fare with it has told a problem; who ends with the cure has not."""
    parts = CLAUSE.findall(heard.text)
    said = fold(normalize(heard.text))
    if len(parts) < 2 or SOLVED.search(said) or CUES["play"].search(said):
        return heard
    least, most = DOUBTED
    if not least <= problem(Line("", heard.text, heard)) < most:
        return heard
    for size in range(min(len(parts) - 1, PARTS), 0, -1):
        first = understand("".join(parts[:size]))
        if problem(Line("", first.text, first)) >= FIRST:
            return heard.but(local=first.local, ranking=first.ranking, service=first.service)
    return heard
