"""What a step on a proposal of points leads to: who may take it, what moves, who hears of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from flows.domain.proposal import Action, Decider, Kind, Proposal, State, after
from flows.effects import ChangeProposal, Effect, PostTransfer, Privately, Say, TakeBack
from flows.errors import NotAllowed, Suspicious
from flows.points import panel
from flows.points.panel import Around

NOW = datetime(2026, 1, 5, 1, tzinfo=UTC)
HOME = ZoneInfo("Asia/Shanghai")
ROLE = frozenset({"points_panel"})
SECOND = Decider("staff:7", 7, 17, ROLE)
CLOCK = Decider("clock")
JUDGE = Decider("staff:9", 9, 19, ROLE)
AROUND = Around(now=NOW, zone=HOME, members=(1, 2), balance=20, issuer="issuer:c1", panel=(19, 2))


def proposed(by: str = "staff:8", person: int | None = None, **more: Any) -> Proposal:
    one = Proposal(
        id=1,
        kind=Kind.AWARD,
        state=State.PROPOSED,
        version=1,
        household=1,
        account="household:h1",
        name="林家",
        area=1,
        rule=1,
        title="孝老爱亲",
        category="忠孝",
        number="1",
        points=5,
        note="陪老人看病",
        appeal="",
        proposer=by,
        proposer_person=person,
        approver=None,
        transfer=None,
        transfer_key="",
        at=NOW,
        appeal_until=None,
    )
    return replace(one, **more)


def of(effects: tuple[Effect, ...], kind: type) -> list[Any]:
    return [effect for effect in effects if isinstance(effect, kind)]


def told(effects: tuple[Effect, ...]) -> dict[int, str]:
    """What each person hears, in one text."""
    heard: dict[int, str] = {}
    for said in of(effects, Say):
        assert isinstance(said.to, Privately)
        heard[said.to.person] = heard.get(said.to.person, "") + said.text
    return heard


DEDUCTION = proposed(kind=Kind.DEDUCTION)
ANNOUNCED = replace(DEDUCTION, state=State.ANNOUNCED, approver=7, appeal_until=NOW + timedelta(days=7))
APPEALED = replace(ANNOUNCED, state=State.APPEALED, appeal="那天我们不在家")
CORRECTION = proposed(kind=Kind.CORRECTION, transfer=3, transfer_key="award:2")


# -- whose word it is -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "person"),
    [("staff:7", None), ("staff:7", 12), ("person:12", 12)],  # the last as a member of a household
)
def test_who_proposed_it_takes_it_back_and_does_not_approve_it(by: str, person: int | None) -> None:
    decider = Decider("staff:7", 7, person, ROLE)
    assert after(proposed(by, person), Action.WITHDRAW, decider) is State.WITHDRAWN
    with pytest.raises(Suspicious, match="您自己提的"):
        after(proposed(by, person), Action.APPROVE, decider)


@pytest.mark.parametrize("person", [None, 13])
def test_two_without_an_account_are_two(person: int | None) -> None:
    decider = Decider("staff:7", 7, None, ROLE)
    assert after(proposed("staff:8", person), Action.APPROVE, decider) is State.POSTED
    with pytest.raises(NotAllowed):
        after(proposed("staff:8", person), Action.WITHDRAW, decider)


# -- what is asked ----------------------------------------------------------------------------------------------------


def test_what_is_asked_says_what_it_is_and_offers_what_can_be_decided() -> None:
    (said,) = of(panel.asked(proposed("person:1", 1), (17,)), Say)
    assert "（加分）" in said.text and "，5分" in said.text and "这一户自己" in said.text and said.photo is None
    assert [(option.label, option.roles) for option in said.options[0]] == [
        ("同意", ("points_panel", "community_staff")),
        ("不同意", ("points_panel", "community_staff")),
    ]
    (said,) = of(panel.asked(replace(DEDUCTION, photos=(4, 5)), (17,)), Say)
    assert "（扣分）" in said.text and "扣5分" in said.text and "工作人员" in said.text and said.photo == 4
    (said,) = of(panel.asked(APPEALED, (19,)), Say)
    assert "那天我们不在家" in said.text
    assert [(option.label, option.roles) for option in said.options[0]] == [
        ("申诉成立", ("points_panel",)),
        ("维持扣分", ("points_panel",)),
    ]


# -- awards -----------------------------------------------------------------------------------------------------------


def test_an_award_is_posted_at_once_and_every_member_hears_it() -> None:
    done = panel.act(proposed(), Action.APPROVE, SECOND, "不会说出去的话", AROUND)
    (moved,), (posted,) = of(done, ChangeProposal), of(done, PostTransfer)
    assert (moved.state, moved.note, moved.appeal_until) == ("posted", "", None)
    assert (posted.source, posted.target, posted.points) == ("issuer:c1", "household:h1", 5)
    assert set(told(done)) == {1, 2} and "现在一共25分" in told(done)[1] and "加到满" not in told(done)[1]


@pytest.mark.parametrize(("earned", "points"), [(0, 5), (57, 3), (60, None)])
def test_a_rule_gives_no_more_than_its_cap(earned: int, points: int | None) -> None:
    around = replace(AROUND, cap=60, earned=earned)
    if points is None:
        with pytest.raises(NotAllowed, match="已经加满"):
            panel.act(proposed(), Action.APPROVE, SECOND, "", around)
        return
    done = panel.act(proposed(), Action.APPROVE, SECOND, "", around)
    assert of(done, PostTransfer)[0].points == points
    assert ("一年最多60分" in told(done)[1]) is (points < 5)


def test_a_refusal_has_a_reason_and_is_told_to_who_proposed_it_where_they_can_be_told() -> None:
    with pytest.raises(NotAllowed, match="至少四个字"):
        panel.act(proposed(), Action.REFUSE, SECOND, "不行 ", AROUND)
    assert told(panel.act(proposed(), Action.REFUSE, SECOND, "没有证据", AROUND)) == {}
    heard = told(panel.act(proposed(), Action.REFUSE, SECOND, "没有证据", replace(AROUND, withdrawer=8)))
    assert set(heard) == {8} and "没有证据" in heard[8]


# -- deductions -------------------------------------------------------------------------------------------------------


def test_a_deduction_is_announced_with_seven_days_and_somebody_else_to_hear_an_appeal() -> None:
    done = panel.act(DEDUCTION, Action.APPROVE, SECOND, "", AROUND)
    (moved,) = of(done, ChangeProposal)
    assert moved.state == "announced" and moved.appeal_until == datetime(2026, 1, 12, 23, 59, tzinfo=HOME)
    assert not of(done, PostTransfer) and "还没有扣" in told(done)[1]
    with pytest.raises(NotAllowed, match="没经手的人"):
        panel.act(DEDUCTION, Action.APPROVE, SECOND, "", replace(AROUND, panel=(17,)))


def test_an_appeal_goes_to_the_panel_without_who_lives_there() -> None:
    member = Decider("person:1", person=1, member=True)
    heard = told(panel.act(ANNOUNCED, Action.APPEAL, member, "那天我们不在家", AROUND))
    assert "请您来定" in heard[19] and "请您来定" not in heard[2]
    with pytest.raises(NotAllowed, match="至少四个字"):
        panel.act(ANNOUNCED, Action.APPEAL, member, "不服", AROUND)


def test_the_clock_takes_it_when_the_days_are_over_and_not_before() -> None:
    with pytest.raises(NotAllowed, match="申诉的日子还没过"):
        panel.act(ANNOUNCED, Action.POST, CLOCK, "", AROUND)
    late = replace(AROUND, now=NOW + timedelta(days=7))
    (posted,) = of(panel.act(ANNOUNCED, Action.POST, CLOCK, "", late), PostTransfer)
    assert (posted.source, posted.target, posted.points) == ("household:h1", "issuer:c1", 5)
    assert of(panel.act(APPEALED, Action.DISMISS, JUDGE, "证据清楚", AROUND), PostTransfer)  # the panel need not wait


@pytest.mark.parametrize(
    ("balance", "held", "points", "words"),
    [
        (20, 0, 5, "现在还有15分"),
        (20, 9, 5, "现在还有15分"),
        (3, 0, 3, "现在还有0分"),
        (3, 9, 3, "再从里面补扣"),
        (0, 9, 0, "占在没取的兑换上"),
        (0, 0, 0, "也不欠着"),
    ],
)
def test_no_more_is_taken_than_there_is(balance: int, held: int, points: int, words: str) -> None:
    around = replace(AROUND, now=NOW + timedelta(days=8), balance=balance, held=held)
    done = panel.act(ANNOUNCED, Action.POST, CLOCK, "", around)
    assert [posted.points for posted in of(done, PostTransfer)] == ([points] if points else [])
    assert words in told(done)[1] and ("补扣" in told(done)[1]) is (held > 0 and points < 5)


# -- corrections ------------------------------------------------------------------------------------------------------


def test_what_was_given_goes_back_unless_it_is_spent_and_what_was_taken_comes_back_always() -> None:
    done = panel.act(CORRECTION, Action.APPROVE, SECOND, "", AROUND)
    assert of(done, TakeBack)[0].original == "award:2" and "现在一共15分" in told(done)[1]
    assert of(panel.act(CORRECTION, Action.APPROVE, SECOND, "", replace(AROUND, balance=5)), TakeBack)
    with pytest.raises(NotAllowed, match="已经用掉了"):
        panel.act(CORRECTION, Action.APPROVE, SECOND, "", replace(AROUND, balance=4))
    up = replace(CORRECTION, transfer_key="deduction:2")
    heard = told(panel.act(up, Action.APPROVE, SECOND, "", replace(AROUND, balance=0)))
    assert "补回5分" in heard[1] and "现在一共5分" in heard[1]
