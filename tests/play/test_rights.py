"""A report that is a quarrel about rights too: what is asked of the law in the middle of it is one tap away."""

from __future__ import annotations

import pytest

from flows.complaint.rights import asks_law
from tests.support.stage import Stage, texts

LAW = "先看法律怎么说"


@pytest.mark.parametrize(
    ("told", "asked", "article"),
    [
        ("老板拖了三个月工资，我们工地上十几个人", "去哪告", "第三十条"),
        ("被高空扔下来的烟头烫了，找不到是谁", "那全楼都赔吗", "第一千二百五十四条"),
        ("狗咬了我家孩子，打了五针，主人只肯赔一针", "多少钱合适", "第一千二百四十五条"),
    ],
)
def test_a_question_of_law_in_a_report_is_no_place_and_no_more_of_the_story(
    stage: Stage, told: str, asked: str, article: str
) -> None:
    stage.say("asks", told)
    out = texts(stage.say("asks", asked), "private:asks")
    assert out.startswith("这是法律上的事") and "在什么位置" in out and "记进情况里" not in out
    law = texts(stage.press("asks", LAW), "private:asks")
    assert article in law
    assert "在什么位置" in texts(stage.say("asks", "解决了"), "private:asks")


def test_where_money_is_asked_for_the_law_is_offered_beside_the_place(stage: Stage) -> None:
    stage.say("pays", "狗咬了我家孩子，打了五针，主人只肯赔一针")
    assert stage.buttons("private:pays") == [LAW]
    stage.say("sues", "楼上天天半夜搓麻将，能告他吗")
    assert stage.buttons("private:sues") == [LAW]
    stage.say("lamp", "楼道灯坏了三天没人修")
    assert not stage.buttons("private:lamp")


@pytest.mark.parametrize("said", ["去哪", "怎么走", "多少钱", "幸福里3号楼", "罚站", "赔了五百了", "怎么办"])
def test_what_asks_nothing_of_the_law_is_an_answer(said: str) -> None:
    assert not asks_law(said)


def test_a_word_of_law_after_an_unclear_beginning_makes_it_a_question_of_law(stage: Stage) -> None:
    assert "您是想" in texts(stage.say("heir", "婆婆去世了，存折在小叔子那，怎么要回来"), "private:heir")
    assert "第一千一百五十一条" in texts(stage.say("heir", "没有遗嘱"), "private:heir")
