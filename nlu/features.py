"""Character n-grams of a message as hashed numbers, computed at once: training and scoring share this file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

LONGEST = 4
_DIGITS = re.compile(r"[0-9]+")
_STOPS = re.compile(r"[^\w?!]+|_+")
# An n-gram's number is the sum of its characters, each multiplied by what stands here for its place (down) and the
# size of the n-gram (across): odd numbers by chance, with which no two n-grams of the weights share a number.
_FACTORS = np.array(
    [
        [0x0324AAC3, 0x783646BF, 0x1CC62BE5, 0xC393FD0F],
        [0, 0x6490FD4B, 0x240F16A7, 0xAF11BAB1],
        [0, 0, 0x0B13A023, 0x23813FA9],
        [0, 0, 0, 0xF344BAFB],
    ],
    np.uint32,
)

Hashes = NDArray[np.uint32]
Number = TypeVar("Number", bound=np.generic)


def plain(folded: str) -> str:
    """The skeleton the n-grams are cut from: every number is 0, every stop is one space, a space at both ends."""
    return f" {_bare(folded).strip()} "


def _bare(text: str) -> str:
    return _STOPS.sub(" ", _DIGITS.sub("0", text))


def hashed(folded: str) -> Hashes:
    """The hashed n-grams (1 to LONGEST characters) of folded text, as they come; what stands there twice is twice.

    Six more hang over the end of the text, so that all can be counted at once; the last of them is END.
    """
    return _windows(plain(folded)).ravel()


def ngrams(folded: str) -> Hashes:
    """The distinct hashed n-grams of folded text, sorted."""
    text = plain(folded)
    left = np.arange(len(text), 0, -1)[:, None]  # characters from each place to the end
    return distinct(_windows(text)[left >= np.arange(1, LONGEST + 1)])


def numbers_of(pieces: Sequence[str]) -> Hashes:
    """Of each piece of at most LONGEST characters, the n-gram that is in `hashed` of every text it stands in."""
    bare = (_bare(piece) for piece in pieces)
    grams = [gram if gram.strip() else " " for gram in bare]  # stops in a row may be one, or taken off at an end
    windows = _windows("".join(gram.ljust(LONGEST, "\0") for gram in grams))[::LONGEST]
    last = np.array([len(gram) - 1 for gram in grams], np.intp)
    return windows[np.arange(len(grams)), last]


def _windows(text: str) -> Hashes:
    """By place and size, the number of the n-gram that begins there."""
    codes = (text + "\0\0\0").encode("utf-32-le", "replace")
    windows: Hashes = np.ndarray((len(text), LONGEST), np.uint32, codes, 0, (4, 4))
    return windows @ _FACTORS


def distinct(numbers: NDArray[Number]) -> NDArray[Number]:
    """The numbers, each once, in order; `np.unique` says the same five times slower and imports half of numpy."""
    found = numbers.copy()
    found.sort()
    new = np.empty(len(found), bool)
    new[:1] = True
    np.not_equal(found[1:], found[:-1], out=new[1:])
    return found[new]


END = int(hashed("")[-1])
