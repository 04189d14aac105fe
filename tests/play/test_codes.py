"""Codes people type: guessing is limited, and a shopkeeper's code never reaches a resident."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from storage import codes
from storage.tables import staff
from tests.support.stage import Stage, texts


def staff_code(stage: Stage, key: str = "w1") -> str:
    now = stage.player.channel.now
    with stage.world.database.write() as conn:
        id = conn.execute(select(staff.c.id).where(staff.c.key == key)).scalar_one()
        return codes.issue(conn, kind="staff", subject={"staff": id}, now=now, lifetime=timedelta(days=1), digits=8)


def wrong(code: str, number: int) -> str:
    return f"{(int(code) + number + 1) % 100_000_000:08}"


def test_a_staff_code_binds_once(stage: Stage) -> None:
    code = staff_code(stage)
    assert "已绑定" in texts(stage.say("u7", code), "private:u7")
    assert "已绑定" not in texts(stage.say("u8", code), "private:u8")


def test_typing_numbers_does_not_find_a_staff_code(stage: Stage) -> None:
    code = staff_code(stage)
    stage.say("u7", "我要反映问题")  # nor in the middle of something else
    for number in range(10):
        stage.say("u7", wrong(code, number))
    assert "已绑定" not in texts(stage.say("u7", code), "private:u7")
    assert "已绑定" in texts(stage.say("u8", code), "private:u8")


def test_opening_links_does_not_find_a_staff_code(stage: Stage) -> None:
    code = staff_code(stage)
    for number in range(10):
        stage.step(type="start", chat="private", token=f"play:{wrong(code, number)}", **{"from": "u7"})
    out = stage.step(type="start", chat="private", token=f"play:{code}", **{"from": "u7"})
    assert "已绑定" not in texts(out, "private:u7")
    out = stage.step(type="start", chat="private", token=f"play:{code}", **{"from": "u8"})
    assert "已绑定" in texts(out, "private:u8")


def test_a_pick_up_code_is_not_sent_to_a_resident(stage: Stage) -> None:
    with stage.world.database.write() as conn:  # the shopkeeper is on duty for residents as well
        from storage.tables import staff_role

        id = conn.execute(select(staff.c.id).where(staff.c.key == "shop")).scalar_one()
        where = conn.execute(select(staff_role.c.area_id).where(staff_role.c.staff_id == id)).scalar_one()
        conn.execute(staff_role.insert().values(staff_id=id, area_id=where, role="duty_leader"))
        d1 = conn.execute(select(staff.c.id).where(staff.c.key.in_(("d1", "d2")))).scalars().all()
        conn.execute(staff_role.delete().where(staff_role.c.staff_id.in_(d1)))
    stage.say("u1", "人工")
    stage.press("shop", "接下")
    out = stage.say("shop", "482913")
    assert "482913" not in texts(out, "private:u1")
    assert "没" in texts(out, "private:shop")


def test_who_guesses_codes_finds_none_of_any_kind_that_day(stage: Stage) -> None:
    for number in range(10):
        stage.say("u1", f"登记码 1000000{number}")
    for who, found in (("u1", False), ("u2", True)):  # the right one of a household; nobody else pays for it
        stage.say(who, "我家有多少积分")
        assert ("林家" in texts(stage.say(who, "51830274"), f"private:{who}")) == found
    stage.say("u1", "取消")
    stage.tick("2026-01-06T09:00:00+08:00")
    stage.say("u1", "我家有多少积分")
    assert "林家" in texts(stage.say("u1", "51830274"), "private:u1")
