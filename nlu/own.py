"""A community's own services among the default ones: found by the phrases people use for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import sqrt

from nlu.features import Hashes, ngrams
from nlu.normalize import fold, normalize
from nlu.understanding import LocalService


def own_service(
    grams: Hashes, chances: Mapping[str, float], services: Sequence[LocalService], near: float
) -> tuple[str, float] | None:
    """The community's service, and its chance, that goes before the default one: a phrase of it is near."""
    message = frozenset(grams.tolist())
    best: tuple[float, str, str] | None = None
    for service in services:
        likeness = max((_likeness(message, _phrase(phrase)) for phrase in service.phrases), default=0.0)
        if likeness >= near and chances.get(service.like, 0.0) > 0 and (best is None or likeness > best[0]):
            best = (likeness, service.key, service.like)
    return (best[1], max(chances[best[2]], best[0])) if best else None


@lru_cache(maxsize=4096)
def _phrase(phrase: str) -> frozenset[int]:
    return frozenset(ngrams(fold(normalize(phrase))).tolist())


def _likeness(message: frozenset[int], phrase: frozenset[int]) -> float:
    """Cosine of two sets of n-grams."""
    return len(message & phrase) / sqrt(len(message) * len(phrase))
