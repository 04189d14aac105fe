"""Alerts: one drafts, another approves, every branch is told and acknowledges, the silent are asked and named."""

from __future__ import annotations

from sqlalchemy import insert, select, update

from storage.tables import alert, area, chat, outbox, staff_role
from tests.support.stage import Stage, texts

FRAUD = "近期有人冒充社区干部让加微信“退医保”，都是假的。别转账，拨 96110 核实。"


def drafted(stage: Stage, who: str = "l1", kind: str = "防诈骗提醒", area: str = "幸福里社区") -> None:
    stage.say(who, "发预警")
    stage.press(who, kind)
    stage.press(who, area)
    stage.say(who, FRAUD)
    stage.press(who, "24小时")
    stage.press(who, "确认")


def running(stage: Stage, kind: str = "防诈骗提醒") -> None:
    drafted(stage, kind=kind)
    stage.press("l2", "批准发出")


def test_another_approves_and_every_group_hears_it(stage: Stage) -> None:
    drafted(stage)
    assert texts(stage.since, "group:g1") == ""
    out = stage.press("l2", "批准发出")
    for group in ("g1", "g2", "g3", "g4", "g5", "staff-xfl-1", "staff-xfl-5"):
        assert "退医保" in texts(out, f"group:{group}"), group
    assert texts(out, "group:g6") == ""  # another community's
    assert stage.buttons("group:staff-xfl-1") == ["已收到", "已传达"]
    assert stage.buttons("group:g1") == []


def test_who_drafts_does_not_approve(stage: Stage) -> None:
    drafted(stage)
    with stage.world.database.read() as conn:
        approvals = conn.execute(
            select(outbox.c.payload).where(outbox.c.chat_id.in_(select(chat.c.id).where(chat.c.address == "l1")))
        ).scalars()
        assert not any("批准发出" in str(p) for p in approvals)
    stage.press("l2", "批准发出")
    out = stage.press("d1", "批准发出")  # asked as well, but too late
    assert "已经批准" in out[0]["text"]


def test_an_approver_without_the_role_any_more_is_refused(stage: Stage) -> None:
    drafted(stage)
    with stage.world.database.write() as conn:
        conn.execute(update(staff_role).where(staff_role.c.role == "community_staff").values(role="grid_worker"))
    assert "起草的人自己不能批" in stage.press("l2", "批准发出")[0]["text"]


def test_nobody_without_the_part_drafts(stage: Stage) -> None:
    stage.say("w1", "发预警")
    stage.press("w1", "防诈骗提醒")
    assert "不能起草" in texts(stage.say("w1", "幸福里社区"), "private:w1")


def test_private_details_are_not_sent_to_groups(stage: Stage) -> None:
    stage.say("l1", "发预警")
    stage.press("l1", "防诈骗提醒")
    stage.press("l1", "幸福里社区")
    assert "群里不能发" in texts(stage.say("l1", "骗子是王某，电话13812345678，大家别接"), "private:l1")


def test_the_leader_of_a_branch_acknowledges_and_nobody_else(stage: Stage) -> None:
    running(stage)
    assert "不是给您的" in stage.press("u9", "已收到", "group:staff-xfl-1")[0]["text"]
    assert "本级负责人" in stage.press("w2", "已收到", "group:staff-xfl-1")[0]["text"]
    assert "已记下" in stage.press("w1", "已收到", "group:staff-xfl-1")[0]["text"]
    assert "已经确认过" in stage.press("w1", "已收到", "group:staff-xfl-1")[0]["text"]
    stage.press("w1", "已传达", "group:staff-xfl-1")
    said = texts(stage.press("l1", "看送达"), "private:l1")
    assert "1/5处已收到，1处已传达" in said
    assert "· 第一网格：送达2/4，已收到1/1" in said  # each group lives on two channels, and a play has no web


def test_only_the_silent_are_asked_again_and_then_named_to_the_level_above(stage: Stage) -> None:
    running(stage)
    stage.press("w1", "已收到", "group:staff-xfl-1")
    out = stage.tick("2026-01-05T11:30:00+08:00")
    assert "还没有人确认" not in texts(out, "group:staff-xfl-1")
    assert "还没有人确认" in texts(out, "group:staff-xfl-2")
    assert texts(out, "group:g2") == ""  # residents are told once
    stage.press("l1", "已传达", "group:staff-xfl-2")
    out = stage.tick("2026-01-05T13:30:00+08:00")
    named = texts(out, "group:staff-xfl")
    assert "3处还没有回音" in named and "第三网格：赵雪梅、蒋国强" in named and "第二网格：" not in named
    out = stage.tick("2026-01-05T20:00:00+08:00")
    assert "还没有人确认" not in str(out) and "还没有回音" not in str(out)


def test_nothing_is_sent_after_it_has_expired_or_was_called_off(stage: Stage) -> None:
    running(stage)
    stage.press("l1", "解除")
    out = stage.tick("2026-01-05T16:00:00+08:00")
    assert "还没有人确认" not in str(out)
    assert "已经解除" in stage.press("w1", "已收到", "group:staff-xfl-1")[0]["text"]
    running(stage)
    out = stage.tick("2026-01-08T16:00:00+08:00")
    assert "已到有效期" in texts(out, "private:l1")


def test_at_night_only_danger_is_sent(stage: Stage) -> None:
    stage.tick("2026-01-05T22:30:00+08:00")
    running(stage)
    assert texts(stage.since, "group:g1") == ""
    out = stage.tick("2026-01-06T07:31:00+08:00")
    assert "退医保" in texts(out, "group:g1")
    stage.tick("2026-01-06T23:00:00+08:00")
    running(stage, "天气预警")
    assert "退医保" in texts(stage.since, "group:g1")


def test_a_group_that_goes_in_the_middle_is_counted_and_named(stage: Stage) -> None:
    with stage.world.database.write() as conn:
        conn.execute(update(chat).where(chat.c.address.like("%staff-xfl-2")).values(state="left"))
    running(stage)
    out = texts(stage.since, "private:w2")  # the staff group is gone: who answers for it is asked privately
    assert "您负责的" in out
    assert "已记下" in stage.press("w2", "已收到")[0]["text"]


def test_one_person_for_several_branches_is_asked_once(stage: Stage) -> None:
    with stage.world.database.write() as conn:
        conn.execute(update(chat).where(chat.c.address.like("%staff-xfl-_")).values(state="left"))
    running(stage)
    mine = [line for line in stage.since if line.get("chat") == "private:l1" and "您负责的" in line["text"]]
    assert len(mine) == 1 and "第一网格、第二网格、第三网格" in mine[0]["text"]
    stage.press("l1", "已收到")
    assert "3/5处已收到" in texts(stage.press("l2", "看送达", "group:staff-xfl"), "group:staff-xfl")


def test_a_draft_can_be_taken_back_or_refused(stage: Stage) -> None:
    drafted(stage)
    stage.press("l1", "撤回")
    assert "已经撤回" in stage.press("l2", "批准发出")[0]["text"]
    drafted(stage)
    out = stage.press("l2", "不批准")
    assert "没有批准" in texts(out, "private:l1")
    with stage.world.database.read() as conn:
        assert list(conn.execute(select(alert.c.state)).scalars()) == ["withdrawn", "refused"]


def test_what_nobody_approves_is_asked_for_once_more_and_its_drafter_hears_that_it_lapsed(stage: Stage) -> None:
    drafted(stage)
    out = stage.tick("2026-01-05T10:30:00+08:00")
    assert texts(out, "private:l2").count("还没有人批准") == 1 and "还没有人批准" not in texts(out, "private:l1")
    assert stage.buttons("private:l2") == ["批准发出", "不批准"]
    out = stage.tick("2026-01-06T23:00:00+08:00")
    assert "还没有人批准，没有发出" in texts(out, "private:l1") and "还没有人批准" not in texts(out, "private:l2")
    running(stage)
    assert "还没有人批准" not in str(stage.tick("2026-01-08T10:00:00+08:00"))


def test_it_goes_down_to_the_household_groups(stage: Stage) -> None:
    """The leader of ten homes is asked in private; a group of theirs is told; a group nobody leads is the grid's."""
    with stage.world.database.write() as conn:
        places = dict(conn.execute(select(area.c.name, area.c.id).where(area.c.name.in_(("三组", "二组")))).all())
        for name, address in (("三组", "ten-homes"), ("二组", "no-leader")):
            row = {"channel": "play", "address": f"group:{address}", "kind": "group", "area_id": places[name]}
            conn.execute(insert(chat).values(row))
    drafted(stage, "l5", area="石磨村")
    out = stage.press("d1", "批准发出")
    assert "您负责的三组" in texts(out, "private:h1")
    assert "退医保" in texts(out, "group:ten-homes") and "退医保" in texts(out, "group:no-leader")
    assert "已记下" in stage.press("h1", "已传达")[0]["text"]
    said = texts(stage.press("l5", "看送达"), "private:l5")
    assert "上磨网格：送达5/6，已收到1/2" in said  # with the two groups below it and the one asked in private
    out = stage.tick("2026-01-05T13:30:00+08:00")
    out += stage.tick("2026-01-05T15:30:00+08:00")
    assert "三组" not in texts(out, "group:staff-smc") and "二组" not in texts(out, "group:staff-smc-1")
