"""Volunteers played by hand: registering, a card in the group, coming and leaving, hours, corrections, needs, help."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.presses import Desk
from bot.volunteering import enrol, sheet
from flows.domain.volunteering import place_codes
from flows.volunteer.register import TEXT_VERSION
from storage import kept, ledger, merging, people, volunteers
from storage.tables import activity as activities
from storage.tables import area, certificate, consent, need, personal, service_hours, shift, sign_up, staff, transfer
from tests.support.stage import Stage, texts

MEAL = "陪老人吃顿饭"


def say_all(stage: Stage, who: str, *lines: str) -> str:
    for line in lines:
        stage.say(who, line)
    return texts(stage.since, f"private:{who}")


def registered(stage: Stage, who: str, name: str, skills: str = "没有", shown: str = "显示名字") -> None:
    out = say_all(stage, who, "登记志愿者", "同意", name, "1968年5月4日", "幸福里社区", skills, "都行", shown, "确认")
    assert f"登记好了，{name}" in out


def activity(stage: Stage, capacity: int = 1, when: str = "周六 9:00-11:00", told: str = "先不发") -> None:
    what = ("发布活动", "不是队伍的活动", "公园拔草", "公园东门", when, str(capacity))
    assert "发布好了" in say_all(stage, "v1", *what, "带手套", "不限", "没有", "开始前都行", "没有", told, "确认")


def joined(stage: Stage, who: str) -> str:
    return say_all(stage, who, "公园拔草", "确认")


def code_now(stage: Stage) -> str:
    with stage.world.database.read() as conn:
        last = conn.execute(select(shift.c.id).order_by(shift.c.id.desc())).scalars().first()
    assert last
    return place_codes(stage.world.secret, last, stage.player.channel.now)[0]


def rows(stage: Stage, query: Any) -> list[Any]:
    with stage.world.database.read() as conn:
        return list(conn.execute(query))


def test_the_card_in_the_group_says_that_it_is_full_and_how_many_wait(stage: Stage) -> None:
    activity(stage, capacity=2, told="发到居民群")
    for who in ("u1", "u2"):
        stage.press(who, "我要去", "group:g1")
    assert "已报2人\n已满，可以排队" in stage.last("group:g2")["text"]
    stage.press("u3", "我要去", "group:g1")
    assert "已满，可以排队，1人在排队" in stage.last("group:g2")["text"]


def test_check_in_is_heard_at_any_question(stage: Stage) -> None:
    activity(stage)
    joined(stage, "u1")
    say_all(stage, "u1", "登记志愿者", "同意", "袁小丽", "1968年5月4日")  # and left it there
    stage.tick("2026-01-10T08:50:00+08:00")
    assert "签到码" in say_all(stage, "u1", "签到")
    assert "签到好了" in say_all(stage, "u1", code_now(stage))


@pytest.mark.parametrize("said", ["怎么核实一张志愿服务证明是不是真的", "有人给我一张志愿服务证明，编号怎么查"])
def test_anybody_hears_how_a_certificate_is_checked(stage: Stage, said: str) -> None:
    assert "扫证明上的二维码" in say_all(stage, "u9", said)


def test_how_to_sign_up_and_a_bare_title_find_the_activities(stage: Stage) -> None:
    assert "正在招人" in say_all(stage, "u1", "怎么报名志愿活动")
    stage.say("u1", "取消")
    stage.say("u1", MEAL)
    labels = stage.buttons("private:u1")
    assert labels and all(MEAL in label for label in labels)


def test_a_shift_from_sign_up_to_a_certificate(stage: Stage) -> None:
    registered(stage, "u1", "林小满")
    activity(stage, capacity=3)
    assert "报好了" in joined(stage, "u1")
    joined(stage, "u2")
    stage.tick("2026-01-10T08:50:00+08:00")
    assert "签到码不对" in say_all(stage, "u1", "签到", "0000").replace("这个码不对", "签到码不对")
    assert "签到好了" in say_all(stage, "u1", code_now(stage))
    out = stage.tick("2026-01-10T09:01:00+08:00")
    assert "应到2人，已签到1人" in texts(out, "private:v1")
    assert "林小满" not in texts(out, "private:v1")  # who is there is not called missing
    stage.tick("2026-01-10T10:30:00+08:00")
    assert "签退好了" in say_all(stage, "u1", f"签退 {code_now(stage)}")
    out = stage.tick("2026-01-10T11:31:00+08:00")
    assert "林小满，1.5小时，待确认" in texts(out, "private:v1")
    out = stage.press("v1", "全部确认")
    assert "1.5小时，已经确认" in texts(out, "private:u1")
    stage.press("v1", "全部确认")
    assert len(rows(stage, select(service_hours.c.id))) == 1  # pressed twice, counted once
    out = stage.say("u1", "志愿证明")
    assert "证明开好了" in texts(out, "private:u1")
    assert rows(stage, select(certificate.c.masked, certificate.c.minutes)) == [("林*满", 90)]
    stage.press("v1", "改 1. 林小满")
    out = stage.say("v1", "1小时")
    assert "扣回1.5小时" in texts(out, "private:u1") and "累计1小时" in texts(out, "private:u1")
    assert [r.minutes for r in rows(stage, select(service_hours.c.minutes).order_by(service_hours.c.id))] == [
        90,
        -90,
        60,
    ]
    assert [bool(r.revoked_at) for r in rows(stage, select(certificate.c.revoked_at))] == [True]


def test_who_forgets_to_check_out_gets_the_planned_end_marked(stage: Stage) -> None:
    activity(stage, capacity=3)
    joined(stage, "u1")
    stage.tick("2026-01-10T09:15:00+08:00")
    say_all(stage, "u1", f"签到 {code_now(stage)}")
    out = stage.tick("2026-01-10T11:31:00+08:00")
    assert "忘签退，按结束时间算" in texts(out, "private:v1")
    assert "1.8小时" in texts(out, "private:v1")


def test_the_waiting_list_moves_up_by_asking_and_a_late_cancel_is_told(stage: Stage) -> None:
    activity(stage)
    joined(stage, "u1")
    assert "排上队了" in joined(stage, "u2")
    joined(stage, "u3")
    stage.tick("2026-01-10T06:00:00+08:00")
    stage.say("u1", "取消报名")
    out = stage.press("u1", "退掉")
    assert "轮到您了" in texts(out, "private:u2")
    assert "刚刚退出" in texts(out, "private:v1")
    out = stage.press("u2", "来不了")
    assert "轮到您了" in texts(out, "private:u3")
    out = stage.press("u3", "我来")
    assert "报好了" in texts(out, "private:u3")
    assert sorted(r.state for r in rows(stage, select(sign_up.c.state))) == ["cancelled", "cancelled", "confirmed"]


def test_a_place_nobody_answers_for_goes_on_to_the_next(stage: Stage) -> None:
    activity(stage)
    for who in ("u1", "u2", "u3"):
        joined(stage, who)
    stage.say("u1", "取消报名")
    stage.press("u1", "退掉")
    out = stage.tick("2026-01-05T12:00:00+08:00")
    assert "让给后面的人" in texts(out, "private:u2")
    assert "轮到您了" in texts(out, "private:u3")
    assert "已经让给后面的人" in stage.press("u2", "我来")[0]["text"]


def test_who_came_without_the_code_is_credited_and_nothing_was_there_to_reverse(stage: Stage) -> None:
    activity(stage)
    joined(stage, "u1")
    stage.tick("2026-01-10T12:00:00+08:00")
    stage.press("v1", "改 1. 邻居（没留名字）")
    out = stage.say("v1", "1小时")
    assert "记上了" in texts(out, "private:v1") and "冲正" not in texts(out, "private:v1")
    stage.press("v1", "改 1. 邻居（没留名字）")
    assert "冲正" in texts(stage.say("v1", "2小时"), "private:v1")


def test_rain_tells_everybody_and_nobody_is_reminded(stage: Stage) -> None:
    activity(stage, capacity=3, told="发")
    joined(stage, "u1")
    stage.say("v1", "管理活动")
    stage.press("v1", "公园拔草 1月10日周六 9:00 1/3")
    stage.press("v1", "取消这一场")
    out = stage.say("v1", "下雨")
    assert "取消了（下雨）" in texts(out, "private:u1")
    assert "这一场取消了" in texts(out, "group:g1")
    later = stage.tick("2026-01-10T12:00:00+08:00")
    assert not any("公园拔草" in line["text"] for line in later if line.get("text"))


def moved(stage: Stage, to: str) -> list[dict[str, Any]]:
    """The shift of `activity` at another time; what was said then."""
    stage.say("v1", "管理活动")
    stage.press("v1", next(label for label in stage.buttons("private:v1") if label.startswith("公园拔草")))
    stage.press("v1", "改时间")
    assert "改吗？" in texts(stage.say("v1", to), "private:v1")
    return stage.press("v1", "确认")


def test_a_shift_that_moves_is_told_and_reminders_go_with_it(stage: Stage) -> None:
    activity(stage, capacity=2, told="发")
    for who in ("u1", "u2", "u3"):
        joined(stage, who)
    out = moved(stage, "周日 下午2点到4点")
    for who in ("u1", "u2", "u3"):
        assert "原来是1月10日周六 9:00—11:00，现在改到1月11日周日 14:00—16:00" in texts(out, f"private:{who}")
    assert "1月11日周日 14:00" in texts(out, "group:g1")
    left = stage.press("u1", "来不了，退掉")
    assert "已经退了「公园拔草」" in texts(left, "private:u1")
    assert "轮到您了" in texts(left, "private:u3")
    assert "已经不在名单上" in stage.press("u1", "来不了，退掉")[0]["text"]
    early = stage.tick("2026-01-11T11:00:00+08:00")
    told = [line for line in early if line.get("chat") == "private:u2"]
    assert [line["at"][:16] for line in told] == ["2026-01-10T19:00"]  # nothing at the old time
    assert "「公园拔草」，1月11日周日 14:00—16:00" in told[0]["text"]
    heard = [line for line in early if line.get("chat") == "private:v1"]  # nobody is missing at the old start
    assert ["还没满" in line["text"] for line in heard] == [True]
    later = stage.tick("2026-01-11T17:00:00+08:00")
    assert "今天14:00开始" in texts(later, "private:u2")
    assert [line["at"][11:16] for line in later if line.get("chat") == "private:v1"] == ["14:00", "16:30"]


def test_a_moved_shift_keeps_the_place_that_waits_for_an_answer(stage: Stage) -> None:
    activity(stage)
    for who in ("u1", "u2"):
        joined(stage, who)
    say_all(stage, "u1", "取消报名", "退掉")
    out = moved(stage, "今天下午1点到3点")
    assert "现在改到1月5日周一 13:00—15:00" in texts(out, "private:u2")
    assert "留到1月5日周一 11:00" in texts(out, "private:u2")
    assert "报好了" in texts(stage.press("u2", "我来"), "private:u2")


def test_somebody_with_another_shift_then_hears_of_it_and_has_the_choice(stage: Stage) -> None:
    activity(stage, capacity=3)
    assert "报好了" in say_all(stage, "u1", "我想参加周日的柳溪清河行动", "确认")
    joined(stage, "u1")
    joined(stage, "u2")
    out = moved(stage, "周日")
    assert "和您报的另一场撞上了" in texts(out, "private:u1")
    assert "撞上" not in texts(out, "private:u2")


def test_only_its_organiser_moves_a_shift_and_only_to_where_it_can_go(stage: Stage) -> None:
    activity(stage, capacity=3)
    joined(stage, "u1")
    desk = Desk(stage.world)
    with stage.world.database.read() as conn:
        id = conn.execute(select(shift.c.id).order_by(shift.c.id.desc())).scalars().first()
        organiser, stranger = (
            conn.execute(select(staff.c.id).where(staff.c.key == key)).scalar_one() for key in ("v1", "v2")
        )

    def act(who: int, day: str, start: str, end: str) -> str:
        args = {"shift": id, "start": f"2026-01-{day}T{start}+08:00", "end": f"2026-01-{day}T{end}+08:00"}
        return desk.act(staff_id=who, action="shift.move", args=args, note=None, now=stage.player.channel.now)

    for who, when, why in (
        (stranger, ("11", "09:00", "11:00"), "不归您组织"),
        (organiser, ("10", "09:00", "11:00"), "一样"),
        (organiser, ("04", "09:00", "11:00"), "已经过了"),
        (organiser, ("11", "11:00", "09:00"), "晚于开始"),
        (organiser, ("11", "", ""), "都要填"),
    ):
        assert why in act(who, *when)
    assert "1人都通知了" in act(organiser, "11", "09:00", "11:00")
    stage.tick("2026-01-11T08:50:00+08:00")
    say_all(stage, "u1", "签到", code_now(stage))
    assert "已经有人签到" in act(organiser, "12", "09:00", "11:00")


def test_the_time_a_shift_had_is_free_for_another_and_taken_where_one_is(stage: Stage) -> None:
    activity(stage, capacity=3)
    moved(stage, "周日")
    stage.press("v1", "新增班次")
    label = next(label for label in stage.buttons("private:v1") if label.startswith("公园拔草"))
    stage.press("v1", label)
    assert "发布好了" in say_all(stage, "v1", "周六 9:00-11:00", "3", "先不发", "确认")
    stage.say("v1", "管理活动")
    stage.press("v1", "公园拔草 1月10日周六 9:00 0/3")
    stage.press("v1", "改时间")
    stage.say("v1", "周日")
    assert "已经有一场了" in stage.press("v1", "确认")[0]["text"]


def test_one_tap_on_the_card_signs_up_and_shows_only_names_that_may_be_shown(stage: Stage) -> None:
    registered(stage, "u1", "林小满")
    registered(stage, "u2", "王大力", shown="不显示")
    activity(stage, capacity=2, told="发")
    out = stage.press("u1", "我要去", "group:g1")
    assert any("报好了" in line["text"] for line in out if line["type"] == "notice")
    stage.press("u2", "我要去", "group:g1")
    card = stage.shown("group:g1")[-1]
    assert "林小满" in card and "王大力" not in card and "已报2人" in card
    assert "1月10日周六" in texts(stage.say("u1", "我的报名"), "private:u1")
    out = stage.press("u3", "我要去", "group:g1")
    assert any("排上队" in line["text"] for line in out if line["type"] == "notice")


def test_somebody_else_stands_in(stage: Stage) -> None:
    activity(stage)
    joined(stage, "u1")
    stage.say("u1", "我想找人替我去拔草，取消报名")
    out = stage.press("u1", "找人替我或对换")
    code = re.search(r"接班 (\d{6})", texts(out, "private:u1"))
    assert code
    assert "您自己的" in say_all(stage, "u1", f"接班 {code[1]}")
    assert "您接吗" in say_all(stage, "u2", f"接班 {code[1]}")
    out = stage.press("u2", "同意")
    assert "接替您去" in texts(out, "private:u1") and "名单上换成您了" in texts(out, "private:u2")
    assert "用过" in say_all(stage, "u3", f"接班 {code[1]}")


def test_a_minor_needs_a_guardian_and_a_child_is_accompanied(stage: Stage) -> None:
    said = say_all(stage, "u1", "登记志愿者", "同意", "小明", "2013-02-03")
    assert "没满14岁" in said
    assert "11位" in say_all(stage, "u1", "王大力", "12345")
    say_all(stage, "u1", "13812345678")
    out = stage.press("u1", "还没同意")
    assert "什么也没留" in texts(out, "private:u1")
    assert not rows(stage, select(personal.c.id))


def test_birth_dates_of_summer_time_days_are_only_dates(stage: Stage) -> None:
    said = say_all(stage, "u1", "登记志愿者", "同意", "林小满", "1986-05-04")
    assert "哪个社区" in said
    assert "没有这一天" in say_all(stage, "u2", "登记志愿者", "同意", "林小满", "1986-02-30")


def test_registered_data_goes_when_asked(stage: Stage) -> None:
    registered(stage, "u1", "林小满")
    stage.say("u1", "注销志愿者")
    assert "都删了" in texts(stage.press("u1", "注销"), "private:u1")
    assert not rows(stage, select(personal.c.id))


def test_a_need_goes_from_the_list_to_confirmed_hours(stage: Stage) -> None:
    say_all(stage, "v1", "管理活动")
    stage.press("v1", "发布需求或岗位")
    assert "发布好了" in say_all(stage, "v1", "需求", "给独居老人换纱窗", "没有", "确认")
    assert "报到好了" in say_all(stage, "u1", "双报到", "幸福里社区", "柳溪小学", "会议室周末可借", "确认")
    assert "换纱窗" in say_all(stage, "u1", "需求清单")
    out = stage.press("u1", "认领第1项")
    assert "交给您了" in texts(out, "private:u1")
    stage.press("u1", "办好了")
    out = stage.say("u1", "一个半小时")
    assert "用了1.5小时" in texts(out, "private:v1")
    out = stage.press("v1", "属实，确认")
    assert "1.5小时，已经确认" in texts(out, "private:u1")
    stage.press("v1", "属实，确认")
    assert rows(stage, select(need.c.state, service_hours.c.minutes).join(service_hours)) == [("confirmed", 90)]
    assert "柳溪小学：会议室周末可借" in say_all(stage, "u1", "资源清单")


def test_a_request_is_offered_to_a_few_and_the_address_told_to_one(stage: Stage) -> None:
    for who, name in (("u1", "林一"), ("u2", "林二"), ("u3", "林三"), ("u4", "林四")):
        registered(stage, who, name, skills="陪诊")
    registered(stage, "u5", "林五", skills="理发")
    stage.mark = len(stage.lines)
    said = say_all(stage, "old", "找志愿者陪诊", "幸福里社区", "周三上午", "3号楼2单元501", "要推轮椅")
    assert "陪诊" in said and "3号楼2单元501" in said
    out = stage.say("old", "确认")
    asked = [line["chat"] for line in out if "方便吗" in line.get("text", "")]
    assert len(asked) == 3 and "private:u5" not in asked
    assert not any("501" in line["text"] for line in out if line["chat"] != "private:old")
    out = stage.press("u1", "我来帮")
    assert "501" in texts(out, "private:u1") and "接了您的" in texts(out, "private:old")
    out = stage.press("u2", "我来帮")
    assert "501" not in "".join(line["text"] for line in out)
    stage.tick("2026-01-05T13:00:00+08:00")
    assert not any("方便吗" in line.get("text", "") for line in stage.since)


def test_who_does_not_organise_opens_nothing(stage: Stage) -> None:
    assert "志愿组织者" in say_all(stage, "u1", "发布活动")


def code_given(stage: Stage, who: str) -> str:
    say_all(stage, who, "换班")
    stage.press(who, "选一场换出去")
    out = texts(stage.press(who, "找人替我或对换"), f"private:{who}")
    return re.findall(r"\d{6}", out)[0]


def mine(stage: Stage, who: str) -> str:
    return say_all(stage, who, "我报名了哪些活动")


def test_two_swap_their_places_when_both_agree(stage: Stage) -> None:
    activity(stage)
    joined(stage, "u1")
    assert "清河行动" in say_all(stage, "u2", "周日我想去清河", "确认")
    code = code_given(stage, "u1")
    assert "换成" in say_all(stage, "u2", f"换班 {code}", "1")
    assert "您去：「柳溪清河行动」" in stage.shown("private:u1")[-1]
    out = stage.press("u1", "不换")
    assert "不换了" in texts(out, "private:u2") and "公园拔草" in mine(stage, "u1")
    say_all(stage, "u2", f"换班 {code}", "1")
    out = stage.press("u1", "同意换")
    assert "换好了！您现在去的是「公园拔草」" in texts(out, "private:u2")
    assert "换班" in texts(out, "private:v1")
    assert "清河行动" in mine(stage, "u1") and "公园拔草" not in stage.shown("private:u1")[-1]
    assert "公园拔草" in mine(stage, "u2")
    assert "不对，或者已经用过" in say_all(stage, "u3", f"换班 {code}")


def test_a_swap_is_looked_at_again_when_the_other_agrees(stage: Stage) -> None:
    activity(stage, capacity=2)
    joined(stage, "u1")
    say_all(stage, "u2", "周日我想去清河", "确认")
    code = code_given(stage, "u1")
    say_all(stage, "u2", f"换班 {code}", "1")
    joined(stage, "u2")  # has one of both now: the swap would give him the same place twice
    assert "换不成" in str(stage.press("u1", "同意换"))
    assert "公园拔草" in mine(stage, "u1")


def test_an_organiser_adds_shifts_in_words(stage: Stage) -> None:
    activity(stage)
    say_all(stage, "v1", "新增班次", "公园拔草", "下周三上午九点到十一点半", "6")
    stage.press("v1", "先不发")
    assert "1月14日周三 9:00—11:30" in stage.shown("private:v1")[-1]
    assert "一共1场" in say_all(stage, "v1", "确认")
    say_all(stage, "v1", "新增班次", "公园拔草", "下周三上午九点到十一点半", "6")
    stage.press("v1", "先不发")
    assert "已经有了" in say_all(stage, "v1", "确认")
    assert "由社区的志愿组织者" in say_all(stage, "u1", "新增班次")


def test_nobody_is_asked_for_help_at_night(stage: Stage) -> None:
    registered(stage, "u2", "老周", skills="陪诊")
    stage.tick("2026-01-05T22:00:00+08:00")
    steps = ("找志愿者陪诊", "幸福里社区", "周四上午", "3号楼1单元201", "没有", "确认")
    out = say_all(stage, "u1", *steps)
    assert "8:00开始问" in out or "7:30开始问" in out
    assert "想请志愿者帮忙" not in "".join(stage.shown("private:u2"))
    assert "想请志愿者帮忙" in texts(stage.tick("2026-01-06T08:01:00+08:00"), "private:u2")


def test_a_team_hears_of_what_its_leader_opens(stage: Stage) -> None:
    assert "护溪队（0人）" in say_all(stage, "u1", "有哪些队伍")
    assert "先登记" in say_all(stage, "u1", "加入护溪队")
    registered(stage, "u1", "林小满")
    stage.say("u1", "加入护溪队")
    out = stage.press("u1", "确认")
    assert "林小满加入了「护溪队」，现在一共1人" in texts(out, "private:v1")
    assert "有1人：林小满" in say_all(stage, "v1", "我的队伍")
    steps = (
        "发布活动",
        "护溪队",
        "清枯枝",
        "栈道南口",
        "周六 9:00-11:00",
        "5",
        "带手套",
        "不限",
        "没有",
        "没有",
        "没有",
        "先不发",
    )
    say_all(stage, "v1", *steps)
    out = stage.press("v1", "确认")
    assert "「护溪队」有新活动" in texts(out, "private:u1")
    out = stage.press("u1", "我要去")
    assert any("报好了" in line["text"] for line in out if line["type"] == "notice")
    say_all(stage, "u1", "退出护溪队")
    stage.press("u1", "确认")
    assert "不在哪支队伍" in say_all(stage, "u1", "退出队伍")


def test_who_signed_on_paper_is_connected_by_a_code(stage: Stage) -> None:
    now = stage.player.channel.now
    forms = [
        ["林小满", "1968-05-04", "幸福里社区", "理发、陪聊", "周末", "", "", "护溪队", "2026-01-03", TEXT_VERSION],
        ["苗苗", "2012-05-04", "幸福里社区", "", "", "", "", "", "2026-01-03", TEXT_VERSION],
        ["王大力", "1968-13-04", "幸福里社区", "", "", "", "", "", "2026-01-03", TEXT_VERSION],
        ["王大力", "1968-03-04", "幸福里社区", "", "", "", "", "", "2026-01-03", "去年的"],
        ["王大力", "1968-03-04", "幸福里社区", "", "", "", "", "", "2027-01-03", TEXT_VERSION],
        ["王大力", "1968-03-04", "天上社区", "", "", "", "", "", "2026-01-03", TEXT_VERSION],
        ["王大力", "1968-03-04", "幸福里社区", "", "", "", "", "没有队", "2026-01-03", TEXT_VERSION],
    ]
    for data, name in ((sheet.xlsx(enrol.COLUMNS, forms), "a.xlsx"), (sheet.csv_bytes(enrol.COLUMNS, forms), "a.csv")):
        with stage.world.database.write() as conn:
            made, failed = enrol.write(conn, sheet.read(data, name, enrol.NEEDED), now)
        assert [one.row for one in failed] == [3, 4, 5, 6, 7, 8]
        if name == "a.xlsx":
            assert [(one.row, one.name) for one in made] == [(2, "林小满")]
            code = made[0].code
        else:
            assert not made  # twice is once
    assert "不对" in say_all(stage, "u2", "登记码 00000000" if code != "00000000" else "登记码 00000001")
    assert "林*满" in say_all(stage, "u1", f"登记码 {code}")
    assert "连上了" in texts(stage.press("u1", "同意"), "private:u1")
    assert "您在「护溪队」" in say_all(stage, "u1", "我的队伍")
    agreed = rows(stage, select(consent.c.text_version, consent.c.at).where(consent.c.purpose == "volunteer"))
    assert [(one.text_version, one.at.date().isoformat()) for one in agreed] == [(TEXT_VERSION, "2026-01-03")]
    assert "不对" in say_all(stage, "u3", f"登记码 {code}")


def test_hours_become_points_of_the_household_by_rule_and_go_back_when_corrected(stage: Stage) -> None:
    say_all(stage, "u1", "51830274", "确认")  # 林家, 180 points
    registered(stage, "u1", "林小满")
    activity(stage, when="周六 9:00-11:30")
    joined(stage, "u1")
    stage.tick("2026-01-10T09:00:00+08:00")
    say_all(stage, "u1", f"签到 {code_now(stage)}")
    stage.tick("2026-01-10T12:01:00+08:00")
    out = stage.press("v1", "全部确认")
    assert "加了6分" in texts(out, "private:u1") and "现在一共186分" in texts(
        out, "private:u1"
    )  # whole hours, 3 points each
    stage.press("v1", "改 1. 林小满")
    out = stage.say("v1", "1小时")
    assert "183分" in say_all(stage, "u1", "我家多少积分")
    moved = rows(stage, select(transfer.c.points, transfer.c.rule_id).where(transfer.c.key.startswith("hours:")))
    assert [row.points for row in moved] == [6, 6, 3] and len({row.rule_id for row in moved}) == 1


def test_corrected_hours_credit_the_difference_when_their_points_are_spent_and_follow_a_merged_person(
    stage: Stage,
) -> None:
    say_all(stage, "u1", "51830274", "确认")  # 林家, 180 points
    registered(stage, "u1", "林小满")
    activity(stage, when="周六 9:00-11:30")
    joined(stage, "u1")
    stage.tick("2026-01-10T09:00:00+08:00")
    say_all(stage, "u1", f"签到 {code_now(stage)}")
    stage.tick("2026-01-10T12:01:00+08:00")
    credited = texts(stage.press("v1", "全部确认"), "private:u1")
    assert "现在一共186分" in credited and "已经加过" not in credited

    def move(points: int, back: bool = False) -> None:
        ends = (home, "issuer:xfl") if not back else ("issuer:xfl", home)
        with stage.world.database.write() as conn:
            now = stage.player.channel.now
            ledger.post(conn, key=f"m{points}", source=ends[0], target=ends[1], points=points, by="test", now=now)

    def corrected(time: str) -> int:
        stage.press("v1", "改 1. 林小满")
        stage.say("v1", time)
        with stage.world.database.read() as conn:
            return ledger.balance(conn, home)

    with stage.world.database.read() as conn:
        first = ledger.statement(conn, "issuer:xfl", 1)[0]
    home = first.other
    move(185)
    assert corrected("1小时") == 1  # six points went for two hours: three are not given once more
    told = [line["text"] for line in stage.since if "有的已经花掉" in line.get("text", "")]
    assert told and "只剩1分" in told[0] and "更正积分" in told[0]  # whoever looks after the points, with what to do
    assert corrected("2小时") == 1
    assert corrected("3小时") == 4
    assert "已经加过的6分还在您家" in texts(stage.since, "private:u1")
    with stage.world.database.write() as conn:
        now = stage.player.channel.now
        one, other = (people.person_for(conn, "play", who, now).id for who in ("u1", "u7"))
        merging.merge(conn, one, other, now)
    move(100, back=True)
    assert corrected("1小时") == 98  # nine of before went back, three came


def test_the_page_opens_a_need_and_confirms_it_with_its_hours(stage: Stage) -> None:
    desk, now = Desk(stage.world), stage.player.channel.now
    with stage.world.database.read() as conn:
        v1 = conn.execute(select(staff.c.id).where(staff.c.key == "v1")).scalar_one()
        home = conn.execute(select(area.c.id).where(area.c.key == "xfl")).scalar_one()
    args = {"kind": "need", "area": home, "title": "擦宣传栏", "about": ""}
    desk.act(staff_id=v1, action="need.open", args=args, note=None, now=now)
    registered(stage, "u1", "林小满")
    shown = say_all(stage, "u1", "需求清单")
    number = re.search(r"(\d)\. 【需求】擦宣传栏", shown)
    assert number
    stage.press("u1", f"认领第{number[1]}项")
    stage.press("u1", "办好了")
    stage.say("u1", "2小时")
    id = rows(stage, select(need.c.id).where(need.c.title == "擦宣传栏"))[0].id
    args = {"need": id, "time": "好久"}
    assert "没看懂" in desk.act(staff_id=v1, action="need.confirm", args=args, note=None, now=now)
    desk.act(staff_id=v1, action="need.confirm", args={"need": id, "time": "2小时"}, note=None, now=now)
    assert [row.minutes for row in rows(stage, select(service_hours.c.minutes))] == [120]


def haircuts(stage: Stage, place: str, deadline: str, told: str) -> None:
    what = ("发布活动", "不是队伍的活动", "社区义剪", place, "周六 9:00-11:00", "3")
    assert "发布好了" in say_all(stage, "v1", *what, "带剪刀", "不限", "理发", deadline, "没有", told, "确认")


def test_an_exported_table_is_read_in_again_and_changes_nothing(stage: Stage) -> None:
    haircuts(stage, "=广场", "提前1天", "先不发")
    now = stage.player.channel.now
    with stage.world.database.write() as conn:
        shifts = [s for s in volunteers.everywhere(conn, now) if s.starts_at > now]
        for name, kind in (("a.csv", sheet.csv_bytes), ("a.xlsx", sheet.xlsx)):
            header, table = sheet.of_shifts(conn, shifts)
            mine = next(row for row in table if row[0] == "社区义剪")
            assert mine[1] == "幸福里社区" and "理发" in mine and "24" in mine and not mine[7].isdecimal()
            made, failed = sheet.write(conn, sheet.read(kind(header, table), name), now)
            assert (made, failed) == (0, [])
        conn.execute(shift.delete().where(shift.c.id.in_([s.id for s in shifts])))
        conn.execute(activities.update().values(active=False))
        made, failed = sheet.write(conn, sheet.read(sheet.csv_bytes(header, table), "a.csv"), now)
        assert (made, failed) == (len(shifts), [])
        again = sheet.of_shifts(conn, [s for s in volunteers.everywhere(conn, now) if s.starts_at > now])[1]
        assert sorted(again) == sorted(table)


def test_a_table_holds_the_time_of_where_a_shift_is_both_ways(stage: Stage) -> None:
    now = stage.player.channel.now
    with stage.world.database.write() as conn:
        shifts = [s for s in volunteers.everywhere(conn, now) if s.starts_at > now]
        at_home = sheet.of_shifts(conn, shifts)[1]
        conn.execute(area.update().values(options={"timezone": "Asia/Urumqi"}))
        kept.changed(conn)
        header, table = sheet.of_shifts(conn, shifts)
        west, east = ([datetime.fromisoformat(row[4]) for row in rows] for rows in (table, at_home))
        assert west == [at - timedelta(hours=2) for at in east] and west
        made, failed = sheet.write(conn, sheet.read(sheet.csv_bytes(header, table), "a.csv"), now)
        assert (made, failed) == (0, [])


def test_who_lacks_the_skill_is_asked_and_a_card_asks_nothing(stage: Stage) -> None:
    haircuts(stage, "东广场", "没有", "发到居民群")
    shown = [line["chat"] for line in stage.lines if "社区义剪" in line.get("text", "")]
    card = next(chat for chat in shown if chat.startswith("group"))
    label = stage.buttons(card)[0]
    assert "会点手艺" in stage.press("u1", label, card)[0]["text"]
    assert "您会吗" in say_all(stage, "u1", "报名社区义剪")
    assert "报好了" in say_all(stage, "u1", "会", "确认")


def test_a_code_is_never_passed_on_to_whoever_has_the_conversation(stage: Stage) -> None:
    form = ["林小满", "1968-05-04", "幸福里社区", "理发", "周末", "", "", "", "2026-01-03", TEXT_VERSION]
    data = sheet.csv_bytes(enrol.COLUMNS, [form])
    with stage.world.database.write() as conn:
        made, _ = enrol.write(conn, sheet.read(data, "a.csv", enrol.NEEDED), stage.player.channel.now)
    code = made[0].code
    say_all(stage, "u1", "人工")
    assert "林*满" in say_all(stage, "u1", f"登记码 {code}")
    assert code not in "".join(line.get("text", "") for line in stage.lines if line.get("chat") != "private:u1")


@pytest.mark.parametrize(
    "said",
    [
        "周六人够吗",
        "公园拔草报了几个人",
        "还差一个人怎么办",
        "都有谁报名",
        "没人报名怎么办",
        "谁没来",
        "怎么确认时长",
        "明天下雨取消",
    ],
)
def test_an_organiser_asks_how_many_have_signed_up(stage: Stage, said: str) -> None:
    activity(stage, capacity=3)
    joined(stage, "u1")
    stage.say("v1", said)
    assert "公园拔草 1月10日周六 9:00 1/3" in stage.buttons("private:v1")
    stage.say("u9", said)
    assert "公园拔草 1月10日周六 9:00 1/3" not in stage.buttons("private:u9")


def test_an_organiser_hears_the_evening_before_who_is_missing_and_calls_for_more_once_a_day(stage: Stage) -> None:
    activity(stage, capacity=3)
    joined(stage, "u1")
    out = texts(stage.tick("2026-01-09T18:05:00+08:00"), "private:v1")
    assert out.count("明天的活动") == 1 and "「公园拔草」1月10日周六 9:00—11:00，报了1/3人" in out
    stage.press("v1", "公园拔草 1月10日周六 9:00")
    stage.press("v1", "到居民群招人")
    assert "还差2人" in stage.last("group:g1")["text"]
    assert "一天一次" in stage.press("v1", "到居民群招人")[0]["text"]
    stage.press("u7", "我要去", "group:g1")
    stage.press("u8", "我要去", "group:g1")
    assert "公园拔草" not in texts(stage.tick("2026-01-10T18:05:00+08:00"), "private:v1").partition("明天的活动")[2]


def test_what_waits_for_an_organiser_is_in_the_list_of_their_work(stage: Stage) -> None:
    activity(stage, capacity=3)
    joined(stage, "u1")
    stage.tick("2026-01-09T09:00:00+08:00")
    assert "「公园拔草」1月10日周六 9:00—11:00，报了1/3人" in texts(stage.say("v1", "待办"), "private:v1")
    stage.tick("2026-01-10T08:50:00+08:00")
    say_all(stage, "u1", f"签到 {code_now(stage)}")
    stage.tick("2026-01-10T12:00:00+08:00")
    assert "等您确认时长的：\n· 「公园拔草」" in texts(stage.say("v1", "待办"), "private:v1")


def test_the_same_hours_are_certified_once(stage: Stage) -> None:
    registered(stage, "u1", "林小满")
    activity(stage, capacity=3)
    joined(stage, "u1")
    stage.tick("2026-01-10T08:50:00+08:00")
    say_all(stage, "u1", f"签到 {code_now(stage)}")
    stage.tick("2026-01-10T12:00:00+08:00")
    stage.press("v1", "全部确认")
    first, again = (texts(stage.say("u1", "志愿证明"), "private:u1") for _ in range(2))
    number = re.findall(r"编号 (ZY\w+)", first)
    assert number and number == re.findall(r"编号 (ZY\w+)", again) and "7天内有效" in first
    assert len(rows(stage, select(certificate.c.id))) == 1
