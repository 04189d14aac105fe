"""The law library as the flows ask it: loaded at the first question, not at the start."""

from __future__ import annotations

import threading
from datetime import datetime
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from bot.clock import HOME
from flows.effects import Effect, Say
from flows.facts import Articles, ArticleView, FindArticles
from flows.legal import texts

if TYPE_CHECKING:
    from flows.legal.article import Article
    from flows.legal.search import LawSearch
    from storage.law_library import LawLibrary

SHOWN = 5


class LazyLaw:
    """Statutes and their search; several threads may ask, one loads."""

    def __init__(self, *, meaning: bool = True) -> None:
        self._meaning = meaning
        self._lock = threading.Lock()
        self._answered = lru_cache(maxsize=512)(self._answer)

    @cached_property
    def library(self) -> LawLibrary:
        from storage.law_library import LawLibrary

        return LawLibrary.embedded()

    @cached_property
    def search(self) -> LawSearch:
        from storage.law_search import load_search

        return load_search(self.library, meaning=self._meaning)

    def answer(self, query: FindArticles) -> Articles:
        """The articles that fit a question on a day; the last few hundred answers are at hand."""
        return self._answered(query)

    def _answer(self, query: FindArticles) -> Articles:
        with self._lock:
            search = self.search
        found = search.search(query.text, top=SHOWN, on=query.on)
        views = tuple(_view(h.article, h.score) for h in found.hits)
        return Articles(found.confident, views)

    def full_text(self, law: str, number: str, now: datetime) -> tuple[Effect, ...]:
        """The whole article, or a word that it is not in force."""
        with self._lock:
            found = self.library.article(law, number, now.astimezone(HOME).date())
        if found is None:
            return (Say("这一条现在查不到了，可能已经修改或者废止。"),)
        return texts.full_text(_view(found, 0.0))


def _view(article: Article, score: float) -> ArticleView:
    return ArticleView(article.law, article.number, article.text, score, article.version)
