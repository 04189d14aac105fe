"""The search on a small library of invented articles: what is found, on which day, and in which order."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.legal.article import Article
from flows.legal.grams import Grams, pieces, runs
from flows.legal.guides import parse_guides
from flows.legal.knowledge import Knowledge, parse_asked, parse_lexicon
from flows.legal.measure import Asked, fit, quality, tables
from flows.legal.search import LawSearch, Meaning, best_rows

START, DAY = date(2020, 1, 1), date(2026, 3, 1)
WEIGHTS = {
    "lexicon": 0.5, "words": 1.0, "title": 0.2, "prior": 0.3, "best": 0.5, "listed": 0.1,
    "meaning": 1.0, "asked_meaning": 0.5, "either": 0.5, "strong": 1.0, "strong_words": 3.0,
    "alone_words": 1.0, "alone_title": 0.2, "alone_prior": 0.3, "alone_best": 0.5, "alone_listed": 0.1,
}  # fmt: skip


def article(key: int, number: str, text: str, law: str = "中华人民共和国邻里法", until: date | None = None) -> Article:
    return Article(key, law, number, "第一章 总则", text, START, START, until, "2019-10-01")


ARTICLES = (
    article(1, "第一条", "饲养动物的人应当看管动物，造成他人损害的应当赔偿。"),
    article(2, "第二条", "用人单位应当按月支付劳动报酬，不得拖欠。"),
    article(3, "第三条", "夜间不得发出噪声干扰他人生活。", until=date(2026, 8, 15)),
    article(4, "第四条", "遗失物应当返还权利人。"),
    article(5, "第五条", "出租人应当维修租赁的房屋。", law="中华人民共和国租赁法"),
)
KNOWLEDGE = Knowledge(
    WEIGHTS,
    parse_lexicon({"欠薪|老板跑了": "劳动报酬 用人单位"}),
    {"邻里法": 1.0, "*": 0.0},
    parse_asked({"邻里法": {1: "被狗咬了谁赔 | 猫抓伤人怎么办"}}),
)
SEARCH = LawSearch(ARTICLES, KNOWLEDGE)


def first(text: str, on: date = DAY) -> str:
    return SEARCH.search(text, top=1, on=on).hits[0].article.number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("隔壁晚上噪声很大", "第三条"),  # the words of the article
        ("老板跑了怎么办", "第二条"),  # through the lexicon
        ("我家猫抓伤人了", "第一条"),  # through a question written about it
        ("夜間噪聲干擾生活", "第三条"),  # traditional script
        ("邻里法第四条说的什么，和噪声有关吗", "第四条"),  # named
    ],
)
def test_what_is_found_first(text: str, number: str) -> None:
    assert first(text) == number


def test_an_article_out_of_force_is_not_found() -> None:
    assert first("夜间噪声干扰他人", date(2026, 8, 14)) == "第三条"
    after = SEARCH.search("夜间噪声干扰他人", top=5, on=date(2026, 8, 15)).hits
    assert "第三条" not in {hit.article.number for hit in after}
    assert SEARCH.search("夜间噪声", top=5, on=date(2019, 1, 1)).hits == ()


@pytest.mark.parametrize("text", ["", " ", "？？", "\x00", "\ud800", "👍" * 300, "a" * 100_000])
def test_nothing_to_search_for_still_gives_n_and_no_confidence(text: str) -> None:
    result = SEARCH.search(text, top=3, on=DAY)
    assert len(result.hits) == 3
    if not pieces(text):
        assert not result.confident


@given(st.text(max_size=300))
def test_any_text_gives_exactly_n_in_order(text: str) -> None:
    hits = SEARCH.search(text, top=4, on=DAY).hits
    assert len(hits) == 4
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(math.isfinite(hit.score) for hit in hits)


def test_many_threads_find_what_one_finds() -> None:
    texts = ["噪声", "老板跑了", "狗咬人", "捡到东西"] * 25
    alone = [SEARCH.search(text, top=5, on=DAY) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda text: SEARCH.search(text, top=5, on=DAY), texts)) == alone


def test_vectors_are_one_more_opinion() -> None:
    rows = np.eye(5, 8, dtype=np.float32)
    asked = np.zeros((2, 8), dtype=np.float32)
    with_vectors = SEARCH.with_meaning(Meaning(rows, asked, lambda text: rows[3]))
    assert with_vectors.search("xyz", top=1, on=DAY).hits[0].article.number == "第四条"
    assert SEARCH.meaning is None


@given(st.lists(st.text("ab漏水", max_size=12), min_size=1, max_size=8), st.text("ab漏水", min_size=1, max_size=2))
def test_runs_are_found_where_they_stand(texts: list[str], gram: str) -> None:
    scores = Grams(texts).score({gram: 1.0})
    for text, score in zip(texts, scores, strict=True):
        assert (score > 0) == (gram in text)


@given(st.lists(st.floats(-100, 100, width=32), min_size=1, max_size=40), st.integers(1, 40))
def test_the_best_rows_are_those_a_full_sort_finds(scores: list[float], top: int) -> None:
    row = np.array(scores, dtype=np.float32)
    allowed = np.arange(len(row)) % 3 != 1
    order = [int(place) for place in np.argsort(-row, kind="stable") if allowed[place]]
    assert best_rows(row, allowed, top) == order[:top]


def test_words_of_the_law_come_in_the_order_of_the_lexicon() -> None:
    knowledge = Knowledge(WEIGHTS, parse_lexicon({"工资": "劳动报酬", "偷": "盗窃", "拖工资|工资": "拖欠 支付"}))
    assert knowledge.legal_words("偷东西又拖工资") == ["拖欠", "支付", "盗窃"]
    assert knowledge.legal_words("") == []


def test_runs_do_not_cross_punctuation() -> None:
    assert runs("漏水，坏了", {2: 1.0}) == {"漏水": 1.0, "坏了": 1.0}


def test_a_library_nobody_wrote_about_is_searched_by_its_words() -> None:
    bare = LawSearch(ARTICLES, Knowledge(WEIGHTS))
    assert bare.search("夜间噪声", top=1, on=DAY).hits[0].article.number == "第三条"


def test_quality_counts_what_is_found_at_each_depth() -> None:
    asked = [Asked("x", frozenset({("甲", "第一条"), ("甲", "第二条")}))]
    found = [[("乙", "第一条"), ("甲", "第二条")]]
    measured = quality(found, asked)
    assert measured.recall == (0.0, 0.5, 0.5, 0.5)
    assert measured.rank == 0.5


def test_fitting_finds_weights_that_put_the_right_article_first() -> None:
    asked = [
        Asked("出租的房屋谁维修", frozenset({("租赁法", "第五条")})),
        Asked("工资拖欠", frozenset({("邻里法", "第二条")})),
    ]
    made = tables(SEARCH, asked, DAY)
    weights = fit(made, WEIGHTS, steps=300, seed=1)
    assert weights == fit(made, WEIGHTS, steps=300, seed=1)
    found = SEARCH.with_weights({**WEIGHTS, **{"alone_" + name: weight for name, weight in weights.items()}})
    assert [found.search(q.text, top=1, on=DAY).hits[0].article.number for q in asked] == ["第五条", "第二条"]


def test_the_laws_of_the_guide_to_the_matter_come_first_and_only_near_the_top() -> None:
    row = {"key": "repair", "title": "修房", "when": ["房屋 吵"], "go": "", "bring": ""}
    sentence = {"text": "房东修。", "law": "租赁法", "article": 5}
    guided = LawSearch(ARTICLES, replace(KNOWLEDGE, guides=parse_guides([{**row, "say": [sentence]}])))
    asked = "房屋隔壁夜间噪声很吵"
    assert first(asked) == "第三条"
    found = guided.search(asked, top=5, on=DAY).hits
    assert [found[0].article.number, found[1].article.number] == ["第五条", "第三条"]
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)
    assert guided.search("邻里法第四条说的什么，房屋吵", top=1, on=DAY).hits[0].article.number == "第四条"  # named
