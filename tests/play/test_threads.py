"""Conversations with people: who may take one, from which message, and what is said to whom."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import delete, select, update

from bot.presses import Desk
from storage.tables import area, inbox, staff, staff_role, thread
from tests.support.stage import Stage, texts


def latest(stage: Stage) -> int:
    with stage.world.database.read() as conn:
        return int(conn.execute(select(thread.c.id).order_by(thread.c.id.desc())).scalars().first() or 0)


def act(stage: Stage, who: str, action: str, note: str | None = None) -> str:
    """Do something with the newest thread on the staff page."""
    with stage.world.database.read() as conn:
        id = conn.execute(select(staff.c.id).where(staff.c.key == who)).scalar_one()
    now = stage.player.channel.now
    return Desk(stage.world).act(staff_id=id, action=action, args={"thread": latest(stage)}, note=note, now=now)


def owner(stage: Stage) -> int | None:
    with stage.world.database.read() as conn:
        found: int | None = conn.execute(select(thread.c.owner_id).where(thread.c.id == latest(stage))).scalar_one()
    return found


def failed(stage: Stage) -> list[str]:
    with stage.world.database.read() as conn:
        return [str(e) for e in conn.execute(select(inbox.c.error).where(inbox.c.error.is_not(None))).scalars()]


def test_staff_do_not_answer_their_own_call(stage: Stage) -> None:
    stage.say("d1", "人工")
    assert "请同事来接" in stage.press("d1", "接下")[0]["text"]
    assert failed(stage) == []
    assert owner(stage) is None


def test_photos_are_shown_once_somebody_has_taken_it_and_to_nobody_else(stage: Stage, tmp_path: Path) -> None:
    photo = tmp_path / "p.jpg"
    Image.new("RGB", (8, 8), "red").save(photo)
    stage.say("u1", "人工")
    stage.say("u1", "", photos=[str(photo), str(photo)])
    assert not [line for line in stage.lines if "photo" in line]
    taker = next(line["chat"] for line in reversed(stage.lines) if "接下" in str(line.get("choices")))
    stage.press(taker.removeprefix("private:"), "接下")
    assert [line["chat"] for line in stage.lines if "photo" in line] == [taker, taker]
    stage.say("u1", "就是这里", photos=[str(photo)])
    assert [line["chat"] for line in stage.since if "photo" in line] == [taker]


@pytest.mark.parametrize(("who", "action"), [("shop", "thread.claim"), ("w12", "thread.reply"), ("d1", "thread.say")])
def test_the_staff_page_does_no_more_than_the_role(stage: Stage, who: str, action: str) -> None:
    stage.say("u1", "人工")
    heard = len(stage.shown("private:u1"))
    act(stage, who, action, "我来看看")
    stage.tick("2026-01-05T09:01:00+08:00")
    assert len(stage.shown("private:u1")) == heard
    assert owner(stage) is None


def test_staff_without_a_chat_go_on_on_their_page(stage: Stage) -> None:
    stage.say("u1", "人工")
    with stage.world.database.write() as conn:
        conn.execute(update(staff).where(staff.c.key == "d1").values(person_id=None))
    assert "已接下" in act(stage, "d1", "thread.claim")
    assert "已转给工作人员" in texts(stage.say("u1", "我要问养老金的事"), "private:u1")
    act(stage, "d1", "thread.reply", "请带身份证来")
    stage.tick("2026-01-05T09:01:00+08:00")
    assert "请带身份证来" in stage.shown("private:u1")[-1]


def test_whoever_hears_an_alarm_later_can_take_it_and_answer_by_reply(stage: Stage) -> None:
    stage.say("u1", "着火了！！3号楼楼上冒火了快来人")
    stage.tick("2026-01-05T09:05:00+08:00")
    stage.press("admin", "接下")
    assert owner(stage) is not None
    first = stage.last("private:admin")["id"]
    stage.say("u2", "救命我家煤气泄漏了有人晕倒了")
    stage.tick("2026-01-05T09:12:00+08:00")
    stage.press("admin", "接下")
    stage.tick("2026-01-05T09:20:00+08:00")
    out = stage.say("admin", "消防车已经出发", reply_to=first)  # two are open: the reply says which
    assert "消防车已经出发" in texts(out, "private:u1")
    assert texts(out, "private:u2") == ""


def test_whose_owner_has_left_is_heard_by_the_others(stage: Stage) -> None:
    stage.say("u1", "人工")
    stage.press("d1", "接下")
    with stage.world.database.write() as conn:
        conn.execute(update(staff).where(staff.c.key == "d1").values(active=False))
    out = stage.say("u1", "有人吗")
    assert any(line["chat"] != "private:u1" and "接下" in str(line.get("choices")) for line in out)
    assert owner(stage) is None


def test_a_cry_whose_owner_has_left_is_heard_by_the_others(stage: Stage) -> None:
    stage.say("u1", "幸福里3号楼着火了，有人受伤")
    stage.press("d1", "接下")
    with stage.world.database.write() as conn:
        conn.execute(update(staff).where(staff.c.key == "d1").values(active=False))
    out = stage.say("u1", "火更大了")
    assert texts(out, "private:u1")
    assert any(line["chat"] != "private:u1" and "接下" in str(line.get("choices")) for line in out)
    assert owner(stage) is None
    later = stage.tick("2026-01-05T09:05:00+08:00")
    assert any("还没有人接" in line["text"] for line in later)


def test_a_cry_of_somebody_on_duty_is_heard_as_theirs(stage: Stage) -> None:
    stage.say("u1", "人工")
    stage.press("d1", "接下")
    out = stage.say("d1", "救命我家着火了")
    assert "119" in texts(out, "private:d1")
    assert not texts(out, "private:u1")


def test_a_title_typed_to_the_person_who_has_the_conversation_is_for_that_person(stage: Stage) -> None:
    stage.say("u1", "人工")
    stage.press("d1", "接下")
    out = stage.say("u1", "法律咨询")
    assert "法律咨询" in texts(out, "private:d1")
    assert not [line for line in out if line["chat"] == "private:u1"]


def test_who_waits_no_more_is_waited_for_by_nobody(stage: Stage) -> None:
    stage.say("u1", "人工")
    taker = next(line["chat"] for line in reversed(stage.lines) if "接下" in str(line.get("choices")))
    out = stage.say("u1", "取消")
    assert "不用来了" in texts(out, "private:u1") and "没帮上" not in str(out), "nobody came: nothing to rate"
    edited = next(line for line in out if line.get("type") == "edit" and line["chat"] == taker)
    assert "居民说不用了" in edited["text"] and not edited.get("choices")
    later = [line for line in stage.tick("2026-01-05T13:05:00+08:00") if line.get("chat")]
    assert not later, "nobody is told again"


@pytest.mark.parametrize("said", ["算了不用了", "不等了", "不用人工了", "不等人工了"])
def test_waiting_ends_in_other_words(stage: Stage, said: str) -> None:
    stage.say("u1", "人工")
    assert "不用来了" in texts(stage.say("u1", said), "private:u1")


def test_with_a_matter_open_it_is_asked_which_of_the_two_is_let_be(stage: Stage) -> None:
    stage.say("u1", "幸福里3号楼2单元楼道灯坏了")
    stage.say("u1", "人工")
    stage.say("u1", "取消")
    assert stage.buttons("private:u1") == ["不等人工了", "这件先不办了"]
    assert "先不办了" in texts(stage.press("u1", "这件先不办了"), "private:u1")
    assert "不用来了" in texts(stage.say("u1", "取消"), "private:u1"), "the waiting was still on"
    stage.say("u1", "幸福里3号楼2单元楼道灯坏了")
    stage.say("u1", "人工")
    stage.say("u1", "取消")
    stage.say("u1", "不等人工了")
    assert "没有照片" in texts(stage.say("u1", "不留"), "private:u1"), "the report goes on"


def test_who_asked_for_nobody_lets_both_be_with_one_word(stage: Stage) -> None:
    for said in ("我有多少积分", "天书", "鬼画符", "看不懂"):
        stage.say("u1", said)
    assert "一接手" in stage.last("private:u1")["text"]
    assert "工作人员也不用等了" in texts(stage.say("u1", "取消"), "private:u1")
    assert "没有正在办的事" in texts(stage.say("u1", "取消"), "private:u1")


def test_a_false_alarm_is_called_off_aloud(stage: Stage) -> None:
    stage.say("u1", "着火了")
    out = stage.say("u1", "结束")
    told = [line for line in out if line.get("chat") != "private:u1"]
    assert {line["type"] for line in told} == {"edit", "say"} and all("居民说不用了" in line["text"] for line in told)


def test_an_alarm_that_was_taken_ends_with_words_of_its_own(stage: Stage) -> None:
    stage.say("u1", "着火了")
    stage.press("d1", "接下")
    out = stage.say("u1", "结束")
    assert "紧急求助结束了" in texts(out, "private:u1") and "人工服务" not in texts(out, "private:u1")
    assert "已结束" in texts(out, "private:d1")


def test_a_cry_from_nobody_knows_where_is_heard_and_taken_in_the_parts_where_nobody_answers_for_the_whole(
    stage: Stage,
) -> None:
    with stage.world.database.write() as conn:
        whole = conn.execute(select(area.c.id).where(area.c.key == "liuxi")).scalar_one()
        conn.execute(delete(staff_role).where(staff_role.c.area_id == whole))
    out = stage.say("u1", "着火了")
    assert "具体地点" in texts(out, "private:u1")
    heard = {line["chat"] for line in out if "火情" in line.get("text", "")}
    assert {"private:l1", "private:l5"} <= heard
    out = stage.tick("2026-01-05T09:03:00+08:00")
    assert heard <= {line.get("chat") for line in out if "还没有人接" in line.get("text", "")}
    assert "已接下" in str(stage.press("l5", "接下"))


def test_where_it_is_told_later_goes_to_those_who_were_called_and_to_those_who_are_near(stage: Stage) -> None:
    stage.say("u1", "着火了")
    out = stage.say("u1", "在石磨村村口")
    assert "附近的同事" in texts(out, "private:u1")
    assert "：在石磨村村口" in texts(out, "private:d1"), "aloud, not only in the card"
    assert "着火了\n在石磨村村口" in texts(out, "private:l5")
    again = stage.tick("2026-01-05T09:03:00+08:00")
    assert "着火了\n在石磨村村口" in texts(again, "private:d1")
    assert "具体地点" not in texts(stage.say("u2", "幸福里3号楼着火了"), "private:u2"), "it was told"


def test_a_name_is_hidden_each_time_all_on_duty_hear_of_it(stage: Stage) -> None:
    stage.say("u1", "我叫王小明，电话13800001111，请转人工")
    stage.say("u1", "我是王小明，住3号楼501")
    heard = texts(stage.tick("2026-01-05T13:05:00+08:00"), "private:d1")
    assert "还没有人接" in heard and "还在等" in heard
    assert not any(one in heard for one in ("王小明", "13800001111", "501"))
    stage.press("d1", "接下")
    assert "王小明" in stage.last("private:d1")["text"]  # told to the one who has it


def test_what_only_has_to_be_looked_up_is_answered_while_somebody_is_waited_for(stage: Stage) -> None:
    for line in ("我要绑定我家的积分 51830274", "确认", "人工"):
        stage.say("u1", line)
    assert "180分" in texts(stage.say("u1", "我家还有多少积分"), "private:u1")
    assert "95598" in texts(stage.say("u1", "停水了吗"), "private:u1")
    assert "还没接上" in texts(stage.say("u1", "还要等多久"), "private:u1")
    assert "记下了" in texts(stage.say("u1", "我要问养老金的事"), "private:u1")
    stage.press("d1", "接下")
    heard = stage.last("private:d1")["text"]
    assert "养老金" in heard and "多少积分" not in heard and "停水" not in heard
    assert "停水了吗" in texts(stage.say("u1", "停水了吗"), "private:d1")


def test_who_has_no_household_is_asked_for_no_code_while_somebody_is_waited_for(stage: Stage) -> None:
    stage.say("u1", "人工")
    assert "记下了" in texts(stage.say("u1", "我家还有多少积分"), "private:u1")
