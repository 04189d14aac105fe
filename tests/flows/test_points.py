"""Points: which rule and goods a sentence means, what may be redeemed, and the shopkeeper's side."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.effects import Effect, EndRedemption, Option, Privately, Reserve, Say, UseCode
from flows.errors import NotAllowed
from flows.facts import RedemptionView, RuleView
from flows.flow import Said
from flows.points import texts
from flows.points.desk import collect, expire, found, near_code, shopkeeper_code
from flows.points.rules import find_goods, find_rules, kept_until, reserved, substance
from nlu.understanding import Understanding
from tests.flows.transcripts import Talk
from tests.support.facts import GOODS, HOUSEHOLD, ME, MONDAY, RULES, ZONE


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("孝老爱亲加几分？", "忠孝"),
        ("照顾老人有分吗", "忠孝"),
        ("给婆婆过生日加分不", "忠孝"),
        ("捡到钱包还给人家加几分", "诚信"),
        ("最美庭院", "优美"),
        ("义务劳动给多少分", "勤劳"),
        ("红白事大操大办扣多少", "节俭"),
        ("友善", "友善"),
        ("帮邻居看孩子", "友善"),
    ],
)
def test_the_rule_is_found(text: str, first: str) -> None:
    found_rules = find_rules(text, RULES)
    assert found_rules and found_rules[0].category == first


@pytest.mark.parametrize("text", ["积分怎么挣", "骑车上班加几分", "今天天气怎么样", "", "？"])
def test_no_rule_is_shown_to_fill_the_space(text: str) -> None:
    assert find_rules(text, RULES) == ()


@given(st.text(max_size=200))
def test_any_question_is_taken(text: str) -> None:
    assert len(find_rules(text, RULES)) <= 5
    assert set(find_goods(text, GOODS)) <= set(GOODS)
    assert len(substance(text)) <= len(text)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("换一瓶洗衣液", "soap"),
        ("换桶油", "oil"),
        ("菜籽油", "oil"),
        ("毛巾还有吗", "towel"),
        ("换点啥", None),
        ("换两袋洗衣粉", None),
        ("换条围巾", None),
        ("那口锅", "cooker"),
    ],
)
def test_goods_are_found_by_name(text: str, key: str | None) -> None:
    assert [g.key for g in find_goods(text, GOODS)] == ([key] if key else [])


def test_goods_are_kept_to_the_end_of_the_seventh_day() -> None:
    assert kept_until(MONDAY, ZONE) == datetime(2026, 3, 9, 23, 59, tzinfo=ZONE)


def redemption(state: str = "reserved", days: int = 3) -> RedemptionView:
    return RedemptionView(61, "洗衣液一瓶", 30, state, MONDAY + timedelta(days=days))


def test_what_ran_out_waits_no_longer() -> None:
    assert reserved((redemption(), redemption("collected"), redemption(days=-1)), MONDAY) == (redemption(),)


@pytest.mark.parametrize("text", ["482913", " 482 913 ", "４８２９１３", "取货码：482913", "482-913"])
def test_a_typed_pick_up_code_is_read(text: str) -> None:
    assert shopkeeper_code(text) == "482913"


@pytest.mark.parametrize(
    "text", ["", "48291", "4829134", "48291a", "①②③④⑤⑥⑦", "我有482913分", "١٢٣٤٥٦", "三四五六七八"]
)
def test_anything_else_is_no_code(text: str) -> None:
    assert shopkeeper_code(text) is None


@given(st.text(max_size=40))
def test_a_code_is_six_ascii_digits_or_none(text: str) -> None:
    code = shopkeeper_code(text)
    assert code is None or (len(code) == 6 and code.isascii() and code.isdecimal())


def said(effects: tuple[Effect, ...]) -> str:
    return "\n".join(e.text for e in effects if isinstance(e, Say))


def test_the_shopkeeper_sees_what_to_give_and_presses_once() -> None:
    effects = found(redemption(), MONDAY)
    assert "洗衣液一瓶" in said(effects)
    options: list[Option] = [o for e in effects if isinstance(e, Say) for row in e.options for o in row]
    assert [(o.action, o.args) for o in options] == [("points.collect", {"redemption": 61})]
    assert collect(redemption(), 5, MONDAY)[0] == EndRedemption(61, "collected", "staff:5")


@pytest.mark.parametrize("state", ["collected", "cancelled", "expired"])
def test_what_has_ended_is_not_given_again(state: str) -> None:
    with pytest.raises(NotAllowed, match="洗衣液"):
        found(redemption(state), MONDAY)
    with pytest.raises(NotAllowed, match="洗衣液"):
        collect(redemption(state), 5, MONDAY)


def test_after_its_last_day_a_reservation_is_not_given_out() -> None:
    with pytest.raises(NotAllowed, match="过期"):
        collect(redemption(days=-1), 5, MONDAY)


def test_what_nobody_came_for_goes_back_once_and_is_told() -> None:
    effects = expire(redemption(days=0), 9, MONDAY)
    assert effects[0] == EndRedemption(61, "expired", "clock")
    assert [e.to for e in effects if isinstance(e, Say)] == [Privately(9)]
    assert expire(redemption(days=1), 9, MONDAY) == ()
    assert expire(redemption("collected", -1), 9, MONDAY) == ()


def test_a_deduction_reads_as_one() -> None:
    assert texts.rule(RuleView(8, "8", "优美", "乱堆杂物", -5, "照片")) == "· 乱堆杂物：减5分（优美），要有照片"


def bound() -> Talk:
    talk = Talk()
    talk.place.setting("bound")
    return talk


def test_the_reservation_holds_what_was_confirmed() -> None:
    talk = bound()
    talk.type("换一瓶洗衣液")
    talk.type("确认")
    (kept,) = (e for e in talk.effects if isinstance(e, Reserve))
    assert (kept.goods, kept.household, kept.person, kept.points) == (21, HOUSEHOLD.id, ME, 30)
    assert kept.expires_at == kept_until(MONDAY, ZONE)
    assert kept.receipt.count("{code}") == 1


@pytest.mark.parametrize("change", ["poor", "sold out", "withdrawn"])
def test_what_changed_while_one_was_thinking_is_refused(change: str) -> None:
    talk = bound()
    talk.type("换一瓶洗衣液")
    if change == "poor":
        talk.place.setting("poor")
    elif change == "sold out":
        goods = tuple(replace(g, stock=0) for g in talk.place.facts.goods)
        talk.place.facts = replace(talk.place.facts, goods=goods)
    else:
        talk.place.facts = replace(talk.place.facts, goods=talk.place.facts.goods[1:])
    assert talk.type("确认")
    assert not any(isinstance(e, Reserve) for e in talk.effects)


def test_a_reservation_collected_meanwhile_is_not_given_back() -> None:
    talk = bound()
    talk.place.facts = replace(talk.place.facts, household=replace(HOUSEHOLD, redemptions=(redemption(),)))
    talk.type("取消兑换")
    talk.place.facts = replace(talk.place.facts, household=replace(HOUSEHOLD, redemptions=(redemption("collected"),)))
    talk.type("退")
    assert not any(isinstance(e, EndRedemption) for e in talk.effects)


def test_a_code_binds_only_after_the_household_was_confirmed() -> None:
    talk = Talk()
    talk.type("绑定 XF8K27")
    assert not any(isinstance(e, UseCode) for e in talk.effects)
    talk.type("确认")
    assert [e for e in talk.effects if isinstance(e, UseCode)] == [UseCode(31, ME)]


def test_without_a_code_nothing_is_bound_and_three_tries_call_a_person() -> None:
    talk = Talk()
    talk.type("绑定")
    for _ in range(3):
        talk.type("111111")
        assert not any(isinstance(e, UseCode) for e in talk.effects)
    assert talk.place.facts.threads


@pytest.mark.parametrize("text", ["我家有多少积分", "积分明细", "我想换东西", "取消兑换", "我的兑换"])
def test_unbound_people_learn_nothing_but_how_to_bind(text: str) -> None:
    lines = Talk().type(text)
    assert lines == [f"< {texts.ASK_CODE}"]


def test_statement_shows_the_last_ten_newest_first() -> None:
    talk = bound()
    many = tuple(replace(HOUSEHOLD.statement[0], at=MONDAY - timedelta(days=d), points=d) for d in range(1, 15))
    talk.place.facts = replace(talk.place.facts, household=replace(HOUSEHOLD, statement=many))
    lines = [line for line in talk.type("积分明细") if "加" in line]
    assert len(lines) == 10
    assert "3月1日 加1分" in lines[0]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("道德银行是干啥的", texts.ABOUT),
        ("积分年底清零吗", texts.EXPIRY),
        ("积分能不能抵物业费", texts.NOT_MONEY),
        ("我的分能给我妈用吗", texts.NOT_MONEY),
        ("分低影响低保吗", texts.NO_SERVICE),
        ("积分能换体检吗", texts.NO_SERVICE),
    ],
)
def test_what_points_are_and_are_not(text: str, answer: str) -> None:
    said_rules = Understanding(text, "points", "ask_rules", 0.95)
    assert bound().hear(Said(text, said_rules)) == [f"< {line}" for line in answer.split("\n")]


def test_what_takes_points_away_is_told_when_asked() -> None:
    lines = bound().hear(Said("扣分项有哪些", Understanding("扣分项有哪些", "points", "ask_rules", 0.95)))
    assert any("乱堆杂物" in line for line in lines) and not any("加" in line for line in lines)


@pytest.mark.parametrize(
    ("said", "near"),
    [
        ("取货码 12345678", True),
        ("74490", True),
        ("7449055", True),
        ("744905", False),
        ("6519", False),
        ("我家3号楼", False),
    ],
)
def test_a_code_with_a_digit_too_few_or_many_is_most_likely_one(said: str, near: bool) -> None:
    assert near_code(said) is near
