"""A softmax over hashed n-grams: int8 weights in an .npz, scored with numpy only."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlu.features import Hashes

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Head:
    """One classifier: sorted hashes, a row of int8 weights each, a scale a class."""

    classes: tuple[str, ...]
    hashes: Hashes
    weights: NDArray[np.int8]
    scale: Floats
    bias: Floats

    def scores(self, grams: Hashes) -> Floats:
        """One score a class, before the softmax; a message without a known n-gram gets the bias."""
        at = np.searchsorted(self.hashes, grams)
        at[at == len(self.hashes)] = 0
        rows = at[self.hashes[at] == grams]
        if not len(rows):
            return self.bias
        total = self.weights[rows].sum(axis=0, dtype=np.int32)
        return np.asarray(total * self.scale / np.sqrt(np.float32(len(rows))) + self.bias, dtype=np.float32)

    def tempered(self, temperature: float) -> Head:
        """The same head; a temperature above 1 makes its chances more modest."""
        cold = np.float32(temperature)
        return replace(self, scale=self.scale / cold, bias=self.bias / cold)

    def share(self, grams: Hashes) -> float:
        """How much of the message is known to this head (0..1)."""
        at = np.searchsorted(self.hashes, grams)
        at[at == len(self.hashes)] = 0
        return float(np.mean(self.hashes[at] == grams)) if len(grams) else 0.0


def softmax(scores: Floats) -> Floats:
    """Scores to probabilities."""
    power = np.exp(scores - scores.max())
    return np.asarray(power / power.sum(), dtype=np.float32)


def chances(scores: Sequence[float]) -> list[float]:
    """`softmax` for a few classes: an array costs more than a dozen of numbers."""
    most = max(scores)
    powers = [exp(score - most) for score in scores]
    part = 1 / sum(powers)
    return [power * part for power in powers]


def load_head(path: Path, classes: Sequence[str]) -> Head:
    """Reads one packed head; raises ValueError when the classes do not fit it."""
    with np.load(path, allow_pickle=False) as stored:
        head = Head(tuple(classes), stored["hashes"], stored["weights"], stored["scale"], stored["bias"])
    if head.weights.shape != (len(head.hashes), len(head.classes)):
        raise ValueError(f"{path.name} does not belong to these classes")
    return head


def pack(path: Path, hashes: Hashes, weights: Floats, bias: Floats) -> None:
    """Writes a head so that the same numbers give the same bytes: fixed order, fixed dates, int8 by class."""
    scale = np.abs(weights).max(axis=0) / 127
    scale[scale == 0] = 1
    arrays = {
        "hashes": hashes.astype(np.uint32),
        "weights": np.rint(weights / scale).astype(np.int8),
        "scale": scale.astype(np.float32),
        "bias": bias.astype(np.float32),
    }
    save_arrays(path, arrays)


def save_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """An .npz whose bytes depend on the numbers only: fixed order, fixed dates."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in arrays.items():
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, np.ascontiguousarray(array), allow_pickle=False)
            archive.writestr(
                zipfile.ZipInfo(f"{name}.npy", (2026, 1, 1, 0, 0, 0)), buffer.getvalue(), zipfile.ZIP_DEFLATED
            )
