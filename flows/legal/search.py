"""Which articles answer a question: several opinions of every article, each on one scale, blended with fitted weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from flows.legal.article import Article, Hit, SearchResult, short_title
from flows.legal.citations import citations
from flows.legal.grams import Floats, Grams, pieces, runs
from flows.legal.knowledge import Knowledge, plain

_LONGEST = 400  # characters of a question that are read: longer ones repeat themselves and cost time


@dataclass(frozen=True)
class Meaning:
    """Sentence vectors of articles and of the questions asked about them, and what turns a new question into one.

    `articles` has a row an article of the search (zeros where there is no vector yet), `asked` a row a question in
    the order of `LawSearch.questions`; rows have length one.
    """

    articles: Floats
    asked: Floats
    embed: Callable[[str], Floats]


class LawSearch:
    """Immutable once built, so any thread may search. Pure: no clock, no file; `meaning` is optional."""

    def __init__(self, articles: Sequence[Article], knowledge: Knowledge, meaning: Meaning | None = None) -> None:
        self.articles = tuple(articles)
        self.knowledge = knowledge
        self.meaning = meaning
        self._words = Grams([article.text for article in self.articles])
        self._headings = _Headings(self.articles)
        self._asked = _Asked(self.articles, knowledge)
        self._prior = _prior(self.articles, knowledge.priors)
        self._row = {(short_title(a.law), a.number, a.key): row for row, a in enumerate(self.articles)}

    def with_meaning(self, meaning: Meaning) -> LawSearch:
        """The same search with sentence vectors as one more opinion; the index is shared, not built again."""
        other = copy(self)
        other.meaning = meaning
        return other

    @property
    def questions(self) -> tuple[str, ...]:
        """The questions written about articles, in the order `Meaning.asked` has them."""
        return self._asked.questions

    def search(self, text: str, *, top: int, on: date) -> SearchResult:
        """The `top` best articles in force on that day; always that many, if the library has them."""
        open_rows = self._in_force(on)
        scores = self.blend(self.opinions(text))
        self._named(text, scores)
        best = _best(scores, open_rows, top)
        hits = tuple(Hit(self.articles[row], round(float(scores[row]), 4)) for row in best)
        return SearchResult(self._confident(text, hits), hits)

    def opinions(self, text: str) -> dict[str, Floats]:
        """What each way of looking says of every article, unweighted; the fitting of weights reads these."""
        text = text[:_LONGEST]
        weights = self.knowledge.weights
        asked = runs(plain(text), {1: weights["unigram"], 2: weights["bigram"]})
        grams = dict(asked)
        for word in self.knowledge.legal_words(text):
            for run, weight in runs(word, {1: weights["unigram"], 2: weights["bigram"]}).items():
                grams[run] = max(grams.get(run, 0.0), weight * weights["lexicon"])
        seen = {
            "words": _scaled(self._words.score(grams)),
            "title": _scaled(self._headings.score(grams)),
            **self._asked.opinions(asked),
            "prior": self._prior,
        }
        if self.meaning is not None and pieces(text):
            seen |= self._meant(self.meaning, text)
        return seen

    def blend(self, opinions: Mapping[str, Floats]) -> Floats:
        """One score an article."""
        total = np.zeros(len(self.articles), dtype=np.float32)
        for name, scores in opinions.items():
            total += np.float32(self.knowledge.weights.get(name, 0.0)) * scores
        return total

    def _meant(self, meaning: Meaning, text: str) -> dict[str, Floats]:
        vector = meaning.embed(text[:120])
        near = meaning.articles @ vector
        known = near != 0
        centred = np.where(known, (near - near[known].mean()) / (near[known].std() + 1e-6), -1.0) / 4
        seen = {"meaning": centred.astype(np.float32)}
        if len(meaning.asked):
            alike = meaning.asked @ vector
            seen["asked_meaning"] = self._asked.spread((alike - alike.mean()) / (alike.std() + 1e-6) / 4)
        return seen

    def _in_force(self, on: date) -> NDArray[np.bool_]:
        return np.fromiter((article.in_force(on) for article in self.articles), dtype=bool, count=len(self.articles))

    def _named(self, text: str, scores: Floats) -> None:
        """An article the question names itself goes before all found by likeness."""
        named = {(citation.law, citation.number) for citation in citations(text[:_LONGEST])}
        if named:
            for (law, number, _), row in self._row.items():
                if (law, number) in named:
                    scores[row] += 100.0

    def _confident(self, text: str, hits: tuple[Hit, ...]) -> bool:
        return bool(hits) and bool(pieces(text)) and hits[0].score >= self.knowledge.weights["confident"]


class _Headings:
    """Titles and chapters repeat from article to article: scored once each, then spread."""

    def __init__(self, articles: Sequence[Article]) -> None:
        names = [f"{short_title(article.law)} {article.chapter}" for article in articles]
        distinct = {name: place for place, name in enumerate(dict.fromkeys(names))}
        self._grams = Grams(list(distinct))
        self._which = np.array([distinct[name] for name in names], dtype=np.int32)

    def score(self, grams: dict[str, float]) -> Floats:
        return self._grams.score({run: weight for run, weight in grams.items() if len(run) > 1})[self._which]


class _Asked:
    """The questions people ask about articles, together and one by one."""

    def __init__(self, articles: Sequence[Article], knowledge: Knowledge) -> None:
        self._count = len(articles)
        rows: list[int] = []
        questions: list[str] = []
        for row, article in enumerate(articles):
            for question in knowledge.asked.get((short_title(article.law), article.number), ()):
                rows.append(row)
                questions.append(question)
        self.questions = tuple(questions)
        self._row_of = np.array(rows, dtype=np.int32)
        self._listed = np.zeros(self._count, dtype=np.float32)
        self._listed[self._row_of] = 1.0
        together: list[str] = [""] * self._count
        for row, question in zip(rows, questions, strict=True):
            together[row] += question + " "
        self._places = np.unique(self._row_of)
        self._together = Grams([together[row] for row in self._places])
        self._single = Grams(self.questions, b=0.3)

    def opinions(self, grams: dict[str, float]) -> dict[str, Floats]:
        if not self.questions:
            return {}
        asked = np.zeros(self._count, dtype=np.float32)
        asked[self._places] = self._together.score(grams)
        best = self.spread(self._single.score(grams))
        return {"asked": _scaled(asked), "best": _scaled(best), "listed": self._listed}

    def spread(self, by_question: Floats) -> Floats:
        """The best of an article's questions; articles without any get the least there is."""
        least = np.float32(by_question.min()) if len(by_question) else np.float32(0)
        scores = np.full(self._count, min(least, np.float32(0)), dtype=np.float32)
        np.maximum.at(scores, self._row_of, by_question.astype(np.float32))
        return scores


def _prior(articles: Sequence[Article], priors: Mapping[str, float]) -> Floats:
    usual = priors.get("*", 0.0)
    return np.array([priors.get(short_title(article.law), usual) for article in articles], dtype=np.float32)


def _scaled(scores: Floats) -> Floats:
    """BM25 grows with the length of the question: measured against the mean of the ten best instead."""
    if len(scores) <= 10:
        top = float(scores.max(initial=0.0))
    else:
        top = float(np.partition(scores, -10)[-10:].mean())
    return scores / np.float32(top) if top > 0 else scores


def _best(scores: Floats, allowed: NDArray[np.bool_], top: int) -> list[int]:
    masked = np.where(allowed, scores, -np.inf)
    top = min(top, int(allowed.sum()))
    if top <= 0:
        return []
    some = np.argpartition(-masked, top - 1)[:top]
    return [int(row) for row in some[np.lexsort((some, -masked[some]))]]
