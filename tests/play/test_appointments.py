"""Appointments: a free time, somebody who takes it, an address for that one alone, reminders, giving it back."""

from __future__ import annotations

from sqlalchemy import func, select

from bot.casejobs import return_orphans
from storage.tables import booking, staff
from tests.support.stage import Stage, texts

ROOM = "group:staff-xfl"
HOME = "幸福里小区3号楼2单元502"


def asked(stage: Stage, who: str, words: str) -> None:
    stage.say(who, words)
    if "哪个社区" in stage.last(f"private:{who}")["text"]:  # the first time
        stage.press(who, "幸福里社区")


def residence(stage: Stage, who: str = "u1", slot: str = "明天 09:00") -> None:
    asked(stage, who, "我想预约居住证明")
    stage.press(who, slot)
    stage.press(who, "给自己办")
    stage.press(who, "没有了")
    stage.press(who, "确认")


def state(stage: Stage) -> str:
    with stage.world.database.read() as conn:
        return str(conn.execute(select(booking.c.state).order_by(booking.c.id.desc())).scalars().first())


def test_from_asking_to_done_with_reminders(stage: Stage) -> None:
    residence(stage)
    assert "明天 09:00" in stage.shown("private:u1")[-1]
    assert "新预约" in stage.last(ROOM)["text"]
    out = stage.press("l1", "接下", ROOM)
    assert "请带上身份证和租房合同" in texts(out, "private:u1")
    out = stage.tick("2026-01-06T08:05:00+08:00")
    assert "提醒：今天 09:00" in texts(out, "private:u1") and "您接了预约" in texts(out, "private:l1")
    out = stage.press("l1", "办好了", ROOM)
    assert "办好了" in texts(out, "private:u1")
    assert state(stage) == "done"


def test_a_full_time_is_not_offered_and_a_lost_race_is_told(stage: Stage) -> None:
    for who in ("u1", "u2"):  # two places a time
        residence(stage, who)
    asked(stage, "u3", "我想预约居住证明")
    assert "明天 09:00" not in stage.buttons("private:u3")
    assert "约不了" in texts(stage.say("u3", "明天上午9点"), "private:u3")
    stage.press("u1", "取消预约")
    assert "居民取消" in stage.last(ROOM)["text"] or "居民取消" in "\n".join(stage.shown(ROOM))
    stage.say("u3", "明天上午9点")
    stage.press("u3", "给自己办")
    residence(stage, "u4")  # meanwhile somebody takes the last place
    stage.press("u3", "没有了")
    assert "被别人约走" in texts(stage.press("u3", "确认"), "private:u3")
    with stage.world.database.read() as conn:
        assert conn.execute(select(func.count()).select_from(booking)).scalar_one() == 3


def test_the_address_of_a_visit_is_for_the_one_who_takes_it(stage: Stage) -> None:
    asked(stage, "u1", "能上门办养老资格认证吗")
    stage.say("u1", HOME)
    stage.press("u1", stage.buttons("private:u1")[0])
    stage.press("u1", "替别人办")
    assert "要他本人同意" in texts(stage.say("u1", "我妈，她走不动"), "private:u1")
    stage.say("u1", "我是她女儿，她同意了")
    stage.press("u1", "没有了")
    stage.press("u1", "确认")
    card = "\n".join(stage.shown(ROOM))
    assert "我是她女儿，她同意了" in card and "502" not in card
    out = stage.press("l2", "接下", ROOM)
    assert HOME in texts(out, "private:l2")
    for chat in {line["chat"] for line in stage.lines if "chat" in line} - {"private:l2", "private:u1"}:
        assert "502" not in "\n".join(stage.shown(chat)), chat


def test_what_is_done_for_one_has_no_time(stage: Stage) -> None:
    asked(stage, "u1", "帮我代办老年优待证")
    stage.press("u1", "给自己办")
    stage.press("u1", "没有了")
    out = stage.press("u1", "确认")
    assert "办好了告诉您" in texts(out, "private:u1")
    out = stage.tick("2026-01-08T10:00:00+08:00")
    assert "没有约成" in texts(out, "private:u1") and "没有人接" in texts(out, ROOM)


def test_declined_withdrawn_role_and_old_buttons(stage: Stage) -> None:
    residence(stage)
    assert "不是给您的" in stage.press("u9", "接下", ROOM)[0]["text"]
    out = stage.press("l1", "约不了", ROOM)
    assert "另选一个时间" in texts(out, "private:u1")
    residence(stage, "u2")
    stage.press("l1", "接下", ROOM)
    assert "没有权限" in stage.press("l2", "办好了", ROOM)[0]["text"]  # who took it does it
    stage.say("u2", "我的预约")
    out = stage.press("u2", stage.buttons("private:u2")[0])
    assert "已取消" in texts(out, "private:u2") and "取消了预约" in texts(out, "private:l1")
    assert "没有预约" in texts(stage.say("u2", "我的预约"), "private:u2")


def test_whoever_took_it_and_left_gives_it_back_to_the_others(stage: Stage) -> None:
    residence(stage)
    stage.press("l1", "接下", ROOM)
    assert "已接下（蒋国强）" in stage.last(ROOM)["text"]
    with stage.world.database.write() as conn:
        conn.execute(staff.update().where(staff.c.key == "l1").values(active=False))
    now = stage.player.channel.now
    assert (return_orphans(stage.world, now), return_orphans(stage.world, now)) == (1, 0)
    out = texts(stage.tick("2026-01-05T09:05:00+08:00"), ROOM)
    assert "原来接下的同事不在岗了" in out and state(stage) == "asked"
    stage.press("l2", "接下", ROOM)
    assert "您接了预约" in texts(stage.tick("2026-01-06T08:05:00+08:00"), "private:l2")


def test_the_reminder_of_a_visit_says_where_to_go(stage: Stage) -> None:
    asked(stage, "u1", "我想预约养老资格认证上门")
    stage.say("u1", HOME)
    stage.say("u1", "1")
    for label in ("给自己办", "没有了", "确认"):
        stage.press("u1", label)
    stage.press("l1", "接下", ROOM)
    assert HOME in texts(stage.tick("2026-01-07T08:05:00+08:00"), "private:l1")
    assert HOME not in "\n".join(stage.shown(ROOM))
