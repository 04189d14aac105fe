"""What of points others see: the ranking, the monthly notice, gifts; and what a group never sees."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select, update

from storage import kept
from storage.tables import area
from tests.play.test_points import balance, bind, propose, stage, trail
from tests.support.stage import Stage, texts

__all__ = ["stage"]


def test_the_ranking_holds_only_those_who_agreed(stage: Stage) -> None:
    for who, code, home in (("u1", "51830274", "林家"), ("u2", "60427719", "方家")):
        bind(stage, who, code)
        propose(stage, home=home)
        stage.press("p1", "同意")
    assert "自愿" in texts(stage.say("u1", "积分排名"), "private:u1")
    alone = texts(stage.press("u1", "参加排名"), "private:u1")
    assert "1户" in alone and "方" not in alone
    both = texts(stage.say("u2", "参加排名"), "private:u2")
    assert "1. 林＊＊ 20分" in both and "林家" not in both and "您家排第1" in both  # a tie
    stage.say("u1", "退出排名")
    assert "林" not in texts(stage.say("u2", "积分排名"), "private:u2")


@pytest.fixture
def published(stage: Stage) -> Iterator[Stage]:
    bind(stage, "u1")
    propose(stage)
    stage.press("p1", "同意")
    out = stage.tick("2026-02-01T09:30:00+08:00")
    assert "林＊＊" in texts(out, "group:staff-xfl") and not texts(out, "group:g1")
    stage.press("l1", "发到居民群", "group:staff-xfl")
    stage.tick("2026-02-01T09:31:00+08:00")
    yield stage


def test_the_notice_goes_out_after_a_person_looked_at_it(published: Stage) -> None:
    shown = published.last("group:g1")
    assert "林＊＊" in shown["text"] and "+20分" in shown["text"] and "林家" not in shown["text"]
    assert "擦洗" not in shown["text"] and "200" not in shown["text"] and shown["photo"].endswith(".jpg")
    assert "已经发过" in str(published.press("l2", "发到居民群", "group:staff-xfl"))


def test_anybody_may_object_and_only_the_panel_reads_it(published: Stage) -> None:
    for who in ("u8", "u9"):  # the button is not used up by the first
        out = published.press(who, "我有异议", "group:g1")
        assert "哪一条" in texts(out, f"private:{who}") and not texts(out, "group:g1")
    out = published.say("u9", "第1条，那个月老人住在女儿家")
    assert "女儿家" in texts(out, "private:p1") and "编号" in texts(out, "private:u9")
    assert not [line for line in out if str(line.get("chat", "")).startswith("group:")]
    published.press("p1", "接下")
    assert "核查过" in texts(published.say("p1", "核查过，那个月确实在家"), "private:u9")


def test_a_resident_reads_the_notice_alone(published: Stage) -> None:
    assert "林＊＊" in texts(published.say("u1", "积分公示"), "private:u1")


def gifts_on(stage: Stage) -> None:
    with stage.world.database.write() as conn:
        id = conn.execute(select(area.c.id).where(area.c.key == "liuxi")).scalar_one()
        conn.execute(update(area).where(area.c.id == id).values(options={"points": {"gifts_per_month": 50}}))
        kept.changed(conn)


def give(stage: Stage, code: str, points: str) -> str:
    stage.say("u1", "送积分")
    stage.say("u1", code)
    stage.say("u1", points)
    return str(stage.press("u1", "确认"))


def gift_code(stage: Stage, who: str) -> str:
    return texts(stage.say(who, "收分码"), f"private:{who}").partition("：")[2][:8]


def test_gifts_are_off_unless_the_community_turns_them_on(stage: Stage) -> None:
    bind(stage, "u1")
    assert "没有开" in texts(stage.say("u1", "送积分"), "private:u1")


def test_a_gift_goes_once_up_to_the_cap_and_never_to_oneself(stage: Stage) -> None:
    gifts_on(stage)
    bind(stage, "u1")
    bind(stage, "u2", "60427719")
    code = gift_code(stage, "u2")
    assert "还有150分" in give(stage, code, "30")
    assert "一共90分" in str(stage.since)
    assert "没对上" in give(stage, code, "10")  # used
    assert "最多送50分" in give(stage, gift_code(stage, "u2"), "30")
    assert "自己家" in give(stage, gift_code(stage, "u1"), "10")
    assert "150分" in balance(stage)
    assert "points.gift_to_self" in trail(stage)


def test_gift_codes_cannot_be_guessed(stage: Stage) -> None:
    gifts_on(stage)
    bind(stage, "u1")
    bind(stage, "u2", "60427719")
    code = gift_code(stage, "u2")
    for number in range(10):
        give(stage, f"{(int(code) + number + 1) % 10**8:08}", "10")
    give(stage, code, "10")
    assert "180分" in balance(stage)


def test_what_one_changed_ones_mind_about_is_given_back_by_its_name(stage: Stage) -> None:
    bind(stage, "u1")
    assert "大件" not in texts(stage.say("u1", "大米不要了"), "private:u1")
    for goods in ("换大米", "换肥皂"):
        stage.say("u1", goods)
        stage.say("u1", "确认")
    for said, told in (
        ("我家不要那袋大米了", "「大米五公斤」不要了吗"),
        ("米不要了", "不要哪一样了"),
        ("退掉吧", "不要哪一样了"),
    ):
        assert told in texts(stage.say("u1", said), "private:u1")
        stage.say("u1", "取消")
    for said in ("旧沙发不要了", "我不要那个旧沙发了"):
        assert "不要哪一样" not in texts(stage.say("u1", said), "private:u1")
        stage.say("u1", "取消")
    assert "「大米五公斤」不要了吗" in texts(stage.say("u1", "家里说大米不要了"), "private:u1")
    stage.press("u1", "退回积分")
    assert "170分" in balance(stage)
    assert "退回 大米五公斤" in texts(stage.say("u1", "积分明细"), "private:u1")


def test_earlier_entries_are_a_press_away(stage: Stage) -> None:
    bind(stage, "u1")
    for _ in range(12):
        stage.say("u1", "换肥皂")
        stage.say("u1", "确认")
    stage.say("u1", "积分明细")
    assert "纸账结转" in texts(stage.press("u1", "更早的"), "private:u1")
