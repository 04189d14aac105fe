"""The life of a case as people see it: clocks that climb, questions to the resident, call-outs, and weeks later."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select, update

from bot.casejobs import return_orphans
from storage import cases, desk
from storage.tables import case, case_event, case_file, staff
from tests.support.stage import ROOM, Line, Stage, texts


def taken(stage: Stage) -> None:
    stage.report()
    stage.press("w1", "接单", ROOM)


def resolved(stage: Stage, note: str = "换了灯泡", **more: Any) -> list[Line]:
    stage.press("w1", "办结", ROOM)
    stage.press("w1", "已办结", ROOM)
    return stage.say("w1", note, ROOM, **more)


def row(stage: Stage) -> Any:
    with stage.world.database.read() as conn:
        return conn.execute(select(case).order_by(case.c.id.desc())).first()


def events(stage: Stage) -> list[str]:
    with stage.world.database.read() as conn:
        return list(conn.execute(select(case_event.c.kind).order_by(case_event.c.id)).scalars())


# -- clocks ----------------------------------------------------------------------------------------------------------


def test_a_case_nobody_takes_climbs_level_by_level_with_its_card(stage: Stage) -> None:
    stage.report()
    heard = {"09:30": "l1", "10:30": "l2", "11:30": "d1"}  # grid leader, community, leader on duty of the street
    for at, who in heard.items():
        out = stage.tick(f"2026-01-05T{at}:00+08:00")
        assert "督办" in texts(out, f"private:{who}")
        assert stage.buttons(f"private:{who}") == ["接单", "转派", "不予受理"]
    assert events(stage)[1:] == ["supervise"] * 3
    assert row(stage).colour == "orange" and "没人接单" in stage.last("private:d1")["text"]
    stage.press("d1", "接单")
    assert row(stage).status == "assigned"
    assert "督办" not in texts(stage.tick("2026-01-06T12:00:00+08:00"), "private:d1")


def test_a_late_case_is_asked_about_and_is_left_alone_when_it_is_done(stage: Stage) -> None:
    taken(stage)
    out = stage.tick("2026-01-08T12:00:00+08:00")
    assert "提醒" in texts(out, "private:w1") and "王晓敏还没有办结" in texts(out, "private:l1")
    resolved(stage)
    assert not [line for line in stage.tick("2026-01-14T20:00:00+08:00") if "督办" in line.get("text", "")]


def test_an_owner_without_a_chat_is_named_not_called_nobody(stage: Stage) -> None:
    taken(stage)
    with stage.world.database.write() as conn:
        conn.execute(update(staff).where(staff.c.key == "w1").values(person_id=None))
    out = texts(stage.tick("2026-01-07T17:00:00+08:00"), ROOM)
    assert "在王晓敏手上" in out and "还没有人接" not in out


def test_what_is_reopened_has_new_clocks(stage: Stage) -> None:
    taken(stage)
    resolved(stage)
    before = row(stage)
    stage.tick("2026-01-09T10:00:00+08:00")
    stage.press("u1", "没解决，重办")
    after = row(stage)
    assert after.status == "accepted" and after.owner_id is None
    assert after.acknowledge_due > before.acknowledge_due and after.resolve_due > before.resolve_due
    assert "还没有人接" in texts(stage.tick("2026-01-09T10:29:00+08:00"), ROOM)
    assert "督办" in texts(stage.tick("2026-01-09T10:30:00+08:00"), "private:l1")


@pytest.mark.parametrize("said", ["我的诉求", "还是没修好", "楼道灯又不亮了", "灯又坏了，楼道黑漆漆的"])
def test_what_was_closed_lately_is_taken_up_again_by_one_tap(stage: Stage, said: str) -> None:
    taken(stage)
    resolved(stage)
    stage.press("u1", "满意")
    number = row(stage).number
    stage.tick("2026-01-07T09:00:00+08:00")
    assert number in texts(stage.say("u1", said), "private:u1")
    out = stage.press("u1", f"{number} 没好，重办")
    assert "重新办理" in texts(out, "private:u1") and f"{number}（楼道照明与楼道设施）居民说没解决" in texts(out, ROOM)
    assert row(stage).status == "accepted" and row(stage).closed_at is None


def test_what_was_closed_long_ago_is_not_taken_up_again(stage: Stage) -> None:
    taken(stage)
    resolved(stage)
    stage.press("u1", "满意")
    stage.tick("2026-02-20T09:00:00+08:00")
    for said in ("我的诉求", "楼道灯又不亮了"):
        stage.say("u1", said)
        assert not any("重办" in label for label in stage.buttons("private:u1"))


def test_the_level_above_gets_the_card_and_its_own_clock(stage: Stage) -> None:
    taken(stage)
    resolved(stage)
    out = stage.press("u1", "请上一级处理")
    assert row(stage).level == "community" and row(stage).status == "accepted"
    assert "请上一级处理" in texts(out, "private:l1") and "接单" in stage.buttons("group:staff-xfl")
    assert "由社区来做" in stage.press("w1", "接单", ROOM)[0]["text"]  # what the grid could not settle
    stage.press("l1", "接单", "group:staff-xfl")
    assert row(stage).status == "assigned"


def test_a_case_of_one_who_left_goes_back(stage: Stage) -> None:
    taken(stage)
    with stage.world.database.write() as conn:
        conn.execute(update(staff).where(staff.c.key == "w1").values(active=False))
    assert return_orphans(stage.world, stage.player.channel.now) == 1
    assert return_orphans(stage.world, stage.player.channel.now) == 0
    assert row(stage).status == "accepted" and row(stage).owner_id is None
    assert "督办" in texts(stage.tick("2026-01-05T10:30:00+08:00"), "private:l1")


# -- asking ----------------------------------------------------------------------------------------------------------


def test_the_clock_stands_still_while_the_resident_is_asked(stage: Stage) -> None:
    taken(stage)
    due = row(stage).resolve_due
    stage.press("w1", "等居民补充", ROOM)
    out = stage.say("w1", "请问是几楼的灯？", ROOM)
    assert "几楼的灯" in texts(out, "private:u1")
    assert "时限先停着" in stage.shown(ROOM)[-1] and "继续办理" in stage.buttons(ROOM)
    stage.tick("2026-01-07T09:00:00+08:00")
    assert "等您补充：请问是几楼的灯？" in texts(stage.say("u1", "我的诉求"), "private:u1")
    stage.press("u1", "现在补充")
    out = stage.say("u1", "三楼的，13812345678 是我")
    assert "三楼" in texts(out, "private:w1") and "13812345678" not in texts(out, ROOM)
    assert (row(stage).resolve_due - due).days == 4  # two working days and a weekend
    assert "时限先停着" not in texts(out, ROOM)


def test_a_reply_to_the_question_is_the_answer_and_a_reply_to_a_private_card_is_progress(stage: Stage) -> None:
    taken(stage)
    stage.press("w1", "等居民补充", ROOM)
    stage.say("w1", "请问是几楼的灯？", ROOM)
    out = stage.say("u1", "靠东边的那盏", reply_to=stage.last("private:u1")["id"])
    assert events(stage)[-1] == "add" and "靠东边的那盏" in texts(out, "private:w1")
    stage.say("w1", "下午三点过去", reply_to=stage.last("private:w1")["id"])
    out = stage.press("w1", "发给居民")
    assert "下午三点过去" in texts(out, "private:u1")


def test_nobody_approves_the_extension_they_asked_for(stage: Stage) -> None:
    stage.report()
    stage.press("l1", "接单", ROOM)  # grid leader and community staff in one person
    stage.press("l1", "延期", ROOM)
    stage.press("l1", "3天", ROOM)
    stage.say("l1", "等厂家", ROOM)
    assert "请别的同事来批" in stage.press("l1", "同意延期")[0]["text"]
    stage.press("l2", "不同意")
    assert "没有同意延期" in stage.last("private:l1")["text"]


def test_a_resident_who_does_not_answer_is_asked_again_and_then_left(stage: Stage) -> None:
    taken(stage)
    stage.press("w1", "等居民补充", ROOM)
    stage.say("w1", "请问是几楼的灯？", ROOM)
    assert "还等着您补充" in texts(stage.tick("2026-01-08T10:00:00+08:00"), "private:u1")
    assert "居民一直没有补充" in texts(stage.tick("2026-01-12T10:00:00+08:00"), "private:w1")
    assert events(stage)[-1] == "resume"


def test_an_extension_is_approved_above_and_explained_once(stage: Stage) -> None:
    taken(stage)
    due = row(stage).resolve_due
    stage.press("w1", "延期", ROOM)
    stage.press("w1", "7天", ROOM)
    stage.say("w1", "灯具要订货", ROOM)
    assert row(stage).resolve_due == due  # nothing is longer for having been asked
    again = texts(stage.tick("2026-01-05T14:45:00+08:00"), "private:l2")
    assert "还等着批" in again and "灯具要订货" in again and "同意延期" in stage.buttons("private:l2")
    out = stage.press("l2", "同意延期")
    assert "灯具要订货" in texts(out, "private:u1") and (row(stage).resolve_due - due).days >= 7
    assert "同意延期" not in stage.buttons("private:l1") and "延期" not in stage.buttons(ROOM)


# -- several departments ---------------------------------------------------------------------------------------------


def called(stage: Stage) -> list[Line]:
    taken(stage)
    stage.press("w1", "吹哨", ROOM)
    stage.say("w1", "请城管和物业到场，物业牵头，占道要一起清", ROOM)
    assert row(stage).status == "assigned"  # asked for, not called yet
    return stage.press("d1", "同意吹哨")


def test_the_subdistrict_decides_who_is_called_out(stage: Stage) -> None:
    taken(stage)
    stage.press("w1", "吹哨", ROOM)
    out = stage.say("w1", "请城管和物业到场，占道要一起清", ROOM)
    assert "请柳溪综合执法队、安居物业到场，请定一下" in texts(out, "private:d1")
    assert "等街道定" in stage.last(ROOM)["text"] and not texts(out, "private:dep-city")
    assert "已经申请了" in stage.press("l1", "吹哨", ROOM)[0]["text"]
    asked = stage.tick("2026-01-05T10:05:00+08:00")
    assert "还没有定" in texts(asked, "private:d1")
    out = stage.press("d1", "不吹哨")
    assert "没有吹哨" in texts(out, "private:w1") and row(stage).status == "assigned"
    stage.press("l1", "吹哨", ROOM)  # the grid leader asks again, with a better reason
    stage.say("l1", "请城管到场，三次劝离都回来", ROOM)
    out = stage.press("d1", "同意吹哨")
    assert "街道同意吹哨" in texts(out, "private:l1") and "柳溪综合执法队" in texts(out, "private:u1")
    assert row(stage).status == "called_out"
    stage.press("d1", "吹哨")  # the subdistrict calls itself, nobody has to be asked
    stage.say("d1", "派出所也到场，有人闹事")
    assert "吹哨：柳溪综合执法队、柳溪派出所" in texts(stage.since, "private:dep-police")


def test_who_is_called_out_sees_the_case_as_long_as_that_lasts(stage: Stage) -> None:
    def sees(key: str) -> bool:
        with stage.world.database.read() as conn:
            id = conn.execute(select(staff.c.id).where(staff.c.key == key)).scalar_one()
            member = desk.member(conn, id)
            assert member
            return desk.case_line(conn, member, row(stage).id) is not None

    called(stage)
    assert sees("dep-city") and sees("dep-property") and not sees("dep-market")
    stage.press("w1", "转派", ROOM)
    stage.press("w1", "请专员一起办", ROOM)
    out = stage.press("w1", "喻警官（柳溪派出所）", ROOM)
    assert "请您一起办这件" in texts(out, "private:dep-police") and sees("dep-police")
    stage.press("dep-police", "写进展")
    stage.say("dep-police", "已经登记双方信息")
    stage.press("dep-police", "发给居民")
    assert "已经登记双方信息" in stage.last("private:u1")["text"]
    resolved(stage)
    assert not sees("dep-city") and not sees("dep-police") and sees("dep-property")  # whose service it is


def test_departments_hear_it_in_private_and_report_in_with_one_tap(stage: Stage) -> None:
    out = called(stage)
    for department in ("dep-city", "dep-property"):
        assert "由安居物业牵头" in texts(out, f"private:{department}")
    out = stage.press("dep-city", "报到")
    assert "还在等：安居物业" in texts(out, "private:u1")
    assert "已到：柳溪综合执法队，还没到：安居物业" in texts(stage.say("u1", "我的诉求"), "private:u1")
    assert "请的部门都到了" in texts(stage.press("dep-property", "报到"), "private:u1")
    stage.press("dep-city", "写进展")
    stage.say("dep-city", "摊位已经劝离")
    assert "柳溪综合执法队：摊位已经劝离" in stage.last("private:dep-property")["text"]  # one log for all


def test_the_silent_ones_are_told_to_the_leader_on_duty(stage: Stage) -> None:
    called(stage)
    stage.press("dep-property", "报到")
    out = texts(stage.tick("2026-01-05T10:00:00+08:00"), "private:d1")
    assert "柳溪综合执法队还没有报到" in out and "安居物业还没有报到" not in out
    assert "请你们到场的时间过了" in texts(stage.since, "private:dep-city") and "报到" in stage.buttons(
        "private:dep-city"
    )
    assert not texts(stage.since, "private:dep-property")
    assert not texts(stage.tick("2026-01-05T12:00:00+08:00"), "private:d1")


@pytest.mark.parametrize("said", ["不归我们管，去不了", "今天走不开", "路上堵，要晚点才到"])
def test_who_was_called_and_does_not_come_says_why_to_the_owner(stage: Stage, said: str) -> None:
    called(stage)
    assert f"柳溪综合执法队还没到，留话：{said}" in texts(stage.say("dep-city", said), "private:w1")
    assert "现场记录" in stage.last("private:d1")["text"] and not texts(stage.since, "private:u1")
    stage.press("dep-city", "报到")
    assert "留话" not in texts(stage.say("dep-city", said), "private:w1")


def test_when_all_have_come_nobody_is_asked_to_report_in(stage: Stage) -> None:
    called(stage)
    stage.press("dep-city", "报到")
    assert "报到" in stage.buttons("private:dep-property")
    stage.press("dep-property", "报到")
    assert "报到" not in stage.buttons("private:dep-property")


# -- results ---------------------------------------------------------------------------------------------------------


def photos(tmp_path: Path, n: int) -> list[str]:
    found = []
    for i in range(n):
        path = tmp_path / f"{i}.jpg"
        Image.new("RGB", (40, 30), (40 * i, 0, 0)).save(path)
        found.append(str(path))
    return found


def test_every_photo_of_a_result_is_evidence_and_reaches_the_resident(stage: Stage, tmp_path: Path) -> None:
    taken(stage)
    out = resolved(stage, "", photos=photos(tmp_path, 2))
    assert len([line for line in out if line.get("chat") == "private:u1"]) == 2
    assert "已办结：见照片" in stage.last("private:u1")["text"]
    with stage.world.database.read() as conn:
        assert list(conn.execute(select(case_file.c.purpose)).scalars()) == ["evidence", "evidence"]


def test_what_can_not_be_solved_says_why_and_what_comes_next(stage: Stage) -> None:
    taken(stage)
    stage.press("w1", "办结", ROOM)
    stage.press("w1", "客观无法解决", ROOM)
    assert "下一步" in texts(stage.say("w1", "楼道产权有争议", ROOM), ROOM)
    out = stage.say("w1", "已列入明年改造计划", ROOM)
    assert "楼道产权有争议\n下一步：已列入明年改造计划" in texts(out, "private:u1")
    assert row(stage).ending == "impossible"


def test_thanks_neither_reopens_nor_nudges(stage: Stage) -> None:
    taken(stage)
    resolved(stage)
    before = events(stage)
    stage.say("u1", "谢谢")
    stage.say("u1", "谢谢你们，辛苦了")
    assert events(stage) == before


def test_before_closing_over_a_displeased_rating_the_ways_on_are_shown(stage: Stage) -> None:
    taken(stage)
    resolved(stage)
    stage.press("u1", "不满意")
    assert row(stage).status == "resolved"
    assert stage.buttons("private:u1") == ["没解决，重办", "请上一级处理", "就这样结案"]
    stage.press("u1", "就这样结案")
    assert row(stage).status == "closed"


def test_nobody_handles_or_judges_the_own_matter(stage: Stage) -> None:
    stage.report("w1")  # the grid worker lives there too
    assert "您自己也在反映人里" in stage.press("w1", "接单", ROOM)[0]["text"]
    stage.press("l1", "接单", ROOM)
    offered = stage.press("l1", "转派", ROOM)[-1]["choices"]
    assert offered and "王晓敏" not in [choice["label"] for choice in offered]
    with stage.world.database.write() as conn:
        owner = cases.load(conn, row(stage).id).owner
        person = conn.execute(select(staff.c.person_id).where(staff.c.id == owner)).scalar_one()
        cases.join(conn, row(stage).id, person, "neighbour")  # who had it turns out to be a party
    assert "请别的同事来办" in stage.press("l1", "办结", ROOM)[0]["text"]


# -- weeks later -----------------------------------------------------------------------------------------------------


def closed(stage: Stage) -> None:
    taken(stage)
    resolved(stage)
    stage.press("u1", "满意")
    assert row(stage).status == "closed"


def test_weeks_later_one_tap_says_that_it_held(stage: Stage) -> None:
    closed(stage)
    assert "回访" in texts(stage.tick("2026-01-26T09:30:00+08:00"), "private:u1")
    stage.press("u1", "还好")
    assert events(stage)[-1] == "confirm" and row(stage).status == "closed"


def test_what_is_broken_again_becomes_a_new_case_that_names_the_old_one(stage: Stage) -> None:
    closed(stage)
    old = row(stage).number
    stage.tick("2026-01-26T09:30:00+08:00")
    out = stage.press("u1", "又坏了")
    new = row(stage)
    assert new.number in texts(out, "private:u1") and new.number != old and new.status == "submitted"
    assert old in texts(out, ROOM) and "接单" in stage.buttons(ROOM)
    for label in ("又坏了", "还好"):  # pressed again, it opens no second one
        assert "已经记下了" in texts(stage.press("u1", label), "private:u1") + stage.since[0]["text"]
    assert row(stage).number == new.number


def test_who_does_not_want_to_be_asked_is_not(stage: Stage) -> None:
    closed(stage)
    stage.press("u1", "不用再问了")
    assert "回访" not in texts(stage.tick("2026-01-27T09:30:00+08:00"), "private:u1")


def test_a_nudge_reaches_the_owner_and_colours_the_case(stage: Stage) -> None:
    taken(stage)
    out = stage.say("u1", "帮我催一下")
    assert "催办第1次" in texts(out, "private:w1") and "催办1次" in stage.last(ROOM)["text"] + texts(out, ROOM)
    assert row(stage).colour == "orange"


def test_what_is_said_to_be_still_amiss_reaches_the_owner_with_the_nudge(stage: Stage) -> None:
    taken(stage)
    out = stage.say("u1", "四楼的还是不亮")
    assert "居民催办第1次：某楼的还是不亮" in texts(out, "private:w1")
    assert "居民催办第1次：某楼的还是不亮" in texts(out, ROOM)


def test_what_may_hurt_is_red_from_the_start(stage: Stage) -> None:
    stage.say("u1", "幸福里小区3号楼门口井盖没了，路灯也不亮")
    for label in ("不留", "没有照片", "确认"):
        if label in stage.buttons("private:u1"):
            stage.press("u1", label)
    assert row(stage).colour == "red" and "拖不得" in texts(stage.lines, ROOM)
