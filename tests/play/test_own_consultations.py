"""A resident asks how their legal question stands, or takes it back, in words of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from flows.legal.own import Wish, wish
from tests.support.stage import Stage, on_stage, texts

TAKE = "无利害关系，接"
NUMBER = "F260105-1"


@pytest.fixture
def stage() -> Iterator[Stage]:
    with on_stage() as found:
        found.tell("u1", "公司不签劳动合同违法吗")
        found.press("u1", "找人")
        found.press("u1", "幸福里社区")
        yield found


def told(stage: Stage, said: str, who: str = "u1") -> str:
    return texts(stage.say(who, said), f"private:{who}")


ASKS = ["我的咨询怎么样了", "昨天的法律咨询怎么样了", "律师什么时候回我", f"{NUMBER}怎么样了", "我的法律咨询到哪一步了"]
ASKS_BARELY = ["有人答了吗", "谁在看", "还要等多久", "怎么样了", "怎么还没回复", "有消息了吗"]


@pytest.mark.parametrize("said", ASKS + ASKS_BARELY)
def test_a_question_that_waits_is_told_where_it_stands(stage: Stage, said: str) -> None:
    stage.say("u1", said)
    heard = texts(stage.since, "private:u1")
    assert NUMBER in heard and "今天 09:00 问的，还在等幸福里社区的法律明白人" in heard
    assert {line["chat"] for line in stage.since} == {"private:u1"}


def test_out_of_hours_it_says_when_somebody_looks_at_it(stage: Stage) -> None:
    stage.tick("2026-01-05T12:59:00+08:00")
    stage.tick("2026-01-05T20:00:00+08:00")  # it went up at one, to the adviser of Tuesdays
    assert "街道的法律顾问" in told(stage, "我的咨询怎么样了") and "明天 14:00 开始有人看" in told(stage, "还要等多久")


def test_a_question_that_is_taken_answered_and_closed_is_told_so(stage: Stage) -> None:
    stage.press("b2", TAKE)
    assert "法律明白人 今天 09:00 接下了，还没有答复" in told(stage, "我的咨询怎么样了")
    assert texts(stage.since, "private:b2") == ""  # taken a moment ago: nobody is hurried
    stage.tick("2026-01-05T11:00:00+08:00")
    assert "提醒他" in told(stage, "有人答了吗") and f"{NUMBER}：居民在问" in texts(stage.since, "private:b2")
    stage.say("b2", "可以要二倍工资。")
    assert "今天 11:00 答复过您" in told(stage, "我的法律咨询怎么样了")
    stage.tick("2026-01-05T11:05:00+08:00")
    stage.say("u1", "那要什么证据")
    assert "您后来说的还没有回" in told(stage, "我的咨询到哪一步了")
    stage.tick("2026-01-05T11:10:00+08:00")
    stage.say("b2", "工资条和考勤。")
    stage.press("b2", "结束")
    assert "答复过您，今天 11:10 结束了" in told(stage, "昨天的法律咨询怎么样了")
    assert "再问问" in stage.buttons("private:u1")


def test_who_has_asked_nothing_is_told_so() -> None:
    with on_stage() as stage:
        assert "没有在等答复的法律咨询" in told(stage, "我的咨询怎么样了")
        assert "没有在等答复的法律咨询" in told(stage, "撤回咨询")
        assert "没有登记" not in told(stage, "有人答了吗")


@pytest.mark.parametrize(
    "said",
    ["不用问了", "撤回咨询", "我自己解决了", "取消咨询", "不用答了，谢谢", "已经解决了，不用回了", "我的咨询不要了"],
)
def test_it_is_taken_back_and_who_had_it_hears_so(stage: Stage, said: str) -> None:
    stage.press("b2", TAKE)
    assert f"{NUMBER} 撤回了" in told(stage, said)
    assert "不用再答" in texts(stage.since, "private:b2")
    assert "有帮助" not in stage.buttons("private:u1")  # nobody answered: nothing to rate
    stage.tick("2026-01-08T12:00:00+08:00")
    assert not [line for line in stage.lines[stage.mark :] if NUMBER in str(line.get("text"))]


@pytest.mark.parametrize("said", ["撤回", "取消", "帮我撤回"])
def test_a_word_that_names_nothing_is_asked_about(stage: Stage, said: str) -> None:
    assert "不想等哪一件" in told(stage, said)
    assert "撤回了" in texts(stage.press("u1", f"撤回咨询 {NUMBER}"), "private:u1")
    assert "已经结束" in stage.press("b2", TAKE)[0]["text"]


def test_beside_a_report_it_is_asked_which(stage: Stage) -> None:
    number = stage.report()
    told(stage, "我自己解决了")
    buttons = stage.buttons("private:u1")
    assert f"撤回咨询 {NUMBER}" in buttons and any(number in one for one in buttons)
    assert NUMBER in told(stage, "有人答了吗") and "我的诉求" in texts(stage.since, "private:u1")
    assert number in told(stage, "我的诉求")


def test_an_answer_that_solved_it_ends_it_and_a_word_rates_it(stage: Stage) -> None:
    stage.press("b2", TAKE)
    stage.say("b2", "可以要二倍工资。")
    stage.press("b2", "结束")
    assert "收到您的评价" in told(stage, "解决了，谢谢")
    assert "我的评价" not in told(stage, "解决了")


def test_a_question_nobody_was_asked_yet_is_let_be() -> None:
    with on_stage() as stage:
        stage.say("u1", "公司不签劳动合同违法吗")
        stage.press("u1", "找人")  # which community?
        assert "先不问了" in told(stage, "不用问了")
        assert "法律咨询" not in told(stage, "还要等多久")


def test_in_the_middle_of_a_report_the_open_question_is_asked_again(stage: Stage) -> None:
    stage.say("u1", "幸福里小区3号楼楼道灯坏了三天了")
    heard = told(stage, "我的法律咨询怎么样了")
    assert NUMBER in heard and "手机号" in heard


@pytest.mark.parametrize(
    "said",
    [
        "法律咨询",
        "律师费多少钱",
        "离婚要多久",
        "多久能出结果",
        "我看到了",
        "问题解决不了",
        "不要物业了",
        "咨询一下离婚",
    ],
)
def test_other_words_are_about_something_else(said: str) -> None:
    assert wish(said) is None


def test_wishes_by_kind() -> None:
    assert wish("我的咨询怎么样了") == (Wish.STANDS, True) and wish("有人答了吗") == (Wish.STANDS, False)
    assert wish("不用问了") == (Wish.TAKE_BACK, False) and wish("取消") == (Wish.BARE, False)


def test_a_photo_for_who_answers_stays_here_and_the_asker_hears_why(stage: Stage, tmp_path: Path) -> None:
    photo = tmp_path / "contract.jpg"
    Image.new("RGB", (8, 8)).save(photo)
    stage.press("b2", TAKE)
    stage.say("b2", "合同拍一下")
    out = stage.say("u1", "", photos=[str(photo)])
    assert "照片我没有转" in texts(out, "private:u1") and "告诉他怎么联系我" in stage.buttons("private:u1")
    assert not [line for line in out if line["chat"] == "private:b2"]


def test_who_says_that_an_answer_was_wrong_is_asked_whether_to_correct_it(stage: Stage) -> None:
    stage.press("b2", TAKE)
    stage.say("b2", "从第一个月起算。")
    assert "已转给居民" in texts(stage.say("b2", "刚才说错了，从第二个月起算"), "private:b2")  # still open: an answer
    stage.press("b2", "结束")
    assert f"{NUMBER} 已经结束了" in texts(stage.say("b2", "刚才说错了，满一年就没有了"), "private:b2")
    assert "满一年就没有了" in texts(stage.press("b2", "作为更正发给居民"), "private:u1")
    assert "已经结束" not in texts(stage.say("lg1", "刚才说错了，不是这样"), "private:lg1")
