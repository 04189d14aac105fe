"""Who may do what with a case: the whole table, said once more in the words of the street office."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.casework import roles_at
from flows.domain.case import ALIVE, MOVES, Action, Case, Role, Status, check, moves_for
from flows.errors import NotAllowed

A, R, S = Action, Role, Status
COMMUNITY = {R.COMMUNITY, R.SUBDISTRICT, R.CITY}
# Who may, by what is done; where it matters whether somebody has the case already, two lines.
MAY: dict[tuple[Action, str], set[Role]] = {
    (A.ACCEPT, "waiting"): COMMUNITY,
    (A.TAKE, "waiting"): {R.GRID, R.LEADER, R.DEPARTMENT, *COMMUNITY},
    (A.TAKE, "called_out"): {R.GRID, R.LEADER, R.DEPARTMENT, *COMMUNITY},
    (A.ASSIGN, "waiting"): {R.GRID, R.LEADER, *COMMUNITY},
    (A.REJECT, "waiting"): COMMUNITY,
    (A.ASSIGN, "working"): {R.OWNER, R.LEADER, *COMMUNITY},
    (A.RETURN, "working"): {R.OWNER, R.CLOCK},
    (A.CALL_OUT, "working"): {R.SUBDISTRICT, R.CITY},
    (A.ASK_CALL, "working"): {R.OWNER, R.LEADER, R.COMMUNITY},
    (A.GRANT_CALL, "working"): {R.SUBDISTRICT, R.CITY},
    (A.REFUSE_CALL, "working"): {R.SUBDISTRICT, R.CITY},
    (A.INVITE, "working"): {R.OWNER, R.LEADER, *COMMUNITY},
    (A.REPORT_IN, "working"): {R.DEPARTMENT},
    (A.RESOLVE, "working"): {R.OWNER, *COMMUNITY},
    (A.SUSPEND, "working"): {R.OWNER, *COMMUNITY},
    (A.RESUME, "working"): {R.OWNER, R.CLOCK, *COMMUNITY},
    (A.ASK_TIME, "working"): {R.OWNER},
    (A.EXTEND, "working"): COMMUNITY,
    (A.DENY, "working"): COMMUNITY,
    (A.NOTE, "alive"): {R.OWNER, R.GRID, R.LEADER, R.DEPARTMENT, R.SUPERVISOR, *COMMUNITY},
    (A.TELL, "alive"): {R.OWNER, R.GRID, R.LEADER, R.DEPARTMENT, *COMMUNITY},
    (A.STEP_ASIDE, "waiting"): {R.GRID, R.LEADER, R.DEPARTMENT, *COMMUNITY},
    (A.STEP_ASIDE, "working"): {R.OWNER},
    (A.ADD, "alive"): {R.RESIDENT},
    (A.NUDGE, "alive"): {R.RESIDENT},
    (A.ESCALATE, "alive"): {R.RESIDENT, R.OWNER, R.LEADER, *COMMUNITY},
    (A.SUPERVISE, "alive"): {R.SUPERVISOR, R.CLOCK, *COMMUNITY},
    (A.WITHDRAW, "alive"): {R.RESIDENT},
    (A.MERGE, "alive"): {R.RESIDENT, R.OWNER, *COMMUNITY},
    (A.SPLIT, "alive"): {R.RESIDENT, R.OWNER, *COMMUNITY},
    (A.SPLIT, "merged"): {R.RESIDENT, R.OWNER, *COMMUNITY},
    (A.WITHDRAW, "merged"): {R.RESIDENT},
    (A.RATE, "resolved"): {R.RESIDENT},
    (A.LAPSE, "resolved"): {R.CLOCK},
    (A.REOPEN, "resolved"): {R.RESIDENT},
    (A.ESCALATE, "resolved"): {R.RESIDENT},
    (A.REOPEN, "rejected"): {R.RESIDENT},
    (A.ESCALATE, "rejected"): {R.RESIDENT},
    (A.REOPEN, "closed"): {R.RESIDENT},
    (A.CONFIRM, "closed"): {R.RESIDENT},
    (A.RECUR, "closed"): {R.RESIDENT},
}
PHASE = {
    S.SUBMITTED: ("waiting", "alive"),
    S.ACCEPTED: ("waiting", "alive"),
    S.ASSIGNED: ("working", "alive"),
    S.CALLED_OUT: ("called_out", "working", "alive"),
}
ONLY = {A.ACCEPT: S.SUBMITTED, A.REPORT_IN: S.CALLED_OUT}


def expected(status: Status, action: Action) -> set[Role]:
    if ONLY.get(action, status) != status:
        return set()
    return next((MAY[action, p] for p in PHASE.get(status, (str(status),)) if (action, p) in MAY), set())


@pytest.mark.parametrize("status", Status)
def test_the_table_is_what_the_office_says(status: Status) -> None:
    for action in Action:
        found = MOVES.get((status, action))
        assert (set(found[1]) if found else set()) == expected(status, action), (status, action)


GRID_UP = {"grid": 0, "community": 1, "subdistrict": 2, "city": 3}


@pytest.mark.parametrize("level", GRID_UP)
@pytest.mark.parametrize("role", [R.GRID, R.LEADER, R.COMMUNITY, R.SUBDISTRICT, R.CITY])
def test_what_has_gone_up_is_taken_and_refused_there_or_above(level: str, role: Role) -> None:
    case = Case(status=S.ACCEPTED, level=level)
    at = {R.GRID: 0, R.LEADER: 0, R.COMMUNITY: 1, R.SUBDISTRICT: 2, R.CITY: 3}[role]
    able = moves_for(case, {role})
    assert (A.TAKE in able) == (A.ASSIGN in able) == (at >= GRID_UP[level])
    assert (A.REJECT in able) == (at >= max(GRID_UP[level], 1))
    assert A.NOTE in able  # everybody may write down what they know


def test_the_owner_finishes_whatever_the_level() -> None:
    case = Case(status=S.ASSIGNED, level="city", owner=1)
    assert {A.RESOLVE, A.RETURN, A.SUSPEND, A.ASSIGN} <= set(moves_for(case, {R.OWNER}))
    assert A.EXTEND not in moves_for(replace(case, asked_days=3), {R.OWNER, R.GRID})


def test_somebody_may_act_on_every_case_that_is_not_over() -> None:
    for status in ALIVE:
        for level, role in (("grid", R.GRID), ("community", R.COMMUNITY), ("city", R.CITY)):
            assert moves_for(Case(status=status, level=level), {role}), (status, level)


@pytest.mark.parametrize(
    ("role", "level", "found"),
    [
        ("grid_worker", "grid", {R.GRID}),
        ("grid_leader", "grid", {R.GRID, R.LEADER}),
        ("building_leader", "building", {R.GRID}),
        ("community_staff", "community", {R.COMMUNITY}),
        ("duty_leader", "community", {R.COMMUNITY}),
        ("duty_leader", "subdistrict", {R.COMMUNITY, R.SUBDISTRICT}),
        ("administrator", "city", {R.COMMUNITY, R.SUBDISTRICT, R.CITY}),
        ("supervisor", "city", {R.SUPERVISOR}),
        ("shopkeeper", "community", set()),
        ("legal_adviser", "subdistrict", set()),
        ("mediator", "community", set()),
    ],
)
def test_what_a_post_makes_of_its_holder(role: str, level: str, found: set[Role]) -> None:
    assert roles_at(role, level) == found


@pytest.mark.parametrize(
    ("case", "action", "why"),
    [
        (Case(status=S.ASSIGNED, extended=True), A.ASK_TIME, "已经延期过"),
        (Case(status=S.ASSIGNED), A.EXTEND, "没有等着同意"),
        (Case(status=S.ASSIGNED), A.RESUME, "不需要补充"),
        (Case(status=S.WITHDRAWN), A.REOPEN, "已经结案"),
        (Case(status=S.SUBMITTED), A.RESOLVE, "先有人接单"),
    ],
)
def test_a_refusal_says_why(case: Case, action: Action, why: str) -> None:
    with pytest.raises(NotAllowed, match=why):
        check(case, action, set(Role))
