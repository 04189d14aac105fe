"""Trains the heads of the second opinion on sentence vectors of the written examples."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from nlu.linear import save_arrays
from nlu.normalize import fold, normalize
from nlu.second import SPREAD, chosen
from nlu.sentence import vector_model
from nlu.understanding import Example


def sentence_vectors(texts: list[str], cache: Path | None) -> dict[str, np.ndarray] | None:
    """A float16 vector for each distinct chosen text; None without the vector model. `cache` spares half-done work."""
    wanted = sorted({chosen(fold(normalize(text))) for text in texts})
    known: dict[str, np.ndarray] = {}
    if cache is not None and cache.exists():
        with np.load(cache, allow_pickle=False) as stored:
            known = dict(zip(stored["texts"].tolist(), stored["vectors"], strict=True))
    missing = [text for text in wanted if text not in known]
    if missing:
        model = vector_model()
        if model is None:
            return None
        for start in range(0, len(missing), 100):
            part = missing[start : start + 100]
            known.update(zip(part, np.asarray(model.query(part), dtype=np.float16), strict=True))
        if cache is not None:
            np.savez(cache, texts=np.array(list(known)), vectors=np.array(list(known.values())))
    return known


def dense(vectors: np.ndarray, labels: list[str], c: float, weighted: bool) -> dict[str, np.ndarray]:
    sizes = Counter(labels)
    weight = {name: (len(labels) / len(sizes) / size) ** 0.5 for name, size in sizes.items()} if weighted else None
    model = LogisticRegression(C=c, max_iter=300, class_weight=weight).fit(vectors, labels)
    scale = np.abs(model.coef_.T).max(axis=0) / 127
    return {
        "weights": np.rint(model.coef_.T / scale).astype(np.int8),
        "scale": scale.astype(np.float32),
        "bias": model.intercept_.astype(np.float32),
    }


def train_second(found: list[tuple[str, Example]], path: Path, known: dict[str, np.ndarray]) -> None:
    """Writes second.npz."""
    rows = np.array([known[chosen(fold(normalize(example.text)))] for _, example in found], dtype=np.float32)
    mean = rows.mean(axis=0)
    rows = (rows - mean) * SPREAD
    reports = [i for i, (_, example) in enumerate(found) if example.intent.startswith("report_problem/")]
    heads = {
        "intent": dense(rows, [example.intent.split("/")[0] for _, example in found], 1.0, weighted=True),
        "service": dense(rows[reports], [found[i][1].intent.split("/")[1] for i in reports], 5.0, weighted=False),
    }
    arrays = {"mean": mean.astype(np.float16)}
    arrays |= {f"{name}_{part}": array for name, head in heads.items() for part, array in head.items()}
    save_arrays(path, arrays)
