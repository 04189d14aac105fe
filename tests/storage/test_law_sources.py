"""Imported sources: versions, areas, what a search finds for whom, and what changed since the last import."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache

import pytest

from bot.community.load import import_text
from flows.legal.article import Article
from flows.legal.search import LawSearch
from flows.legal.sources import Source, SourceArticle
from storage import community, law_sources
from storage.database import Database
from storage.law_library import LawLibrary
from storage.law_search import load_search

TODAY = date(2026, 11, 22)
VILLAGES = b"""
linli: 1
areas:
  - {key: town, name: Town, level: subdistrict, areas: [
      {key: upper, name: Upper, areas: [{key: upper-1, name: U1}]},
      {key: lower, name: Lower, areas: [{key: lower-1, name: L1}]}]}
"""
DOGS = "养狗要办证、牵绳，清理粪便。"
RULES = Source(
    "Rules",
    "Office",
    "local",
    date(2020, 1, 1),
    date(2020, 2, 1),
    None,
    ("upper",),
    (SourceArticle("第一条", "", DOGS), SourceArticle("第二条", "", "渠水按组轮灌。")),
)


def library(database: Database) -> LawLibrary:
    with database.read() as conn:
        return LawLibrary(law_sources.articles(conn))


@pytest.fixture
def villages(database: Database, now: datetime) -> Database:
    import_text(database, VILLAGES, "villages", now)
    return database


def save(database: Database, now: datetime, *sources: Source) -> law_sources.Counted:
    with database.write() as conn:
        return law_sources.write(conn, sources, now)


def test_importing_again_changes_nothing_or_the_same_version(villages: Database, now: datetime) -> None:
    assert save(villages, now, RULES) == law_sources.Counted(new=1)
    assert save(villages, now, RULES) == law_sources.Counted(same=1)
    mended = replace(RULES, articles=(SourceArticle("第一条", "", "改过了。"),))
    assert save(villages, now, mended) == law_sources.Counted(changed=1)
    assert [a.text for a in library(villages).all] == ["改过了。"]


def test_a_new_version_ends_the_one_before_and_both_are_kept(villages: Database, now: datetime) -> None:
    later = replace(RULES, published=date(2026, 1, 1), begins=date(2026, 12, 1), articles=RULES.articles[:1])
    save(villages, now, RULES, later)
    with villages.read() as conn:
        upper = frozenset(community.above(conn, community.area_of_key(conn, "upper-1") or 0))
    known = library(villages)
    assert len(known.versions("Rules", "第一条")) == 2
    assert known.article("Rules", "第二条", TODAY, upper) is not None
    assert known.article("Rules", "第二条", date(2026, 12, 1), upper) is None


def test_who_keeps_articles_is_told_to_read_them_anew(villages: Database, now: datetime) -> None:
    with villages.read() as conn:
        before = law_sources.versions(conn)
    save(villages, now, RULES)
    with villages.read() as conn:
        assert law_sources.versions(conn) != before


def test_unknown_areas_are_named(villages: Database) -> None:
    with villages.read() as conn:
        assert law_sources.unknown_areas(conn, ["upper", "nowhere"]) == ["nowhere"]


def test_what_changed_since_the_last_import(villages: Database, now: datetime) -> None:
    one, two = (replace(RULES, title=title, areas=()) for title in ("One", "Two"))
    ends = replace(one, title="Three", until=TODAY + timedelta(days=5))
    save(villages, now, one, ends)
    with villages.write() as conn:
        assert law_sources.changed(conn, LawLibrary(()), TODAY) == (None, [])
        law_sources.remember(conn, LawLibrary(law_sources.articles(conn)), TODAY, now)
    save(villages, now, replace(one, articles=RULES.articles[:1]), two)
    with villages.read() as conn:
        later = LawLibrary(law_sources.articles(conn))
        _, lines = law_sources.changed(conn, later, TODAY + timedelta(days=5))
    assert [line.split()[0] for line in lines] == ["NEW", "GONE", "CHANGED"]


@cache
def searching() -> LawSearch:
    """The statutes with a charter of one area and a regulation that holds everywhere."""
    day = date(2011, 1, 1)
    charter = Article(-1, "公约", "第三条", "", DOGS, day, day, None, "", "charter", "X", (7,))
    duty = "职工有下列情形之一的，应当认定为工伤：在上下班途中，受到非本人主要责任的交通事故伤害的。"
    regulation = Article(-2, "工伤保险条例", "第十四条", "", duty, day, day, None, "2010-12-20", "regulation", "国务院")
    return load_search(LawLibrary.embedded().with_more([charter, regulation]), meaning=False)


def keys(text: str, *areas: int) -> list[int]:
    result = searching().search(text, top=3, on=TODAY, areas=frozenset(areas))
    return [hit.article.key for hit in result.hits] if result.confident else []


def test_a_charter_is_found_by_its_own_people_beside_the_statutes() -> None:
    question = "楼下邻居遛狗不牵绳能管吗"
    assert -1 in keys(question, 7, 9)
    assert keys(question, 7)[0] > 0
    assert -1 not in keys(question, 8)
    assert -1 not in keys(question)
    assert -1 not in keys("公司拖欠工资怎么办", 7)


def test_a_regulation_that_settles_the_matter_goes_first_once_it_is_there() -> None:
    question = "上下班路上被车撞了算不算工伤"
    assert keys(question)[0] == -2
    assert searching().knowledge.settled_outside(question) == "工伤保险条例"
    assert searching().search(question, top=3, on=TODAY).outside == ""
