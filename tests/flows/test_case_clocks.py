"""A case's clocks over simulated years: whatever is done in whatever order, none is missed and none rings too late."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from flows.complaint.around import Actor
from flows.complaint.clocks import EXTENDED_BY, FINISH_IN
from flows.domain.case import ALIVE, LEVELS, WORKING, Action, Ending, Role, Status, moves_for, replay
from flows.effects import OnDuty
from flows.errors import NotAllowed
from tests.support.caselife import CLOCK, RESIDENT, Life, staff

A = Action
WHO = {
    "resident": RESIDENT,
    "worker": staff(1, Role.GRID),
    "leader": staff(2, Role.GRID, Role.LEADER),
    "community": staff(3, Role.COMMUNITY),
    "street": staff(3, Role.COMMUNITY, Role.SUBDISTRICT),
    "city": staff(3, Role.COMMUNITY, Role.SUBDISTRICT, Role.CITY),
    "department": staff(2, Role.DEPARTMENT),
}
SAID = {
    A.ASSIGN: {"owner": 1},
    A.CALL_OUT: {"note": "一起来", "departments": ["城管", "物业"]},
    A.ASK_CALL: {"note": "一起来", "departments": ["城管", "物业"]},
    A.INVITE: {"helper": 9},
    A.REPORT_IN: {"department": "城管"},
    A.ASK_TIME: {"note": "等材料", "days": 15},
    A.TELL: {"of": 2},
    A.RESOLVE: {"note": "好了", "ending": Ending.SETTLED},
    A.RATE: {"rating": 5},
    A.MERGE: {"into": 7},
}
STEPS = sorted(set(A) - {A.OPEN, A.LAPSE, A.SUPERVISE})


class CaseLife(RuleBasedStateMachine):
    """People do what they may, time passes, and after each step the clock has what it needs."""

    def __init__(self) -> None:
        super().__init__()
        self.life = Life()

    @rule(action=st.sampled_from(STEPS), who=st.sampled_from(sorted(WHO)))
    def act(self, action: Action, who: str) -> None:
        actor = WHO[who]
        owner = self.life.case.owner
        if actor.staff and actor.staff == owner:
            actor = staff(actor.staff, Role.OWNER, *actor.roles)
        before = (self.life.case, dict(self.life.due))
        try:
            self.life.do(action, actor, **{"note": "写一句", **SAID.get(action, {})})
        except NotAllowed:
            assert (self.life.case, self.life.due) == before

    @rule(hours=st.one_of(st.integers(1, 30), st.integers(24, 24 * 40)))
    def time_passes(self, hours: int) -> None:
        was_over = self.life.case.status not in ALIVE
        supervised = len(self.life.events(A.SUPERVISE))
        said = self.life.run(timedelta(hours=hours))
        if was_over:  # 0 escalations after the end
            assert len(self.life.events(A.SUPERVISE)) == supervised
            assert not [s for s in said if isinstance(s.to, OnDuty)]

    @invariant()
    def replaying_gives_the_same(self) -> None:
        assert replace(replay(self.life.history), id=1) == self.life.case

    @invariant()
    def somebody_has_to_act(self) -> None:
        case, due = self.life.case, self.life.due
        if case.status not in ALIVE:
            left = {"case.lapse"} if case.status is Status.RESOLVED else {"case.follow"}
            assert {row.kind for row in due.values()} <= left
            return
        assert case.level in LEVELS and case.level in self.life.above
        assert (case.owner is None) == ("case.1.due.acknowledge" in due)
        assert ("case.1.due.resolve" in due) != ("case.1.answer" in due)
        assert ("case.1.answer" in due) == (case.suspended_at is not None)
        assert case.wanted_by is None or case.status in WORKING
        assert "case.1.call" not in due or case.wanted_by is not None

    @invariant()
    def no_clock_is_missed(self) -> None:
        case, life = self.life.case, self.life
        if case.status not in ALIVE:
            return
        for clock, at in (("acknowledge", case.acknowledge_due), ("resolve", case.resolve_due)):
            row = life.due.get(f"case.1.due.{clock}")
            assert row is None or row.at >= life.now or at is None or at <= life.now
            if row and at and at < life.now and row.at > life.now:
                rung = [e for e in life.events(A.SUPERVISE) if e.data.get("clock") == clock and e.at >= at]
                assert rung, f"{clock} of {at} was missed at {life.now}"
        limit = case.since and case.since + timedelta(days=FINISH_IN + EXTENDED_BY * case.extended)
        assert limit is None or life.now >= limit or "case.1.due.outer" in life.due


CaseLife.TestCase.settings = settings(max_examples=15, stateful_step_count=20, deadline=None)
TestCaseLife = CaseLife.TestCase


def test_a_case_that_nobody_touches_climbs_to_the_top_and_stays_there() -> None:
    life = Life()
    life.run(timedelta(days=100))
    rung = [(e.data["clock"], e.data["level"]) for e in life.events(A.SUPERVISE)]
    taking = [level for clock, level in rung if clock == "acknowledge"]
    assert taking[:4] == ["grid", "community", "subdistrict", "city"] and set(taking[4:]) == {"city"}
    assert [level for clock, level in rung if clock == "resolve"][:5] == [*LEVELS, "city"]
    assert [clock for clock, _ in rung if clock in ("accept", "finish")] == ["accept"] * 2 + ["finish"] * 3


def test_what_ends_rings_no_more() -> None:
    life = Life()
    life.do("take", staff(1, Role.GRID))
    life.do("resolve", staff(1, Role.OWNER), note="好了", ending="settled")
    life.do("rate", RESIDENT, rating=5)
    assert not life.run(timedelta(days=20))
    assert not life.events(A.SUPERVISE)


@pytest.mark.parametrize(
    ("changes", "who"),
    [
        ("assign", staff(2, Role.LEADER)),
        ("escalate", staff(1, Role.OWNER)),
        ("return", staff(1, Role.OWNER)),
        ("step_aside", staff(1, Role.OWNER)),
    ],
)
def test_who_was_called_out_goes_on_when_the_owner_changes(changes: str, who: Actor) -> None:
    life = Life()
    life.do("take", staff(1, Role.GRID))
    life.do("call_out", WHO["street"], **SAID[A.CALL_OUT])
    life.do(changes, who, note="换人办", owner=2)
    assert life.case.status is Status.CALLED_OUT and "case.1.silent" in life.due
    life.do("report_in", WHO["department"], department="城管")
    if life.case.owner is None:
        assert A.TAKE in moves_for(life.case, WHO["street"].roles) and "case.1.due.acknowledge" in life.due
        life.do("take", WHO["street"])
    assert life.case.owner and A.TAKE not in moves_for(life.case, WHO["street"].roles)
    life.run(timedelta(hours=2))
    assert [e.data["departments"] for e in life.events(A.SUPERVISE) if e.data["clock"] == "report"] == [["物业"]]


def test_where_no_level_is_above_the_ladder_ends_there() -> None:
    life = Life(above={"grid": 4, "community": 3})
    life.run(timedelta(days=3))
    assert {e.data["level"] for e in life.events(A.SUPERVISE)} == {"grid", "community"}


def test_the_clock_alone_may_not_do_what_people_do() -> None:
    life = Life()
    for action in (A.TAKE, A.RESOLVE, A.RATE, A.REJECT, A.WITHDRAW, A.EXTEND):
        try:
            life.do(action, CLOCK, **SAID.get(action, {}))
        except NotAllowed:
            continue
        raise AssertionError(action)
