"""A caring question is no dead end: yes, a place or a cry brings somebody, no lets it rest."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flows.cared import CRY, SAFE, UNSAFE
from tests.support.stage import Stage, on_stage, texts

WEARY = "反正我死了也没人管"
CARING, COMING, WELL = "现在有危险吗", "我已经通知值班人员", "那就好"


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with on_stage() as found:
        yield found


@pytest.mark.parametrize(
    "cry",
    ["救命啊", "救命！救命！", "快来人啊", "来人啊 杀人了", "救救我", "快报警", "SOS", "我害怕", "我一个人好怕"],
)
def test_a_cry_alone_is_asked_about_and_once_more_brings_somebody(stage: Stage, cry: str) -> None:
    who = f"cry-{cry}"
    assert texts(stage.say(who, cry), f"private:{who}").startswith(CARING)
    out = stage.say(who, "救命")
    assert COMING in texts(out, f"private:{who}")
    alarm = texts(out, "private:d1")
    assert "紧急：求救" in alarm and cry in alarm


@pytest.mark.parametrize("said", ["有", "是的，快来", "有危险", "嗯", "在幸福里3号楼", "很危险，快点", "来人啊"])
def test_yes_or_a_place_raises_the_alarm_with_what_was_told_before(stage: Stage, said: str) -> None:
    who = f"yes-{said}"
    assert CARING in texts(stage.say(who, "插座有点烫手"), f"private:{who}")
    out = stage.say(who, said)
    assert COMING in texts(out, f"private:{who}") and "先打 119" in texts(out, f"private:{who}")
    assert "紧急：火情\n编号" in texts(out, "private:d1") and f"插座有点烫手\n{said}" in texts(out, "private:d1")


@pytest.mark.parametrize("said", ["没有", "没事，开玩笑的", "不危险", "安全了", "没有危险", "不是"])
def test_no_lets_it_rest(stage: Stage, said: str) -> None:
    who = f"no-{said}"
    stage.say(who, "插座有点烫手")
    out = stage.say(who, said)
    assert WELL in texts(out, f"private:{who}") and not texts(out, "private:d1")
    assert COMING not in texts(stage.say(who, "嗯"), f"private:{who}")  # the question is answered


def test_another_matter_and_a_later_yes_are_no_answer(stage: Stage) -> None:
    stage.say("later", "快报警")
    out = stage.say("later", "幸福里小区3号楼电梯坏了")
    assert "手机号" in texts(out, "private:later") and not texts(out, "private:d1")
    assert not texts(stage.press("later", "不留"), "private:d1")
    stage.say("much-later", "插座有点烫手")
    stage.tick("2026-01-05T09:20:00+08:00")
    assert not texts(stage.say("much-later", "有"), "private:d1")


@pytest.mark.parametrize("said", ["好的", "行", "ok", "知道了", "收到，谢谢"])
def test_who_only_read_the_question_is_in_no_danger(stage: Stage, said: str) -> None:
    stage.say(f"read-{said}", "插座有点烫手")
    assert not texts(stage.say(f"read-{said}", said), "private:d1")


def test_a_yes_after_something_else_was_said_answers_that(stage: Stage) -> None:
    stage.say("aside", "插座有点烫手")
    stage.say("aside", "我的积分有多少")
    assert not texts(stage.say("aside", "有"), "private:d1")
    assert COMING in texts(stage.say("aside", "有危险，快来"), "private:aside")


def test_beside_a_question_of_a_report_a_yes_answers_the_one_it_can(stage: Stage) -> None:
    def begun(who: str) -> str:
        return texts(stage.say(who, "灯泡有焦味"), f"private:{who}")

    assert CARING in begun("smell") and "什么位置" in begun("smell-none")
    assert COMING in texts(stage.say("smell", "有"), "private:smell")
    out = texts(stage.say("smell-none", "没有"), "private:smell-none")
    assert WELL in out and "什么位置" in out.split(WELL)[1]
    begun("smell-phone")
    assert "手机号" in texts(stage.say("smell-phone", "幸福里3号楼"), "private:smell-phone")
    assert not texts(stage.say("smell-phone", "嗯"), "private:d1")


def test_to_a_person_who_has_the_conversation_only_a_cry_is_an_alarm(stage: Stage) -> None:
    stage.say("talks", "人工")
    assert CARING in texts(stage.say("talks", "插座有点烫手"), "private:talks")
    assert not texts(stage.say("talks", "有"), "private:talks").startswith(COMING)
    assert COMING in texts(stage.say("talks", "救命啊"), "private:talks")


def test_in_the_middle_of_a_report_a_cry_is_heard_and_a_place_is_the_place(stage: Stage) -> None:
    assert CARING in texts(stage.say("lift", "电梯卡在中间了"), "private:lift")
    out = stage.say("lift", "桥南新村2幢")
    assert "手机号" in texts(out, "private:lift") and not texts(out, "private:d1")
    assert "按警铃" in texts(stage.say("lift", "快来人"), "private:lift")


def test_a_cry_from_a_lift_is_not_asked_about(stage: Stage) -> None:
    assert "按警铃" in texts(stage.say("stuck", "救命 电梯 出不去"), "private:stuck")


@pytest.mark.parametrize(("said", "brought"), [("不安全", True), ("安全的", False), ("嗯，安全", False)])
def test_who_is_asked_whether_they_are_safe_says_yes_when_they_are(stage: Stage, said: str, brought: bool) -> None:
    who = f"safe-{said}"
    assert "您现在安全吗" in texts(stage.say(who, WEARY), f"private:{who}")
    out = stage.say(who, said)
    assert (COMING in texts(out, f"private:{who}")) is brought
    assert brought or "12356" in texts(out, f"private:{who}")


@pytest.mark.parametrize("said", ["救命这天气太热了", "谢谢救命恩人", "我想报警情登记的志愿者"])
def test_a_cry_in_a_sentence_is_what_the_sentence_says(stage: Stage, said: str) -> None:
    assert CARING not in texts(stage.say(f"fine-{said}", said), f"private:fine-{said}")


@pytest.mark.parametrize("once", ["救命!!", "杀人了", "来人", "很危险", "不安全", "快来啊"])
def test_a_cry_said_a_thousand_times_and_a_word_is_read_at_once(once: str) -> None:
    """No way of reading it is tried after another one has failed."""
    for pattern in (CRY, SAFE, UNSAFE):
        assert pattern.fullmatch(f"{once * 1000}吃") is None
    assert CRY.fullmatch(once * 1000) or UNSAFE.fullmatch(once * 1000)
