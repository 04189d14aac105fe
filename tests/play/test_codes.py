"""Codes people type: guessing is limited, and a shopkeeper's code never reaches a resident."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from storage import codes
from storage.tables import staff
from tests.support.stage import LAMP, Stage, texts


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


def test_a_pick_up_code_typed_to_us_is_led_to_the_shop_and_tells_only_its_household_what_it_is(stage: Stage) -> None:
    for line in ("我要绑定我家的积分 51830274", "确认", "用积分换菜籽油"):
        stage.say("u1", line)
    code = texts(stage.press("u1", "确认"), "private:u1").split("取货码 ")[1][:6]
    for mine in (code, f"取货码{code}"):
        assert "这是您家换「菜籽油一升」的取货码" in stage.tell("u1", mine)
    for who in ("u2", "w1"):  # a neighbour, or a child of theirs with another account; a colleague of no shop
        told = stage.tell(who, code)
        assert "到积分超市报给店员" in told and "菜籽油" not in told
        assert told == stage.tell(who, f"{(int(code) + 1) % 1_000_000:06}")
    assert "可以给货" in stage.tell("shop", code)
    assert "取货码" in stage.tell("u1", "码丢了")


def test_six_figures_that_answer_a_question_are_no_code(stage: Stage) -> None:
    assert "取货码" not in stage.tell("u1", LAMP, "138123")


def test_a_household_code_that_counts_no_more_is_said_to_be_so(stage: Stage) -> None:
    for line in ("我要绑定我家的积分 51830274", "确认"):
        stage.say("u1", line)
    assert "用过了" in stage.tell("u2", "51830274")


def test_what_was_reserved_is_given_back_before_another_is_chosen(stage: Stage) -> None:
    for line in ("我要绑定我家的积分 51830274", "确认", "用积分换菜籽油", "确认"):
        stage.say("u1", line)
    told = stage.tell("u1", "我不想要油了换大米")
    assert "菜籽油" in told and "大米" not in told
