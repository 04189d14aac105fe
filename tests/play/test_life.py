"""Fifteen more strangers, from first word to rating: a deaf man, a nurse, one who only asks, one with two homes …"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.stage import Stage, on_stage, texts


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with on_stage() as found:
        yield found


def told(stage: Stage, who: str, *lines: str) -> str:
    """What the last of these lines is answered with in private."""
    for line in lines:
        stage.say(who, line)
    return texts(stage.since, f"private:{who}")


# -- a report: what is said beside the question ---------------------------------------------------------------------


def test_a_room_after_its_building_and_how_to_reach_a_deaf_man_stay(stage: Stage) -> None:
    told(stage, "deaf", "楼上漏水", "梧桐苑4栋")
    assert "位置记清楚了" in told(stage, "deaf", "302")
    assert "记进情况里" in told(stage, "deaf", "不能打电话")
    assert "手机号" in texts(stage.since, "private:deaf")  # it is still asked: he may be written to
    assert "照片" in told(stage, "deaf", "不留")
    assert "记进情况里" in told(stage, "deaf", "发短信可以")
    summary = told(stage, "deaf", "没有照片")
    assert "位置：梧桐苑4号楼302" in summary and "不能打电话" in summary and "发短信可以" in summary


def test_the_matter_told_where_its_kind_was_asked_is_kept(stage: Stage) -> None:
    told(stage, "two", "我有两套房，一套在桥南新村")
    assert "哪一类" in texts(stage.since, "private:two")
    told(stage, "two", "桥南新村2幢那套楼上漏水")
    summary = told(stage, "two", "不留", "没有照片")
    assert "邻里漏水" in summary and "桥南新村2幢那套楼上漏水" in summary and "位置：桥南新村2幢" in summary


def test_a_question_back_is_no_kind_of_matter(stage: Stage) -> None:
    assert "请选一类" in told(stage, "back", "你们管不管噪音啊", "为什么要知道这个")


def test_another_matter_with_a_place_in_it_does_not_move_this_one(stage: Stage) -> None:
    told(stage, "two2", "桥南新村2幢楼上漏水到我家天花板")
    assert "另一件事" in told(stage, "two2", "幸福里5号楼的楼道灯也坏了")
    assert "位置：桥南新村2幢" in told(stage, "two2", "不留", "没有照片")
    assert "幸福里5号楼的楼道灯也坏了" in told(stage, "two2", "确认")


def test_a_yes_is_no_place(stage: Stage) -> None:
    assert "位置" in told(stage, "yes", "楼道灯坏了三天", "确认")
    assert "手机号" not in texts(stage.since, "private:yes")


def test_a_no_in_anger_is_a_no(stage: Stage) -> None:
    told(stage, "angry", "幸福里3号楼楼道灯坏了三天")
    assert "照片" in told(stage, "angry", "电话电话，又要电话，不给")


def test_a_pin_after_the_estate_finds_the_building_and_after_the_building_stands_beside_it(stage: Stage) -> None:
    told(stage, "pin", "幸福里小区楼道灯坏了三天")
    stage.say("pin", "", location=[30.40106, 119.90179])
    assert "位置记清楚了" in texts(stage.since, "private:pin")
    stage.say("pin", "不留")
    stage.say("pin", "", location=[30.40150, 119.90250])
    summary = told(stage, "pin", "没有照片")
    assert "位置：幸福里小区3号楼（定位 30.40150, 119.90250）" in summary


def test_what_comes_after_it_is_registered_is_told_before(stage: Stage) -> None:
    told(stage, "next", "幸福里3号楼楼道灯坏了三天")
    for question in ("然后呢", "谁来修", "今天能来吗"):
        assert "会有人接手" in told(stage, "next", question), question
    assert "还没登记完" in told(stage, "next", "我的诉求")
    assert "没有您登记过" not in texts(stage.since, "private:next")
    assert "会有人接手" not in told(stage, "next", "他们几点以后不能吵")


# -- what was known to be amiss -------------------------------------------------------------------------------------


def test_a_group_that_invites_it_again_is_greeted_again(stage: Stage) -> None:
    hello = stage.step(type="join", chat="group:g12", **{"from": "w12"})
    assert len(hello) == 1 and "小邻" in hello[0]["text"]
    assert stage.step(type="join", chat="group:g12", **{"from": "w12"}) == []  # the same invitation, told twice
    stage.step(type="leave", chat="group:g12")
    again = stage.step(type="join", chat="group:g12", **{"from": "w12"})
    assert [line["text"] for line in again] == [hello[0]["text"]]


def test_the_panel_of_several_communities_says_whose_notice_it_wants(stage: Stage) -> None:
    assert "哪个社区" in told(stage, "p1", "积分公示")
    assert "幸福里社区 2025年12月道德银行积分公示" in told(stage, "p1", "幸福里社区")


# -- a question of law ----------------------------------------------------------------------------------------------


def test_a_question_of_law_keeps_what_it_began_with(stage: Stage) -> None:
    assert "没太听明白" in told(stage, "owed", "老板跑了，三个月工资没给，我们一共9个人")
    told(stage, "owed", "没签劳动合同，能去劳动仲裁告他吗", "找人", "轻工园")
    shown = texts(stage.press("lg3", "无利害关系，接"), "private:lg3")
    assert "三个月工资没给" in shown and "劳动仲裁" in shown


def test_articles_read_before_are_only_named(stage: Stage) -> None:
    first = told(stage, "rent", "没签劳动合同，只有微信记录，公司该赔多少")
    again = told(stage, "rent", "要多久能拿到")
    assert "第八十二条：" in first and "第八十二条：" not in again


def test_who_is_thrown_out_by_a_landlord_reads_of_that(stage: Stage) -> None:
    heard = told(stage, "abroad", "我现在人在德国，国内的房子是租的，房东说要把我东西扔出去，怎么办")
    assert "可以马上报警" in heard and "第七百零八条" in heard
