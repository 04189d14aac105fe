"""An article of law, and what a search for articles returns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Article:
    """One article of one version of a law.

    `law` is the full title without 《》, `number` is written as in the law (第一百三十三条之一). `since` is the first
    day this text is known to hold: where the library only knows when the law was last amended, that day. Before it,
    from `begins` on, the law was in force but the wording is unknown. `until` is the first day it no longer holds.
    """

    key: int  # the row in the library's data file; negative for imported articles
    law: str
    number: str
    chapter: str
    text: str
    begins: date
    since: date
    until: date | None
    version: str  # the day this version was adopted, ISO
    kind: str = "law"  # law, regulation, interpretation, local, charter, notice
    issuer: str = ""
    areas: tuple[int, ...] = ()  # where it holds; empty: everywhere

    def in_force(self, on: date) -> bool:
        """Whether the law applies on that day (its wording is only certain from `since` on)."""
        return self.begins <= on and (self.until is None or on < self.until)

    def certain(self, on: date) -> bool:
        """Whether this very wording is known to hold on that day."""
        return self.in_force(on) and self.since <= on

    def holds_in(self, areas: frozenset[int]) -> bool:
        """Whether it holds for people of these areas (their own and those it lies in)."""
        return not self.areas or not areas.isdisjoint(self.areas)

    @property
    def citation(self) -> str:
        """As people write it: 《民法典》第一千零七十九条."""
        return f"《{short_title(self.law)}》{self.number}"


@dataclass(frozen=True, slots=True)
class Hit:
    """An article and how well it answers; scores compare within one search only."""

    article: Article
    score: float


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The best articles, best first; `confident` says whether a conversation may show them.

    `outside` names the regulation or interpretation that settles the matter where the library does not hold it.
    """

    confident: bool
    hits: tuple[Hit, ...]
    outside: str = ""


def short_title(law: str) -> str:
    """The title without the country's name: 中华人民共和国民法典 → 民法典."""
    return law.removeprefix("中华人民共和国")
