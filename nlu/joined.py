"""Several heads over one vocabulary: every n-gram of a message is looked up once, and its weights are summed once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp

import numpy as np
from numpy.typing import NDArray

from nlu.features import END, Hashes, distinct, numbers_of, spread
from nlu.linear import Floats, Head

Rows = NDArray[np.intp]
# An n-gram stands at one of two places of a table, which are the high bits of either product it is `spread` into.
_BITS = 18
_DROPPED = np.array(32 - _BITS, np.uint32)  # no scalar: turning one into an array takes as long as the work
_ROUNDS = 1_000  # of finding a place; some forty are enough for what ships
_ONES = np.ones(2**13, np.float32)  # one for each row: no message has a quarter as many


@dataclass(frozen=True, slots=True)
class Column:
    """Where one head stands among the joined weights, and what makes scores of a sum of rows."""

    first: int
    known: int  # the column that counts the n-grams this head knows
    scale: tuple[float, ...]
    bias: tuple[float, ...]

    def scores(self, total: Sequence[float]) -> list[float]:
        """One score a class, as `Head.scores` has them."""
        part = (total[self.known] or 1) ** -0.5
        sums = total[self.first : self.known]
        return [t * s * part + b for t, s, b in zip(sums, self.scale, self.bias, strict=True)]

    def chances(self, total: Sequence[float]) -> list[float]:
        """What `chances` makes of the scores, in one go: none is beyond the length of a column of weights (Cauchy,
        Schwarz), some 170 where 700 would be too much."""
        part = (total[self.known] or 1) ** -0.5
        sums = total[self.first : self.known]
        powers = [exp(t * s * part + b) for t, s, b in zip(sums, self.scale, self.bias, strict=True)]
        part = 1 / sum(powers)
        return [power * part for power in powers]


@dataclass(frozen=True, slots=True)
class Joined:
    """Narrow heads side by side, and one wide head. The first row is nobody's and holds nothing; then come those of the
    pieces looked for, and those of the wide head, which has some of these too: of the others it holds nothing."""

    numbers: Hashes  # at each place the n-gram that stands there,
    row_at: Rows  # and its row
    weights: NDArray[np.int8]
    columns: Mapping[str, Column]
    pieces: Sequence[Sequence[str]]  # of each of the first rows those that look the same to it
    wide: NDArray[np.int8]  # of the first rows; the last column counts the n-grams this head knows
    wide_scale: Floats
    wide_bias: Floats

    def rows(self, grams: Hashes) -> Rows:
        """The rows of the n-grams that some head knows, each once, in order; takes what `hashed` gives, END in it."""
        half = len(grams) // 2
        at = grams[:half] >> _DROPPED
        known = (self.numbers.take(at) == grams[half:]).ravel().nonzero()[0]
        found: Rows = self.row_at.take(at.take(known))
        found.sort()
        after = found[1:]  # nobody's comes first
        once: Rows = after.compress(after != found[:-1])
        return once

    def row_of(self, grams: Hashes) -> Rows:
        """The row of each n-gram by its number: nobody's where no head knows it."""
        return _looked_up(self.numbers, self.row_at, grams)

    def totals(self, rows: Rows) -> Floats:
        """What the weights of the rows come to, column by column: whole numbers."""
        return _sum(self.weights.take(rows, 0))

    def found(self, rows: Rows) -> list[int]:
        """The rows of pieces looked for that stand in a text of these rows; takes rows in order."""
        found: list[int] = rows[: rows.searchsorted(len(self.pieces))].tolist()
        return found

    def wide_scores(self, rows: Rows) -> Floats:
        """Scores of the wide head; takes rows in order."""
        total = _sum(self.wide.take(rows[: rows.searchsorted(len(self.wide))], 0))
        scores: Floats = total[:-1] * self.wide_scale
        scores *= (total.item(-1) or 1) ** -0.5
        scores += self.wide_bias
        return scores


def joined(narrow: Mapping[str, Head], wide: Head, pieces: Iterable[str]) -> Joined:
    """The heads as one, and pieces of text to look for; the numbers that come out are those of `Head.scores`."""
    spelled, in_order = defaultdict[int, list[str]](list), sorted(pieces)
    for piece, gram in zip(in_order, numbers_of(in_order).tolist(), strict=True):
        spelled[gram].append(piece)
    looked_for = np.array(sorted(spelled), np.uint32)
    known = distinct(np.concatenate([head.hashes for head in narrow.values()]))
    parts = looked_for, wide.hashes[~_among(wide.hashes, looked_for)]
    others = known[~_among(known, looked_for) & ~_among(known, wide.hashes)]
    hashes = np.concatenate([np.array([END], np.uint32), *parts, others])
    numbers, row_at = _table(hashes)
    width = sum(len(head.classes) + 1 for head in narrow.values())
    weights = np.zeros((len(hashes), width), np.int8)
    columns, start = {}, 0
    for name, head in narrow.items():
        rows, last = _looked_up(numbers, row_at, head.hashes), start + len(head.classes)
        weights[rows, start:last] = head.weights
        weights[rows, last] = 1
        columns[name] = Column(start, last, tuple(head.scale.tolist()), tuple(head.bias.tolist()))
        start = last + 1
    rows = _looked_up(numbers, row_at, wide.hashes)
    wide_weights = np.zeros((1 + sum(map(len, parts)), len(wide.classes) + 1), np.int8)
    wide_weights[rows, :-1], wide_weights[rows, -1] = wide.weights, 1
    standing = [[], *(spelled[gram] for gram in hashes[1 : len(looked_for) + 1].tolist())]
    return Joined(numbers, row_at, weights, columns, standing, wide_weights, wide.scale, wide.bias)


def _among(grams: Hashes, known: Hashes) -> NDArray[np.bool_]:
    """Which of them are among those known, which are in order."""
    found: NDArray[np.bool_] = known.take(np.searchsorted(known, grams), mode="clip") == grams
    return found


def _sum(rows: NDArray[np.int8]) -> Floats:
    """The rows added up: whole numbers that floats hold, and floats are multiplied quicker than integers added."""
    total: Floats = _ONES[: len(rows)].dot(rows.astype(np.float32))
    return total


def _places(hashes: Hashes) -> Hashes:
    """The two places of each n-gram."""
    return spread(hashes)[:2] >> _DROPPED


def _looked_up(numbers: Hashes, row_at: Rows, grams: Hashes) -> Rows:
    at = _places(grams)
    row: Rows = (row_at.take(at) * (numbers.take(at) == grams)).max(0)
    return row


def _table(hashes: Hashes) -> tuple[Hashes, Rows]:
    """What stands at each place of the table, as number and row: each n-gram at one of its two places. Raises
    ValueError where there is no room for all."""
    nobody = len(hashes)
    places, owner = _places(hashes), np.full(2**_BITS, nobody, np.intp)
    left, side = np.arange(nobody), np.zeros(nobody, np.intp)
    for _ in range(_ROUNDS):
        place = places[side[left], left]
        put_out = owner[place]  # whoever stood there goes to the other place that is theirs,
        owner[place] = left  # and of several who come to one place the last stays
        left = np.concatenate([distinct(put_out[put_out != nobody]), left[owner[place] != left]])
        if not len(left):
            owner[owner == nobody] = 0
            return hashes[owner], owner
        side[left] ^= 1
    raise ValueError(f"no room for {nobody} n-grams")
