"""Mediation: both sides asked, a mediator without an interest, a time, an agreement read back, the court."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from storage import mediations, people, personal
from storage.tables import mediation, staff
from tests.support.stage import Stage, texts

NOW = datetime(2026, 1, 5, 1, tzinfo=UTC)
SECRET = "他天天半夜拖椅子，上回还骂我妈，我有录音"
OTHERS = "是她先在楼道泼水，我腰不好差点摔了"


def code(text: str, side: str = "") -> str:
    found = re.search(rf"{side}\D*?(\d{{10}})", text)
    assert found, text
    return found[1]


def asked(stage: Stage) -> str:
    """u1 asks for a mediation with a neighbour; the code for the other side."""
    stage.say("u1", "我想调解，和楼上邻居吵架了")
    if "哪个社区" in stage.last("private:u1")["text"]:
        stage.press("u1", "幸福里社区")
    stage.say("u1", SECRET)
    stage.press("u1", "确认")
    return code(stage.last("private:u1")["text"])


def agreed(stage: Stage) -> None:
    stage.say("u2", f"邀请码 {asked(stage)}")
    stage.press("u2", "愿意调解")


def taken(stage: Stage) -> None:
    agreed(stage)
    stage.press("lg2", "没有，我来调解")


def recorded(stage: Stage) -> None:
    taken(stage)
    stage.press("lg2", "达成约定")
    stage.say("lg2", "晚上十点后不拖椅子，楼道不泼水，双方互相道歉。")


def state(stage: Stage) -> str:
    with stage.world.database.read() as conn:
        return str(conn.execute(select(mediation.c.state)).scalar_one())


def test_from_asking_to_a_settlement_with_the_courts_days(stage: Stage) -> None:
    agreed(stage)
    assert "双方都同意" in stage.shown("private:u1")[-1]
    card = stage.last("private:lg2")["text"]
    assert "有没有亲属" in card and SECRET not in card
    out = stage.press("lg2", "没有，我来调解")
    assert SECRET in texts(out, "private:lg2")  # the mediator reads what a side wrote
    assert "张明理" in texts(out, "private:u1") and "张明理" in texts(out, "private:u2")
    stage.press("lg2", "约时间")
    stage.say("lg2", "明天下午三点")
    out = stage.say("lg2", "社区二楼调解室")
    assert "明天 15:00，在社区二楼调解室" in texts(out, "private:u2")
    stage.press("u1", "可以")
    out = stage.press("u2", "可以")
    assert "约好了" in texts(out, "private:u1") and "双方都来" in texts(out, "private:lg2")
    assert "提醒" in texts(stage.tick("2026-01-06T13:30:00+08:00"), "private:u1")
    stage.press("lg2", "达成约定")
    out = stage.say("lg2", "晚上十点后不拖椅子，楼道不泼水。")
    assert "晚上十点后不拖椅子" in texts(out, "private:u1") and "晚上十点后不拖椅子" in texts(out, "private:u2")
    stage.press("u1", "没错，我同意")
    assert state(stage) == "recorded"
    out = stage.press("u2", "没错，我同意")
    assert "2月5日前" in texts(out, "private:u1")
    stage.press("u1", "满意")
    stage.press("u2", "一般")
    assert "已经评价过" in stage.press("u1", "满意")[0]["text"]
    out = stage.tick("2026-01-30T10:00:00+08:00")
    assert "司法确认" in texts(out, "private:u1") and "司法确认" in texts(out, "private:u2")


def test_the_mediator_is_told_in_private_who_the_sides_are_once_both_agreed(stage: Stage) -> None:
    plain = asked(stage)
    with stage.world.database.write() as conn:
        for who, name in (("u1", "王桂芳"), ("u2", "赵铁柱")):
            person = people.person_for(conn, "play", who, NOW).id
            personal.keep(conn, person, "name", name, NOW)
    stage.say("u2", f"邀请码 {plain}")
    assert "告诉调解员" in stage.last("private:u2")["text"]
    assert "王桂芳" not in str(stage.lines)
    out = stage.press("u2", "愿意调解")
    assert "甲方：王桂芳" in texts(out, "private:lg2") and "乙方：赵铁柱" in texts(out, "private:lg2")
    for line in stage.lines:
        if line.get("chat") != "private:lg2":
            assert "王桂芳" not in line.get("text", "") and "赵铁柱" not in line.get("text", "")


def test_neither_side_ever_sees_what_the_other_wrote(stage: Stage) -> None:
    taken(stage)
    stage.press("u2", "写给调解员")
    out = stage.say("u2", OTHERS)
    assert OTHERS in texts(out, "private:lg2")
    out = stage.press("lg2", "请街道研判")
    assert "情况请问张明理" in texts(out, "private:d1")
    stage.press("lg2", "没谈成")
    for chat in {line["chat"] for line in stage.lines if "chat" in line} - {"private:lg2"}:
        shown = "\n".join(stage.shown(chat))
        assert SECRET not in shown and OTHERS not in shown, chat
    with stage.world.database.read() as conn:  # nor does the history that can't be changed hold it
        assert SECRET not in str(mediations.load(conn, 1))


def test_there_is_none_when_a_side_refuses(stage: Stage) -> None:
    stage.say("u2", f"邀请码{asked(stage)}")
    out = stage.press("u2", "不愿意")
    assert "不能进行" in texts(out, "private:u1") and "12348" in texts(out, "private:u1")
    assert state(stage) == "refused"
    assert "不用再表态" in stage.press("u2", "愿意调解")[0]["text"]


def test_a_side_sees_how_it_stands_and_may_answer_there(stage: Stage) -> None:
    agreed(stage)
    stage.say("u1", "我的调解")
    assert "等调解员" in stage.last("private:u1")["text"]
    stage.press("lg2", "没有，我来调解")
    stage.press("lg2", "约时间")
    stage.say("lg2", "明天下午三点")
    stage.say("lg2", "社区二楼调解室")
    stage.say("u2", "调解到哪一步了")
    assert "明天 15:00，社区二楼调解室" in stage.last("private:u2")["text"]
    stage.press("u2", "可以")
    stage.say("u2", "我的调解")
    assert "在等另一方" in stage.last("private:u2")["text"] and "可以" not in stage.buttons("private:u2")
    stage.press("lg2", "没谈成")
    stage.say("u1", "我的调解")
    assert stage.buttons("private:u1") == ["满意", "一般", "不满意"]
    assert "没有在调解" in texts(stage.say("u9", "我的调解"), "private:u9")


def test_a_code_is_for_one_person_and_never_for_who_asked(stage: Stage) -> None:
    plain = asked(stage)
    assert "给另一方的" in texts(stage.say("u1", plain), "private:u1")
    stage.say("u2", plain)
    assert "用过了" in texts(stage.say("u3", f"邀请码 {plain}"), "private:u3")


def test_a_mediator_with_an_interest_steps_aside_and_nobody_is_lost(stage: Stage) -> None:
    agreed(stage)
    out = stage.press("lg2", "我要回避")
    assert "没有合适的调解员" in texts(out, "private:d1")  # the only mediator there: the leader on duty hears of it
    assert "没有权限" in stage.press("lg2", "没有，我来调解")[0]["text"]
    assert state(stage) == "consented"


def test_a_side_may_turn_a_mediator_down(stage: Stage) -> None:
    taken(stage)
    out = stage.press("u2", "换一位调解员")
    assert "换一位调解员" in texts(out, "private:lg2") + texts(out, "private:u1")
    assert state(stage) == "consented"


def test_a_mediator_who_is_a_side_is_not_asked(stage: Stage) -> None:
    plain = asked(stage)
    stage.say("lg2", plain)
    out = stage.press("lg2", "愿意调解")
    assert "有没有亲属" not in texts(out, "private:lg2")
    assert "没有合适的调解员" in texts(out, "private:d1")


def test_what_was_written_down_wrong_is_written_again(stage: Stage) -> None:
    recorded(stage)
    out = stage.press("u1", "写得不对")
    assert "记得不对" in texts(out, "private:lg2")
    stage.press("lg2", "达成约定")
    stage.say("lg2", "晚上九点后不拖椅子。")
    stage.press("u1", "没错，我同意")
    stage.press("u2", "没错，我同意")
    assert state(stage) == "settled"


def test_who_fails_is_told_of_the_other_ways(stage: Stage) -> None:
    taken(stage)
    out = stage.press("lg2", "没谈成")
    assert "仲裁" in texts(out, "private:u1") and "法院" in texts(out, "private:u2")


def test_a_silent_side_ends_it_after_two_weeks(stage: Stage) -> None:
    asked(stage)
    out = stage.tick("2026-01-20T10:00:00+08:00")
    assert "一直没有回答" in texts(out, "private:u1")
    assert state(stage) == "lapsed"


def test_nobody_takes_it_and_the_duty_hears(stage: Stage) -> None:
    agreed(stage)
    out = stage.tick("2026-01-06T10:00:00+08:00")
    assert "还没有人接" in texts(out, "private:d1")
    assert "有没有亲属" in texts(out, "private:lg2")


def test_it_goes_to_the_police_station_only_when_both_allow_it(stage: Stage) -> None:
    taken(stage)
    stage.press("lg2", "转所联动")
    stage.press("lg2", "派出所")
    stage.press("u1", "同意转")
    assert texts(stage.since, "private:dep-police") == ""
    out = stage.press("u2", "同意转")
    assert "柳溪派出所" in texts(out, "private:u1")
    assert SECRET not in texts(out, "private:dep-police")
    stage.press("dep-police", "接手")
    with stage.world.database.read() as conn:
        found = mediations.load(conn, 1)
        police = conn.execute(select(staff.c.id).where(staff.c.key == "dep-police")).scalar_one()
    assert (found.office, found.mediator, found.state) == ("柳溪派出所", police, "taken")


def test_the_police_station_hands_it_to_the_justice_office_when_both_allow_it_again(stage: Stage) -> None:
    taken(stage)
    for who, office in (("lg2", "派出所"), ("dep-police", "司法所")):
        stage.press(who, "转所联动")
        stage.press(who, office)
        stage.press("u1", "同意转")
        stage.press("u2", "同意转")
        stage.press("dep-police" if office == "派出所" else "dep-justice", "接手")
    assert "没有权限" in stage.press("dep-police", "达成约定")[0]["text"]
    stage.press("dep-justice", "没谈成")
    assert state(stage) == "failed"


def test_a_side_who_does_not_allow_it_keeps_it_here(stage: Stage) -> None:
    taken(stage)
    stage.press("lg2", "转所联动")
    stage.press("lg2", "派出所")
    out = stage.press("u1", "不同意")
    assert "不同意转" in texts(out, "private:lg2")
    assert "没有要转交" in stage.press("u2", "同意转")[0]["text"]


def test_the_clans_and_the_ancestral_hall(stage: Stage) -> None:
    """A worker reports it, the town assesses, its plan comes back, the clans meet there, it is settled, both rate."""
    stage.say("w10", "登记纠纷")
    stage.press("w10", "土地草场边界")
    stage.say("w10", "两个宗族为祠堂地界和翻修的事吵了起来，怕打起来。")
    stage.press("w10", "不挂")
    out = texts(stage.press("w10", "确认"), "private:w10")
    a, b = code(out, "甲方"), code(out, "乙方")
    stage.say("u1", f"邀请码 {a}")
    stage.press("u1", "愿意调解")
    stage.say("u2", f"邀请码 {b}")
    out = stage.press("u2", "愿意调解")
    assert "土地草场边界" in texts(out, "private:lg6")
    stage.press("lg6", "没有，我来调解")
    out = stage.press("lg6", "请街道研判")
    assert "祠堂" in texts(out, "private:d1")
    stage.press("d1", "写意见")
    out = stage.say("d1", "先停工，周三请两姓代表和国土所到祠堂现场量界。")
    for chat in ("group:staff-smc-1", "group:staff-smc", "private:lg6", "private:w10"):
        assert "现场量界" in texts(out, chat), chat
    assert texts(out, "private:u1") == ""
    stage.press("lg6", "约时间")
    stage.say("lg6", "周三上午9点半")
    stage.say("lg6", "三组祠堂门口")
    stage.press("u1", "可以")
    stage.press("u2", "可以")
    stage.tick("2026-01-07T11:30:00+08:00")
    stage.press("lg6", "达成约定")
    stage.say("lg6", "以老墙根为界，翻修费用两姓各半，正月十五前完工。")
    stage.press("u1", "没错，我同意")
    out = stage.press("u2", "没错，我同意")
    assert "调解成功" in texts(out, "private:u1")
    assert "双方都确认了" in texts(out, "private:w10")
    stage.press("u1", "满意")
    assert "谢谢您的评价" in texts(stage.press("u2", "满意"), "private:u2")


@pytest.mark.parametrize("other", ["楼道灯什么时候能修好", "居住证在哪里办"])
def test_a_question_of_another_matter_is_none_of_the_mediation(stage: Stage, other: str) -> None:
    asked(stage)
    assert "最多等14天" in stage.tell("u1", "要多久")
    heard = stage.tell("u1", other)
    assert "最多等14天" not in heard and "由调解员" not in heard


def test_a_day_later_a_question_is_of_something_else(stage: Stage) -> None:
    asked(stage)
    assert "由调解员跟双方商量" in stage.tell("u1", "在哪里谈")
    stage.tick("2026-01-06T09:00:00+08:00")
    assert "由调解员跟双方商量" not in stage.tell("u1", "在哪里")
