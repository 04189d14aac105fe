"""What people say who can't see the buttons, who send a photo first, and who judge what was done."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from flows.plainly import unthanked
from tests.support.stage import LAMP, ROOM, Stage, texts


def resolved(stage: Stage, who: str = "u1") -> None:
    stage.report(who)
    for label in ("接单", "办结", "已办结"):
        stage.press("w1", label, ROOM)
    stage.say("w1", "换了新灯泡，亮了", ROOM)


@pytest.mark.parametrize("said", ["选项是什么", "有几个按钮", "有哪些选项", "按钮读不出来"])
def test_who_cannot_see_the_buttons_is_told_what_may_be_said(stage: Stage, said: str) -> None:
    told = stage.tell("u1", LAMP, said)
    assert "1、不留" in told and "手机号" in told
    told = stage.tell("u1", "不留", "没有照片", said)
    assert "1、确认；2、修改；3、取消" in told and said not in told
    assert "已登记" in stage.tell("u1", "1")


def test_where_nothing_can_be_chosen_that_is_said_and_a_question_is_said_again(stage: Stage) -> None:
    assert "直接打字" in stage.tell("u1", "楼道灯坏了三天", "有哪些选项")
    told = stage.tell("u1", "再念一遍")
    assert "再说一遍" in told and "在什么位置" in told


@pytest.mark.parametrize("said", ["你们这个用读屏软件行不行，我是盲人", "我是盲人怎么用"])
def test_a_blind_person_hears_how_it_goes_without_buttons(stage: Stage, said: str) -> None:
    assert "按钮都能打字代替" in stage.tell("u1", said)


def test_who_sees_nothing_in_the_dark_reports_it(stage: Stage) -> None:
    assert "打字代替" not in stage.tell("u1", "楼道灯坏了，晚上看不见怎么办")


@pytest.mark.parametrize("said", ["我没法拍照", "手机不能拍照片"])
def test_a_no_to_a_photo_is_none_to_a_phone(stage: Stage, said: str) -> None:
    told = stage.tell("u1", LAMP, said)
    assert "手机号" in told
    assert "照片：没有" in stage.tell("u1", "13800001111")


def test_a_word_after_a_photo_says_what_is_seen_in_it(stage: Stage, tmp_path: Path) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "rubbish.jpg")
    for place in ("幸福里2号楼", None):
        stage.say("u1", "", photos=[str(tmp_path / "rubbish.jpg")])
        stage.say("u1", "", photos=[str(tmp_path / "rubbish.jpg")])
        told = stage.tell("u1", *([place] if place else []), "垃圾")
        assert "记进情况里" in told
        told = stage.tell("u1", *([] if place else ["幸福里2号楼"]), "不留")
        assert "情况：垃圾\n" in told and "『其他诉求』" not in told
        stage.tell("u1", "取消")


@pytest.mark.parametrize(
    "said", ["没换！我刚下去看了还是旧的", "亮是亮了，还是一闪一闪的", "3楼那个按钮还是不灵", "算了就这样吧"]
)
def test_what_is_said_of_a_result_is_no_other_wish(stage: Stage, said: str) -> None:
    resolved(stage)
    stage.tell("u1", "哦")
    assert "请他们接着办" in stage.tell("u1", said)
    assert any("重办" in label for label in stage.buttons("private:u1"))


def test_thanks_and_another_wish_are_not_taken_for_it(stage: Stage) -> None:
    resolved(stage)
    assert "接着办" not in stage.tell("u1", "谢谢")
    assert "接着办" not in stage.tell("u1", "我家还有多少积分")


def test_praise_of_who_came_before_does_not_say_what_the_next_matter_is(stage: Stage) -> None:
    told = stage.tell("u1", "谢谢你们，上次修灯的师傅很好。对了，再反映一个，杏林家园2号楼门口石板松了", "不留", "没有")
    assert "情况：杏林家园2号楼门口石板松了" in told and "照明" not in told
    stage.tell("u1", "取消")
    told = stage.tell("u1", "谢谢，顺便再说一个，健身器材也坏了", "杏林家园2号楼", "不留", "没有")
    assert "情况：健身器材也坏了" in told


@pytest.mark.parametrize("said", ["上次修得不好。对了，还有漏水也没人来", "路灯上次就坏，还有井盖也没了，很快掉下去"])
def test_what_was_not_done_well_is_told_with_it(said: str) -> None:
    assert unthanked(said) == said


def test_another_matter_that_is_opened_as_such_waits_its_turn(stage: Stage) -> None:
    assert "另一件事" in stage.tell("u1", "杏林家园5号楼下水道堵了往外冒", "不留", "哦对了还有电梯也坏了")
    told = stage.tell("u1", "没有照片", "确认")
    assert "电梯也坏了" in told and "接着办" in told


@pytest.mark.parametrize("said", ["怎么证明你们不会压下来", "你们会不会包庇"])
def test_whether_it_will_be_hushed_up_is_answered(stage: Stage, said: str) -> None:
    stage.tell("u1", "我要实名举报幸福里社区沈丽华收了开发商的钱，不给我们办事")
    assert "一级一级往上报" in stage.tell("u1", said)
    stage.press("u1", "政务公开与政策建议")
    assert "手机号" in stage.tell("u1", "就是她")


def test_a_shift_seen_before_one_was_placed_elsewhere_may_still_be_signed_up_for(stage: Stage) -> None:
    stage.tell("u1", "周末想做点事")
    assert "柳溪清河行动" in stage.last("private:u1")["text"]
    stage.tell("u1", "杏林家园5号楼下水道堵了往外冒", "不留", "没有照片", "确认")
    assert "报好了" in stage.tell("u1", "确认")
    assert "柳溪清河行动" in texts(stage.lines, "private:u1")
