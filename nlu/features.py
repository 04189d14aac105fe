"""Character n-grams of a message as hashed numbers, computed at once: training and scoring share this file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

LONGEST = 4
# Runs of a class spelled as one of it and more: `re` looks for the first by itself, which takes half the time.
_DIGITS = re.compile(r"[0-9][0-9]*")
_STOPS = re.compile(r"[^\w?!][^\w?!]*")
_LINES = re.compile(r"__*")
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
# What an n-gram is looked up by, besides its number: this many times it.
_TIMES = (0x9E3779B1, 0x85EBCA77)
# So that no array has to be widened to another's shape, which takes longer than all the work on it: by place across,
# and down by size, the factors of either product and twice those of the number.
_SPREAD = np.concatenate([_FACTORS * np.uint32(times) for times in (*_TIMES, 1, 1)], axis=1).T.copy()

Hashes = NDArray[np.uint32]
Number = TypeVar("Number", bound=np.generic)


def plain(folded: str) -> str:
    """The skeleton the n-grams are cut from: every number is 0, every stop is one space, a space at both ends."""
    return f" {_bare(folded).strip()} "


def _bare(text: str) -> str:
    text = _DIGITS.sub("0", text)
    if text.isalnum():
        return text
    text = _STOPS.sub(" ", text)
    return _LINES.sub(" ", text) if "_" in text else text


def hashed(folded: str) -> Hashes:
    """The hashed n-grams (1 to LONGEST characters) of folded text, `spread`; what stands there twice is twice.

    Six more hang over the end of the text, so that all can be counted at once; END is among them.
    """
    return _SPREAD @ _codes(plain(folded)).T


def spread(numbers: Hashes) -> Hashes:
    """Two rows of products with _TIMES, by which n-grams are looked up, and their numbers twice."""
    return np.stack([numbers * np.uint32(times) for times in (*_TIMES, 1, 1)])


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
    return _codes(text) @ _FACTORS


def _codes(text: str) -> Hashes:
    """By place, the LONGEST characters from there on, as numbers; 0 behind the end."""
    numbers = (text + "\0\0\0").encode("utf-32", "replace")  # of this machine's order, with a mark of it before
    return np.ndarray((len(text), LONGEST), np.uint32, numbers, 4, (4, 4))


def distinct(numbers: NDArray[Number]) -> NDArray[Number]:
    """The numbers, each once, in order; `np.unique` says the same five times slower and imports half of numpy."""
    found = numbers.copy()
    found.sort()
    new = np.empty(len(found), bool)
    new[:1] = True
    np.not_equal(found[1:], found[:-1], out=new[1:])
    return found[new]


END = int(_windows(plain(""))[-1, -1])
