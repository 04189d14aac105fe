"""A graph for onnxruntime, spelled out as its file format wants it (ONNX, a few messages of protobuf)."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

OWN = "com.microsoft"  # operators of onnxruntime's own
_OPSETS = (("", 18), (OWN, 1))
_IR = 9
_KINDS = {np.dtype(np.float32): 1, np.dtype(np.int8): 3, np.dtype(np.int64): 7}
_FLOAT, _INT = 1, 2  # kinds of attributes


@dataclass(slots=True)
class Graph:
    """Nodes and numbers, as they are added."""

    _parts: list[bytes] = field(default_factory=list)
    _count: int = 0

    def constant(self, array: NDArray[Any]) -> str:
        """Keeps an array in the graph; its name."""
        name = self._name()
        shape = b"".join(_number(1, size) for size in array.shape)
        kind = _number(2, _KINDS[array.dtype])
        self._parts.append(_bytes(5, shape + kind + _text(8, name) + _bytes(9, array.tobytes())))
        return name

    def node(self, kind: str, inputs: Sequence[str], outputs: int = 1, own: bool = False, **settings: float) -> str:
        """Adds an operator; the name of what comes out, or of the first (others: the same with .1, .2)."""
        name = self._name()
        names = [name] + [f"{name}.{more}" for more in range(1, outputs)]
        body = b"".join([_text(1, each) for each in inputs] + [_text(2, each) for each in names])
        body += _text(4, kind) + b"".join(_setting(key, value) for key, value in settings.items())
        self._parts.append(_bytes(1, body + _text(7, OWN if own else "")))
        return name

    def model(self, entry: str, wide: int, *results: str) -> bytes:
        """The whole file: `entry` takes one batch of rows `wide` long."""
        rows = _value(
            11, entry, b"".join(_bytes(1, size) for size in (_number(1, 1), _text(2, "many"), _number(1, wide)))
        )
        body = [*self._parts, _text(2, "linli"), rows, *(_value(12, name) for name in results)]
        opsets = b"".join(_bytes(8, _text(1, domain) + _number(2, version)) for domain, version in _OPSETS)
        return b"".join((_number(1, _IR), opsets, _head(7, sum(map(len, body))), *body))

    def _name(self) -> str:
        self._count += 1
        return f"n{self._count}"


def _setting(name: str, value: float) -> bytes:
    if isinstance(value, int):
        return _bytes(5, _text(1, name) + _number(3, value) + _number(20, _INT))
    return _bytes(5, _text(1, name) + b"\x15" + struct.pack("<f", value) + _number(20, _FLOAT))


def _value(field_: int, name: str, shape: bytes = b"") -> bytes:
    """What goes in or comes out: floats, of a shape that may be left open."""
    kind = _number(1, 1) + (_bytes(2, shape) if shape else b"")
    return _bytes(field_, _text(1, name) + _bytes(2, _bytes(1, kind)))


def _number(field_: int, value: int) -> bytes:
    return _varint(field_ << 3) + _varint(value)


def _text(field_: int, value: str) -> bytes:
    return _bytes(field_, value.encode())


def _bytes(field_: int, value: bytes) -> bytes:
    return _head(field_, len(value)) + value


def _head(field_: int, size: int) -> bytes:
    return _varint(field_ << 3 | 2) + _varint(size)


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)
