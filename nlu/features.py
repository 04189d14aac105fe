"""Character n-grams of a message as hashed numbers, computed in whole arrays: training and scoring share this file."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

LONGEST = 4
_DIGITS = re.compile(r"[0-9]+")
_STOPS = re.compile(r"[^\w?!]+|_+")
# Arrays of one number: numpy works with them quicker than with a scalar, and need not ask for its type.
_FIRST, _SECOND, _THIRD, _FOURTH = (
    np.array([prime], dtype=np.uint64)
    for prime in (0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5)
)
_FOLDED, _DROPPED = np.array([29], dtype=np.uint64), np.array([16], dtype=np.uint64)

Hashes = NDArray[np.uint32]
Number = TypeVar("Number", bound=np.generic)


def plain(folded: str) -> str:
    """The skeleton the n-grams are cut from: every number is 0, every stop is one space, a space at both ends."""
    return f" {_STOPS.sub(' ', _DIGITS.sub('0', folded)).strip()} "


def hashed(folded: str) -> Hashes:
    """The hashed n-grams (1 to LONGEST characters) of folded text, as they come; what stands there twice is twice."""
    codes = np.frombuffer(plain(folded).encode("utf-32-le", "replace"), dtype=np.uint32)
    one = np.multiply(codes, _SECOND)
    two = np.bitwise_xor(np.multiply(one[:-1], _FIRST), one[1:])
    three = np.bitwise_xor(np.multiply(two[:-1], _FIRST), one[2:])
    four = np.bitwise_xor(np.multiply(three[:-1], _FIRST), one[3:])
    found = np.concatenate((one, two, three, four))
    np.multiply(found, _THIRD, out=found)
    np.add(found, _sizes(len(codes)), out=found)
    np.bitwise_xor(found, np.right_shift(found, _FOLDED), out=found)
    hashes: Hashes = np.right_shift(found, _DROPPED, out=found).astype(np.uint32)
    return hashes


@lru_cache(maxsize=128)
def _sizes(count: int) -> NDArray[np.uint64]:
    """What tells n-grams of one size from those of another, for a text of so many characters."""
    sizes = range(1, LONGEST + 1)
    return np.repeat(_FOURTH * np.array(sizes, np.uint64), [max(0, count - size + 1) for size in sizes])


def ngrams(folded: str) -> Hashes:
    """The distinct hashed n-grams of folded text, sorted."""
    return distinct(hashed(folded))


def distinct(numbers: NDArray[Number]) -> NDArray[Number]:
    """The numbers, each once, in order; `np.unique` says the same five times slower and imports half of numpy."""
    found = numbers.copy()
    found.sort()
    new = np.empty(len(found), bool)
    new[:1] = True
    np.not_equal(found[1:], found[:-1], out=new[1:])
    return found[new]
