"""The law as the conversation gets it: a guide with the articles it stands on, or what was found, or where to ask."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime

import pytest

from bot.law import LazyLaw
from flows.facts import FindArticles
from flows.legal import texts
from flows.legal.asking import past_day

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def law() -> LazyLaw:
    return LazyLaw(meaning=False)


def test_a_guide_comes_with_the_articles_it_stands_on(law: LazyLaw) -> None:
    found = law.answer(FindArticles("房东不退我押金怎么办呀", TODAY))
    assert found.guide
    assert found.confident
    assert any("押金" in p or "租" in p for p in found.guide.paragraphs)
    assert {a.law for a in found.articles} == {"中华人民共和国民法典"}


def test_a_guide_whose_article_is_not_in_force_yet_is_not_shown(law: LazyLaw) -> None:
    question = "邻居半夜装修太吵怎么办"
    after, before = law.answer(FindArticles(question, TODAY)), law.answer(FindArticles(question, date(2026, 1, 5)))
    assert after.guide != before.guide or (after.guide is None and before.guide is None)
    cited = {(a.law, a.number) for a in before.articles}
    assert not any(name == "中华人民共和国生态环境法典" for name, _ in cited)


def test_what_a_regulation_settles_is_named_as_such(law: LazyLaw) -> None:
    found = law.answer(FindArticles("住房公积金怎么提取出来", TODAY))
    assert found.outside or found.guide


def test_the_whole_article_is_there_or_said_not_to_be(law: LazyLaw) -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    assert "租赁" in law.full_text(None, "中华人民共和国民法典", "第七百一十条", now)[0].text  # type: ignore[union-attr]
    assert "查不到" in law.full_text(None, "中华人民共和国民法典", "第九千九百条", now)[0].text  # type: ignore[union-attr]


def test_a_question_about_the_past_names_what_held_then_with_its_dates(law: LazyLaw) -> None:
    question = "2025年工地夜间施工噪声扰民，按当时的噪声法怎么罚"
    found = law.answer(FindArticles(question, TODAY, None, past_day(question, TODAY)))
    assert {a.law for a in found.past} == {"中华人民共和国噪声污染防治法"}
    assert found.articles and all(a.law != "中华人民共和国噪声污染防治法" for a in found.articles)
    said = "\n".join(texts.past_articles(found.past, question))
    assert "2022年6月5日起施行，2026年8月15日起失效" in said and "只供了解" in said
    now = "去年离婚孩子归谁"
    assert not law.answer(FindArticles(now, TODAY, None, past_day(now, TODAY))).past


GROWTH = """
import ctypes
from datetime import date
from bot import playing
from flows.facts import FindArticles
from tests.bench.program import resident
with playing.stage(None, None, meaning=False) as world:
    world.warm()
    before = resident()
    world.law.answer(FindArticles("房东不退我押金怎么办呀", date(2026, 11, 22)))
    print(resident() - before if hasattr(ctypes.CDLL(None), "malloc_trim") else 0)
"""


def test_indexing_the_statutes_keeps_no_memory_that_it_does_not_need() -> None:
    done = subprocess.run([sys.executable, "-c", GROWTH], capture_output=True, text=True, check=True, timeout=100)
    assert float(done.stdout) < 150, "MB: the articles and their index are some 70, what making it took is 150 more"
