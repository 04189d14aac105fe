"""Conversations with people: who may take one, from which message, and what is said to whom."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select, update

from bot.presses import Desk
from storage.tables import inbox, staff, thread
from tests.support.stage import Stage, on_stage, texts


@pytest.fixture
def stage() -> Iterator[Stage]:
    with on_stage() as found:
        yield found


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
