"""What strangers said and was misheard: names that sound like thanks or anger, places in full, refusals."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.stage import Stage, on_stage, texts


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with on_stage() as found:
        yield found


@pytest.mark.parametrize(
    ("who", "said", "told", "not_told"),
    [
        ("a1", "我3岁孩子上幼儿园怎么报名", "在什么位置", "小朋友"),
        ("a2", "我今年12岁", "小朋友", "在什么位置"),
        ("a3", "起诉了还能撤诉吗", "法律明白人", "撤回"),
        ("a4", "要投诉你们上门服务态度差", "在什么位置", "社区（村）"),
        ("a5", "我要上门办养老认证", "社区（村）", "在什么位置"),
        ("a6", "不想调解了", "没有在调解的事", "请社区的调解员"),
        ("a7", "浪费粮食扣几分", "加分", "提现"),
        ("a8", "影响邻居休息会扣分吗", "加分", "没关系"),
        ("a9", "举报收费", "？", "不要钱"),
        ("a10", "举报收费吗", "不收费", "哪一类"),
    ],
)
def test_a_sentence_is_what_it_says(stage: Stage, who: str, said: str, told: str, not_told: str) -> None:
    heard = texts(stage.say(who, said), f"private:{who}")
    assert told in heard and not_told not in heard, heard


def test_the_place_typed_in_full_is_chosen(stage: Stage) -> None:
    assert "哪一处" in texts(stage.say("b1", "3号楼楼道灯坏了"), "private:b1")
    assert "楼号写全" in texts(stage.say("b1", "就是那边那栋"), "private:b1")
    assert "手机号" in texts(stage.say("b1", "幸福里小区的3号楼"), "private:b1")
    stage.press("b1", "不留")
    assert "位置：幸福里小区3号楼" in texts(stage.press("b1", "没有照片"), "private:b1")


def test_words_that_others_use_in_anger_are_part_of_the_report(stage: Stage) -> None:
    stage.say("b2", "电梯坏了幸福里2号楼")
    for more in ("电梯里还有一股废物的臭味没人清理", "我妈的轮椅都下不来"):
        assert "记进情况里" in texts(stage.say("b2", more), "private:b2"), more
    assert "让您着急了" in texts(stage.say("b2", "什么破玩意"), "private:b2")


def test_who_waits_for_a_person_can_still_ask_for_help_and_stop_waiting(stage: Stage) -> None:
    stage.say("b3", "人工")
    assert "转给他" in texts(stage.say("b3", "我家的事有点复杂"), "private:b3")
    assert "随时可以发" in texts(stage.say("b3", "帮助"), "private:b3")
    assert "不等了" in texts(stage.say("b3", "取消"), "private:b3")


def test_a_question_is_not_asked_for_ever(stage: Stage) -> None:
    for _ in range(2):
        assert "绑定码" in texts(stage.say("b4", "我没有绑定码"), "private:b4")
    stage.say("b4", "我没有绑定码")
    assert "换工作人员" in texts(stage.say("b4", "我没有绑定码"), "private:b4")


def test_a_photo_that_is_being_taken_is_waited_for(stage: Stage) -> None:
    stage.say("b5", "桥南新村2幢路灯不亮")
    stage.press("b5", "不留")
    assert "没收到照片" in texts(stage.say("b5", "等一下我拍"), "private:b5")


def test_a_person_called_in_a_group_comes_in_private(stage: Stage) -> None:
    stage.say("b6", "小邻 人工", "group:g1", addressed=True)
    assert "我请社区的工作人员来" in texts(stage.follow("b6", "group:g1"), "private:b6")


HINTS = [  # what is wrong, what is said at the confirmation, how the confirmation shows it
    ("桥南新村2幢路灯不亮", "电话改成13800001234，白天别打", "138****1234（只给经办人联系用，随时可删），白天别打"),
    ("桥南新村1幢下水道堵了", "下班以后再联系我", "139****5678（只给经办人联系用，随时可删），下班以后再联系我"),
    ("桥南新村3幢电梯坏了", "晚上8点以后打", "139****5678（只给经办人联系用，随时可删），晚上8点以后打"),
]


@pytest.mark.parametrize(("matter", "said", "shown"), HINTS)
def test_when_to_call_is_kept_with_the_number_and_told_to_the_worker(
    stage: Stage, matter: str, said: str, shown: str
) -> None:
    who = f"call{said}"
    stage.say(who, matter)
    stage.say(who, "13911115678 中午别打")
    assert "，中午别打" in texts(stage.press(who, "没有照片"), f"private:{who}")
    asked = texts(stage.say(who, said), f"private:{who}")
    assert shown in asked and "中午" not in asked
    told = stage.press(who, "确认")
    hint = shown.rpartition("，")[2]
    assert any(f"（电话：{hint}）" in line.get("text", "") for line in told if line["chat"].startswith("group:staff"))
    assert not any("5678" in line.get("text", "") for line in told if line["chat"].startswith("group:"))


def test_who_leaves_no_number_says_no_hours_of_one(stage: Stage) -> None:
    stage.say("call0", "幸福里小区2号楼门口垃圾没人清")
    assert "不留" in texts(stage.say("call0", "白天别打"), "private:call0")
    stage.press("call0", "不留")
    assert "电话：不留" in texts(stage.press("call0", "没有照片"), "private:call0")
