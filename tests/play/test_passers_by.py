"""More strangers: a matter in two messages, a place nobody tells, feelings, and what is said around a question."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from flows import feelings
from flows.points import texts as points
from tests.support.stage import Stage, on_stage, texts


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with on_stage() as found:
        yield found


# -- one matter in several messages ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (("水", "停了"), "水停了"),
        (("楼道", "灯", "坏了"), "楼道灯坏了"),
        (("楼道灯", "坏了"), "楼道灯坏了"),
        (("邻居", "天天半夜唱歌"), "邻居天天半夜唱歌"),
    ],
)
def test_what_is_said_of_a_thing_named_before_is_understood_with_it(
    stage: Stage, lines: tuple[str, ...], told: str
) -> None:
    who = "-".join(lines)
    assert "在什么位置" in stage.tell(who, *lines)
    assert f"情况：{told}\n" in stage.tell(who, "幸福里3号楼", "不留", "没有照片")


def test_danger_is_heard_with_what_it_is_said_of_for_a_while(stage: Stage) -> None:
    assert "120" in stage.tell("a1", "老伴", "不动了")
    assert "\n老伴不动了\n" in stage.shown("private:d1")[-1]
    stage.tell("a2", "老伴")
    stage.tick("2026-01-05T09:10:00+08:00")
    stage.tell("a2", "不动了")
    assert "\n不动了\n" in stage.shown("private:d1")[-1]


def test_how_long_and_for_how_many_is_no_place_and_is_kept(stage: Stage) -> None:
    stage.tell("a4", "楼道灯坏了", "三天了", "幸福里3号楼")
    assert "记进情况里" in stage.tell("a4", "全楼")
    assert "已经记着了" in stage.tell("a4", "全楼")
    assert "情况：楼道灯坏了\n三天了\n全楼\n" in stage.tell("a4", "不留", "没有照片")


# -- a place nobody tells -------------------------------------------------------------------------------------------


def test_who_will_not_say_where_goes_on_without_a_place(stage: Stage) -> None:
    assert "不说也能登记" in stage.tell("b1", "楼道灯坏了三天", "不想说")
    assert "哪个小区或者社区" in stage.tell("b1", "不告诉你")
    assert "位置：烟柳桥社区 没说具体地方" in stage.tell("b1", "烟柳桥社区", "不留", "没有照片")
    stage.tell("b1", "确认")
    assert "没说具体地方" in stage.shown("group:staff-ylq")[-1]


def test_reports_without_a_place_are_not_taken_for_the_same(stage: Stage) -> None:
    for who in ("b2", "b3"):
        stage.tell(who, "路灯不亮", "不方便说", "不说", "石磨村")
        stage.tell(who, "不留", "没有照片", "确认")
        assert not any("一起跟进" in said for said in stage.shown(f"private:{who}"))


def test_a_place_told_after_all_takes_the_place_of_none(stage: Stage) -> None:
    stage.tell("b4", "有人乱停车", "不想说", "不说", "不清楚")
    stage.tell("b4", "幸福里3号楼")
    assert "位置：幸福里小区3号楼\n" in stage.tell("b4", "不留", "没有照片")


# -- feelings, and another matter in between ------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["心里慌得很", "提心吊胆的", "吓死我了"])
def test_who_is_afraid_hears_what_helps(stage: Stage, said: str) -> None:
    assert stage.tell(f"c-{said}", said) == feelings.AFRAID


@pytest.mark.parametrize("said", ["我好难过", "心里堵得慌", "一个人好孤单", "我委屈", "烦死了", "压力好大"])
def test_who_is_low_hears_what_helps(stage: Stage, said: str) -> None:
    assert stage.tell(f"c-{said}", said) == feelings.LOW


def test_a_feeling_in_between_is_answered_and_the_question_stays(stage: Stage) -> None:
    told = stage.tell("c1", "公司不签劳动合同怎么办", "我有点担心")
    assert told.startswith(feelings.LOW) and "解决了吗" in told


def test_sleepless_in_the_middle_of_a_report_is_part_of_it(stage: Stage) -> None:
    stage.tell("c2", "幸福里3号楼楼上天天半夜唱歌")
    assert "记进情况里" in stage.tell("c2", "睡不着")
    assert stage.tell("c3", "睡不着") == feelings.ALONE


def test_what_was_set_aside_is_taken_up_and_the_other_let_be(stage: Stage) -> None:
    stage.tell("c4", "幸福里3号楼2单元楼道灯坏了", "周末有什么志愿活动")
    assert "手机号" in stage.tell("c4", "不报了，继续投诉")
    assert "已登记" in stage.tell("c4", "不留", "没有照片", "确认")
    assert "志愿活动" not in stage.shown("private:c4")[-1]


def test_an_activity_is_confirmed_by_its_own_word(stage: Stage) -> None:
    assert "报好了" in stage.tell("c5", "周末有什么志愿活动", "报名")


# -- points of another household ------------------------------------------------------------------------------------


def test_points_of_another_household_are_not_told_and_why(stage: Stage) -> None:
    assert stage.tell("e9", "林家有多少积分") == points.OTHERS_UNBOUND
    assert "绑定码" in stage.tell("d2", "问一下我家还有多少积分")  # their own
    stage.tell("e9", "我要绑定我家的积分 51830274", "确认")
    assert "180分" in stage.tell("e9", "林家有多少积分")
    assert stage.tell("e9", "隔壁老王家多少积分") == points.OTHERS_POINTS
    assert stage.tell("e9", "帮我查一下王家的积分明细") == points.OTHERS_POINTS


# -- at an open legal question --------------------------------------------------------------------------------------


def test_small_talk_at_an_open_legal_question_is_no_more_of_it(stage: Stage) -> None:
    told = stage.tell("e1", "公司不签劳动合同怎么办", "今天天气不错")
    assert "补充" not in told and "还想问就接着说" in told


def test_a_word_of_thanks_is_no_answer_to_where(stage: Stage) -> None:
    stage.tell("e2", "公司不签劳动合同怎么办", "找人")
    told = stage.tell("e2", "谢谢")
    assert told.startswith("不客气") and "哪个社区" in told


def test_who_is_asked_is_called_by_the_place(stage: Stage) -> None:
    stage.tell("e3", "公司不签劳动合同怎么办", "找人")
    assert "已经转给石磨村的法律明白人" in stage.tell("e3", "石磨村")


def test_an_unclear_line_while_a_question_waits_is_asked_back(stage: Stage) -> None:
    stage.tell("e4", "公司不签劳动合同怎么办", "找人", "幸福里社区")
    assert "接着说那件" in stage.tell("e4", "我干了两年")
    assert "一起转给幸福里社区的法律明白人" in stage.tell("e4", "是")
    assert "接着说那件" in stage.tell("e4", "我今年五十了")


def test_of_a_photo_beside_words_it_is_said_that_nobody_sees_it(stage: Stage, tmp_path: Path) -> None:
    shot = tmp_path / "slip.png"
    Image.new("RGB", (8, 8), "red").save(shot)
    stage.tell("e5", "公司不签劳动合同怎么办", "找人", "幸福里社区")
    stage.press("b2", "无利害关系，接")
    said = stage.say("e5", "这是我的工资条", photos=[str(shot)])
    assert "照片我没有转给" in texts(said, "private:e5") and "这是我的工资条" in texts(said, "private:b2")
    asked = stage.say("e6", "公司不签劳动合同怎么办", photos=[str(shot)])
    assert "照片我看不懂" in texts(asked, "private:e6")
    assert "谢谢" not in texts(stage.say("e5", "谢谢"), "private:b2")


def test_an_answer_after_the_question_was_taken_back_is_told_so(stage: Stage) -> None:
    stage.tell("e7", "公司不签劳动合同怎么办", "找人", "幸福里社区")
    stage.press("b2", "无利害关系，接")
    stage.tell("e7", "不用问了")
    told = stage.tell("b2", "超过一个月没签的要付双倍工资")
    assert "没有发出去" in told and "选「回复」再写" in told  # and not to e5, who waits as well
    stage.tell("e5", "不用问了")
    assert "请换成一句问话" in stage.tell("b2", "超过一个月没签的要付双倍工资")
    assert "相关的法条" in stage.tell("b2", "公司不给交社保怎么办")


# -- said beside the question, second round -------------------------------------------------------------------------


def test_the_estate_told_after_the_building_and_a_spoken_phone_are_kept(stage: Stage) -> None:
    stage.tell("f1", "小邻啊我是三号楼的老太太我家那个厕所往上反水你帮我看看呗")
    assert "位置记清楚了" in stage.tell("f1", "我住幸福里")
    assert "电话记下了" in stage.tell("f1", "一三八零零一三八零零零")
    told = stage.tell("f1", "其他", "没有照片")
    assert "位置：幸福里小区3号楼" in told and "138****8000" in told


def test_an_estate_is_called_by_their_own_word(stage: Stage) -> None:
    assert "位置：银杏公寓楼下" in stage.tell("f2", "充电桩坏了", "就银杏公寓楼下", "不留", "没有")


def test_what_helps_to_reach_them_is_passed_on_after_the_report(stage: Stage) -> None:
    stage.tell("f3", "幸福里3号楼水管漏水", "不留", "没有照片", "确认")
    assert "转给来办的人" in stage.tell("f3", "我耳朵不好别打电话")
    assert "有事随时叫我" in stage.tell("f3", "哦那我等着")


def test_while_a_person_is_waited_for_the_open_question_takes_its_answer(stage: Stage) -> None:
    stage.tell("f4", "楼道灯坏了", "我要找你们领导")
    assert "手机号" in stage.tell("f4", "幸福里4号楼")
    assert "不等了" in stage.tell("f4", "算了，你登记吧")
    assert "已登记" in stage.tell("f4", "不留", "没有照片", "确认")


def test_another_matter_is_heard_where_nothing_was_answered_yet(stage: Stage) -> None:
    assert "在什么位置" in stage.tell("f5", "想做志愿者", "楼下卡拉OK 我听不见 但是震动 地板一直震")
    assert "法条" in stage.tell("f6", "他能参加志愿活动吗", "我们在国外结婚 国内承认吗")
    assert "绑定码" not in stage.tell("f7", "他能参加志愿活动吗", "换一个")


def test_who_is_deaf_hears_how_it_goes_without_a_call(stage: Stage) -> None:
    assert "打字就行" in stage.tell("f8", "我是聋人 只能打字")


def test_what_was_told_wrongly_is_put_right(stage: Stage) -> None:
    stage.tell("f9", "楼道灯坏了", "不对 是电梯坏了", "幸福里5号楼")
    assert "改过来了" in stage.tell("f9", "不是，是6号楼")
    told = stage.tell("f9", "13800000000", "算了电话不留了", "没照片")
    assert "『电梯故障』" in told and "幸福里小区6号楼" in told and "电话：不留" in told


def test_what_somebody_did_is_no_place(stage: Stage) -> None:
    assert "记进情况里" in stage.tell("f10", "路灯坏了", "他把墙砸了")


def test_a_case_is_kept_after_all(stage: Stage) -> None:
    stage.tell("f11", "幸福里2号楼电梯坏了", "不留", "没有照片", "确认", "撤回吧")
    assert "照常给您办着" in stage.tell("f11", "还是别撤了")


def test_who_declines_a_person_in_other_words_is_understood(stage: Stage) -> None:
    stage.tell("f12", "平台扣我钱合法吗")
    assert "换个说法" in stage.tell("f12", "懂了")
