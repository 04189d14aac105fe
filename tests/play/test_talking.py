"""Residents as they really type, through the whole assistant: few words, other words, changed minds."""

from __future__ import annotations

from flows.assistant import texts as spoken
from tests.play.test_stories import status
from tests.support.stage import LAMP, Stage, texts


def test_who_says_in_three_words_that_the_water_is_off_is_taken_for_it(stage: Stage) -> None:
    assert "什么位置" in texts(stage.say("u1", "我家停水了"), "private:u1")
    stage.say("u1", "幸福里小区3号楼")
    stage.press("u1", "不留")
    assert "供水" in texts(stage.press("u1", "没有照片"), "private:u1")


def test_what_was_mended_is_no_complaint(stage: Stage) -> None:
    assert "位置" not in texts(stage.say("u1", "路灯修好了"), "private:u1")


def test_a_category_told_in_other_words_is_not_asked_again(stage: Stage) -> None:
    stage.say("u1", "门口那个东西坏了要修")
    assert "其他" in stage.buttons("private:u1")
    assert "手机号" in texts(stage.say("u1", "幸福里小区3号楼"), "private:u1")


def test_a_question_about_papers_is_asked_neither_for_a_spot_nor_for_a_photo(stage: Stage) -> None:
    assert "便民服务" in texts(stage.say("u1", "老年证怎么办"), "private:u1")
    assert "哪个小区" in texts(stage.press("u1", "登记下来，请社区答复"), "private:u1")
    stage.say("u1", "幸福里")
    summary = texts(stage.press("u1", "不留"), "private:u1")
    assert "我替您问社区" in summary
    assert "照片" not in summary
    assert "已经替您问社区了" in texts(stage.press("u1", "确认"), "private:u1")


def test_the_estate_answers_which_community_it_is(stage: Stage) -> None:
    stage.say("u1", "小区门口路灯不亮")
    stage.say("u1", "大门那里")
    assert "哪个小区" in stage.last("private:u1")["text"]
    stage.say("u1", "幸福里小区3号楼")
    stage.press("u1", "不留")
    assert "幸福里小区3号楼 大门那里" in texts(stage.press("u1", "没有照片"), "private:u1")


def test_where_it_burns_goes_to_who_takes_the_alarm(stage: Stage) -> None:
    stage.say("u1", "着火了")
    assert "值班人员" in texts(stage.say("u1", "幸福里3号楼"), "private:u1")
    assert "值班人员" in texts(stage.say("u1", "有人来吗"), "private:u1")  # and calls nobody a second time
    assert "幸福里3号楼" in texts(stage.press("d1", "接下"), "private:d1")
    assert status(stage) == []


def test_a_household_code_alone_is_understood(stage: Stage) -> None:
    assert "林家" in texts(stage.say("u1", "51830274"), "private:u1")


def test_who_comes_from_the_group_reads_what_it_is_about(stage: Stage) -> None:
    stage.say("u2", "@小邻 楼道灯坏了", "group:g1", addressed=True)
    first = texts(stage.follow("u2", "group:g1"), "private:u2")
    assert first.startswith("您在群里说的“楼道灯坏了”")
    assert "失效" in texts(stage.follow("u8", "group:g1"), "private:u8")
    assert "登记诉求" in stage.buttons("private:u8")


def test_a_withdrawal_in_words_is_confirmed_by_a_press(stage: Stage) -> None:
    number = stage.report()
    stage.say("u1", "不用修了 撤回吧")
    assert status(stage) == ["submitted"]
    stage.press("u1", f"撤回 {number} 楼道照明与楼道设施")
    assert status(stage) == ["withdrawn"]


def test_abuse_is_not_answered_with_thanks(stage: Stage) -> None:
    said = texts(stage.say("u2", "@小邻 你真没用", "group:g1", addressed=True), "group:g1")
    assert "不客气" not in said


def resolved(stage: Stage) -> str:
    number = stage.report()
    room = "group:staff-xfl-1"
    for label in ("接单", "办结", "已办结"):
        stage.press("w1", label, room)
    stage.say("w1", "换了灯泡", room)
    assert status(stage) == ["resolved"]
    return number


def test_who_is_not_content_in_words_is_shown_the_way(stage: Stage) -> None:
    number = resolved(stage)
    stage.say("u1", "没解决 还是不亮")
    assert status(stage) == ["resolved"]
    stage.press("u1", f"{number} 没解决，重办")
    assert status(stage) == ["accepted"]


def test_praise_in_words_closes_the_case(stage: Stage) -> None:
    resolved(stage)
    assert "结案" in texts(stage.say("u1", "很满意"), "private:u1")
    assert status(stage) == ["closed"]


def test_the_link_after_small_talk_greets(stage: Stage) -> None:
    stage.say("u1", "@小邻 今天天气怎么样啊哈哈", "group:g1", addressed=True)
    assert spoken.GREETING in [line["text"] for line in stage.follow("u1", "group:g1")]
    out = stage.say("u2", "@小邻 你是机器人吗", "group:g1", addressed=True)
    assert [line["text"] for line in out if line["chat"] == "group:g1"] == [spoken.LINE_WHO]


def test_who_ends_a_report_that_is_being_asked_about_is_asked_no_more(stage: Stage) -> None:
    stage.say("u1", LAMP)
    assert texts(stage.say("u1", "结束"), "private:u1").startswith("好的，这件先不办了")
