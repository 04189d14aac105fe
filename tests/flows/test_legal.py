"""Legal questions: what counts as one, what is quoted, what the adviser sees, and when a person is offered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.effects import ActOnThread, OpenThread, Say
from flows.facts import Articles, ArticleView, ThreadView
from flows.legal import desk_texts, texts
from flows.legal.asking import gist, matters, past_day, substance
from flows.legal.flow import FLOW
from tests.flows.transcripts import Talk
from tests.support.facts import BREACH, DISMISSED, TENANCY

LONG = ArticleView(
    "中华人民共和国民法典",
    "第一千零七十九条",
    "夫妻一方要求离婚的，可以由有关组织进行调解或者直接向人民法院提起离婚诉讼。\n"
    "人民法院审理离婚案件，应当进行调解；如果感情确已破裂，调解无效的，应当准予离婚。\n"
    "有下列情形之一，调解无效的，应当准予离婚：\n（一）重婚或者与他人同居；\n（二）实施家庭暴力或者虐待、遗弃家庭成员；\n"
    "（三）有赌博、吸毒等恶习屡教不改；\n（四）因感情不和分居满二年；\n（五）其他导致夫妻感情破裂的情形。",
    9.0,
    "2020-05-28",
)


@pytest.mark.parametrize(
    "text", ["我要咨询法律", "法律咨询", "你好 请问一下法律问题", "找律师", "想问个事", "？？", ""]
)
def test_saying_that_one_has_a_question_is_no_question(text: str) -> None:
    assert len(substance(text)) < 3


@pytest.mark.parametrize("text", ["房东不退押金", "离婚孩子归谁", "工资拖了三个月", "邻居漏水"])
def test_a_question_is_one(text: str) -> None:
    assert len(substance(text)) >= 3


@pytest.mark.parametrize(
    ("text", "first", "more"),
    [
        ("租房押金被房东扣了怎么要回来？另外，公司辞退我能要赔偿吗？", "租房押金被房东扣了怎么要回来？", True),
        ("公司不给结工资，可以去仲裁吗？要带什么材料？", "公司不给结工资，可以去仲裁吗？要带什么材料？", False),
        ("1. 邻居漏水谁赔 2. 物业不管怎么办", "1. 邻居漏水谁赔", True),
        ("另外问一下押金的事", "另外问一下押金的事", False),
        ("", "", False),
    ],
)
def test_the_first_of_several_matters_is_taken(text: str, first: str, more: bool) -> None:
    found = matters(text)
    assert (found[0], len(found) > 1) == (first, more)


@given(st.text(max_size=300))
def test_any_text_has_a_first_question(text: str) -> None:
    found = matters(text)
    assert all(part in text for part in found) and (len(found) > 1 or found == (text,))


def test_the_sentence_that_matters_is_quoted() -> None:
    quoted = texts.key_sentence(LONG.text, "我和老公分居两年了能离婚吗，他感情不和")
    assert "分居满二年" in quoted and len(quoted) < len(LONG.text)
    assert quoted.startswith("……")
    assert "一方要求离婚" not in quoted
    assert "一方要求离婚" in texts.key_sentence(LONG.text, "一方要求离婚，可以起诉吗，调解要多久")


def test_a_short_article_is_quoted_whole() -> None:
    assert texts.key_sentence(BREACH.text, "押金") == BREACH.text


@given(
    st.text(alphabet="离婚。，；：\n（一）法院应当分居年", max_size=400),
    st.text(alphabet="离婚分居年法院", max_size=20),
)
def test_what_is_quoted_stands_in_the_article(text: str, question: str) -> None:
    quoted = texts.key_sentence(text, question)
    for part in quoted.split("……"):
        assert part in text.replace("\n", "") or part in text


def test_the_date_of_a_version_is_told_where_it_is_known() -> None:
    assert texts.version(TENANCY) == "（2020年5月28日公布的版本）"
    assert texts.version(replace(TENANCY, version="")) == ""
    assert texts.version(replace(TENANCY, version="不详")) == ""


def test_the_answer_says_the_deadline_first_and_what_it_is_not() -> None:
    lines = texts.answer([BREACH], DISMISSED, "公司辞退我").split("\n")
    assert lines[0].startswith("先说时间：") and "一年" in lines[0]
    assert texts.NOT_ADVICE in lines


def test_the_full_text_is_the_whole_article() -> None:
    (said,) = texts.full_text(LONG)
    assert isinstance(said, Say) and LONG.text in said.text and "《民法典》第一千零七十九条" in said.text


def test_the_adviser_sees_the_question_and_not_who_asks() -> None:
    question = "我叫张小凤，住3号楼2单元501室，电话13812345678，身份证110101199003078515，房东不退押金"
    subject = {"question": question, "found": [{"law": BREACH.law, "number": BREACH.number}]}
    card = desk_texts.question("F-1", subject, [("asker", "我还是那个电话13812345678")])
    for secret in ("张小凤", "501", "13812345678", "110101199003078515"):
        assert secret not in card
    assert "房东不退押金" in card and "《民法典》第五百七十七条" in card
    assert desk_texts.FOUND_NONE in desk_texts.question("F-1", {"question": question}, [])


def test_at_most_three_articles_are_shown_and_none_when_unsure() -> None:
    many = tuple(replace(BREACH, number=f"第{n}条") for n in "一二三四五")
    assert len([o for o in _asked(Articles(True, many)).options if o.action == "law.text"]) == 3
    far_off = (BREACH, replace(TENANCY, score=BREACH.score * 0.7))
    assert len([o for o in _asked(Articles(True, far_off)).options if o.action == "law.text"]) == 1
    unsure = _asked(Articles(False, many))
    assert not [o for o in unsure.options if o.action == "law.text"]
    assert not any("第一条" in e.text for e in unsure.effects if isinstance(e, Say))


def test_near_an_article_that_there_is_not_nothing_is_shown_but_a_guide() -> None:
    talk = Talk(look_up=lambda query: Articles(True, (BREACH,)))
    talk.type("法律上民法典第9999条说打架怎么赔偿")
    text = "\n".join(e.text for e in talk.effects if isinstance(e, Say))
    assert "第九千九百九十九条" in text and BREACH.number not in text


def test_a_guide_is_shown_even_without_sure_articles_but_then_no_article_is() -> None:
    talk = _asked(Articles(False, (BREACH,), DISMISSED))
    text = "\n".join(e.text for e in talk.effects if isinstance(e, Say))
    assert DISMISSED.paragraphs[0] in text and BREACH.number not in text


def _asked(found: Articles) -> Talk:
    talk = Talk(look_up=lambda query: found)
    talk.type("法律上邻居打架怎么赔偿")
    return talk


def test_the_thread_holds_the_question_and_what_was_found_and_says_that_nobody_sees_who_asks() -> None:
    talk = Talk()
    talk.type("租房押金被房东扣了怎么要回来")
    talk.press("找人")
    (opened,) = (e for e in talk.effects if isinstance(e, OpenThread))
    assert (opened.kind, opened.role) == ("legal", "legal_guide")
    assert opened.subject["question"] == "租房押金被房东扣了怎么要回来"
    assert [f["number"] for f in opened.subject["found"]] == [TENANCY.number, BREACH.number]
    assert (opened.subject["field"], opened.subject["side"]) == ("房屋租赁", "房东或租客")


def test_nobody_there_opens_no_thread() -> None:
    talk = Talk()
    talk.place.setting("unstaffed")
    talk.type("租房押金被房东扣了怎么要回来")
    lines = talk.press("找人")
    assert not any(isinstance(e, OpenThread) for e in talk.effects)
    assert any("12348" in line for line in lines)


def test_what_goes_to_an_adviser_who_has_the_thread_is_acknowledged() -> None:
    talk = Talk()
    thread = ThreadView(51, "legal", "F-1", "claimed", 2, 8, "legal_guide", 1, "押金")
    talk.place.facts = replace(talk.place.facts, threads=(thread,))
    lines = talk.type("刚才押金那件，补充一下合同是去年签的，法律上算数吗")
    assert any(isinstance(e, ActOnThread) and e.thread == 51 for e in talk.effects)
    assert any("F-1" in line for line in lines)


def test_a_closed_thread_is_not_asked_about() -> None:
    talk = Talk()
    thread = ThreadView(51, "legal", "F-1", "closed", 3, 8, "legal_guide", 1, "押金")
    talk.place.facts = replace(talk.place.facts, threads=(thread,))
    assert any(texts.NOT_ADVICE in line for line in talk.type("租房押金被房东扣了怎么要回来"))


def test_a_long_question_is_cut_not_refused() -> None:
    talk = Talk()
    talk.type("法律问题：" + "房东扣着押金" * 1000)
    assert len(talk.state.answers["question"]) == 5_000
    assert FLOW.name == talk.state.flow


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2019年签的合同", date(2019, 6, 28)),
        ("2024年3月被打了", date(2024, 3, 28)),
        ("三年前借的钱", date(2023, 11, 22)),
        ("去年离的婚", date(2025, 11, 22)),
        ("离婚要什么材料", None),
        ("2030年到期的合同", None),
    ],
)
def test_the_time_a_question_means(text: str, day: date | None) -> None:
    assert past_day(text, date(2026, 11, 22)) == day


@pytest.mark.parametrize(
    "text",
    [
        "老板拖欠工资怎么办？房东不退押金怎么要回来？我和老公离婚孩子归谁？",
        "第一，老板拖欠工资怎么办？第二，房东不退押金怎么要回来？第三，我和老公离婚孩子归谁？",
        "我想问老板拖欠工资怎么办，另外房东不退押金怎么要回来？还有一个，我和老公离婚孩子归谁",
    ],
)
def test_three_matters_are_three(text: str) -> None:
    assert len(matters(text)) == 3


def test_of_a_long_story_what_asks_is_searched_for() -> None:
    story = "那天我去买菜，路上碰到老同学。" * 120 + "后来房东说押金不退了，我该怎么要回来？" + "家里人都不高兴。" * 200
    assert len(gist(story)) <= 300
    assert "押金不退" in gist(story)


def test_of_a_long_story_without_a_full_stop_what_asks_is_searched_for() -> None:
    story = "我在厂里干了三年，" + "老板说效益不好，大家都没办法，" * 300 + "去年起一直拖欠工资，请问怎么要回来"
    assert "拖欠工资" in gist(story[:5_000]) and "怎么要回来" in gist(story[:5_000])


def test_where_somebody_is_hurt_it_goes_first() -> None:
    assert matters("房东不退押金怎么办？另外公司不交社保违法吗？还有我老公打我怎么办")[0] == "我老公打我怎么办"
