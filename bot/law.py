"""The law library as the flows ask it: loaded at the first question, not at the start."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from bot.clock import HOME
from flows.effects import Effect, Say
from flows.facts import Articles, ArticleView, FindArticles
from flows.facts import Guide as PlainGuide
from flows.legal import texts
from flows.legal.guides import Guide, find_guide

if TYPE_CHECKING:
    from flows.legal.article import Article
    from flows.legal.search import LawSearch
    from storage.law_library import LawLibrary

SHOWN = 5
TOP = 100.0  # the score of an article that a guide names


class LazyLaw:
    """Statutes and their search; several threads may ask, one loads."""

    def __init__(self, *, meaning: bool = True) -> None:
        self._meaning = meaning
        self._lock = threading.Lock()
        self._answered = lru_cache(maxsize=512)(self._answer)
        self._guides = lru_cache(maxsize=4)(self._guides_of)  # by day: a guide whose article changed is left out

    @cached_property
    def library(self) -> LawLibrary:
        from storage.law_library import LawLibrary

        return LawLibrary.embedded()

    @cached_property
    def search(self) -> LawSearch:
        from storage.law_search import load_search

        return load_search(self.library, meaning=self._meaning)

    def _guides_of(self, on: date) -> tuple[Guide, ...]:
        from storage.law_guides import load_guides

        return load_guides(self.library, on)

    def answer(self, query: FindArticles) -> Articles:
        """The articles that fit a question on a day; the last few hundred answers are at hand."""
        return self._answered(query)

    def _answer(self, query: FindArticles) -> Articles:
        with self._lock:
            search = self.search
        found = search.search(query.text, top=SHOWN, on=query.on)
        views = tuple(_view(h.article, h.score) for h in found.hits)
        guide = find_guide(query.text, self._guides(query.on))
        if guide is None:
            return Articles(found.confident, views, outside=found.outside)
        cited = self._cited(guide, query.on)
        known = {(v.law, v.number) for v in cited}
        more = [replace(v, score=TOP) for v in views if found.confident and (v.law, v.number) not in known]
        return Articles(True, (*cited[:2], *more[:1], *cited[2:]), _plain(guide))

    def _cited(self, guide: Guide, on: date) -> tuple[ArticleView, ...]:
        """The articles a guide stands on, each once, as the best of what was found."""
        named = dict.fromkeys((s.law, s.number) for s in guide.law_sentences)
        articles = [self.library.article(law, number, on) for law, number in named]
        return tuple(_view(a, TOP) for a in articles if a is not None)

    def full_text(self, law: str, number: str, now: datetime) -> tuple[Effect, ...]:
        """The whole article, or a word that it is not in force."""
        with self._lock:
            found = self.library.article(law, number, now.astimezone(HOME).date())
        if found is None:
            return (Say("这一条现在查不到了，可能已经修改或者废止。"),)
        return texts.full_text(_view(found, 0.0))


def _plain(guide: Guide) -> PlainGuide:
    """The guide as the conversation shows it: the law in plain words, where to go, what to bring."""
    bring = (f"带上：{guide.bring.rstrip('。')}。",) if guide.bring else ()
    said = "".join(s.text for s in guide.say)
    return PlainGuide(guide.key, guide.title, (said, guide.go, *bring), guide.deadline.text if guide.deadline else None)


def _view(article: Article, score: float) -> ArticleView:
    return ArticleView(article.law, article.number, article.text, score, article.version)
