"""A proposal as it is kept: what it is about, and what each step leaves of who decided what, when and why."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select

from flows.domain.proposal import Kind, Proposal, State
from flows.errors import NotAllowed
from storage import ledger, proposals
from storage.database import Database
from storage.tables import area, household, proposal, rule, staff

DAY = timedelta(days=1)


def made(conn: Connection, now: datetime, **more: Any) -> Proposal:
    """A proposal of one household, by a rule unless said otherwise."""
    given: dict[str, Any] = {"kind": Kind.AWARD, "rule_id": 1, "transfer_id": None, "photos": (), "person_id": None}
    given |= {"household_id": 1, "points": 5, "note": "陪老人看病", "proposer": "staff:1", "now": now}
    return proposals.add(conn, **(given | more))


@pytest.fixture
def bank(database: Database) -> Database:
    with database.write() as conn:
        conn.execute(insert(area), {"key": "c1", "level": "community", "name": "幸福社区", "path": "/1/"})
        conn.execute(insert(household), {"key": "h1", "area_id": 1, "name": "林家"})
        told = {"area_id": 1, "key": "r1", "category": "友善", "number": "友1", "title": "助人", "points": 5}
        conn.execute(insert(rule), told)
        conn.execute(insert(staff), [{"key": key, "name": key} for key in ("w1", "p1", "p2")])
    return database


def test_it_says_by_which_rule_else_what_of(bank: Database, now: datetime) -> None:
    with bank.write() as conn:
        one = made(conn, now)
        assert (one.account, one.title, one.category, one.number) == ("household:h1", "助人", "友善", "友1")
        assert (one.transfer_key, one.photos, one.state) == ("", (), State.PROPOSED)
        moved = ledger.post(
            conn, key="a", source="issuer:c1", target="household:h1", points=5, by="x", now=now, memo="扫楼道"
        )
        back = made(conn, now, kind=Kind.CORRECTION, rule_id=None, transfer_id=moved.id)
        assert (back.title, back.category, back.number, back.transfer_key) == ("扫楼道", "", "", "a")
        assert made(conn, now, rule_id=None).title == ""


STEPS = {
    State.REFUSED: {"reason": "没有证据", "ended_at": DAY},
    State.ANNOUNCED: {"reason": "没有证据", "appeal_until": 8 * DAY},
    State.APPEALED: {"appeal": "没有证据"},
    State.POSTED: {"reason": "没有证据", "ended_at": DAY},
}
BEFORE: dict[str, Any] = {"appeal": "", "reason": "", "appeal_until": None, "ended_at": None}


@pytest.mark.parametrize("state", STEPS)
@pytest.mark.parametrize("note", ["没有证据", ""])
def test_a_step_leaves_what_belongs_to_it(bank: Database, now: datetime, state: State, note: str) -> None:
    with bank.write() as conn:
        one = made(conn, now)
        until = now + 8 * DAY
        proposals.change(conn, one.id, one.version, state, staff=None, note=note, appeal_until=until, now=now + DAY)
        row = conn.execute(select(proposal).where(proposal.c.id == one.id)).one()._mapping
    wanted = BEFORE | {k: now + v if isinstance(v, timedelta) else v for k, v in STEPS[state].items()}
    if not note:
        wanted |= {"appeal": "", "reason": ""}
    assert {name: row[name] for name in BEFORE} == wanted
    assert (row["state"], row["version"], row["approver_id"], row["decider_id"]) == (state, 2, None, None)


def test_the_first_to_decide_approved_it_and_the_second_heard_the_appeal(bank: Database, now: datetime) -> None:
    def step(conn: Connection, version: int, state: State, by: int | None) -> None:
        proposals.change(conn, 1, version, state, staff=by, note="", appeal_until=now, now=now)

    with bank.write() as conn:
        made(conn, now)
        for version, (state, by) in enumerate(
            ((State.ANNOUNCED, 2), (State.APPEALED, None), (State.DROPPED, 3)), start=1
        ):
            step(conn, version, state, by)
        row = conn.execute(select(proposal.c.approver_id, proposal.c.decider_id)).one()
        assert tuple(row) == (2, 3)
        with pytest.raises(NotAllowed, match="别人刚办过"):
            step(conn, 1, State.REFUSED, 3)
        assert proposals.load(conn, 1).state is State.DROPPED
