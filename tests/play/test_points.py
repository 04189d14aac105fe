"""The Moral Bank with everybody in it: households, staff, the panel, the shop; nobody decides in their own matter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from bot.bank import WAITING
from bot.community.load import demo, import_text
from bot.effects import Here, Writer
from bot.presses import Desk
from flows.effects import EndRedemption, Propose, Reserve
from flows.errors import Suspicious
from storage import audit, ledger, shop
from storage.tables import account, goods, household, household_member, proposal, staff, transfer
from storage.verify import verify
from tests.support.stage import Stage, on_stage, texts


@pytest.fixture
def stage() -> Iterator[Stage]:
    with on_stage() as found:
        yield found
        with found.world.database.read() as conn:
            assert verify(conn) == []


def bind(stage: Stage, who: str, code: str = "51830274") -> None:
    stage.say(who, code)
    stage.say(who, "确认")


def joined(stage: Stage, who: str, key: str = "xfl-0301") -> None:
    """Somebody is of a household already, however that came."""
    stage.say(who, "你好")
    with stage.world.database.write() as conn:
        person = conn.execute(select(account.c.person_id).where(account.c.address == who)).scalar_one()
        home = conn.execute(select(household.c.id).where(household.c.key == key)).scalar_one()
        conn.execute(
            household_member.insert().values(household_id=home, person_id=person, since=stage.player.channel.now)
        )


def propose(stage: Stage, who: str = "w1", home: str = "林家", rule: str = "1") -> None:
    stage.say(who, f"给{home}加分")
    stage.say(who, "照顾卧床的老父亲一整个月，天天擦洗")
    stage.say(who, rule)
    stage.press(who, "没有照片")
    stage.press(who, "确认")


def deduct(stage: Stage, who: str = "w1", home: str = "林家") -> None:
    stage.say(who, f"给{home}扣分")
    stage.say(who, "楼道里堆着旧家具，三次上门提醒都没有搬走")
    stage.press(who, "楼道堆放杂物经三次提醒不清理 扣5分")
    stage.press(who, "没有照片")
    stage.press(who, "确认")


def trail(stage: Stage) -> list[str]:
    with stage.world.database.read() as conn:
        return [row.action for row in audit.trail(conn, 50)]


def balance(stage: Stage, who: str = "u1") -> str:
    return texts(stage.say(who, "我家有多少积分"), f"private:{who}")


def test_an_award_needs_a_second_person_and_every_member_hears_of_it(stage: Stage) -> None:
    bind(stage, "u1")
    joined(stage, "u2")
    propose(stage)
    assert "180分" in balance(stage)
    out = stage.press("p1", "同意")
    for who in ("u1", "u2"):
        heard = texts(out, f"private:{who}")
        assert "加了20分" in heard and "忠1" in heard and "擦洗" in heard and "200分" in heard
    assert "200分" in balance(stage)
    again = stage.press("p2", "同意")
    assert "已经办过了" in str(again)
    assert "200分" in balance(stage)
    assert "points.replayed" in trail(stage)


def test_nobody_approves_their_own_household_nor_their_own_word(stage: Stage) -> None:
    bind(stage, "u1")
    propose(stage)
    joined(stage, "p1")
    assert "自己家" in str(stage.press("p1", "同意"))
    assert "180分" in balance(stage)
    propose(stage, "p2", "方家", "1")
    assert "擦洗" not in texts(stage.since, "private:p2")
    stage.say("p2", "积分待办")
    assert "自己提的" in str(stage.press("p2", "同意"))
    assert {"points.own_household", "points.own_word"} <= set(trail(stage))


def test_a_household_proposes_with_a_photo(stage: Stage, tmp_path: Path) -> None:
    photo = tmp_path / "p.jpg"
    Image.new("RGB", (40, 30), "green").save(photo)
    bind(stage, "u1")
    stage.say("u1", "申报加分")
    stage.say("u1", "帮邻居王奶奶买了一星期的菜")
    stage.say("u1", "1")
    stage.say("u1", "", photos=[str(photo)])
    out = stage.press("u1", "确认")
    card = next(line for line in out if line.get("chat") == "private:p1")
    assert "这一户自己" in card["text"] and card["photo"] and "3号楼" not in card["text"]
    stage.press("p1", "同意")
    assert "185分" in balance(stage)


@pytest.mark.parametrize(("who", "kind"), [("u2", "award"), ("u1", "deduction"), ("u2", "deduction")])
def test_who_is_no_member_proposes_nothing_and_no_household_takes_its_own_points(
    stage: Stage, who: str, kind: str
) -> None:
    bind(stage, "u1")
    stage.say("u2", "你好")
    with stage.world.database.write() as conn:
        person = conn.execute(select(account.c.person_id).where(account.c.address == who)).scalar_one()
        home = conn.execute(select(household.c.id).where(household.c.key == "xfl-0301")).scalar_one()
        here = Here(stage.player.channel.now, f"person:{person}", person=person)
        with pytest.raises(Suspicious, match="不在您负责"):
            Writer(conn, stage.world, here).write([Propose(kind, home, "帮邻居买菜", rule=1)])
        assert not conn.execute(select(proposal.c.id)).all()


def test_the_yearly_cap_holds(stage: Stage) -> None:
    bind(stage, "u1")
    for _ in range(3):
        propose(stage)
        stage.press("p1", "同意")
    assert "240分" in balance(stage)
    for _ in range(3):
        propose(stage)
        stage.press("p1", "同意")
    assert "300分" in balance(stage)  # 120 a year
    stage.say("w1", "给林家加分")
    stage.say("w1", "照顾卧床的老父亲一整个月，天天擦洗")
    stage.say("w1", "1")
    stage.press("w1", "没有照片")
    assert "已经加满" in str(stage.press("w1", "确认"))


def test_a_deduction_is_announced_and_taken_after_seven_days(stage: Stage) -> None:
    bind(stage, "u1")
    deduct(stage)
    out = stage.press("p1", "同意")
    assert "还没有扣" in texts(out, "private:u1") and "1月12日" in texts(out, "private:u1")
    assert "180分" in balance(stage)
    stage.tick("2026-01-12T23:00:00+08:00")
    assert "180分" in balance(stage)
    out = stage.tick("2026-01-13T08:30:00+08:00")
    assert "扣了5分" in texts(out, "private:u1")
    assert "175分" in balance(stage)


def test_an_appeal_stops_it_and_is_heard_by_somebody_else(stage: Stage) -> None:
    bind(stage, "u1")
    deduct(stage)
    stage.press("p1", "同意")
    stage.press("u1", "我要申诉")
    out = stage.say("u1", "家具是隔壁搬家放的，不是我家的")
    assert "申诉" in texts(out, "private:p2") and not texts(out, "private:p1")
    stage.tick("2026-01-14T09:00:00+08:00")
    assert "180分" in balance(stage)
    stage.say("p1", "积分待办")
    stage.press("p1", "维持扣分")
    assert "没经手" in texts(stage.say("p1", "就是他家放的东西"), "private:p1")
    stage.press("p2", "申诉成立")
    out = stage.say("p2", "看过监控，确实是隔壁放的")
    assert "不扣了" in texts(out, "private:u1")
    assert "180分" in balance(stage)


def test_a_dismissed_appeal_takes_no_more_than_there_is(stage: Stage) -> None:
    bind(stage, "u1", "27719356")
    deduct(stage, home="俞家")
    stage.press("p1", "同意")
    stage.press("u1", "我要申诉")
    stage.say("u1", "我们已经在搬了，请再等等")
    stage.press("p2", "维持扣分")
    out = stage.say("p2", "提醒三次都没有搬，维持")
    assert "不欠着" in texts(out, "private:u1")


def test_a_correction_needs_a_second_person_too(stage: Stage) -> None:
    bind(stage, "u1")
    propose(stage)
    stage.press("p1", "同意")
    stage.say("l1", "积分冲正")
    stage.say("l1", "林家")
    button = next(b for b in stage.buttons("private:l1") if "加20分" in b)
    stage.press("l1", button)
    stage.say("l1", "重复申报，上个月加过了")
    assert "200分" in balance(stage)
    out = stage.press("p1", "同意")
    assert "重复申报" in texts(out, "private:u1") and "180分" in texts(out, "private:u1")
    assert "180分" in balance(stage)


def test_what_was_spent_is_not_taken_back(stage: Stage) -> None:
    bind(stage, "u1", "27719356")
    propose(stage, home="俞家")
    stage.press("p1", "同意")
    stage.say("u1", "换一条毛巾")
    stage.say("u1", "确认")
    stage.say("l1", "积分冲正")
    stage.say("l1", "俞家")
    stage.press("l1", next(b for b in stage.buttons("private:l1") if "加20分" in b))
    stage.say("l1", "重复申报，上个月加过了")
    assert "已经用掉" in str(stage.press("p1", "同意"))


def test_a_member_leaves_and_comes_back_with_a_new_code(stage: Stage) -> None:
    bind(stage, "u1")
    joined(stage, "u2")
    stage.say("u1", "退出这一户")
    assert "有一位成员解除了绑定" in texts(stage.press("u1", "确认"), "private:u2")
    assert "180" not in balance(stage)
    stage.say("u1", "取消")
    assert "用过了" in texts(stage.say("u1", "51830274"), "private:u1")
    stage.say("u1", "取消")
    stage.say("w1", "给林家发绑定码")
    out = stage.press("w1", "确认")
    code = texts(out, "private:w1").partition("绑定码：")[2][:8]
    bind(stage, "u1", code)
    assert "180分" in balance(stage)


def test_a_household_moves_with_its_points_and_its_history(stage: Stage) -> None:
    bind(stage, "u1")
    stage.say("l1", "迁户")
    stage.say("l1", "林家")
    stage.press("l1", "石磨村")
    out = stage.press("l1", "确认")
    assert "石磨村" in texts(out, "private:u1") and "180分" in texts(out, "private:u1")
    assert "180分" in balance(stage)
    statement = texts(stage.say("u1", "积分明细"), "private:u1")
    assert "迁入结转" in statement and "纸账结转" in statement
    assert "没找到" in texts(stage.say("w1", "给林家加分"), "private:w1") + texts(stage.say("w1", "林家"), "private:w1")


def test_a_pick_up_code_can_be_seen_again_and_used_once(stage: Stage) -> None:
    bind(stage, "u1")
    stage.say("u1", "换一条毛巾")
    out = stage.say("u1", "确认")
    code = texts(out, "private:u1").partition("取货码 ")[2][:6]
    assert code in texts(stage.say("u1", "取货码"), "private:u1")
    assert "毛巾" in texts(stage.say("shop", code), "private:shop")
    stage.press("shop", "给货了")
    assert "已经领过" in texts(stage.say("shop", code), "private:shop")
    assert "领过" in str(stage.press("shop", "给货了"))
    assert "pickup.replayed" in trail(stage)


def test_a_removed_shopkeeper_and_one_of_another_shop_hand_nothing_over(stage: Stage) -> None:
    from storage.tables import staff, staff_role

    bind(stage, "u1")
    stage.say("u1", "换一条毛巾")
    code = texts(stage.say("u1", "确认"), "private:u1").partition("取货码 ")[2][:6]
    stage.say("shop", code)
    with stage.world.database.write() as conn:
        id = conn.execute(select(staff.c.id).where(staff.c.key == "shop")).scalar_one()
        conn.execute(staff_role.update().where(staff_role.c.staff_id == id).values(department="别的店"))
    assert "不在您的店" in str(stage.press("shop", "给货了"))
    assert "不在您的店" in texts(stage.say("shop", code), "private:shop")
    with stage.world.database.write() as conn:
        conn.execute(staff.update().where(staff.c.id == id).values(active=False))
    assert "店员" in str(stage.press("shop", "给货了"))
    assert {"pickup.other_shop", "pickup.no_shopkeeper"} <= set(trail(stage))
    with stage.world.database.read() as conn:
        assert conn.execute(select(proposal.c.id)).first() is None


def test_one_household_gets_only_its_share_a_month(stage: Stage) -> None:
    bind(stage, "u1")
    for _ in range(2):
        stage.say("u1", "换大米")
        stage.say("u1", "确认")
    assert "下个月" in texts(stage.say("u1", "换大米"), "private:u1")
    assert "60分" in balance(stage)


def test_those_with_something_to_collect_are_reminded_the_evening_before(stage: Stage) -> None:
    bind(stage, "u1")
    stage.say("u1", "换一条毛巾")
    stage.say("u1", "确认")
    stage.tick("2026-01-12T12:00:00+08:00")
    stage.say("u1", "换肥皂")
    stage.say("u1", "确认")
    out = stage.tick("2026-01-16T19:00:00+08:00")
    assert "肥皂" in texts(out, "private:u1") and "9:00到11:30" in texts(out, "private:u1")


def test_the_staff_page_gives_a_code_that_binds_and_proposes_a_correction(stage: Stage) -> None:
    joined(stage, "u1")
    propose(stage)
    stage.press("p1", "同意")
    desk, now = Desk(stage.world), stage.player.channel.now
    with stage.world.database.read() as conn:
        worker = conn.execute(select(staff.c.id).where(staff.c.key == "w1")).scalar_one()
        home = conn.execute(select(household.c.id).where(household.c.key == "xfl-0301")).scalar_one()
        entry = conn.execute(select(transfer.c.id).where(transfer.c.key.startswith("award:"))).scalar_one()
    said = desk.act(staff_id=worker, action="proposal.code", args={"household": home}, note=None, now=now)
    code = re.findall(r"\d{8}", said)[0]
    assert "是您家吗" in texts(stage.say("u2", code), "private:u2")
    args = {"household": home, "transfer": entry, "kind": "correction"}
    assert "第二个人" in desk.act(staff_id=worker, action="proposal.propose", args=args, note="那天记错了户", now=now)
    stage.say("u2", "取消")  # what the page caused goes out with the next line
    out = stage.press("p2", "同意")
    assert "更正" in texts(out, "private:u1")


def test_points_set_aside_for_goods_do_not_escape_a_deduction(stage: Stage) -> None:
    bind(stage, "u1")
    deduct(stage)
    stage.press("p1", "同意")
    account_key = "household:xfl-0301"
    with stage.world.database.write() as conn:
        now = stage.player.channel.now
        home = conn.execute(select(household.c.id).where(household.c.key == "xfl-0301")).scalar_one()
        person = conn.execute(select(account.c.person_id).where(account.c.address == "u1")).scalar_one()
        item = conn.execute(select(goods.c.id, goods.c.price).where(goods.c.stock > 0, goods.c.active)).first()
        assert item
        spent = ledger.balance(conn, account_key) - item.price - 2
        ledger.post(conn, key="t", source=account_key, target="issuer:xfl", points=spent, by="test", now=now)
        kept = shop.reserve(conn, Reserve(item.id, home, person, item.price, now + timedelta(days=30), ""), now, now)
    assert kept
    out = stage.tick("2026-01-13T08:30:00+08:00")
    assert "扣了2分" in texts(out, "private:u1") and "补扣" in texts(out, "private:u1")
    with stage.world.database.write() as conn:
        here = Here(stage.player.channel.now, "clock")
        Writer(conn, stage.world, here).write([EndRedemption(kept[0], "cancelled", "clock")])
        assert ledger.balance(conn, account_key) == item.price - 3


def test_an_import_after_the_reminder_reminds_nobody_again_but_of_a_new_time(stage: Stage) -> None:
    bind(stage, "u1")
    for said in ("兑换", "1", "确认"):
        stage.say("u1", said)

    def told(start: str, at: str) -> bool:
        text = demo().decode().replace('"下周六 09:00", end: "11:30"', f'"2026-01-06 {start}", end: "16:30"')
        import_text(stage.world.database, text.encode(), "demo", stage.player.channel.now)
        return "积分兑换日" in texts(stage.tick(f"2026-01-05T{at}:00+08:00"), "private:u1")

    assert told("09:00", "18:01")
    assert not told("09:00", "18:30")
    assert told("14:00", "19:00")


def test_what_a_household_may_have_waiting_is_no_bound_for_staff(stage: Stage, tmp_path: Path) -> None:
    photo = tmp_path / "p.jpg"
    Image.new("RGB", (40, 30), "green").save(photo)
    bind(stage, "u1")

    def ask() -> str:
        for text in ("申报加分", "帮邻居王奶奶买了一星期的菜", "1"):
            stage.say("u1", text)
        stage.say("u1", "", photos=[str(photo)])
        return str(stage.press("u1", "确认"))

    assert all("请第二个人来核实" in ask() for _ in range(WAITING))
    assert "等批完再报" in ask()
    propose(stage)
    assert "已请第二个人来批" in stage.last("private:w1")["text"]


def test_the_page_takes_no_step_of_the_clock_and_none_it_does_not_know(stage: Stage) -> None:
    bind(stage, "u1")
    deduct(stage)
    stage.press("p1", "同意")
    with stage.world.database.read() as conn:
        worker = conn.execute(select(staff.c.id).where(staff.c.key == "w1")).scalar_one()
        made = conn.execute(select(proposal.c.id)).scalar_one()
    for step in ("post", "forge"):
        given = {"staff_id": worker, "args": {"proposal": made}, "note": None}
        told = Desk(stage.world).act(action=f"proposal.{step}", now=stage.player.channel.now, **given)
        assert "没有这一步" in told
    assert "180分" in balance(stage)


def test_who_lives_with_the_proposer_is_not_asked_and_decides_nothing(stage: Stage) -> None:
    bind(stage, "u1")
    for who in ("w1", "p1"):
        joined(stage, who, "xfl-0302")
    propose(stage)
    assert "擦洗" not in texts(stage.since, "private:p1") and "擦洗" in texts(stage.since, "private:p2")
    with stage.world.database.read() as conn:
        worker = conn.execute(select(staff.c.id).where(staff.c.key == "w1")).scalar_one()
        assert conn.execute(select(proposal.c.proposer)).scalar_one() == f"staff:{worker}"
    stage.say("p1", "积分待办")
    assert "批好了" not in str(stage.press("p1", "同意")) and "180分" in balance(stage)
    stage.press("p2", "同意")
    assert "200分" in balance(stage)


def test_what_was_proposed_before_the_cap_was_reached_gives_no_more_than_it(stage: Stage) -> None:
    bind(stage, "u1")
    for _ in range(7):
        propose(stage)
    for line in [line for line in stage.lines if line.get("chat") == "private:p1"]:
        for choice in (c for c in line.get("choices", ()) if c["label"] == "同意"):
            stage.step(type="press", chat="private", message=line["id"], choice=choice["id"], **{"from": "p1"})
    assert "300分" in balance(stage)  # 120 a year


def test_whoever_types_a_pick_up_code_hears_where_it_belongs(stage: Stage) -> None:
    bind(stage, "u1")
    for line in ("我想用积分换菜籽油", "确认"):
        stage.say("u1", line)
    code = re.findall(r"\d{6}", texts(stage.since, "private:u1"))[-1]
    assert "六个数字" in texts(stage.say("shop", f"取货码 {code}1"), "private:shop")
    assert "没查到" in texts(stage.say("shop", "000000" if code != "000000" else "111111"), "private:shop")
    assert stage.say("shop", code, "group:staff-liuxi") == []
    assert "私下发给我" in texts(stage.say("shop", code, "group:staff-liuxi", addressed=True), "group:staff-liuxi")
    stage.tick("2026-01-14T10:00:00+08:00")
    assert "请不要给货" in texts(stage.say("shop", code), "private:shop")


@pytest.mark.parametrize("said", ["库存还有多少", "菜籽油没货了", "今天有谁来取", "还有哪些货"])
def test_a_shopkeeper_asks_what_is_on_the_shelf(stage: Stage, said: str) -> None:
    bind(stage, "u1")
    for line in ("我想用积分换菜籽油", "确认"):
        stage.say("u1", line)
    out = texts(stage.say("shop", said), "private:shop")
    assert "菜籽油一升：还能换19份，1份换好了等居民来取" in out and "肥皂两块：还能换60份\n" in out
    assert "还能换" not in texts(stage.say("u2", said), "private:u2")


@pytest.mark.parametrize("said", ["取货码丢了怎么办", "我的取货码找不到了", "取货码不见了", "取货码忘了，再发一下"])
def test_a_lost_pick_up_code_is_shown_again(stage: Stage, said: str) -> None:
    bind(stage, "u1")
    for line in ("我想用积分换菜籽油", "确认"):
        stage.say("u1", line)
    assert "您家换了还没领的" in texts(stage.say("u1", said), "private:u1")
