"""Answers of advisers that became guides: which one fits a question, and whether what it cites still stands."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flows.legal.citations import citations
from flows.legal.fields import OTHER, field_of
from flows.legal.grams import runs
from flows.legal.guides import Lookup
from flows.legal.knowledge import plain
from nlu.normalize import normalize

ALIKE = 0.5  # of the shorter question's pairs of characters that both must share
SAME = 0.75  # … where there is a guide already
_FEWEST = 3  # pairs: less says nothing


@dataclass(frozen=True, slots=True)
class Answered:
    """A published answer. `cited` maps a citation to the mark of the article's text when it was reviewed."""

    id: int
    question: str
    answer: str
    role: str
    published: date
    area: int | None
    cited: Mapping[str, str]


def find_answered(text: str, known: Sequence[Answered], areas: frozenset[int], least: float = ALIKE) -> Answered | None:
    """The answer to a question as good as the same, or nothing: better none than another matter's."""
    likely = [(likeness(text, one.question), one.id, one) for one in known if one.area is None or one.area in areas]
    alike, _, best = max(likely, key=lambda found: found[:2], default=(0.0, 0, None))
    return best if alike >= least else None


def likeness(one: str, other: str) -> float:
    """How far two questions are about the same, 0..1: shared pairs of characters; none if their fields differ."""
    if field_of(one) != field_of(other) and OTHER not in (field_of(one), field_of(other)):
        return 0.0
    first, second = (set(runs(plain(normalize(text)), {2: 1.0})) for text in (one, other))
    fewest = min(len(first), len(second))
    return len(first & second) / fewest if fewest >= _FEWEST else 0.0


def stands(answer: Answered, article: Lookup) -> bool:
    """Whether every article it cites is in force and says what it said when the answer was reviewed."""
    return marks(answer.answer, article) == dict(answer.cited)


def marks(text: str, article: Lookup) -> dict[str, str]:
    """Every citation of a text with a mark of the article's wording; one that is not in force has none."""
    found = {}
    for cited in citations(text):
        known = article(cited.law, cited.number)
        said = hashlib.blake2b(known.text.encode(), digest_size=8).hexdigest() if known else ""
        found[f"{cited.law}{cited.number}"] = said
    return found
