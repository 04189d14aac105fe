"""Where it is, told in pieces, out of turn, with a photo, by the sound: one place comes of it, no word is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.support.stage import LAMP, Stage, texts


def registered(stage: Stage, who: str) -> str:
    """What the confirmation says, with no phone and no photo."""
    for label in ("不留", "没有照片"):
        out = stage.press(who, label)
    return texts(out, f"private:{who}")


def test_a_building_that_several_estates_have_keeps_the_words_for_it(stage: Stage) -> None:
    for said in ("有人在楼道里卖保健品骗老人", "幸福里7号楼", "都不是", "不清楚"):
        stage.say("none", said)
    assert "位置：幸福里7号楼\n" in registered(stage, "none")


def test_the_unit_said_at_the_confirmation_is_added_to_the_building(stage: Stage) -> None:
    stage.say("u1", LAMP)
    assert "位置：幸福里小区3号楼\n" in registered(stage, "u1")
    assert "位置：幸福里小区3号楼二单元\n" in texts(stage.say("u1", "二单元"), "private:u1")


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("人民路的路灯坏了", "是哪个小区或者社区"),
        ("门口路灯坏了", "在什么位置"),
        ("星福里3号楼路灯不亮好几天了", "您说的是“幸福里小区3号楼”吗"),
    ],
)
def test_only_what_names_no_place_is_asked_where_it_is(stage: Stage, said: str, asked: str) -> None:
    assert asked in texts(stage.say("u1", said), "private:u1")


def test_what_others_call_another_estate_is_shown_as_it_is_called(stage: Stage) -> None:
    stage.say("u1", "星福里3号楼路灯不亮好几天了")
    stage.press("u1", "是的")
    assert "位置：幸福里小区3号楼\n" in registered(stage, "u1")
    stage.say("u2", "路灯不亮好几天了")
    stage.say("u2", "星福里3号楼")
    assert "是“幸福里小区3号楼”吗" in texts(stage.since, "private:u2")


def test_a_building_that_many_estates_have_is_chosen_after_a_street(stage: Stage) -> None:
    stage.say("u1", "人民路的路灯坏了")
    out = stage.say("u1", "3号楼")
    assert "哪一处" in texts(out, "private:u1") and "梧桐苑3号楼" in stage.buttons("private:u1")
    stage.press("u1", "梧桐苑3号楼")
    assert "位置：梧桐苑3号楼\n" in registered(stage, "u1")


def test_a_building_told_where_the_community_was_asked_stays_with_the_street(stage: Stage) -> None:
    stage.say("u1", "人民路的路灯坏了")
    assert "手机号" in texts(stage.say("u1", "桥南新村2幢"), "private:u1")
    assert "位置：人民路，桥南新村2幢\n" in registered(stage, "u1")


def test_the_words_under_a_photo_are_read_too(stage: Stage, tmp_path: Path) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "lamp.jpg")
    stage.say("u1", "路灯不亮好几天了")
    out = stage.say("u1", "桥南新村2幢", photos=[str(tmp_path / "lamp.jpg")])
    assert "手机号" in texts(out, "private:u1")
    told = texts(stage.press("u1", "不留"), "private:u1")
    assert "位置：桥南新村2幢\n" in told and "照片：1张" in told


def test_that_there_is_no_photo_is_no_place(stage: Stage) -> None:
    stage.say("u1", "路灯不亮好几天了")
    assert "在什么位置" in texts(stage.say("u1", "没拍照片"), "private:u1")
    stage.say("u1", "桥南新村2幢")
    assert "照片：没有" in texts(stage.press("u1", "不留"), "private:u1")


def test_a_number_told_twice_is_no_photo(stage: Stage) -> None:
    stage.say("u1", LAMP)
    stage.say("u1", "13800001111")
    assert "没收到照片" not in texts(stage.say("u1", "13800001111"), "private:u1")


def test_a_pin_where_the_community_was_asked_is_kept_with_the_street(stage: Stage) -> None:
    stage.say("u1", "人民路的路灯坏了")
    told = texts(stage.say("u1", "", location=[30.5, 120.25]), "private:u1")
    assert "记清楚" in told and "哪个小区" in told
    stage.press("u1", "烟柳桥社区")
    assert "位置：烟柳桥社区 人民路，定位 30.50000, 120.25000\n" in registered(stage, "u1")


@pytest.mark.parametrize("said", ["什么时候能修好啊", "13800001111", "没拍照片"])
def test_what_is_no_place_is_asked_again_and_a_place_with_it_is_one(stage: Stage, said: str) -> None:
    stage.say("u1", "路灯不亮好几天了")
    assert "位置" in texts(stage.say("u1", said), "private:u1")
    assert "位置" not in texts(stage.say("u1", f"桥南新村2幢，{said}"), "private:u1")


def test_a_pin_sent_where_the_kind_was_asked_is_the_place(stage: Stage) -> None:
    stage.say("u1", "门口那个东西坏了要修")
    stage.say("u1", "", location=[30.5, 120.25])
    stage.press("u1", "其他")
    assert "在什么位置" not in texts(stage.lines, "private:u1")


def test_a_place_told_where_the_kind_was_asked_is_the_place_and_no_kind(stage: Stage) -> None:
    assert "哪一类" in texts(stage.say("pit", "我家门口有个大坑"), "private:pit")
    assert "哪一类" in texts(stage.say("pit", "石磨村"), "private:pit")
    stage.press("pit", "井盖缺失与坠落隐患")
    assert "记进情况里" in texts(stage.say("pit", "怕老人摔"), "private:pit")
    out = registered(stage, "pit")
    assert "井盖" in out and "我家门口有个大坑\n怕老人摔\n" in out and "位置：石磨村" in out


def test_what_somebody_suffers_from_is_no_place(stage: Stage) -> None:
    stage.say("smoke", "有人天天在楼道里抽烟")
    assert "记进情况里" in texts(stage.say("smoke", "我有哮喘"), "private:smoke")
    assert "手机号" in texts(stage.say("smoke", "幸福里3号楼2单元"), "private:smoke")
    assert "我有哮喘\n" in registered(stage, "smoke")


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("桥北3幢楼道灯坏了三天", "桥北新村3幢"),
        ("租客那边，桥南那套下水道堵了，4幢", "桥南新村4幢"),
        ("我妈住杏林5号楼，楼道灯坏了三天", "杏林家园5号楼"),
        ("银杏A座电梯坏了三天", "银杏公寓A座"),
    ],
)
def test_an_estate_may_be_called_without_its_kind(stage: Stage, said: str, place: str) -> None:
    assert "手机号" in stage.tell("u1", said)
    assert f"位置：{place}" in registered(stage, "u1")


@pytest.mark.parametrize("said", ["大桥北那边路灯不亮好几天了", "门口的梧桐倒了两棵", "银杏叶堵了下水道口，没人扫"])
def test_a_word_that_only_looks_like_one_is_no_estate(stage: Stage, said: str) -> None:
    assert "位置：梧桐苑" not in stage.tell("u1", said, "不留", "没有照片")
    assert "哪个小区" in texts(stage.lines, "private:u1") or "什么位置" in texts(stage.lines, "private:u1")


@pytest.mark.parametrize(
    "said", ["说错了，幸福里5号楼", "不对，是5号楼", "写错了 应该是幸福里5号楼", "地址错了，是幸福里小区5号楼"]
)
def test_a_place_told_wrongly_is_put_right_at_any_question(stage: Stage, said: str) -> None:
    told = stage.tell("u1", LAMP, said)
    assert "改过来了" in told and "手机号" in told
    shown = registered(stage, "u1")
    assert "（位置更正为：幸福里小区5号楼）\n" in shown and "\n位置：幸福里小区5号楼\n" in shown


def test_who_reads_of_a_place_that_stands_is_told_of_no_other(stage: Stage) -> None:
    stage.tell("u1", LAMP)
    assert "更正" not in registered(stage, "u1")


def test_also_in_another_estate_and_whose_matter_it_is_is_asked_anew(stage: Stage) -> None:
    stage.report("u2", "桥北新村3幢楼道灯坏了三天了")
    stage.tell("u1", LAMP, "不留", "说错了，桥北3幢")
    assert "邻居反映了差不多的事" in stage.tell("u1", "没有照片")


def test_an_estate_that_is_in_no_list_keeps_its_name(stage: Stage) -> None:
    stage.tell("u1", "我刚搬来的，锦绣江南2号楼电梯老是卡住")
    assert "哪个小区或者社区" in stage.tell("u1", "锦绣江南")
    stage.press("u1", "烟柳桥社区")
    assert "位置：烟柳桥社区 锦绣江南2号楼\n" in registered(stage, "u1")


@pytest.mark.parametrize("said", ["不在上面，是新小区", "上面没有我们小区", "这几个都不是"])
def test_none_of_these_may_be_said_in_other_words(stage: Stage, said: str) -> None:
    stage.tell("u1", "我刚搬来的，锦绣江南2号楼电梯老是卡住")
    told = stage.tell("u1", said)
    assert "哪个小区或者社区" in told and "跳过" not in told


def test_who_has_two_homes_is_asked_which_of_them(stage: Stage) -> None:
    stage.report("u1", "桥南新村2幢楼道灯坏了三天了")
    stage.report("u1", "杏林家园1号楼楼道灯坏了三天了")
    stage.tell("u1", "我妈那套房厨房漏水漏了三天")
    assert stage.buttons("private:u1") == ["杏林家园1号楼", "桥南新村2幢", "都不是"]
    stage.press("u1", "桥南新村2幢")
    assert "位置：桥南新村2幢\n" in registered(stage, "u1")


def test_who_has_one_is_asked_where(stage: Stage) -> None:
    stage.report("u1", "桥南新村2幢楼道灯坏了三天了")
    assert "杏林" not in stage.tell("u1", "我妈那套房厨房漏水漏了三天")
    assert "桥南新村2幢" not in stage.buttons("private:u1")
