"""The ledger: always adds up to nothing, never twice, never below zero, whoever posts at the same time."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import insert, select

from flows.domain.ledger import BadReversal, BadTransfer, KeyReused, NotEnough
from storage import ledger
from storage.database import Database
from storage.ledger import Posted
from storage.tables import area, household, ledger_account
from storage.verify import verify

ISSUER, HOME, SHOP = "issuer:c1", "household:h1", "shop:s1"


def post(database: Database, now: datetime, key: str, source: str, target: str, points: int, **more: Any) -> Posted:
    with database.write() as conn:
        return ledger.post(
            conn, key=key, source=source, target=target, points=points, now=now, **{"by": "staff:7", **more}
        )


def balance(database: Database, key: str) -> int:
    with database.read() as conn:
        return ledger.balance(conn, key)


def problems(database: Database) -> list[str]:
    with database.read() as conn:
        return verify(conn)


def test_points_move_and_the_statement_says_so(database: Database, now: datetime) -> None:
    post(database, now, "a", ISSUER, HOME, 30, memo="孝老爱亲")
    post(database, now, "b", HOME, SHOP, 12, memo="洗衣液")
    assert [balance(database, key) for key in (ISSUER, HOME, SHOP, "household:none")] == [-30, 18, 12, 0]
    with database.read() as conn:
        lines = ledger.statement(conn, HOME, 10)
        assert [(x.key, x.points, x.other, x.memo, x.by, x.at) for x in lines] == [
            ("b", -12, SHOP, "洗衣液", "staff:7", now),
            ("a", 30, ISSUER, "孝老爱亲", "staff:7", now),
        ]
        assert [x.key for x in ledger.statement(conn, HOME, 1)] == ["b"]
        assert [x.key for x in ledger.statement(conn, HOME, 1, before=lines[0].id)] == ["a"]
        assert ledger.statement(conn, "household:none", 10) == []
    assert problems(database) == []


def test_the_account_knows_its_household(database: Database, now: datetime) -> None:
    with database.write() as conn:
        place = {"key": "c1", "level": "community", "name": "幸福社区", "path": "/1/"}
        area_id = conn.execute(insert(area).returning(area.c.id), place).scalar_one()
        row = {"key": "h1", "area_id": area_id, "name": "王家"}
        home = conn.execute(insert(household).returning(household.c.id), row).scalar_one()
    post(database, now, "a", ISSUER, HOME, 1)
    with database.read() as conn:
        kinds = conn.execute(select(ledger_account.c.key, ledger_account.c.kind, ledger_account.c.household_id)).all()
    assert sorted(map(tuple, kinds), key=str) == [(HOME, "household", home), (ISSUER, "issuer", None)]


def test_the_same_key_posts_once(database: Database, now: datetime) -> None:
    first = post(database, now, "a", ISSUER, HOME, 5)
    assert first.fresh
    assert post(database, now, "a", ISSUER, HOME, 5) == Posted(first.id, False)
    assert balance(database, HOME) == 5


@pytest.mark.parametrize("other", [{"points": 6}, {"target": SHOP}, {"by": "staff:8"}, {"memo": "x"}])
def test_the_same_key_with_another_body_is_refused(database: Database, now: datetime, other: dict[str, Any]) -> None:
    body: dict[str, Any] = {"source": ISSUER, "target": HOME, "points": 5}
    post(database, now, "a", **body)
    with pytest.raises(KeyReused):
        post(database, now, "a", **{**body, **other})
    assert balance(database, HOME) == 5


def test_nobody_spends_what_they_do_not_have(database: Database, now: datetime) -> None:
    post(database, now, "a", ISSUER, HOME, 5)
    with pytest.raises(NotEnough):
        post(database, now, "b", HOME, SHOP, 6)
    with pytest.raises(NotEnough):
        post(database, now, "c", "household:new", SHOP, 1)
    assert (balance(database, HOME), balance(database, SHOP)) == (5, 0)
    assert problems(database) == []


@pytest.mark.parametrize("points", [0, -1, 1.5, 2**63, True])
def test_what_is_no_number_of_points_is_refused(database: Database, now: datetime, points: Any) -> None:
    with pytest.raises(BadTransfer):
        post(database, now, "a", ISSUER, HOME, points)


def test_a_transfer_is_taken_back_once(database: Database, now: datetime) -> None:
    first = post(database, now, "a", ISSUER, HOME, 5)
    with database.write() as conn:
        back = ledger.reverse(conn, "a", key="a:reverse", by="staff:8", now=now, memo="记错了")
        again = ledger.reverse(conn, "a", key="a:reverse", by="staff:8", now=now, memo="记错了")
    assert (back.fresh, again.fresh, balance(database, HOME)) == (True, False, 0)
    for key in ("a", "a:reverse", "none"):
        with pytest.raises(BadReversal), database.write() as conn:
            ledger.reverse(conn, key, key="another", by="staff:8", now=now)
    with pytest.raises(BadReversal):
        post(database, now, "c", HOME, ISSUER, 4, reverses=first.id)
    assert problems(database) == []


def test_what_is_spent_cannot_be_taken_back(database: Database, now: datetime) -> None:
    post(database, now, "a", ISSUER, HOME, 5)
    post(database, now, "b", HOME, SHOP, 3)
    with pytest.raises(NotEnough), database.write() as conn:
        ledger.reverse(conn, "a", key="a:reverse", by="staff:8", now=now)
    assert balance(database, HOME) == 2


def test_spent_by_eight_at_once_it_is_spent_once(database: Database, now: datetime) -> None:
    post(database, now, "a", ISSUER, HOME, 10)

    def spend(i: int) -> bool:
        try:
            return post(database, now, f"spend {i}", HOME, f"shop:s{i % 3}", 7).fresh
        except NotEnough:
            return False

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(spend, range(16))).count(True) == 1
    assert balance(database, HOME) == 3
    assert problems(database) == []


def test_posted_by_eight_at_once_it_is_posted_once(database: Database, now: datetime) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda i: post(database, now, f"k{i % 4}", ISSUER, f"household:h{i % 4}", 2), range(32)))
    assert [posted.fresh for posted in found].count(True) == 4
    assert balance(database, ISSUER) == -8
    assert problems(database) == []


def test_points_cross_both_ways_without_a_standstill(database: Database, now: datetime) -> None:
    for i in range(3):
        post(database, now, f"start {i}", ISSUER, f"household:h{i}", 100)

    def move(i: int) -> None:
        post(database, now, f"move {i}", f"household:h{i % 3}", f"household:h{(i + 1 + i % 2) % 3}", 1)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(move, range(48)))
    assert sum(balance(database, f"household:h{i}") for i in range(3)) == 300
    assert problems(database) == []


class Book(RuleBasedStateMachine):
    """Posts, repeats and reversals in any order, against a dict that does the sums again."""

    def __init__(self, database: Database, now: datetime) -> None:
        super().__init__()
        self.database, self.now = database, now

    @initialize()
    def fresh(self) -> None:
        run = uuid.uuid4().hex[:8]  # the book is never emptied: each run has its own accounts and keys
        self.run = run
        self.accounts = [f"issuer:{run}", *(f"household:{run}{i}" for i in range(3)), f"shop:{run}"]
        self.has = dict.fromkeys(self.accounts, 0)
        self.posted: dict[str, tuple[str, str, int]] = {}
        self.reversed: set[str] = set()

    def _move(self, source: str, target: str, points: int) -> None:
        self.has[source] -= points
        self.has[target] += points

    @rule(payer=st.integers(0, 4), payee=st.integers(0, 4), points=st.integers(-1, 60), key=st.integers(0, 12))
    def post(self, payer: int, payee: int, points: int, key: int) -> None:
        name, body = f"{self.run}:{key}", (self.accounts[payer], self.accounts[payee], points)
        try:
            posted = post(self.database, self.now, name, *body)
        except BadTransfer:
            assert payer == payee or points < 1
        except KeyReused:
            assert name in self.posted and self.posted[name] != body
        except NotEnough:
            assert name not in self.posted and payer != 0 and self.has[body[0]] < points
        else:
            assert posted.fresh == (name not in self.posted)
            if posted.fresh:
                self.posted[name] = body
                self._move(*body)

    @rule(key=st.integers(0, 12))
    def reverse(self, key: int) -> None:
        name = f"{self.run}:{key}"
        source, target, points = self.posted.get(name, ("", "", 0))
        try:
            with self.database.write() as conn:
                posted = ledger.reverse(conn, name, key=f"{name}:back", by="staff:8", now=self.now)
        except BadReversal:
            assert name not in self.posted
        except NotEnough:
            assert self.has[target] < points and not target.startswith("issuer")
        else:
            assert posted.fresh == (name not in self.reversed)
            if posted.fresh:
                self.reversed.add(name)
                self._move(target, source, points)

    @invariant()
    def balances_are_what_they_should_be(self) -> None:
        with self.database.read() as conn:
            rows = conn.execute(
                select(ledger_account.c.key, ledger_account.c.balance).where(ledger_account.c.key.in_(self.accounts))
            )
            found = dict.fromkeys(self.accounts, 0) | {row.key: row.balance for row in rows}
        assert found == self.has
        assert sum(found.values()) == 0

    def teardown(self) -> None:
        assert problems(self.database) == []


def test_any_order_of_posts_repeats_and_reversals_adds_up(database: Database, now: datetime) -> None:
    run_state_machine_as_test(
        lambda: Book(database, now),
        settings=settings(
            max_examples=12,
            stateful_step_count=15,
            deadline=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
