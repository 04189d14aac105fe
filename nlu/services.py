"""What a complaint is about: chances of the services of the catalogue, and through them of categories and labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlu.linear import Floats, softmax

TOLD = 5
_MODEST = np.float32(0.3)  # the power of a service's own chance, beside those of its category and its label


@dataclass(frozen=True, slots=True)
class Services:
    """What the service head chooses among."""

    keys: tuple[str, ...]
    labels: Mapping[str, tuple[str, str]]  # of each key, its category and its label
    category_at: NDArray[np.intp]  # of each service, the number of its category
    label_at: NDArray[np.intp]

    @classmethod
    def of(cls, keys: Sequence[str], labels: Mapping[str, tuple[str, str]]) -> Services:
        """Raises KeyError when a key has no labels."""
        numbered = (_numbered(names) for names in zip(*(labels[key] for key in keys), strict=True))
        return cls(tuple(keys), labels, *numbered)

    def chances(self, scores: Floats) -> Floats:
        """Chances of services, where one counts for more when its whole category and its whole label are likely."""
        scores = scores - np.maximum.reduce(scores)
        chance = np.exp(scores)
        joint: Floats = np.exp(scores * _MODEST)
        for at in (self.category_at, self.label_at):
            joint *= np.bincount(at, chance).astype(np.float32).take(at)
        joint /= np.add.reduce(joint)
        return joint

    def best(self, chance: Floats) -> tuple[tuple[str, float], ...]:
        """The likeliest services, best first."""
        numbers = chance.argsort()[: -TOLD - 1 : -1]
        return tuple(zip(map(self.keys.__getitem__, numbers.tolist()), chance.take(numbers).tolist(), strict=True))

    def surest(self, scores: Floats) -> float:
        """The chance of the likeliest category, by its services alone."""
        return float(np.bincount(self.category_at, softmax(scores)).max())


def _numbered(names: Sequence[str]) -> NDArray[np.intp]:
    """Each name as a number, the same for the same name."""
    number = {name: n for n, name in enumerate(sorted(set(names)))}
    return np.array([number[name] for name in names], np.intp)
