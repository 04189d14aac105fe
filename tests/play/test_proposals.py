"""Awards, deductions and appeals in any order by anybody: only a second person's word moves points, and only once."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from bot.effects import Here, Writer
from flows.domain.proposal import APPEAL, ENDED, MOVES, Action, Kind, State
from flows.effects import ActOnProposal, Effect, Propose
from flows.errors import NotAllowed
from storage import ledger, people
from storage.tables import account, household, household_member, proposal, staff, transfer
from storage.tables import rule as rules
from storage.verify import verify
from tests.support.databases import database_url
from tests.support.stage import Stage, on_stage

__all__ = ["database_url"]

CLOCK, MEMBER = "clock", "u1"
WHO = ("w1", "l1", "p1", "p2", MEMBER, CLOCK)
STEPS = 160
HOME = "household:xfl-0301"


class Panel:
    """Everybody tries everything; what came of it is held against who may and when."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.world = stage, stage.world
        self.now: datetime = stage.player.channel.now
        with self.world.database.write() as conn:
            home = select(household.c.id).where(household.c.key == HOME.partition(":")[2])
            self.home: int = conn.execute(home).scalar_one()
            own = (
                select(rules.c.id, rules.c.points)
                .where(rules.c.key.in_(("simple-wedding", "hall-clutter")))
                .order_by(rules.c.id)
            )
            self.rules = [tuple(row) for row in conn.execute(own)]
            found = conn.execute(select(staff.c.key, staff.c.person_id).where(staff.c.key.in_(WHO)))
            self.persons: dict[str, int] = {row.key: row.person_id for row in found}
            mine = select(account.c.person_id).where(account.c.address == MEMBER)
            self.persons[MEMBER] = conn.execute(mine).scalar_one()
            self.opening = ledger.balance(conn, HOME)
            self.first = conn.execute(select(proposal.c.id).order_by(proposal.c.id.desc())).scalars().first() or 0

    def act(self, who: str, effect: Effect) -> bool:
        """Whether it was done; refused, nothing was written."""
        try:
            with self.world.database.write() as conn:
                me = self.persons.get(who)
                acting = people.staff_of(conn, me) if me else None
                actor = f"staff:{acting.id}" if acting else f"person:{me}" if me else "clock"
                Writer(conn, self.world, Here(self.now, actor, None, me, acting)).write([effect])
        except NotAllowed:
            return False
        return True

    def rows(self) -> list[Any]:
        with self.world.database.read() as conn:
            return list(conn.execute(select(proposal).where(proposal.c.id > self.first).order_by(proposal.c.id)))

    def propose(self, who: str, taking: bool, wrong: int) -> None:
        id, points = next(one for one in self.rules if (one[1] < 0) == taking)
        kind = Kind.DEDUCTION if taking == (wrong > 0) else Kind.AWARD
        done = self.act(who, Propose(kind, self.home, "帮邻居搬了一下午的家", id))
        assert not (done and who == MEMBER and kind is not Kind.AWARD)
        assert not (done and (points < 0) != (kind is Kind.DEDUCTION))

    def tried(self, who: str, which: int, choice: int, other: Action) -> None:
        """Mostly what its state allows somebody, now and then anything."""
        rows = self.rows()
        listed = [row for row in rows if row.state not in ENDED][-3:] + rows[-1:]
        if not listed:
            return
        row = listed[which % len(listed)]
        allowed = [action for state, action in MOVES if state == row.state]
        action = allowed[choice] if choice < len(allowed) else other
        done = self.act(who, ActOnProposal(row.id, action, "当天他家在外地"))
        if not done:
            return
        me = self.persons.get(who)
        if action in (Action.APPROVE, Action.REFUSE, Action.DISMISS, Action.UPHOLD):
            assert who in ("l1", "p1"), "the worker, the household and the one who lives there decide nothing"
            assert me != row.proposer_person_id
        if action in (Action.DISMISS, Action.UPHOLD):
            assert who == "p1" and row.state == State.APPEALED and row.approver_id is not None
        if action is Action.POST:
            assert who == CLOCK and self.now >= row.appeal_until
        if action is Action.APPEAL:
            assert who in (MEMBER, "p2")
        if action is Action.WITHDRAW:
            assert me == row.proposer_person_id

    def points_moved_only_by_what_was_posted_once(self) -> None:
        listed = self.rows()
        with self.world.database.read() as conn:
            keys = {f"{row.kind}:{row.id}": row for row in listed}
            moved = {
                row.key: row.points
                for row in conn.execute(select(transfer.c.key, transfer.c.points).where(transfer.c.key.in_(keys)))
            }
            assert {k for k, row in keys.items() if row.state == State.POSTED} >= set(moved)
            signed = sum(points if key.startswith("award") else -points for key, points in moved.items())
            assert ledger.balance(conn, HOME) == self.opening + signed
        for row in listed:
            if row.state == State.POSTED:
                assert row.approver_id is not None and f"staff:{row.approver_id}" != row.proposer
            if row.state == State.POSTED and row.kind == Kind.DEDUCTION and row.decider_id is None:
                assert row.ended_at - row.appeal_until >= timedelta(0) and row.appeal_until - row.at >= APPEAL
            if row.decider_id is not None:
                assert row.decider_id != row.approver_id


def live_there(stage: Stage) -> None:
    """The household has a member, and one of the panel lives there too and has to keep out of it."""
    stage.say(MEMBER, "你好")
    with stage.world.database.write() as conn:
        home = conn.execute(select(household.c.id).where(household.c.key == HOME.partition(":")[2])).scalar_one()
        who = select(account.c.person_id).where(account.c.address.in_((MEMBER, "p2")))
        since = {"household_id": home, "since": stage.player.channel.now}
        conn.execute(insert(household_member), [since | {"person_id": one} for one in conn.execute(who).scalars()])


def test_only_second_persons_move_points_and_each_proposal_once(database_url: str) -> None:
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")
    with on_stage(url=database_url) as stage:
        live_there(stage)
        panel, chance = Panel(stage), random.Random(seed)
        for step in range(10 * STEPS):
            if step >= STEPS and State.POSTED in {row.state for row in panel.rows()}:
                break
            match chance.choices(("propose", "decide", "anything", "wait"), (3, 6, 6, 2))[0]:
                case "propose":
                    panel.propose(chance.choice(WHO[:5]), chance.random() < 0.6, chance.randrange(6))
                case "decide":
                    panel.tried(chance.choice(("l1", "p1")), chance.randrange(4), chance.randrange(2), Action.APPROVE)
                case "anything":
                    other = chance.choice(list(Action))
                    panel.tried(chance.choice(WHO), chance.randrange(4), chance.randrange(4), other)
                case _:
                    panel.now += timedelta(days=chance.randint(1, 8))
            panel.points_moved_only_by_what_was_posted_once()
        with stage.world.database.read() as conn:
            assert verify(conn) == []
        assert State.POSTED in {row.state for row in panel.rows()}, "too tame a run"
