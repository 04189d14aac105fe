"""What is read of the Moral Bank for an answer is found by an index, and is no more rows when the books are larger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, insert, text

from storage import households, ledger, points, points_public, shop, totals
from storage.database import Database
from storage.tables import (
    area,
    goods,
    household,
    household_member,
    ledger_account,
    ledger_total,
    person,
    proposal,
    redemption,
    rule,
    transfer,
)
from tests.support.plans import said, scans, steps, touched

ISSUER = "issuer:c1"
ZONE = ZoneInfo("Asia/Shanghai")
SINCE, UNTIL = datetime(2026, 2, 1, tzinfo=ZONE), datetime(2026, 3, 1, tzinfo=ZONE)
NOW = datetime(2026, 2, 20, tzinfo=UTC)
GROWING = {"transfer", "household", "household_member", "ledger_account", "ledger_total", "redemption", "proposal"}
WELL = 120  # rows that may be touched for one answer: some tens are shown

ANSWERS: dict[str, Callable[[Connection], Any]] = {
    "我家有多少积分": lambda conn: points.household_of(conn, 1),
    "积分明细，更早的": lambda conn: points.statement(conn, "household:h0", 10_000),
    "我想换东西": lambda conn: shop.goods_of(conn, [1], 1, SINCE),
    "积分公示": lambda conn: points_public.month(conn, ISSUER, SINCE, UNTIL, 20),
    "积分公示，合计": lambda conn: totals.month(conn, ISSUER, "2026-02"),
    "给户7加分": lambda conn: households.named(conn, "给户7加分", [1]),
    "一笔入账": lambda conn: ledger.post(
        conn, key="new", source=ISSUER, target="household:h1", points=5, by="x", now=NOW, rule=1
    ),
}  # fmt: skip


def _ranking(conn: Connection) -> Any:
    return totals.ranking(conn, 1, "2026", 1)


def load(database: Database, households: int, each: int) -> None:
    """So many households with so many entries each, as rows: what is proved here is how they are read."""
    with database.write() as conn:
        conn.execute(insert(area), [{"key": "c1", "level": "community", "name": "幸福社区", "path": "/1/"}])
        conn.execute(insert(person), [{"created_at": NOW} for _ in range(households)])
        conn.execute(insert(rule), {"area_id": 1, "key": "r1", "category": "友善", "title": "助人", "points": 5})
        sold = {"key": "rice", "area_id": 1, "shop": "超市", "title": "大米", "price": 60}
        conn.execute(insert(goods), sold | {"stock": 1, "monthly_limit": 1})
        homes = [{"key": f"h{i}", "area_id": 1, "name": f"户{i}", "ranked": True} for i in range(households)]
        conn.execute(insert(household), homes)
        conn.execute(
            insert(household_member),
            [{"household_id": i + 1, "person_id": i + 1, "since": NOW} for i in range(households)],
        )
        collected = {"goods_id": 1, "points": 60, "code": "x", "state": "collected", "at": NOW, "expires_at": NOW}
        conn.execute(
            insert(redemption),
            [collected | {"household_id": i + 1, "person_id": i + 1} for i in range(households)],
        )
        ended = {"kind": "award", "state": "posted", "points": 5, "note": "", "proposer": "x", "at": NOW}
        conn.execute(insert(proposal), [ended | {"household_id": i + 1} for i in range(households)])
        own = [
            {"key": f"household:h{i}", "kind": "household", "household_id": i + 1, "balance": 5 * each}
            for i in range(households)
        ]
        issuer = {"key": ISSUER, "kind": "issuer", "household_id": None, "balance": -5 * each * households}
        conn.execute(insert(ledger_account), [*own, issuer])
        paid = [
            {
                "key": f"k{n}", "digest": "x", "source_id": households + 1, "target_id": n % households + 1,
                "points": 5, "rule_id": 1, "by": "x", "at": NOW, "previous": "x", "hash": "x",
            }
            for n in range(households * each)
        ]  # fmt: skip
        conn.execute(insert(transfer), paid)
        sums = {"entries": each, "plus": 5 * each, "minus": 0, "points": 5 * each}
        years = [{"account_id": i + 1, "period": "2026", "ranked_in": 1, **sums} for i in range(households)]
        month = {"account_id": households + 1, "period": "2026-02", "ranked_in": None, **sums}
        conn.execute(insert(ledger_total), [*years, month])
        if conn.dialect.name == "postgresql":
            conn.execute(text("ANALYZE"))


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
def test_every_answer_finds_its_rows_by_an_index(database: Database) -> None:
    load(database, 600, 10)
    for what, answer in [*ANSWERS.items(), ("积分排名", _ranking)]:
        statements = said(database, answer)
        assert statements, what
        with database.write() as conn:
            if conn.dialect.name == "postgresql":  # 600 households are six pages, which it would rather read whole
                conn.execute(text("SET LOCAL enable_seqscan = off"))
            read_all = [scan for one in statements for scan in scans(conn, *one, GROWING)]
            assert not read_all, (what, read_all)
            if conn.dialect.name == "postgresql" and what in ANSWERS:
                assert sum(touched(conn, *one) for one in statements) <= WELL, what
            conn.rollback()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_work_of_an_answer_does_not_grow_with_the_books(database: Database, tmp_path: Any) -> None:
    """Counted in steps of SQLite's machine, which no busy neighbour changes."""
    load(database, 30, 10)
    larger = Database.open(
        f"sqlite:///{tmp_path / 'larger.db'}", durable=False, secret="a secret of the tests, 32 characters"
    )
    larger.upgrade()
    load(larger, 600, 10)
    for what, answer in ANSWERS.items():
        few, many = steps(database, answer), steps(larger, answer)
        assert many <= few * 1.3 + 200, (what, few, many)
    # Ranking counts who stands before one in the index: a few steps a household, no row.
    assert steps(larger, _ranking) - steps(database, _ranking) <= 600 * 12
    larger.close()
