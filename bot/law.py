"""The law library as the flows ask it: loaded at the first question, and anew when sources were imported."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from bot.clock import HOME
from bot.memory import give_back
from flows.effects import Effect, Say
from flows.facts import Articles, ArticleView, FindArticles
from flows.facts import Guide as PlainGuide
from flows.legal import texts
from flows.legal.guides import Guide, find_guide

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from flows.legal.answered import Answered
    from flows.legal.article import Article
    from flows.legal.search import LawSearch
    from storage.database import Database
    from storage.law_library import LawLibrary
    from storage.law_sources import Vectors

SHOWN = 5
BESIDE = 2  # only the best of what the search found stands beside a guide
PAST, PAST_SHARE = (
    100,
    0.55,
)  # how far down, with which share of the best score: nobody wrote questions about what ended
TOP = 100.0  # the score of an article that a guide names
KEPT = 512  # answers at hand


@dataclass
class Shelf:
    """The library as it stands after an import; what takes time is made when it is first asked for."""

    versions: tuple[int, ...]
    library: LawLibrary
    vectors: Vectors | None = None
    answered: tuple[Answered, ...] = ()
    search: LawSearch | None = None
    guides: dict[date, tuple[Guide, ...]] = field(default_factory=dict)
    known: dict[FindArticles, Articles] = field(default_factory=dict)


class LazyLaw:
    """Statutes, what was imported beside them, and their search; several threads may ask, one loads."""

    def __init__(self, database: Database | None = None, *, meaning: bool = True) -> None:
        self._database = database
        self._meaning = meaning
        self._lock = threading.RLock()
        self._shelf: Shelf | None = None

    @cached_property
    def embedded(self) -> LawLibrary:
        from storage.law_library import LawLibrary

        return LawLibrary.embedded()

    def shelf(self, conn: Connection | None) -> Shelf:
        """What the library holds now; `conn` tells what was imported."""
        from storage import law_answers, law_sources

        versions = (*law_sources.versions(conn), law_answers.version(conn)) if conn is not None else ()
        with self._lock:
            shelf = self._shelf
            if shelf is not None and shelf.versions == versions:
                return shelf
            if conn is None:
                self._shelf = Shelf(versions, self.embedded)
            elif shelf is not None and shelf.versions[:-1] == versions[:-1]:  # only an answer came: the index stays
                found = tuple(law_answers.published(conn))
                self._shelf = replace(shelf, versions=versions, answered=found, known={})
            else:
                library, found = self.embedded.with_more(law_sources.articles(conn)), tuple(law_answers.published(conn))
                self._shelf = Shelf(versions, library, law_sources.vectors(conn), found)
            return self._shelf

    def answer(self, query: FindArticles) -> Articles:
        """The articles that fit a question on a day, for people of an area; the last few hundred answers are kept."""
        with self._reading() as conn:
            shelf, areas = self.shelf(conn), _areas(conn, query.area)
        found = shelf.known.get(query)
        if found is None:
            if len(shelf.known) >= KEPT:
                shelf.known.clear()
            found = shelf.known[query] = self._answer(shelf, query, areas)
        return found

    def full_text(
        self, conn: Connection | None, law: str, number: str, now: datetime, area: int | None = None
    ) -> tuple[Effect, ...]:
        """The whole article, or a word that it is not in force."""
        found = self.shelf(conn).library.article(law, number, now.astimezone(HOME).date(), _areas(conn, area))
        if found is None:
            return (Say("这一条现在查不到了，可能已经修改或者废止。"),)
        return texts.full_text(view(found, 0.0))

    def library(self, conn: Connection | None) -> LawLibrary:
        """Every article known, with what was imported."""
        return self.shelf(conn).library

    @contextmanager
    def _reading(self) -> Iterator[Connection | None]:
        if self._database is None:
            yield None
            return
        with self._database.read() as conn:
            yield conn

    def _searching(self, shelf: Shelf) -> LawSearch:
        from storage.law_search import load_search

        with self._lock:
            if shelf.search is None:
                shelf.search = load_search(shelf.library, meaning=self._meaning, more=shelf.vectors)
                give_back()
            return shelf.search

    def _guides(self, shelf: Shelf, on: date) -> tuple[Guide, ...]:
        """The guides of a day: one whose article changed is left out."""
        from storage.law_guides import load_guides

        if on not in shelf.guides:
            shelf.guides[on] = load_guides(shelf.library, on)
        return shelf.guides[on]

    def _answer(self, shelf: Shelf, query: FindArticles, areas: frozenset[int]) -> Articles:
        from flows.legal.article import short_title

        search = self._searching(shelf)
        found = search.search(query.text, top=SHOWN, on=query.on, areas=areas)
        views = tuple(view(h.article, h.score) for h in found.hits)
        past = self._past(search, query, areas) if query.then else ()
        guide = find_guide(query.text, self._guides(shelf, query.on), {(short_title(v.law), v.number) for v in views})
        answered = self._answered(shelf, query, areas, guide)
        if guide is None:
            return Articles(found.confident, views, answered, found.outside, past)
        cited = _cited(shelf, guide, query.on)
        known = {(v.law, v.number) for v in cited}
        near = {v.law for v in cited}  # another law beside a guide would only puzzle
        fresh = [v for v in views[:BESIDE] if v.law in near and (v.law, v.number) not in known]
        more = [replace(v, score=TOP) for v in fresh if found.confident]
        return Articles(True, (*cited[:2], *more[:1], *cited[2:]), answered or _plain(guide), past=past)

    def _answered(
        self, shelf: Shelf, query: FindArticles, areas: frozenset[int], guide: Guide | None
    ) -> PlainGuide | None:
        """An adviser's answer to the same question, if every article it cites still says what it said.

        Where a guide of ours fits as well, the answer must be to just this question; the guide's deadline stays first.
        """
        from flows.legal.answered import ALIKE, SAME, find_answered, stands

        found = find_answered(query.text, shelf.answered, areas, SAME if guide else ALIKE)
        deadline = guide.deadline.text if guide and guide.deadline else None
        if found is None or not stands(found, lambda law, number: shelf.library.article(law, number, query.on, areas)):
            return None
        return PlainGuide(f"answer.{found.id}", found.question, (found.answer, texts.answered_by(found)), deadline)

    def _past(self, search: LawSearch, query: FindArticles, areas: frozenset[int]) -> tuple[ArticleView, ...]:
        """What held at the time asked about and does not any more."""
        assert query.then
        found = search.search(query.text, top=PAST, on=query.then, areas=areas)
        least = PAST_SHARE * found.hits[0].score if found.hits else 0.0
        gone = [h for h in found.hits if h.score >= least and not h.article.in_force(query.on)]
        return tuple(view(h.article, h.score) for h in gone if h.article.certain(query.then))[:2]


def _areas(conn: Connection | None, area: int | None) -> frozenset[int]:
    """The area and those it lies in."""
    from storage import community

    return frozenset(community.above(conn, area)) if conn is not None and area is not None else frozenset()


def _cited(shelf: Shelf, guide: Guide, on: date) -> tuple[ArticleView, ...]:
    """The articles a guide stands on, each once, as the best of what was found."""
    named = dict.fromkeys((s.law, s.number) for s in guide.law_sentences)
    articles = [shelf.library.article(law, number, on) for law, number in named]
    return tuple(view(a, TOP) for a in articles if a is not None)


def _plain(guide: Guide) -> PlainGuide:
    """The guide as the conversation shows it: the law in plain words, where to go, what to bring."""
    bring = (f"带上：{guide.bring.rstrip('。')}。",) if guide.bring else ()
    said = "".join(s.text for s in guide.say)
    return PlainGuide(guide.key, guide.title, (said, guide.go, *bring), guide.deadline.text if guide.deadline else None)


def view(article: Article, score: float) -> ArticleView:
    """An article as the conversation shows it."""
    return ArticleView(
        article.law,
        article.number,
        article.text,
        score,
        article.version,
        article.kind,
        article.begins if article.until else None,
        article.until,
    )
