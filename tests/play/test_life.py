"""Fifteen more strangers, from first word to rating: a deaf man, a nurse, one who only asks, one with two homes …"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from flows.facts import ArticleView
from flows.legal.texts import answer
from tests.support.stage import Stage, on_stage, texts


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with on_stage() as found:
        yield found


# -- a report: what is said beside the question ---------------------------------------------------------------------


def test_a_room_after_its_building_and_how_to_reach_a_deaf_man_stay(stage: Stage) -> None:
    stage.tell("deaf", "楼上漏水", "梧桐苑4栋")
    assert "位置记清楚了" in stage.tell("deaf", "302")
    assert "记进情况里" in stage.tell("deaf", "不能打电话")
    assert "手机号" in texts(stage.since, "private:deaf")  # it is still asked: he may be written to
    assert "照片" in stage.tell("deaf", "不留")
    assert "记进情况里" in stage.tell("deaf", "发短信可以")
    summary = stage.tell("deaf", "没有照片")
    assert "位置：梧桐苑4号楼302" in summary and "不能打电话" in summary and "发短信可以" in summary


def test_the_matter_told_where_its_kind_was_asked_is_kept(stage: Stage) -> None:
    stage.tell("two", "我有两套房，一套在桥南新村")
    assert "哪一类" in texts(stage.since, "private:two")
    stage.tell("two", "桥南新村2幢那套楼上漏水")
    summary = stage.tell("two", "不留", "没有照片")
    assert "邻里漏水" in summary and "桥南新村2幢那套楼上漏水" in summary and "位置：桥南新村2幢" in summary


def test_a_question_back_is_no_kind_of_matter(stage: Stage) -> None:
    assert "请选一类" in stage.tell("back", "你们管不管噪音啊", "为什么要知道这个")


def test_another_matter_with_a_place_in_it_does_not_move_this_one(stage: Stage) -> None:
    stage.tell("two2", "楼上漏水到我家天花板", "人民路边上", "不清楚")
    assert "另一件事" in stage.tell("two2", "幸福里5号楼的楼道灯也坏了")
    assert "位置：人民路边上" in stage.tell("two2", "不留", "没有照片")
    assert "幸福里5号楼的楼道灯也坏了" in stage.tell("two2", "确认")


def test_a_yes_is_no_place(stage: Stage) -> None:
    assert "位置" in stage.tell("yes", "楼道灯坏了三天", "确认")
    assert "手机号" not in texts(stage.since, "private:yes")


def test_a_no_in_anger_is_a_no(stage: Stage) -> None:
    stage.tell("angry", "幸福里3号楼楼道灯坏了三天")
    assert "照片" in stage.tell("angry", "电话电话，又要电话，不给")


def test_a_pin_after_the_estate_finds_the_building_and_after_the_building_stands_beside_it(stage: Stage) -> None:
    stage.tell("pin", "幸福里小区楼道灯坏了三天")
    stage.say("pin", "", location=[30.40106, 119.90179])
    assert "位置记清楚了" in texts(stage.since, "private:pin")
    stage.say("pin", "不留")
    stage.say("pin", "", location=[30.40150, 119.90250])
    summary = stage.tell("pin", "没有照片")
    assert "位置：幸福里小区3号楼（定位 30.40150, 119.90250）" in summary


def test_a_photo_that_is_promised_may_come_later(stage: Stage) -> None:
    assert "照片不急" in stage.tell("later", "幸福里3号楼楼道灯坏了三天", "不留", "回头拍给你")
    assert "请确认" in texts(stage.since, "private:later")


def test_what_comes_after_it_is_registered_is_told_before(stage: Stage) -> None:
    stage.tell("next", "幸福里3号楼楼道灯坏了三天")
    for question in ("然后呢", "谁来修", "今天能来吗"):
        assert "会有人接手" in stage.tell("next", question), question
    assert "还没登记完" in stage.tell("next", "我的诉求")
    assert "没有您登记过" not in texts(stage.since, "private:next")
    assert "会有人接手" not in stage.tell("next", "他们几点以后不能吵")


# -- what was known to be amiss -------------------------------------------------------------------------------------


def test_a_group_that_invites_it_again_is_greeted_again(stage: Stage) -> None:
    hello = stage.step(type="join", chat="group:g12", **{"from": "w12"})
    assert len(hello) == 1 and "小邻" in hello[0]["text"]
    assert stage.step(type="join", chat="group:g12", **{"from": "w12"}) == []  # the same invitation, told twice
    stage.step(type="leave", chat="group:g12")
    again = stage.step(type="join", chat="group:g12", **{"from": "w12"})
    assert [line["text"] for line in again] == [hello[0]["text"]]


def test_the_panel_of_several_communities_says_whose_notice_it_wants(stage: Stage) -> None:
    assert "哪个社区" in stage.tell("p1", "积分公示")
    assert "幸福里社区 2025年12月道德银行积分公示" in stage.tell("p1", "幸福里社区")


# -- a question of law ----------------------------------------------------------------------------------------------


def test_a_question_of_law_keeps_what_it_began_with(stage: Stage) -> None:
    assert "没太听明白" in stage.tell("owed", "三个月工资没给，老板电话也不接，一共9个人")
    stage.tell("owed", "没签劳动合同，能去劳动仲裁告他吗", "找人", "轻工园")
    shown = texts(stage.press("lg3", "无利害关系，接"), "private:lg3")
    assert "三个月工资没给" in shown and "劳动仲裁" in shown


def test_articles_read_before_are_only_named() -> None:
    read = ArticleView("中华人民共和国劳动合同法", "第八十二条", "应当向劳动者每月支付二倍的工资。", 5.2)
    again = replace(read, score=4.9)  # found by other words
    heard = answer([again], None, "要多久能拿到", read=[read])
    assert "二倍的工资" not in heard and "法条还是刚才那几条" in heard


def test_who_is_thrown_out_by_a_landlord_reads_of_that(stage: Stage) -> None:
    heard = stage.tell("abroad", "我现在人在德国，国内的房子是租的，房东说要把我东西扔出去，怎么办")
    assert "可以马上报警" in heard and "第七百零八条" in heard


# -- passed on, sent by mistake, begun beside another ----------------------------------------------------------------

RUMOUR = "【紧急扩散】各位家长注意了！！最近有人开着白色面包车在各小区门口抢小孩，转发给更多的人！功德无量！"
LURE = "【通知】65岁以上老人可领取高龄补贴3000元，名额有限，点击链接 http://abc.example/b 填写银行卡号，立即到账"


def test_what_is_only_passed_on_is_no_report(stage: Stage) -> None:
    assert "96110" in stage.tell("fwd", RUMOUR) and "在什么位置" not in texts(stage.since, "private:fwd")
    assert "96110" in stage.tell("fwd", LURE)
    assert "119" in stage.tell("fwd3", "【速转】幸福里3号楼着火了，火已经烧到五楼了，大家快跑，转发给邻居们")
    own = "我妈收到短信说点击链接 http://abc.example/b 填写银行卡号能领补贴，她已经填了，怎么办"
    assert "真假我核实不了" not in stage.tell("fwd2", own)


def test_what_was_sent_to_the_wrong_person_is_let_be(stage: Stage) -> None:
    assert "这件先不办了" in stage.tell("wrong", "楼道灯坏了三天", "不好意思发错人了")


def test_a_report_waits_while_a_household_is_bound_and_its_goods_are_chosen(stage: Stage) -> None:
    stage.tell("gran", "石磨村三组路灯坏了三天")
    stage.tell("gran", "我想用积分换菜籽油", "72946013")
    assert "还没办完" not in stage.tell("gran", "确认")
    assert "想换哪样" in texts(stage.since, "private:gran")
    assert "刚才的「登记诉求」还没办完" in stage.tell("gran", "取消")
    assert "石磨村三组" in stage.tell("gran", "不留", "没有照片")


def test_a_report_waits_while_the_phone_is_corrected(stage: Stage) -> None:
    stage.tell("mine", "幸福里3号楼楼道灯坏了三天", "我的信息")
    stage.press("mine", "留手机号")
    assert "刚才的「登记诉求」还没办完" in stage.tell("mine", "13900001111")


def test_no_code_of_the_points_is_no_wish_for_them(stage: Stage) -> None:
    assert "问网格员" in stage.tell("code", "我家还有多少积分", "积分码我没有")
    assert "问网格员" in stage.tell("code2", "我家还有多少积分", "我这没有码，你直接查不行吗")


# -- after it was registered ----------------------------------------------------------------------------------------


def test_what_is_said_after_a_report_is_of_it(stage: Stage) -> None:
    stage.report("after", "梧桐苑4号楼楼道灯坏了三天")
    for asked in ("有人管吗", "好久能来修", "到底有没有人管啊"):
        assert "等待接单" in stage.tell("after", asked), asked
    stage.tell("after", "来了敲门我听不到")
    assert "转给他们" in stage.buttons("private:after")
    stage.tell("after", "撤")
    assert stage.buttons("private:after")[0].startswith("撤回 ")


def test_whether_a_report_may_be_taken_back_does_not_end_it(stage: Stage) -> None:
    assert "随时可以补充、催办、撤回" in stage.tell("may", "幸福里3号楼楼道灯坏了三天", "能撤吗")
    assert "照片" in stage.tell("may", "不留")


# -- others ---------------------------------------------------------------------------------------------------------


def test_a_child_reads_the_long_words_once(stage: Stage) -> None:
    first = stage.tell("kid", "我今年9岁")
    again = stage.tell("kid", "我的小狗丢了")
    assert "监护人" in first and "孩子在用小邻" not in again
    assert stage.buttons("private:kid") == ["我是家长，同意"]


def test_a_unit_reports_in_and_takes_on_a_need(stage: Stage) -> None:
    assert "在哪个社区" in stage.tell("unit", "我是党员，来社区双报到")
    stage.tell("unit", "取消")
    heard = stage.tell("unit", "我们单位想认领一个需求")
    assert "先报个到" in heard and "没有等人认领" not in heard
    stage.tell("unit", "幸福里社区", "柳溪供电所党支部", "没有", "确认")
    assert "换纱窗" in stage.tell("unit", "需求清单")


def test_the_end_of_a_list_is_a_cancel(stage: Stage) -> None:
    stage.tell("end", "最近有什么志愿活动")
    assert "先不办了" in stage.tell("end", "结束")


# -- in a group -----------------------------------------------------------------------------------------------------


def test_the_link_for_all_neighbours_is_for_all_of_them(stage: Stage) -> None:
    stage.say("ga", "咱们4号楼电梯又停了", "group:g3")
    stage.follow("ga", "group:g3")
    stage.say("gb", "我家也是，刚爬了11楼", "group:g3")
    for who in ("gb", "gc"):
        heard = texts(stage.follow(who, "group:g3"), f"private:{who}")
        assert "群里有邻居说“咱们4号楼电梯又停了”" in heard and "手机号" in heard, who
    assert "时间记下了" in stage.tell("ga", "从昨晚开始")
    assert "昨" in stage.tell("ga", "不留", "没有照片") or "1月4日" in texts(stage.since, "private:ga")
    stage.tell("ga", "确认")
    assert "等待接单" in stage.tell("ga", "好了没")
    stage.tell("ga", "晚上八点以后都在")
    assert "转给他们" in stage.buttons("private:ga")


def test_what_is_said_in_one_breath_in_a_group_goes_along(stage: Stage) -> None:
    stage.say("gd", "二楼楼道里", "group:g4")
    stage.say("gd", "有人给电动车飞线充电", "group:g4")
    assert "二楼楼道里" in texts(stage.follow("gd", "group:g4"), "private:gd")


def test_whether_one_is_anonymous_is_answered_in_a_line(stage: Stage) -> None:
    assert stage.tell("anon", "我是匿名的吧").startswith("登记不用留名字")


# -- answers in one's own words -------------------------------------------------------------------------------------


def test_a_household_is_said_to_be_ones_own(stage: Stage) -> None:
    assert "绑好了" in stage.tell("lin", "绑定 60427719", "是我家")
    stage.tell("lin", "我想用积分换东西")
    assert "志愿" not in stage.tell("lin", "我女儿能去拿不") and "正在招人" not in texts(stage.since, "private:lin")


def test_what_is_still_amiss_after_it_was_done_is_of_that_case(stage: Stage) -> None:
    stage.report("door", "银杏公寓A座大厅的玻璃门裂了一条缝")
    stage.tell("door", "他们今天钻到中午")
    assert "转给他们" in stage.buttons("private:door")
    assert "等待接单" in stage.tell("door", "第一件怎么样了")
    assert "等待接单" in stage.tell("door", "我一共报了几件了")
    room = "group:staff-xfl-4"
    for label in ("接单", "办结", "已办结"):
        stage.press("w4", label, room)
    stage.say("w4", "玻璃已经换新的", room)
    stage.tell("door", "玻璃换了，但门框有裂缝")
    assert "是另一件事" in stage.buttons("private:door")


def test_the_next_matter_is_gone_on_with_in_other_words(stage: Stage) -> None:
    stage.tell("go", "幸福里3号楼2单元楼道灯坏了。另外问一下我家还有多少积分", "不留", "没有照片")
    assert "要接着办吗" in stage.tell("go", "确认")
    assert "绑定码" in stage.tell("go", "接着说")


def test_a_place_put_right_after_it_was_registered_is_told_to_who_comes(stage: Stage) -> None:
    stage.report("rather", "银杏公寓A座门口垃圾没人清")
    assert "补充" in stage.tell("rather", "不对 是B座")


def test_what_goes_on_telling_is_no_place(stage: Stage) -> None:
    assert "哪个小区" not in stage.tell("again", "楼道灯坏了三天", "门又裂了")


def test_a_report_for_a_neighbour_is_one(stage: Stage) -> None:
    heard = stage.tell("hair", "我是理发店的，隔壁张阿姨家暖气不热好几天了，帮她报一下")
    assert "位置" in heard


def test_a_question_is_no_name(stage: Stage) -> None:
    stage.tell("name", "登记志愿者", "同意")
    assert "出生日期" not in stage.tell("name", "能不能换下周六")


def test_where_one_meets_is_of_ones_own_sign_up(stage: Stage) -> None:
    stage.tell("vol", "我报名周日的清河", "确认")
    heard = stage.tell("vol", "周日集合点在哪")
    assert "您报名的活动" in heard and "1月11日" in heard and "给您报名吗" not in heard
