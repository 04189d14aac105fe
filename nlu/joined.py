"""Several heads over one vocabulary: every n-gram of a message is looked up once, and its weights are summed once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlu.features import Hashes, distinct
from nlu.linear import Floats, Head

Rows = NDArray[np.intp]
# A table of two halves: an n-gram stands in the first half at its high bits, or in the second at its low bits. The bits
# its place does not tell stand in the entry, so that nothing else is taken for it; above them its row.
_BITS = 18
_REST = 32 - _BITS
_PLACES = 2**_BITS
_PLACE, _TOLD, _FIRST = (np.array([[a], [b]], np.uint32) for a, b in ((_REST, 0), (0, _BITS), (0, _PLACES)))
_PLACE_MASK, _LOW, _HIGH, _NONE = (np.array([n], np.uint32) for n in (_PLACES - 1, 2**_REST - 1, _REST, 0))


@dataclass(frozen=True, slots=True)
class Column:
    """Where one head stands among the joined weights, and what makes scores of a sum of rows."""

    first: int
    known: int  # the column that counts the n-grams this head knows
    scale: tuple[float, ...]
    bias: tuple[float, ...]

    def scores(self, total: Sequence[int]) -> list[float]:
        """One score a class, as `Head.scores` has them."""
        if not total[self.known]:
            return list(self.bias)
        part = 1 / total[self.known] ** 0.5
        sums = total[self.first : self.first + len(self.scale)]
        return [t * s * part + b for t, s, b in zip(sums, self.scale, self.bias, strict=True)]


@dataclass(frozen=True, slots=True)
class Joined:
    """Narrow heads side by side, and one wide head whose n-grams have the first rows."""

    places: NDArray[np.uint32]
    weights: NDArray[np.int8]  # the last row is nobody's and holds nothing
    columns: Mapping[str, Column]
    wide: NDArray[np.int8]
    wide_scale: Floats
    wide_bias: Floats

    def rows(self, grams: Hashes) -> Rows:
        """The rows of the n-grams that some head knows, each once, in order, nobody's perhaps among them."""
        at = np.right_shift(grams, _PLACE)
        np.add(np.bitwise_and(at, _PLACE_MASK, out=at), _FIRST, out=at)
        rest = np.right_shift(grams, _TOLD)
        entries = self.places.take(at)
        found = entries[np.bitwise_and(np.bitwise_xor(entries, rest, out=rest), _LOW, out=rest) == _NONE]
        return distinct(np.right_shift(found, _HIGH, out=found)).astype(np.intp)

    def row(self, gram: int) -> int:
        """The row of one n-gram."""
        for place, rest in ((gram >> _REST, gram % 2**_REST), (_PLACES + gram % _PLACES, gram >> _BITS)):
            entry = int(self.places[place])
            if entry % 2**_REST == rest:
                return entry >> _REST
        return len(self.weights) - 1

    def totals(self, rows: Rows) -> list[int]:
        """What the weights of the rows come to, column by column."""
        total: list[int] = np.add.reduce(self.weights.take(rows, 0), 0, np.int32).tolist()
        return total

    def wide_scores(self, rows: Rows) -> Floats:
        """Scores of the wide head; takes rows in order."""
        known = rows[: rows.searchsorted(len(self.wide))]
        if not len(known):
            return self.wide_bias
        total = np.add.reduce(self.wide.take(known, 0), 0, np.int32)
        return np.asarray(total * self.wide_scale * np.float32(len(known) ** -0.5) + self.wide_bias, np.float32)


def joined(narrow: Mapping[str, Head], wide: Head) -> Joined:
    """The heads as one; the numbers that come out are those of `Head.scores`."""
    others = distinct(np.concatenate([head.hashes for head in narrow.values()]))
    at = np.searchsorted(wide.hashes, others).clip(max=len(wide.hashes) - 1)
    hashes = np.concatenate([wide.hashes, others[wide.hashes[at] != others]])
    order = np.argsort(hashes)
    width = sum(len(head.classes) + 1 for head in narrow.values())
    weights = np.zeros((len(hashes) + 1, width), np.int8)
    columns, first = {}, 0
    for name, head in narrow.items():
        rows, known = order[np.searchsorted(hashes, head.hashes, sorter=order)], first + len(head.classes)
        weights[rows, first:known] = head.weights
        weights[rows, known] = 1
        columns[name] = Column(first, known, tuple(head.scale.tolist()), tuple(head.bias.tolist()))
        first = known + 1
    return Joined(_places(hashes), weights, columns, wide.weights, wide.scale, wide.bias)


def _places(hashes: Hashes) -> NDArray[np.uint32]:
    """The table of `Joined.rows`: each n-gram at one of its two places."""
    owner = np.full(2 * _PLACES, len(hashes), np.uint32)
    high, low = hashes >> _REST, (hashes & (_PLACES - 1)) + _PLACES
    left = np.arange(len(hashes), dtype=np.uint32)
    for place in (high, low):
        owner[place[left]] = left  # the last of several stays
        left = left[owner[place[left]] != left]
    for homeless in left.tolist():
        row, place = homeless, int(high[homeless])
        while row != len(hashes):  # whoever stood there goes to the other place that is theirs
            row, owner[place] = int(owner[place]), row
            place = int(low[row] if place == high[row] else high[row]) if row != len(hashes) else place
    padded = np.append(hashes, np.uint32(0))[owner]
    rest = np.concatenate([padded[:_PLACES] & (2**_REST - 1), padded[_PLACES:] >> _BITS])
    return np.asarray((owner << _REST) | rest, np.uint32)
