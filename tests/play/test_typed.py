"""A choice typed instead of pressed, as on platforms without buttons: by its number, by its label."""

import pytest

from tests.support.stage import on_stage, texts


@pytest.mark.parametrize("typed", ["{number}", "选{number}", "第{number}个", "法律咨询"])
def test_the_menus_numbers_and_labels_are_choices(typed: str) -> None:
    with on_stage() as stage:
        stage.say("li", "帮助")
        number = stage.buttons("private:li").index("法律咨询") + 1
        stage.press("li", "法律咨询")
        stage.say("wang", "帮助")
        stage.say("wang", typed.format(number=number))
        assert stage.last("private:wang")["text"] == stage.last("private:li")["text"]


def test_a_number_nothing_has_is_no_choice_and_the_old_menu_no_more() -> None:
    with on_stage() as stage:
        stage.say("wang", "帮助")
        stage.press("wang", "法律咨询")
        asked = stage.last("private:wang")["text"]
        stage.say("wang", "取消")
        stage.say("wang", "1")  # what was said last shows no choices
        assert asked not in stage.last("private:wang")["text"]


def test_the_open_questions_own_choices_go_first() -> None:
    with on_stage() as stage:
        stage.say("wang", "3栋2单元楼道灯坏了")
        second = stage.buttons("private:wang")[1]
        stage.say("wang", "2")
        stage.say("wang", "不留")
        stage.say("wang", "没有照片")
        assert second in stage.last("private:wang")["text"]


def test_a_number_of_staff_is_a_choice_or_nothing_and_goes_to_the_resident_only_as_a_reply() -> None:
    with on_stage() as stage:
        stage.say("u1", "人工")
        stage.press("d1", "接下")
        told = len(stage.shown("private:u1"))
        assert "没有转给居民" in texts(stage.say("d1", "7"), "private:d1")  # no button has it
        assert len(stage.shown("private:u1")) == told
        question = stage.say("u1", "要交几张照片")
        card = next(line["id"] for line in question if line.get("chat") == "private:d1")
        out = stage.say("d1", "2", reply_to=card)
        assert any(
            line.get("chat") == "private:u1" and "2" in line["text"] for line in out if line.get("type") == "say"
        )
        stage.say("d1", "帮助")
        number = stage.buttons("private:d1").index("志愿活动") + 1
        out = stage.say("d1", str(number))  # a choice just shown goes first
        assert not [line for line in out if line.get("chat") == "private:u1"]
        assert "转给居民" not in str(out)


@pytest.mark.parametrize(("typed", "begins"), [("是", True), ("好的", True), ("不用了谢谢", False)])
def test_yes_and_no_answer_an_offer_of_two(typed: str, begins: bool) -> None:
    with on_stage() as stage:
        stage.say("wang", "幸福里3号楼楼道灯坏了，另外积分能换什么")
        stage.say("wang", "不留")
        stage.say("wang", "没有照片")
        stage.say("wang", "确认")
        assert stage.buttons("private:wang") == ["接着办", "不用了"]
        stage.say("wang", typed)
        assert ("能换这些" in stage.last("private:wang")["text"]) is begins


@pytest.mark.parametrize("said", ["收到", "好的", "我去", "好的，我马上过去", "在路上了", "我来处理"])
def test_who_answers_an_alarm_in_words_has_it(said: str) -> None:
    with on_stage() as stage:
        stage.say("li", "我家厨房着火了")
        stage.say("li", "幸福里3号楼")
        assert "正在联系您" in texts(stage.say("d1", said), "private:li")


@pytest.mark.parametrize("said", ["我去不了", "我来问问", "哪里着火了"])
def test_who_does_not_say_that_they_take_it_does_not(said: str) -> None:
    with on_stage() as stage:
        stage.say("li", "我家厨房着火了")
        assert "正在联系您" not in texts(stage.say("d1", said), "private:li")
