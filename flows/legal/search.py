"""Which articles answer a question: several opinions of every article, on one scale, blended with fitted weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from flows.legal.article import Article, Hit, SearchResult, short_title
from flows.legal.citations import citations
from flows.legal.grams import Floats, Grams, pieces, runs
from flows.legal.guides import find_guide
from flows.legal.knowledge import Knowledge, plain
from nlu.normalize import normalize

ALONE = "alone_"  # names the weights that hold where there are no vectors
_LONGEST = 300  # characters of a question that are read: longer ones repeat themselves and cost time
FIRST, NEAR = 5, 10  # of what was found: so many are put in order by a guide, and so far down it looks
_NEAR_WORDS, _NEAR_MEANING = 10, 3  # an imported article so high among all is about the matter
_LONGEST_SENTENCE = 120  # the same for its vector, where time grows with every character


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

    def __init__(self, articles: Sequence[Article], knowledge: Knowledge) -> None:
        self.articles = tuple(articles)
        self.knowledge = knowledge
        self.meaning: Meaning | None = None
        self._asked = _Asked(self.articles, knowledge)
        together = zip(self.articles, self._asked.together, strict=True)
        self._words = Grams([f"{article.text} {questions}" for article, questions in together])
        self._headings = _Headings(self.articles)
        self._prior = _prior(self.articles, knowledge.priors)
        self._begins = np.array([article.begins.toordinal() for article in self.articles], dtype=np.int32)
        never = date.max
        self._until = np.array([(a.until or never).toordinal() for a in self.articles], dtype=np.int32)
        self._imported = [row for row, article in enumerate(self.articles) if article.kind != "law" or article.areas]
        self._held = frozenset(self.articles[row].law for row in self._imported)

    def with_meaning(self, meaning: Meaning) -> LawSearch:
        """The same search with sentence vectors as one more opinion; the index is shared, not built again."""
        other = copy(self)
        other.meaning = meaning
        return other

    def with_weights(self, weights: Mapping[str, float]) -> LawSearch:
        """The same search weighing its opinions differently."""
        other = copy(self)
        other.knowledge = replace(self.knowledge, weights=weights)
        return other

    @property
    def questions(self) -> tuple[str, ...]:
        """The questions written about articles, in the order `Meaning.asked` has them."""
        return self._asked.questions

    def search(self, text: str, *, top: int, on: date, areas: frozenset[int] = frozenset()) -> SearchResult:
        """The `top` best articles in force on that day; always that many, if the library has them.

        A source that holds in some areas only is found for people of these `areas`.
        """
        text = normalize(text)[:_LONGEST]
        seen = self._look(text)
        scores = self.blend(seen.opinions)
        named = self._named(text, scores)
        outside = self.knowledge.settled_outside(text)
        settles, outside = (outside, "") if outside in self._held else ("", outside)
        strong = seen.strength >= self.knowledge.weights["strong" if self.meaning is not None else "strong_words"]
        allowed = self.in_force(on, areas)
        lifted = not named and lift(scores, seen.opinions, allowed, self._imported, self._settling(settles), strong)
        best = best_rows(scores, allowed, max(top, NEAR))
        best = best if named or settles else self._of_its_law(text, best)
        ranked = sorted((float(scores[row]) for row in best), reverse=True)  # of what was put first, the first's
        hits = tuple(Hit(self.articles[row], round(score, 4)) for row, score in zip(best[:top], ranked, strict=False))
        return SearchResult(bool(hits) and (named or lifted or (strong and not outside)), hits, outside)

    def opinions(self, text: str) -> dict[str, Floats]:
        """What each way of looking says of every article, unweighted; the fitting of weights reads these."""
        return self._look(normalize(text)[:_LONGEST]).opinions

    def strength(self, text: str) -> float:
        """How much a text is like the law and the questions about it at all; blended scores do not tell."""
        return self._look(normalize(text)[:_LONGEST]).strength

    def _look(self, text: str) -> _Seen:
        sizes = {1: 1.0, 2: 1.0}
        said = runs(plain(text), sizes)
        meant = dict(said)
        for word in self.knowledge.legal_words(text):
            for run in runs(word, sizes):
                meant.setdefault(run, self.knowledge.weights["lexicon"])
        words, asked = self._words.score(meant), self._asked.score(said)
        opinions = {
            "words": _scaled(words),
            "title": _scaled(self._headings.score(meant)),
            "prior": self._prior,
            "best": _scaled(asked),
            "listed": self._asked.listed,
        }
        strength = float(words.max(initial=0.0) + asked.max(initial=0.0))
        if self.meaning is None or not pieces(text):
            return _Seen(opinions, strength)
        near, alike = self._meant(self.meaning, text, opinions)
        return _Seen(opinions, near + alike + strength / 2000)

    def blend(self, opinions: Mapping[str, Floats]) -> Floats:
        """One score an article; without vectors the other opinions have weights of their own."""
        total = np.zeros(len(self.articles), dtype=np.float32)
        prefix = "" if self.meaning is not None else ALONE
        for name, scores in opinions.items():
            total += np.float32(self.knowledge.weights.get(prefix + name, 0.0)) * scores
        return total

    def in_force(self, on: date, areas: frozenset[int] = frozenset()) -> NDArray[np.bool_]:
        """Which rows may be cited on that day to people of these areas."""
        day = on.toordinal()
        allowed: NDArray[np.bool_] = (self._begins <= day) & (day < self._until)
        for row in self._imported:
            allowed[row] &= self.articles[row].holds_in(areas)
        return allowed

    def _of_its_law(self, text: str, rows: list[int]) -> list[int]:
        """The rows, best first, with those of the laws first that the guide to the matter stands on: who asks a
        landlord for the deposit is told nothing of employers. Only what is near the top moves."""
        near = {(short_title(self.articles[row].law), self.articles[row].number): row for row in rows[:NEAR]}
        guide = find_guide(text, self.knowledge.guides, near)
        if guide is None:
            return rows
        laws = {sentence.law for sentence in guide.law_sentences}
        first = [row for (law, _), row in near.items() if law in laws and row in rows[:FIRST]]
        cited = [row for named, row in near.items() if named in {(s.law, s.number) for s in guide.law_sentences}]
        first = first or cited[:1]
        return [*first, *(row for row in rows if row not in first)]

    def _settling(self, title: str) -> frozenset[int]:
        return frozenset(row for row in self._imported if title and self.articles[row].law == title)

    def _meant(self, meaning: Meaning, text: str, opinions: dict[str, Floats]) -> tuple[float, float]:
        """Adds what vectors say; the likeness of the nearest article and of the nearest question comes back."""
        vector = meaning.embed(text[:_LONGEST_SENTENCE])
        near, alike = meaning.articles @ vector, meaning.asked @ vector
        known = near != 0
        articles = np.where(known, _centred(near, near[known]), np.float32(-0.5))
        questions = self._asked.spread(_centred(alike, alike)) if len(alike) else articles
        opinions |= {"meaning": articles, "asked_meaning": questions, "either": np.maximum(articles, questions)}
        return float(near.max(initial=0.0)), float(alike.max(initial=0.0))

    def _named(self, text: str, scores: Floats) -> bool:
        """An article the question names itself goes before all found by likeness; whether there is one."""
        named = {(citation.law, citation.number) for citation in citations(text)}
        rows = [row for row, a in enumerate(self.articles) if (short_title(a.law), a.number) in named] if named else []
        scores[rows] += 100.0
        return bool(rows)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was seen of every article, and how strong the best of it is by itself."""

    opinions: dict[str, Floats]
    strength: float


class _Headings:
    """Titles and chapters repeat from article to article: scored once each, then spread."""

    def __init__(self, articles: Sequence[Article]) -> None:
        names = [f"{short_title(article.law)} {article.chapter}" for article in articles]
        distinct = {name: place for place, name in enumerate(dict.fromkeys(names))}
        self._grams = Grams(list(distinct))
        self._which = np.array([distinct[name] for name in names], dtype=np.int32)

    def score(self, grams: Mapping[str, float]) -> Floats:
        return self._grams.score({run: weight for run, weight in grams.items() if len(run) > 1})[self._which]


class _Asked:
    """The questions people ask about articles, one by one and (`together`) a text an article."""

    def __init__(self, articles: Sequence[Article], knowledge: Knowledge) -> None:
        self._count = len(articles)
        self.together = [""] * self._count
        rows: list[int] = []
        questions: list[str] = []
        for row, article in enumerate(articles):
            asked = knowledge.asked.get((short_title(article.law), article.number), ())
            rows.extend([row] * len(asked))
            questions.extend(asked)
            self.together[row] = " ".join(asked)
        self.questions = tuple(questions)
        self._row_of = np.array(rows, dtype=np.int32)
        # How many ways of asking were written is our own estimate of how often people ask: 1 → 0.5, 3 → 1, 12 → 1.9.
        held = np.bincount(self._row_of, minlength=self._count)
        self.listed: Floats = (np.log2(1 + held) / 2).astype(np.float32)
        self._single = Grams(self.questions or ("",), b=0.3)

    def score(self, grams: Mapping[str, float]) -> Floats:
        """The score of each article's best question."""
        return self.spread(self._single.score(grams)) if self.questions else self.listed

    def spread(self, by_question: Floats) -> Floats:
        """The best of an article's questions; articles without any get the least there is, at most nothing."""
        scores = np.full(self._count, min(float(by_question.min()), 0.0), dtype=np.float32)
        np.maximum.at(scores, self._row_of, by_question)
        return scores


def best_rows(scores: Floats, allowed: NDArray[np.bool_], top: int) -> list[int]:
    """The rows with the highest scores among the allowed, best first; equal scores in the order of the rows."""
    masked = np.where(allowed, scores, -np.inf)
    top = min(top, int(allowed.sum()))
    if top <= 0:
        return []
    high = _high(masked, top)
    least = np.partition(high, len(high) - top)[len(high) - top]
    some = np.flatnonzero(masked >= least)
    return [int(row) for row in some[np.lexsort((some, -masked[some]))][:top]]


def lift(
    scores: Floats,
    opinions: Mapping[str, Floats],
    allowed: NDArray[np.bool_],
    imported: Sequence[int],
    settling: frozenset[int],
    strong: bool,
) -> bool:
    """Bring imported articles that are about the matter beside the best statute; whether there were any.

    Nobody wrote questions about them, and priors are of statutes, so their blended scores do not compare; their rank
    among all articles by words and by meaning does. Where no statute is sure they go far before all of them.
    """
    top = float(np.where(allowed, scores, -np.inf).max(initial=0.0))
    near = []
    for row in imported:
        if allowed[row]:
            words = _rank(opinions["words"], row, allowed)
            meaning = _rank(opinions["meaning"], row, allowed) if "meaning" in opinions else 10_000
            if words <= _NEAR_WORDS or (strong and meaning <= _NEAR_MEANING):
                near.append((row not in settling, words + meaning, row))
    for place, (touches, _, row) in enumerate(sorted(near)[:3]):
        scores[row] = top * ((0.99 if touches and strong else 1.5) - 0.01 * place)
    return bool(near)


def _rank(scores: Floats, row: int, allowed: NDArray[np.bool_]) -> int:
    """The place of a row among the allowed, the first is 1; a row of which nothing is known is last."""
    return int(np.count_nonzero(scores[allowed] > scores[row])) + 1 if scores[row] > 0 else len(scores)


def _prior(articles: Sequence[Article], priors: Mapping[str, float]) -> Floats:
    usual = priors.get("*", 0.0)
    return np.array([priors.get(short_title(article.law), usual) for article in articles], dtype=np.float32)


def _scaled(scores: Floats) -> Floats:
    """BM25 grows with the length of the question: measured against the mean of the ten best instead."""
    high = _high(scores, 10)
    top = float(np.sort(high)[-10:].mean()) if len(scores) > 10 else float(scores.max(initial=0.0))
    scaled: Floats = scores / np.float32(top or 1.0)
    return scaled


def _high(scores: Floats, least: int) -> Floats:
    """The highest scores, at least so many: to find the best among these few is much quicker than among all."""
    high = scores[scores > scores.max(initial=0.0) / 2]
    return high if len(high) >= least else scores


def _centred(scores: Floats, among: Floats) -> Floats:
    """Cosines of this model lie close together: as deviations from the usual, a quarter of the usual spread."""
    if not len(among):
        return scores
    centred: Floats = ((scores - among.mean()) / (among.std() + 1e-6) / 4).astype(np.float32)
    return centred
