"""A sentence in pieces: the likeliest way to put it together from those the sentence model knows (unigram, Viterbi)."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nlu.e5file import Pieces

OPENS = "\u2581"  # stands for a space, and before the first word
_SPACES = re.compile("  +")
_NOWHERE = -1e30

Known = dict[str, tuple[int, float]]  # of a piece, its number and how likely it is


class WordPieces:
    """A quarter of a million pieces, sorted by their first two characters; what begins with the same two is read when
    a sentence first has these: 6 MB, where all in a dict take 40 and half a second."""

    def __init__(self, pieces: Pieces) -> None:
        self._pieces = pieces
        letters = _codes(pieces.letters.decode() + "\0\0")
        # a character begins at each byte that continues none
        begins = np.frombuffer(pieces.letters, np.int8) >= -64
        starts = np.concatenate(([0], np.cumsum(begins)))[pieces.starts]
        sizes, starts = np.diff(starts), starts[:-1]
        keys = _keys(letters[starts], np.where(sizes > 1, letters[starts + 1], 0))
        keys[sizes == 0] = 0
        self._order = np.argsort(keys).astype(np.int32)
        self._keys = keys[self._order]
        self._groups: dict[int, tuple[Known, int]] = {}
        self._unknown_score = float(pieces.scores.min()) - 10

    def __call__(self, text: str) -> list[int]:
        """The numbers of the pieces, without those that open and close a sentence."""
        text = _SPACES.sub(" ", text.translate(self._pieces.replaced))
        text = (text if text.startswith(" ") else " " + text).replace(" ", OPENS)
        best = [0.0] + [_NOWHERE] * len(text)
        came = [(0, 0)] * (len(text) + 1)  # to each place: with which piece, from where
        for at, groups in enumerate(self._begun(text)):
            so_far = best[at]
            if so_far + self._unknown_score > best[at + 1]:
                best[at + 1], came[at + 1] = so_far + self._unknown_score, (self._pieces.unknown, at)
            for known, longest in groups:
                for end in range(at + 1, min(at + longest, len(text)) + 1):
                    found = known.get(text[at:end])
                    if found and so_far + found[1] > best[end]:
                        best[end], came[end] = so_far + found[1], (found[0], at)
        numbers, at = [], len(text)
        while at:
            number, at = came[at]
            numbers.append(number)
        return numbers[::-1]

    def _begun(self, text: str) -> list[Sequence[tuple[Known, int]]]:
        """Of each place of the text, the pieces that may begin there."""
        letters = _codes(text + "\0")
        first = letters[:-1]
        keys = np.concatenate((_keys(first, np.zeros_like(first)), _keys(first, letters[1:])))
        starts, ends = np.searchsorted(self._keys, keys), np.searchsorted(self._keys, keys, side="right")
        groups = [
            self._group(start, end) if end > start else None
            for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
        ]
        pairs = zip(groups[: len(text)], groups[len(text) :], strict=True)
        return [tuple(group for group in pair if group) for pair in pairs]

    def _group(self, start: int, end: int) -> tuple[Known, int]:
        """The pieces that begin with the same two characters, and how long the longest is."""
        found = self._groups.get(start)
        if found is None:
            pieces, numbers = self._pieces, self._order[start:end]
            told = (numbers, pieces.starts[numbers], pieces.starts[numbers + 1], pieces.scores[numbers])
            known = {
                pieces.letters[a:b].decode(): (number, score)
                for number, a, b, score in zip(*(column.tolist() for column in told), strict=True)
                if number != pieces.unknown
            }
            found = self._groups[start] = known, max(map(len, known), default=0)
        return found


def _codes(text: str) -> NDArray[np.uint64]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)


def _keys(first: NDArray[np.uint64], second: NDArray[np.uint64]) -> NDArray[np.uint64]:
    return np.asarray(first << np.uint64(21) | second)
