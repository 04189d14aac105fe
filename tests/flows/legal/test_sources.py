"""Sources of law as people write them down, and what is wrong with them, by line."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.legal.sources import canonical, parse

TODAY = date(2026, 11, 22)
CHARTER = """---
title: 石磨村村规民约
issuer: 石磨村村民会议
kind: 村规民约
published: 2025-03-01
effective: 2025-04-01
areas: [smc]
---
# 第一章 红白事
第一条　红事新办，随礼不攀比。
第五条规定以外的，由村民会议定。
**第二条** 渠水按组轮灌。
第一条说的随礼不在此列。
# 第二章 附则
第三条 本公约自公布之日起施行。
"""


def test_a_markdown_file_is_one_source_with_chapters_and_articles() -> None:
    (source,), problems = parse("a.md", CHARTER, TODAY)
    assert not problems
    assert (source.title, source.kind, source.areas) == ("石磨村村规民约", "charter", ("smc",))
    assert (source.published, source.begins, source.until) == (date(2025, 3, 1), date(2025, 4, 1), None)
    assert [(a.number, a.chapter) for a in source.articles] == [
        ("第一条", "第一章 红白事"),
        ("第二条", "第一章 红白事"),
        ("第三条", "第二章 附则"),
    ]


def test_a_line_that_speaks_of_an_article_goes_on_with_the_one_before() -> None:
    (source,), _ = parse("a.md", CHARTER, TODAY)
    assert source.articles[0].text.endswith("第五条规定以外的，由村民会议定。")
    assert source.articles[1].text == "渠水按组轮灌。\n第一条说的随礼不在此列。"


@pytest.mark.parametrize("items", ["一、不拦水\n二、不抢水", "1. 不拦水\n2. 不抢水"])
def test_items_count_as_articles_where_there_are_no_others(items: str) -> None:
    head = CHARTER.partition("# 第一章")[0]
    (source,), problems = parse("a.md", head + items, TODAY)
    assert not problems
    assert [(a.number, a.text) for a in source.articles] == [("第一条", "不拦水"), ("第二条", "不抢水")]


@pytest.mark.parametrize(
    ("before", "after", "line", "said"),
    [
        ("kind: 村规民约", "kind: 圣旨", 4, "not known"),
        ("2025-03-01", "2025-02-30", 5, "no date"),
        ("effective: 2025-04-01", "effective: 2025-02-01", 6, "before published"),
        ("effective: 2025-04-01", "until: 2026-01-01", 6, "status says in_force"),
        ("effective: 2025-04-01", "status: 已废止", 6, "needs until"),
        ("effective: 2025-04-01", "effekt: x", 6, "no field"),
        ("issuer: 石磨村村民会议\n", "", 1, "issuer is missing"),
        ("第三条 本", "第一条 本", 15, "stands already in line 10"),
        ("第三条 本公约自公布之日起施行。", "第三条", 15, "has no text"),
        ("# 第一章 红白事", "前言", 9, "belongs to no article"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(before: str, after: str, line: int, said: str) -> None:
    assert before in CHARTER
    _, problems = parse("a.md", CHARTER.replace(before, after), TODAY)
    assert [(p.line, said in p.message) for p in problems] == [(line, True)], problems


def test_json_lines_hold_a_source_each() -> None:
    row = {
        "title": "《某办法》",
        "issuer": "某市",
        "kind": "local",
        "published": "2024年1月1日",
        "articles": ["甲", "乙"],
    }
    other = row | {"title": "另一办法", "articles": [{"number": "第 12 条之一", "text": "丙"}]}
    sources, problems = parse("a.jsonl", f"{json.dumps(row)}\n\n{json.dumps(other)}\n", TODAY)
    assert not problems
    assert [(s.title, [a.number for a in s.articles]) for s in sources] == [
        ("某办法", ["第一条", "第二条"]),
        ("另一办法", ["第十二条之一"]),
    ]


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"title":"x"}', '{"articles":[1]}', '{"articles":[{"number":"x","text":"y"}]}']
)
def test_a_bad_json_line_is_named(line: str) -> None:
    sources, problems = parse("a.jsonl", f"\n{line}\n", TODAY)
    assert not sources
    assert {p.line for p in problems} == {2}


@given(st.text(max_size=200), st.sampled_from(["a.md", "a.jsonl"]))
def test_no_text_breaks_it(text: str, name: str) -> None:
    for body in (text, CHARTER.replace("2025", text, 1), f"{CHARTER}\n{text}"):
        parse(name, body, TODAY)


def test_numbers_are_written_one_way() -> None:
    assert canonical("第12条") == canonical("第 十二 条") == "第十二条"
    with pytest.raises(ValueError):
        canonical("十二")
