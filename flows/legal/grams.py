"""BM25 over characters and pairs of characters: what each is worth to each text is computed once, no dictionary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Codes = NDArray[np.uint16]

_K1 = 1.2
_COMMON = 0.25  # a character that stands in a quarter of all texts is not looked for
_FEW = 50  # unless there are too few texts to say so
_LAST = 0xFFFF  # rarer characters share this code
_HALF, _TEXT = np.uint64(16), np.uint64(24)  # bits of a character, and of the number of a text


class Grams:
    """Texts by their characters and pairs; 3 million characters index in about 0.25 s. Read-only once built."""

    def __init__(self, texts: Sequence[str], *, b: float = 0.6) -> None:
        self.count = len(texts)
        lengths = np.array([len(text) for text in texts], dtype=np.int32)
        mean = (float(lengths.mean()) if len(texts) else 0.0) or 1.0
        norm: Floats = (_K1 * (1 - b + b * lengths / mean)).astype(np.float32)
        codes = _codes("\x00".join(texts) + "\x00")
        text_at = np.repeat(np.arange(self.count, dtype=np.uint32), lengths + 1)[: len(codes)]
        first, second = codes[:-1], codes[1:]
        alone, beside = np.flatnonzero(codes), np.flatnonzero((first > 0) & (second > 0))  # none across punctuation
        self._single = _Worth(_stand(codes[alone].astype(np.uint64), text_at[alone]), norm)
        pairs = first[beside].astype(np.uint64)  # in place: copies of millions of numbers are most of the memory
        pairs <<= _HALF
        pairs |= second[beside]
        self._pairs = _Worth(_stand(pairs, text_at[beside]), norm)

    def score(self, grams: Mapping[str, float]) -> Floats:
        """BM25 of every text for the weighted characters and pairs."""
        total = np.zeros(self.count, dtype=np.float32)
        common = max(int(self.count * _COMMON), _FEW)
        self._single.add(total, {_code(gram): w for gram, w in grams.items() if len(gram) == 1}, common)
        pairs = {_code(gram[0]) << 16 | _code(gram[1]): w for gram, w in grams.items() if len(gram) == 2}
        self._pairs.add(total, pairs, self.count)
        return total


class _Worth:
    """What each gram is worth to each text that has it, gram after gram."""

    def __init__(self, stands: NDArray[np.uint64], norm: Floats) -> None:
        """`stands` has a number for every place a gram stands at: the gram, then the text."""
        stands.sort()
        edges = np.flatnonzero(_changes(stands))
        often = np.diff(np.append(edges, len(stands))).astype(np.float32)
        stands = stands[edges]
        few = len(norm) <= np.iinfo(np.uint16).max
        self._texts = (stands & ((np.uint64(1) << _TEXT) - np.uint64(1))).astype(np.uint16 if few else np.int32)
        of = (stands >> _TEXT).astype(np.uint32)
        begins = np.flatnonzero(_changes(of))
        self._grams = of[begins]
        self._edges = np.append(begins, len(of)).astype(np.int32)
        held = np.diff(self._edges)
        rarity = np.log(1 + (len(norm) - held + 0.5) / (held + 0.5)).astype(np.float32)
        worth = np.repeat(rarity, held) * (often * np.float32(_K1 + 1) / (often + norm[self._texts]))
        self._worth = worth.astype(np.float16)  # three figures are enough to rank by

    def add(self, total: Floats, grams: Mapping[int, float], most: int) -> None:
        """Adds what the weighted grams are worth; one that stands in more than `most` texts tells nothing."""
        if not grams or not len(self._grams):
            return
        wanted = np.fromiter(grams, dtype=np.uint32, count=len(grams))
        places = np.searchsorted(self._grams, wanted).clip(max=len(self._grams) - 1)
        for place, weight, there in zip(places.tolist(), grams.values(), self._grams[places] == wanted, strict=True):
            start, end = self._edges[place], self._edges[place + 1]
            if there and end - start <= most:
                worth = self._worth[start:end]
                total[self._texts[start:end]] += np.float32(weight) * worth.astype(np.float32)


def _stand(grams: NDArray[np.uint64], texts: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """Grams and the texts they stand in as a number each; the grams are written over."""
    grams <<= _TEXT
    grams |= texts
    return grams


def _changes(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Where in an ordered row a new value begins."""
    new = np.ones(len(values), dtype=np.bool_)
    new[1:] = values[1:] != values[:-1]
    return new


def _codes(text: str) -> Codes:
    """A number a character; nothing for what is neither letter nor digit."""
    points = np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32)
    codes: Codes = np.minimum(points, _LAST).astype(np.uint16)
    seen = np.flatnonzero(np.bincount(codes, minlength=_LAST + 1))
    kept = np.zeros(_LAST + 1, dtype=np.uint16)
    kept[seen] = [code if code == _LAST or chr(code).isalnum() else 0 for code in seen.tolist()]
    return kept[codes]


def _code(char: str) -> int:
    return min(ord(char), _LAST)


def runs(text: str, sizes: dict[int, float]) -> dict[str, float]:
    """The distinct runs of letters and characters in a text, each with the weight of its length."""
    found: dict[str, float] = {}
    for piece in pieces(text):
        for size, weight in sizes.items():
            for start in range(len(piece) - size + 1):
                found[piece[start : start + size]] = weight
    return found


def pieces(text: str) -> list[str]:
    """The text cut at everything that is neither letter nor digit."""
    return "".join(char if char.isalnum() else " " for char in text).split()
