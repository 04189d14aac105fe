"""The Moral Bank under attack by many at once: whatever the order, nothing happens twice and nothing goes missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from flows.effects import Reserve
from flows.errors import NotAllowed
from storage import codes, households, ledger, proposals, shop
from storage.database import Database
from storage.tables import area, goods, household, household_member, person, redemption, rule
from storage.verify import verify

HOME = "household:h1"


@pytest.fixture
def bank(database: Database, now: datetime) -> Iterator[Database]:
    """A community with one household of two members, 100 points, and one bag of rice for 60."""
    with database.write() as conn:
        one = {"key": "c1", "level": "community", "name": "幸福社区", "path": "/1/"}
        two = {"key": "c2", "level": "community", "name": "平安社区", "path": "/2/"}
        conn.execute(insert(area), [one, two])
        for _ in range(2):
            conn.execute(insert(person), {"created_at": now})
        conn.execute(insert(household), [{"key": "h1", "area_id": 1, "name": "王家"}])
        conn.execute(insert(household_member), [{"household_id": 1, "person_id": i, "since": now} for i in (1, 2)])
        rice = {"key": "rice", "area_id": 1, "shop": "超市", "title": "大米", "price": 60, "stock": 1}
        soap = {"key": "soap", "area_id": 1, "shop": "超市", "title": "肥皂", "price": 60, "stock": 9}
        conn.execute(insert(goods), [rice, soap])
        told = {"area_id": 1, "key": "r1", "category": "友善", "title": "助人", "points": 5}
        conn.execute(insert(rule), told)
        ledger.post(conn, key="a", source="issuer:c1", target=HOME, points=100, by="staff:1", now=now, rule=1)
    yield database
    with database.read() as conn:
        assert verify(conn) == []


def wanted(goods_id: int, who: int, now: datetime) -> Reserve:
    return Reserve(goods_id, 1, who, 60, now + timedelta(days=7), "")


def tried(database: Database, work: Callable[[Any], Any]) -> Any:
    try:
        with database.write() as conn:
            return work(conn)
    except NotAllowed as refusal:
        return str(refusal)


def balance(database: Database) -> int:
    with database.read() as conn:
        return ledger.balance(conn, HOME)


def test_two_members_redeeming_at_once_spend_the_points_once(bank: Database, now: datetime) -> None:
    with ThreadPoolExecutor(8) as pool:
        done = list(
            pool.map(lambda i: tried(bank, lambda c: shop.reserve(c, wanted(2, i % 2 + 1, now), now, now)), range(8))
        )
    assert len([d for d in done if isinstance(d, tuple)]) == 1
    assert {d for d in done if isinstance(d, str)} == {"积分不够换这个，看看别的好吗？"}
    assert balance(bank) == 40


def test_the_last_bag_goes_to_one(bank: Database, now: datetime) -> None:
    with bank.write() as conn:
        ledger.post(conn, key="b", source="issuer:c1", target=HOME, points=900, by="staff:1", now=now)
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda i: tried(bank, lambda c: shop.reserve(c, wanted(1, 1, now), now, now)), range(8)))
    assert len([d for d in done if isinstance(d, tuple)]) == 1 and done.count(None) == 7
    assert balance(bank) == 940


def test_collected_cancelled_and_expired_at_once_it_ends_once(bank: Database, now: datetime) -> None:
    with bank.write() as conn:
        kept = shop.reserve(conn, wanted(1, 1, now), now, now)
    assert kept
    states = ["collected", "cancelled", "expired"] * 3
    with ThreadPoolExecutor(9) as pool:
        done = list(pool.map(lambda s: tried(bank, lambda c: shop.end(c, kept[0], s, "x", now)), states))
    assert done.count(None) == 1
    with bank.read() as conn:
        state = conn.execute(select(redemption.c.state)).scalar_one()
        stock = conn.execute(select(goods.c.stock).where(goods.c.id == 1)).scalar_one()
    assert (balance(bank), stock) == ((40, 0) if state == "collected" else (100, 1))


def test_reserving_and_giving_back_cross_without_a_standstill(bank: Database, now: datetime) -> None:
    def there_and_back(i: int) -> None:
        kept = tried(bank, lambda c: shop.reserve(c, wanted(2, 1, now), now, now))
        if isinstance(kept, tuple):
            tried(bank, lambda c: shop.end(c, kept[0], "cancelled", "x", now))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(there_and_back, range(18)))
    with bank.read() as conn:
        assert conn.execute(select(goods.c.stock).where(goods.c.id == 2)).scalar_one() == 9
    assert balance(bank) == 100


def test_a_proposal_is_moved_by_one(bank: Database, now: datetime) -> None:
    from flows.domain.proposal import Kind, State

    with bank.write() as conn:
        made = proposals.add(
            conn, kind=Kind.AWARD, household_id=1, rule_id=1, transfer_id=None, points=5, note="帮了邻居", photos=(),
            proposer="staff:1", person_id=None, now=now,
        )  # fmt: skip

    def approve(_: int) -> Any:
        def work(conn: Any) -> None:
            proposals.change(conn, made.id, 1, State.POSTED, staff=None, note="", appeal_until=None, now=now)
            ledger.post(conn, key="award:1", source="issuer:c1", target=HOME, points=5, by="x", now=now, rule=1)

        return tried(bank, work)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(approve, range(8))).count(None) == 1
    assert balance(bank) == 105


def test_a_household_moves_once_with_everything_it_has(bank: Database, now: datetime) -> None:
    with ThreadPoolExecutor(6) as pool:
        done = list(
            pool.map(lambda _: tried(bank, lambda c: households.move(c, 1, 2, by="staff:1", now=now)), range(6))
        )
    assert done.count(100) == 1
    with bank.read() as conn:
        assert [ledger.balance(conn, key) for key in (HOME, "issuer:c1", "issuer:c2")] == [100, 0, -100]
        assert households.issuer(conn, households.get(conn, 1).area) == "issuer:c2"


def test_a_code_binds_one_however_many_try(bank: Database, now: datetime) -> None:
    with bank.write() as conn:
        subject, life = {"household": 1}, timedelta(days=1)
        plain = codes.issue(conn, kind="household", subject=subject, now=now, lifetime=life, digits=8)

    def use(_: int) -> bool:
        with bank.write() as conn:
            found = codes.find(conn, plain, kind="household", now=now)
            return bool(found and codes.use(conn, found.id, now))

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(use, range(6))).count(True) == 1


def test_a_pick_up_code_is_the_same_when_asked_for_again_and_nowhere_in_the_rows(bank: Database, now: datetime) -> None:
    with bank.write() as conn:
        kept = shop.reserve(conn, wanted(1, 1, now), now, now)
    assert kept
    with bank.read() as conn:
        assert [code for _, code, _ in shop.codes_of(conn, 1, now)] == [kept[1]]
        found = shop.by_code(conn, kept[1])
        assert found and found.id == kept[0]
        assert kept[1] not in str(conn.execute(select(redemption)).all())


def test_what_was_taken_back_counts_no_more_for_the_yearly_cap(bank: Database, now: datetime) -> None:
    with bank.write() as conn:
        assert proposals.earned(conn, HOME, 1, now) == 100
        ledger.reverse(conn, "a", key="a:back", by="staff:2", now=now)
        assert proposals.earned(conn, HOME, 1, now) == 0
