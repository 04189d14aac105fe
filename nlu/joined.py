"""Several heads over one vocabulary: every n-gram of a message is looked up once, and its weights are summed once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlu.features import END, Hashes, distinct, number
from nlu.linear import Floats, Head

Rows = NDArray[np.intp]
# An n-gram stands at one of two places of a table, which are the high bits of its number times either of these.
_BITS = 18
_TIMES = np.array([[0x9E3779B185EBCA87], [0xC2B2AE3D27D4EB4F]], np.uint64)
_DROPPED = np.array([64 - _BITS], np.uint64)


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

    numbers: Hashes  # at each place the n-gram that stands there,
    row_at: Rows  # and its row
    weights: NDArray[np.int8]  # the first row is nobody's and holds nothing
    columns: Mapping[str, Column]
    marked: NDArray[np.bool_]  # whether a row is that of a piece that is looked for,
    pieces: Mapping[int, Sequence[str]]  # and of which
    wide: NDArray[np.int8]
    wide_scale: Floats
    wide_bias: Floats

    def rows(self, grams: Hashes) -> Rows:
        """The rows of the n-grams that some head knows, each once, in order; takes what ends as `hashed` ends."""
        at = _places(grams)
        found: Rows = self.row_at.take(at[self.numbers.take(at) == grams])
        found.sort()  # nobody's comes first
        new: NDArray[np.bool_] = found[1:] != found[:-1]
        return found[1:][new]

    def row(self, gram: int) -> int:
        """The row of one n-gram."""
        return int(self.rows(np.array([gram, END], np.uint32)).sum())

    def totals(self, rows: Rows) -> list[int]:
        """What the weights of the rows come to, column by column."""
        total: list[int] = np.add.reduce(self.weights.take(rows, 0), 0, np.int32).tolist()
        return total

    def found(self, rows: Rows) -> set[str]:
        """The pieces looked for that stand in a text of these rows, and perhaps others that look the same to them."""
        return {piece for row in rows[self.marked.take(rows)].tolist() for piece in self.pieces[row]}

    def wide_scores(self, rows: Rows) -> Floats:
        """Scores of the wide head; takes rows in order."""
        known = rows[: rows.searchsorted(len(self.wide))]
        total: Floats = np.add.reduce(self.wide.take(known, 0), 0, np.float32)
        total *= self.wide_scale * np.float32((len(known) or 1) ** -0.5)
        total += self.wide_bias
        return total


def joined(narrow: Mapping[str, Head], wide: Head, pieces: Iterable[str] = ()) -> Joined:
    """The heads as one, and pieces of text to look for; the numbers that come out are those of `Head.scores`."""
    numbers = {piece: number(piece) for piece in sorted(pieces)}
    known = [head.hashes for head in narrow.values()]
    others = distinct(np.concatenate([*known, np.array(list(numbers.values()), np.uint32)]))
    at = np.searchsorted(wide.hashes, others).clip(max=len(wide.hashes) - 1)
    hashes = np.concatenate([np.array([END], np.uint32), wide.hashes, others[wide.hashes[at] != others]])
    order = np.argsort(hashes)

    def rows_of(grams: Hashes) -> Rows:
        return order[np.searchsorted(hashes, grams, sorter=order)]

    width = sum(len(head.classes) + 1 for head in narrow.values())
    weights = np.zeros((len(hashes), width), np.int8)
    columns, first = {}, 0
    for name, head in narrow.items():
        rows, last = rows_of(head.hashes), first + len(head.classes)
        weights[rows, first:last] = head.weights
        weights[rows, last] = 1
        columns[name] = Column(first, last, tuple(head.scale.tolist()), tuple(head.bias.tolist()))
        first = last + 1
    marked, standing = np.zeros(len(hashes), bool), defaultdict[int, list[str]](list)
    for piece, row in zip(numbers, rows_of(np.array(list(numbers.values()), np.uint32)).tolist(), strict=True):
        marked[row] = True
        standing[row].append(piece)
    wide_weights = np.concatenate([np.zeros((1, len(wide.classes)), np.int8), wide.weights])
    return Joined(*_table(hashes), weights, columns, marked, standing, wide_weights, wide.scale, wide.bias)


def _places(hashes: Hashes) -> Rows:
    """The two places of each n-gram."""
    return np.right_shift(np.multiply(hashes, _TIMES), _DROPPED).view(np.intp)


def _table(hashes: Hashes) -> tuple[Hashes, Rows]:
    """What stands at each place of the table, as number and row: each n-gram at one of its two places."""
    high, low = _places(hashes)
    owner = np.full(2**_BITS, len(hashes), np.intp)
    left = np.arange(len(hashes))
    for place in (high, low):
        free = left[owner[place[left]] == len(hashes)]
        owner[place[free]] = free  # the last of several stays
        left = left[owner[place[left]] != left]
    for homeless in left.tolist():
        row, place = homeless, int(high[homeless])
        while row != len(hashes):  # whoever stood there goes to the other place that is theirs
            row, owner[place] = int(owner[place]), row
            place = int(low[row] if place == high[row] else high[row]) if row != len(hashes) else place
    owner[owner == len(hashes)] = 0
    return hashes[owner], owner
