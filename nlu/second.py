"""A second opinion from sentence vectors, asked only where the n-grams are unsure; it may be absent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlu.sentence import VectorModel, vector_model

Floats = NDArray[np.float32]
DANGER = Path(__file__).parent / "weights" / "danger_second.npz"  # belongs to the danger head, whatever the flows'
LONGEST = 64  # characters; the cost grows with the length
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

    def scores(self, vector: Floats) -> Floats:
        return np.asarray(vector @ self.weights + self.bias, dtype=np.float32)

    def log_chances(self, vector: Floats) -> Floats:
        scores = self.scores(vector)
        scores = scores - scores.max()
        return np.asarray(scores - np.log(np.exp(scores).sum()), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Hidden:
    """A softmax over what a layer between it and the vector makes of it."""

    inner: Dense
    outer: Dense

    def log_chances(self, vector: Floats) -> Floats:
        return self.outer.log_chances(np.maximum(self.inner.scores(vector), 0))


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """Vectors and three heads over them; the vector model is loaded when it is first asked."""

    mean: Floats
    intent: Dense
    service: Dense
    danger: Hidden
    _model: list[VectorModel | None] = field(default_factory=list, repr=False)
    _seen: dict[str, Floats] = field(default_factory=dict, repr=False)

    def vector(self, folded: str) -> Floats | None:
        """The vector of folded text; None when the model is not installed or does not run here."""
        text = chosen(folded)
        found = self._seen.get(text)
        if found is not None:
            return found
        if not self._model:
            self._model.append(vector_model())
        model = self._model[0]
        if model is None:
            return None
        if len(self._seen) >= REMEMBERED:
            self._seen.clear()
        found = self._seen[text] = np.asarray((model.query(text) - self.mean) * SPREAD, dtype=np.float32)
        return found


def load_second(path: Path, intents: Sequence[str], services: Sequence[str]) -> SecondOpinion | None:
    """Reads second.npz; None when there is none, ValueError when it was trained for other classes."""
    if not path.exists():
        return None
    with np.load(path, allow_pickle=False) as stored:
        mean, intent, service = stored["mean"].astype(np.float32), _dense(stored, "intent"), _dense(stored, "service")
    with np.load(DANGER, allow_pickle=False) as stored:
        danger = Hidden(_dense(stored, "inner"), _dense(stored, "outer"))
    if intent.weights.shape[1] != len(intents) or service.weights.shape[1] != len(services):
        raise ValueError(f"{path.name} does not belong to these classes")
    return SecondOpinion(mean, intent, service, danger)


def _dense(stored: Mapping[str, NDArray[Any]], name: str) -> Dense:
    return Dense(stored[f"{name}_weights"] * stored[f"{name}_scale"], stored[f"{name}_bias"])
