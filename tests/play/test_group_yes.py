"""Who was offered help in a group says yes in words, there or in private."""

from __future__ import annotations

import pytest

from flows.assistant import texts as lines
from flows.complaint import texts as complaint
from flows.group_yes import accepts
from tests.support.stage import Stage, on_stage, texts

GROUP, HERE = "group:g1", "private:u1"
WELL = "5号楼后面的下水井冒污水，臭得开不了窗"


def offered(stage: Stage) -> None:
    assert lines.LINE_OFFER in texts(stage.say("u1", WELL, GROUP), GROUP)


@pytest.mark.parametrize("said", ["要的，帮我登记吧", "好的", "嗯嗯麻烦登记一下"])
def test_a_yes_in_the_group_leads_to_what_was_told(said: str) -> None:
    with on_stage() as stage:
        offered(stage)
        assert texts(stage.say("u1", said, GROUP), GROUP) == lines.LINE_TAKEN
        assert WELL in texts(stage.follow("u1", GROUP), HERE)


def test_where_they_can_be_written_to_it_begins_at_once() -> None:
    with on_stage() as stage:
        stage.say("u1", "你好")
        offered(stage)
        out = stage.say("u1", "@小邻 好的", GROUP, addressed=True)
        assert WELL in texts(out, HERE) and texts(out, GROUP) == lines.LINE_AWAY


def test_who_has_said_yes_is_not_answered_again_for_their_thanks() -> None:
    with on_stage() as stage:
        offered(stage)
        assert texts(stage.say("u1", "好的", GROUP), GROUP) == lines.LINE_TAKEN
        assert stage.say("u1", "谢谢", GROUP) == []
        assert WELL in texts(stage.follow("u1", GROUP), HERE)


def test_in_private_it_is_known_what_they_mean_until_it_is_registered() -> None:
    with on_stage() as stage:
        offered(stage)
        assert WELL in texts(stage.say("u1", "刚才群里说的那个事"), HERE)
        for label in ("不留", "没有照片", "确认"):
            stage.press("u1", label)
        assert WELL not in texts(stage.say("u1", "帮我登记一下"), HERE)


def test_nobody_else_says_yes_for_them_and_talk_is_no_yes() -> None:
    with on_stage() as stage:
        offered(stage)
        assert stage.say("u2", "登记吧", GROUP) == []
        assert stage.say("u1", "嗯", GROUP) == []  # to what u2 said
        assert stage.say("u1", "报上去了，谢谢大家", GROUP) == []
        late = "2026-01-05T09:20:00+08:00"
        assert stage.say("u1", "登记的人多吗", GROUP, at=late) == []
        assert WELL not in texts(stage.say("u2", "帮我登记一下"), "private:u2")


@pytest.mark.parametrize("said", ["登记过了", "已经报了", "登记要身份证吗", "不用登记", "好的我去看看", "", "，"])
def test_what_is_no_yes(said: str) -> None:
    assert not accepts(said)


@pytest.mark.parametrize("said", ["帮我登记一下", "麻烦帮忙登记下"])
def test_a_wish_to_register_something_is_asked_what(said: str) -> None:
    with on_stage() as stage:
        assert "催" not in texts(stage.say("u1", said), HERE)


def test_thanks_are_no_yes_and_what_is_registered_is_not_begun_again() -> None:
    with on_stage() as stage:
        offered(stage)
        stage.follow("u1", GROUP)
        for label in ("不留", "没有照片", "确认"):
            stage.press("u1", label)
        stage.say("u1", "我刚才登记了，编号多少来着", GROUP)
        out = stage.say("u1", "@小邻 谢谢", GROUP, addressed=True)
        assert texts(out, GROUP) == lines.LINE_THANKS and texts(out, HERE) == ""
        for said in ("@小邻 好的", "@小邻 帮我登记一下"):
            assert WELL not in texts(stage.say("u1", said, GROUP, addressed=True), HERE)


def test_what_is_being_told_in_private_is_not_begun_a_second_time() -> None:
    with on_stage() as stage:
        offered(stage)
        stage.follow("u1", GROUP)
        assert WELL not in texts(stage.say("u1", "@小邻 好的", GROUP, addressed=True), HERE)
        assert "没有照片" in texts(stage.press("u1", "不留"), HERE)


@pytest.mark.parametrize("said", ["谢谢", "辛苦了", "谢谢小邻"])
def test_thanks_alone_agree_to_nothing(said: str) -> None:
    assert not accepts(said)
    assert accepts(f"好的，{said}")


def test_the_line_for_whoever_has_it_too_is_said_once() -> None:
    with on_stage() as stage:
        offered(stage)
        said = [texts(stage.say(who, "我家这边也是", GROUP), GROUP) for who in ("u2", "u3", "u4")]
        assert said == [complaint.LINE_ALSO, "", ""]
        assert WELL in texts(stage.follow("u4", GROUP), "private:u4")
        stage.say("u5", "3号楼2单元楼道灯坏了，晚上看不见路", GROUP, at="2026-01-05T09:05:00+08:00")
        assert texts(stage.say("u6", "我家这边也是", GROUP), GROUP) == complaint.LINE_ALSO  # another matter
