"""Character n-grams of a message as hashed numbers, computed in whole arrays: training and scoring share this file."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

LONGEST = 4
_DIGITS = re.compile(r"[0-9]+")
_STOPS = re.compile(r"[^\w?!]+|_+")
_PRIMES = np.array([0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5], dtype=np.uint64)

Hashes = NDArray[np.uint32]


def plain(folded: str) -> str:
    """The skeleton the n-grams are cut from: every number is 0, every stop is one space, a space at both ends."""
    return " " + _STOPS.sub(" ", _DIGITS.sub("0", folded)).strip() + " "


def ngrams(folded: str) -> Hashes:
    """The distinct hashed n-grams (1 to LONGEST characters) of folded text, sorted."""
    codes = np.frombuffer(plain(folded).encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    parts = []
    running = np.zeros(len(codes), dtype=np.uint64)
    for size in range(1, LONGEST + 1):
        if len(codes) < size:
            break
        length = len(codes) - size + 1
        running = (running[:length] * _PRIMES[0]) ^ (codes[size - 1 :] * _PRIMES[1])
        mixed = running * _PRIMES[2] + _PRIMES[3] * np.uint64(size)
        parts.append(((mixed ^ (mixed >> np.uint64(29))) >> np.uint64(16)).astype(np.uint32))
    return np.unique(np.concatenate(parts))
