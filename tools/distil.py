"""Teaches a head of the first stage what the sentence model makes of the examples: a linear student, folded in.

The student tells the vector of a text from the n-grams the head knows. A softmax over what the student says is
linear in the n-grams too: its weights are added to the head's own, and cost nothing when a message is understood.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import numpy as np
from scipy import sparse
from sklearn.linear_model import Ridge
from sklearn.model_selection import GroupKFold, cross_val_predict

from nlu.danger import TUNED
from nlu.normalize import fold, normalize
from nlu.second import chosen
from tools.fitting import featurize, matrix, regress

DIRECTIONS = 96  # of a vector's 384; the rest is noise to a few thousand examples
RARE = 0.02  # an n-gram in this part of the texts counts half
RIDGE = 0.1
TOGETHER = 40  # examples that stand together are often alike: the student says a vector without having seen these
SIZE = 6.0  # of the student's vectors, which a classifier likes


def targets(texts: Sequence[str], vectors: Mapping[str, np.ndarray]) -> np.ndarray:
    """The sentence vectors of the texts in their main directions."""
    found = np.array([vectors[chosen(fold(normalize(text)))] for text in texts], dtype=np.float32)
    found -= found.mean(axis=0)
    main = np.linalg.eigh(found.T @ found)[1][:, ::-1][:, :DIRECTIONS]
    found = found @ main
    return np.asarray(found / found.std())


def student(rows: sparse.csr_matrix, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(what each n-gram adds to a vector, the vectors told of texts that the student had not seen)."""
    weight = RARE / (RARE + rows.getnnz(axis=0) / rows.shape[0])
    weighed = (rows @ sparse.diags(weight)).astype(np.float32).tocsr()
    ridge = Ridge(RIDGE, fit_intercept=False, solver="sparse_cg", max_iter=30)
    told = cross_val_predict(ridge, weighed, wanted, groups=np.arange(len(wanted)) // TOGETHER, cv=GroupKFold(4))
    return weight[:, None] * ridge.fit(weighed, wanted).coef_.T, told


def fold_in(
    head: dict[str, object], told: Sequence[tuple[str, str]], vectors: Mapping[str, np.ndarray], c: float
) -> None:
    """Adds the student's word; `told`: texts and their classes (where that is empty, only the student reads it)."""
    texts = [text for text, _ in told]
    adds, unseen = student(matrix(featurize(texts), np.asarray(head["hashes"])), targets(texts, vectors))
    size = np.linalg.norm(unseen, axis=1).mean() / SIZE
    labelled = [i for i, (_, label) in enumerate(told) if label]
    model = regress(unseen[labelled] / size, [told[i][1] for i in labelled], c, 200)
    share = json.loads(TUNED.read_text("utf-8"))["numbers"]["train.sentences"]
    head["weights"] = (1 - share) * np.asarray(head["weights"]) + share * (adds @ model.coef_.T / size)
    head["bias"] = (1 - share) * np.asarray(head["bias"]) + share * model.intercept_
