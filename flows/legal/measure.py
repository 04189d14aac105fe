"""How good a law search is on questions with known articles, and the weights that make it better."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from flows.legal.article import short_title
from flows.legal.grams import Floats
from flows.legal.search import LawSearch, best_rows

DEPTHS = (1, 5, 10, 100)
WORDS = ("words", "title", "prior", "best", "listed")
FITTED = (*WORDS, "meaning", "asked_meaning", "either")
_CANDIDATES = 150

Gold = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the (short title, number) of the articles that answer it."""

    text: str
    gold: Gold


@dataclass(frozen=True, slots=True)
class Quality:
    """Recall at each depth of DEPTHS, and the mean reciprocal rank of the first right article."""

    recall: tuple[float, ...]
    rank: float

    def __str__(self) -> str:
        return "  ".join(f"@{depth} {value:.3f}" for depth, value in zip(DEPTHS, self.recall, strict=True)) + (
            f"  MRR {self.rank:.3f}"
        )


def quality(found: Sequence[Sequence[tuple[str, str]]], asked: Sequence[Asked]) -> Quality:
    """`found` are the articles for each question, best first."""
    recall = np.zeros(len(DEPTHS))
    rank = 0.0
    for articles, question in zip(found, asked, strict=True):
        recall += [len(question.gold & set(articles[:depth])) / len(question.gold) for depth in DEPTHS]
        first = next((place for place, article in enumerate(articles, 1) if article in question.gold), None)
        rank += 1 / first if first else 0.0
    return Quality(tuple(float(value) for value in recall / len(asked)), rank / len(asked))


def answers(search: LawSearch, asked: Sequence[Asked], on: date) -> list[list[tuple[str, str]]]:
    """The hundred best articles for each question."""
    return [
        [(short_title(hit.article.law), hit.article.number) for hit in search.search(q.text, top=100, on=on).hits]
        for q in asked
    ]


@dataclass(frozen=True)
class Table:
    """The opinions on each question's candidates: rows are articles, columns FITTED; `right` marks the gold."""

    values: Floats
    right: NDArray[np.bool_]


def tables(search: LawSearch, asked: Sequence[Asked], on: date) -> list[Table]:
    """What the fitting reads, so that trying weights costs milliseconds."""
    open_rows = search.in_force(on)
    place = {(short_title(a.law), a.number): row for row, a in enumerate(search.articles) if open_rows[row]}
    made = []
    for question in asked:
        seen = search.opinions(question.text)
        gold = [place[article] for article in question.gold if article in place]
        rows = set(gold)
        for name in FITTED:
            if name in seen and name not in ("prior", "listed"):
                rows.update(best_rows(seen[name], open_rows, _CANDIDATES))
        order = np.array(sorted(rows))
        nothing = np.zeros(len(search.articles), dtype=np.float32)
        values = np.stack([seen.get(name, nothing)[order] for name in FITTED], axis=1)
        made.append(Table(values, np.isin(order, gold)))
    return made


def fit(made: Sequence[Table], start: Mapping[str, float], *, steps: int, seed: int) -> dict[str, float]:
    """Weights found by trying changes one or two at a time and keeping what helps; same seed, same weights."""
    chance = np.random.default_rng(seed)
    weights = np.array([max(start.get(name, 0.0), 0.05) for name in FITTED])
    best = _worth(made, weights)
    for _ in range(steps):
        tried = weights.copy()
        for column in chance.choice(len(FITTED), size=chance.integers(1, 3), replace=False):
            tried[column] = max(0.0, tried[column] * np.exp(chance.normal(0, 0.5)))
        worth = _worth(made, tried)
        if worth >= best:
            best, weights = worth, tried
    weights /= weights[0] or 1.0  # only the proportions matter: words count one
    return {name: round(float(weight), 3) for name, weight in zip(FITTED, weights, strict=True)}


def cross_validated(
    made: Sequence[Table], start: Mapping[str, float], *, folds: int, steps: int, seed: int, say: Callable[[str], None]
) -> tuple[float, ...]:
    """Recall at DEPTHS on questions the weights were not fitted on."""
    order = np.random.default_rng(seed).permutation(len(made))
    total = np.zeros(len(DEPTHS))
    for fold in range(folds):
        held = set(order[fold::folds].tolist())
        weights = fit([t for i, t in enumerate(made) if i not in held], start, steps=steps, seed=seed)
        column = np.array([weights[name] for name in FITTED])
        part = _recall([made[i] for i in held], column)
        say(f"fold {fold + 1}: " + " ".join(f"{value:.3f}" for value in part))
        total += part * len(held)
    return tuple(float(value) for value in total / len(made))


def _worth(made: Sequence[Table], weights: NDArray[np.float64]) -> float:
    recall = _recall(made, weights)
    return float(0.3 * recall[0] + recall[1] + recall[2])


def _recall(made: Sequence[Table], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    total = np.zeros(len(DEPTHS))
    for table in made:
        right = table.right[np.argsort(-(table.values @ weights), kind="stable")]
        total += [right[:depth].sum() / max(right.sum(), 1) for depth in DEPTHS]
    return total / len(made)
