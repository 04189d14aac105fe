"""Fits softmax heads over n-grams: which n-grams are kept, texts as rows over them, and the regression."""

from __future__ import annotations

import warnings
from collections import Counter

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from nlu.features import ngrams
from nlu.normalize import fold, normalize


def vocabulary(rows: list[np.ndarray], least: int, most: int | None = None) -> np.ndarray:
    """The n-grams worth keeping, sorted: in `least` texts at least, and the `most` frequent of them."""
    values, counts = np.unique(np.concatenate(rows), return_counts=True)
    kept = counts >= least
    values, counts = values[kept], counts[kept]
    return values[np.sort(np.argsort(-counts, kind="stable")[:most])]


def matrix(rows: list[np.ndarray], hashes: np.ndarray) -> sparse.csr_matrix:
    """Texts over the n-grams kept, as `Head.scores` weighs them."""
    index, start = [], [0]
    for row in rows:
        at = np.searchsorted(hashes, row)
        at[at == len(hashes)] = 0
        index.append(at[hashes[at] == row])
        start.append(start[-1] + len(index[-1]))
    data = np.concatenate([np.full(len(i), 1 / max(1.0, len(i)) ** 0.5) for i in index])
    return sparse.csr_matrix((data, np.concatenate(index), np.array(start)), shape=(len(rows), len(hashes)))


def featurize(texts: list[str]) -> list[np.ndarray]:
    return [ngrams(fold(normalize(text))) for text in texts]


def regress(matrix: sparse.csr_matrix, labels: list[str], c: float, rounds: int) -> LogisticRegression:
    """A class counts by the square root of its size: rare ones are heard, frequent ones stay likelier."""
    sizes = Counter(labels)
    weight = {name: (len(labels) / len(sizes) / size) ** 0.5 for name, size in sizes.items()}
    model = LogisticRegression(C=c, max_iter=rounds, tol=1e-5, class_weight=weight)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a short first round need not converge
        return model.fit(matrix, labels)


def fit(rows: list[np.ndarray], labels: list[str], *, c: float, most: int, keep: int) -> dict[str, object]:
    """One softmax head over the `keep` n-grams whose weights differ most between classes in a short first round."""
    hashes = vocabulary(rows, 2, most)
    first = regress(matrix(rows, hashes), labels, c, 15)
    strong = np.argsort(
        -first.coef_.std(axis=0) if len(first.classes_) > 2 else -np.abs(first.coef_[0]), kind="stable"
    )[:keep]
    hashes = hashes[np.sort(strong)]
    model = regress(matrix(rows, hashes), labels, c, 1000)  # to its end: stopped early it depends on chance
    weights, bias = model.coef_, model.intercept_
    if len(model.classes_) == 2:
        weights, bias = np.vstack([-weights / 2, weights / 2]), np.array([-bias[0] / 2, bias[0] / 2])
    return {
        "hashes": hashes,
        "weights": weights.T.astype(np.float32),
        "bias": bias.astype(np.float32),
        "classes": [str(x) for x in model.classes_],
    }
