"""The way in: once, in order, one at a time a conversation, whoever takes it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from storage import arrivals, inbox, inbox_waiting, people, returned
from storage.database import Database
from storage.tables import inbox as table
from tests.support.plans import steps

LEASE = timedelta(minutes=1)


def accept(database: Database, now: datetime, key: str, conversation: str = "u1") -> int | None:
    with database.write() as conn:
        return inbox.accept(
            conn, channel="test", key=key, conversation=conversation, payload={"text": "路灯坏了"}, now=now
        )


def claim(database: Database, now: datetime, limit: int = 10) -> list[str]:
    with database.write() as conn:
        return [row.key for row in inbox.claim(conn, now, lease=LEASE, limit=limit)]


def done(database: Database, now: datetime, id: int) -> None:
    with database.write() as conn:
        inbox.done(conn, id, now)


def state(database: Database, key: str) -> str:
    with database.read() as conn:
        return conn.execute(select(table.c.state).where(table.c.key == key)).scalar_one()


def test_what_comes_in_twice_is_kept_once(database: Database, now: datetime) -> None:
    first = accept(database, now, "a")
    assert first is not None
    assert accept(database, now, "a") is None
    assert accept(database, now, "a", "u2") is None
    with database.write() as conn:
        [row] = inbox.claim(conn, now, lease=LEASE, limit=10)
    assert (row.id, row.channel, row.key, row.conversation, row.tries) == (first, "test", "a", "u1", 1)
    assert (row.payload, row.received_at) == ({"text": "路灯坏了"}, now)


@pytest.mark.parametrize("count", [1, 2, 7, 33, 100])
def test_what_comes_in_together_is_kept_in_its_order_and_once(database: Database, now: datetime, count: int) -> None:
    arrived = [arrivals.Arrival("test", f"k{n}", f"c{n % 3}", {"n": n, "text": "您好\0"}, n % 2) for n in range(count)]
    with database.write() as conn:
        first = inbox.accept(conn, channel="test", key="k0", conversation="c0", payload={"n": 0}, now=now)
    with database.write() as conn:
        rows = arrivals.accept_all(conn, [*arrived, arrived[-1], arrived[-1]._replace(channel="other")], now)
    assert rows[0] is None and rows[count] is None and first is not None
    new = [row for row in rows if row is not None]
    assert new == sorted(new) and len(new) == count
    with database.read() as conn:
        found = conn.execute(select(table).where(table.c.id.in_(new)).order_by(table.c.id)).all()
    assert [row.payload["n"] for row in found] == [*range(1, count), count - 1]
    assert all((row.received_at, row.not_before, row.state) == (now, now, "new") for row in found)
    assert [row.lane for row in found[:-1]] == [n % 2 for n in range(1, count)]


def test_of_many_accounts_those_behind_whom_somebody_is(database: Database, now: datetime) -> None:
    with database.write() as conn:
        for n in range(0, 40, 3):
            people.person_for(conn, "test", f"u{n}", now)
        asked = [f"u{n}" for n in range(40)]
        assert arrivals.known(conn, "test", asked) == {f"u{n}" for n in range(0, 40, 3)}
        assert arrivals.known(conn, "other", asked) == arrivals.known(conn, "test", []) == frozenset()


def test_accepted_by_many_at_once_is_kept_once(database: Database, now: datetime) -> None:
    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(lambda i: accept(database, now, f"k{i % 5}"), range(40)))
    assert len([id for id in ids if id is not None]) == 5


def test_a_conversation_is_taken_in_order_one_at_a_time(database: Database, now: datetime) -> None:
    ids = {key: accept(database, now, key, key[0]) for key in ("a1", "b1", "a2", "a3", "b2")}
    assert claim(database, now) == ["a1", "b1"]
    assert claim(database, now) == []
    done(database, now, ids["b1"] or 0)
    assert claim(database, now) == ["b2"]
    done(database, now, ids["a1"] or 0)
    assert claim(database, now, limit=1) == ["a2"]
    assert claim(database, now) == []
    done(database, now, ids["a2"] or 0)
    assert claim(database, now) == ["a3"]


def test_the_oldest_goes_first(database: Database, now: datetime) -> None:
    for i in range(6):
        accept(database, now, f"k{i}", f"u{i}")
    assert claim(database, now, limit=2) == ["k0", "k1"]
    assert claim(database, now, limit=9) == ["k2", "k3", "k4", "k5"]


def crowd(database: Database, at: datetime, count: int = inbox_waiting.CROWD + 5) -> None:
    arrived = [arrivals.Arrival("test", f"f{at}{n}", "test:flooder", {"private": True}) for n in range(count)]
    with database.write() as conn:
        arrivals.accept_all(conn, arrived, at)


def taken(database: Database, at: datetime) -> list[str]:
    """One claim, done at once: whose turns they were."""
    with database.write() as conn:
        rows = inbox.claim(conn, at, lease=LEASE, limit=32)
        for row in rows:
            inbox.done(conn, row.id, at)
    return [row.conversation for row in rows]


def test_who_floods_has_turns_while_nobody_else_waits_and_not_at_once_again(database: Database, now: datetime) -> None:
    crowd(database, now)
    with database.write() as conn:
        for who in ("a", "b"):
            inbox.accept(conn, channel="test", key=who, conversation=f"test:{who}", payload={}, now=now)
    assert taken(database, now) == ["test:a", "test:b"]
    assert taken(database, now) == ["test:flooder"]
    assert taken(database, now + inbox.PACE) == [] and taken(database, now + inbox.ALONE) == ["test:flooder"]


def test_what_piled_up_is_taken_as_quickly_as_it_goes_and_nobody_waits_for_ever(
    database: Database, now: datetime
) -> None:
    crowd(database, now)
    later = now + inbox_waiting.AT_LENGTH + timedelta(seconds=1)
    with database.write() as conn:
        inbox.accept(conn, channel="test", key="a", conversation="test:a", payload={}, now=later)
    assert taken(database, later) == ["test:flooder", "test:a"]
    assert taken(database, later) == ["test:flooder"] == taken(database, later)


def test_a_newcomer_does_not_wait_for_all_whom_we_know(database: Database, now: datetime) -> None:
    arrived = [arrivals.Arrival("test", f"n{n}", f"test:new{n}", {}, 1) for n in range(3)]
    arrived += [arrivals.Arrival("test", f"k{n}", f"test:known{n}", {}, 0) for n in range(70)]
    with database.write() as conn:
        arrivals.accept_all(conn, arrived, now)
    first = taken(database, now)
    assert len(first) == 32 and first[-2:] == ["test:known30", "test:new0"], "one: who writes with them waits for it"
    assert taken(database, now)[-1] == "test:new1"


def test_a_lease_that_ran_out_is_taken_again(database: Database, now: datetime) -> None:
    accept(database, now, "a")
    assert claim(database, now) == ["a"]
    assert claim(database, now + LEASE - timedelta(microseconds=1)) == []
    assert claim(database, now + LEASE) == ["a"]


def test_a_message_tried_again_holds_its_conversation_and_no_other(database: Database, now: datetime) -> None:
    first = accept(database, now, "a1", "a") or 0
    accept(database, now, "a2", "a")
    accept(database, now, "b1", "b")
    assert claim(database, now) == ["a1", "b1"]
    with database.write() as conn:
        inbox.later(conn, first, not_before=now + timedelta(seconds=30), error="KeyError")
        assert inbox.next_at(conn) == now + timedelta(seconds=30)
    assert claim(database, now + timedelta(seconds=29)) == []
    assert claim(database, now + timedelta(seconds=30)) == ["a1"]


def test_a_poison_message_dies_the_fifth_time_and_lets_the_others_by(database: Database, now: datetime) -> None:
    first = accept(database, now, "poison") or 0
    accept(database, now, "next")
    for _ in range(5):
        assert claim(database, now) == ["poison"]
        with database.write() as conn:
            inbox.later(conn, first, not_before=now, error="KeyError: 'x'" * 50)
    assert claim(database, now) == ["next"]
    with database.read() as conn:
        [letter] = inbox.dead_letters(conn, 10)
    assert (letter.id, letter.what, letter.tries, len(letter.error)) == (first, "test poison", 5, 255)


def test_a_message_that_kills_its_worker_dies_too(database: Database, now: datetime) -> None:
    accept(database, now, "deadly")
    accept(database, now, "next")
    for i in range(inbox.MAX_TRIES):
        assert claim(database, now + i * LEASE) == ["deadly"]
    assert claim(database, now + inbox.MAX_TRIES * LEASE) == []
    assert state(database, "deadly") == "dead"
    assert claim(database, now + inbox.MAX_TRIES * LEASE) == ["next"]


def look(database: Database, now: datetime, after: int) -> list[inbox.InboxRow] | None:
    with database.write() as conn:
        return inbox.look(conn, now, limit=10, after=after)


def test_what_came_since_is_looked_at_and_counted_when_its_turn_ends(database: Database, now: datetime) -> None:
    before = accept(database, now, "before") or 0
    assert look(database, now, before) is None, "what was there already is claimed"
    done(database, now, before)
    came = accept(database, now, "since") or 0
    accept(database, now, "next")
    first, again = look(database, now, before), look(database, now, before)
    assert first and again and [row.key for row in first] == [row.key for row in again] == ["since"]
    assert (first[0].tries, first[0].stands) == (1, 0)
    with database.write() as conn:
        inbox.done(conn, came, now, "u1", first[0].tries)
        assert conn.execute(select(table.c.tries).where(table.c.id == came)).scalar_one() == 1
        assert inbox.mine(conn, first[0]) is None
    [other] = look(database, now, before) or []
    assert other.key == "next"


def test_a_row_that_was_looked_at_is_counted_once_and_then_claimed(database: Database, now: datetime) -> None:
    accept(database, now, "k")
    [row] = look(database, now, 0) or []
    with database.write() as conn:
        mine = inbox.mine(conn, row)
        assert mine and mine.stands == 1 and inbox.mine(conn, mine) == mine
        inbox.later(conn, row.id, not_before=now, error="KeyError")
        assert inbox.mine(conn, row) is None, "of two who looked, one had it"
    assert look(database, now, 0) is None
    assert claim(database, now) == ["k"]
    assert look(database, now, 0) == [], "it is in somebody's hands"
    assert look(database, now + LEASE, 0) is None


def test_a_message_that_kills_its_worker_takes_nobody_with_it(database: Database, now: datetime) -> None:
    """Ten are in work when the worker dies, again and again when it comes to the fourth: the nine others are done."""
    for i in range(10):
        accept(database, now, f"k{i}", f"u{i}")
    finished = []
    for crash in range(30):
        at = now + crash * LEASE
        while True:
            with database.write() as conn:
                rows = inbox.claim(conn, at, lease=LEASE, limit=10)
            for row in rows:
                if row.key == "k3":
                    break
                done(database, at, row.id)
                finished.append(row.key)
            else:
                if rows:
                    continue
            break
    assert sorted(finished) == [f"k{i}" for i in range(10) if i != 3]
    assert state(database, "k3") == "dead"


def test_what_had_no_turn_is_given_back_and_nothing_else(database: Database, now: datetime) -> None:
    with database.write() as conn:
        for who in ("a", "b", "c"):
            inbox.accept(conn, channel="test", key=who, conversation=f"test:{who}", payload={}, now=now)
    with database.write() as conn:
        mine = inbox.claim(conn, now, lease=LEASE, limit=9)
        inbox.done(conn, mine[0].id, now)
        late = now + LEASE
        [theirs] = inbox.claim(conn, late, lease=LEASE, limit=9)
        assert (theirs.id, theirs.tries) == (mine[1].id, 2)
        returned.give_back(conn, mine, late)
    soon = late + returned.SOON
    with database.write() as conn:
        assert [(row.key, row.tries) for row in inbox.claim(conn, soon, lease=LEASE, limit=9)] == [("c", 1)]


def test_a_dead_letter_is_replayed(database: Database, now: datetime) -> None:
    first = accept(database, now, "a") or 0
    claim(database, now)
    with database.write() as conn:
        inbox.dead(conn, first, "unreadable")
        assert inbox.replay(conn, [first, 999], now) == 1
        assert inbox.dead_letters(conn, 10) == []
        [row] = inbox.claim(conn, now, lease=LEASE, limit=1)
        assert (row.id, row.tries) == (first, 1)
        inbox.done(conn, first, now)
        assert inbox.replay(conn, [first], now) == 0, "only what is dead"
        assert inbox.next_at(conn) is None


def test_several_workers_never_take_one_message_nor_one_conversation_at_once(database: Database, now: datetime) -> None:
    """Sixty messages of six conversations, eight workers: each is done once, each conversation in order."""
    for i in range(60):
        accept(database, now, f"{i:02d}", f"u{i % 6}")
    busy: set[str] = set()
    order: list[str] = []
    clashes: list[str] = []

    def work(_: int) -> None:
        for _ in range(200):
            with database.write() as conn:
                rows = inbox.claim(conn, now, lease=LEASE, limit=2)
            for row in rows:
                if row.conversation in busy:
                    clashes.append(row.key)
                busy.add(row.conversation)
                order.append(row.key)
                busy.discard(row.conversation)  # before it is done: only then may somebody else take the next one
                with database.write() as conn:
                    inbox.done(conn, row.id, now)
            if len(order) == 60:
                return

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert clashes == []
    assert sorted(order) == [f"{i:02d}" for i in range(60)]
    for u in range(6):
        mine = [key for key in order if int(key) % 6 == u]
        assert mine == sorted(mine)


def test_a_turn_that_fails_leaves_the_message_as_it_was(database: Database, now: datetime) -> None:
    accept(database, now, "a")
    try:
        with database.write() as conn:
            [row] = inbox.claim(conn, now, lease=LEASE, limit=1)
            inbox.done(conn, row.id, now)
            raise KeyError("a bug")
    except KeyError:
        pass
    assert claim(database, now) == ["a"]


@pytest.mark.parametrize("odd", ["\x00", "\ud800", "a\x00\udfff好", "👨‍👩‍👧" * 500, "\u202e倒", "x" * 1_000_000, ""])
def test_what_nobody_should_send_is_kept_all_the_same(database: Database, now: datetime, odd: str) -> None:
    with database.write() as conn:
        id = inbox.accept(conn, channel="test", key=odd, conversation=odd, payload={"text": odd, odd: [odd]}, now=now)
        again = inbox.accept(conn, channel="test", key=odd, conversation="x", payload={}, now=now)
    assert again is None
    with database.write() as conn:
        [row] = inbox.claim(conn, now, lease=LEASE, limit=1)
        assert (row.id, row.payload) == (id, {"text": odd, odd: [odd]})
        inbox.later(conn, row.id, not_before=now, error=odd)


def test_a_crowd_of_newcomers_costs_those_we_know_no_more(tmp_path: Path, now: datetime) -> None:
    """Counted in steps of SQLite's machine, which no busy neighbour changes."""

    def claimed(crowd: int) -> int:
        opened = Database.open(f"sqlite:///{tmp_path / str(crowd)}", durable=False)
        opened.upgrade()
        row = {"channel": "test", "payload": {}, "received_at": now, "not_before": now, "lane": 1}
        with opened.write() as conn:
            conn.execute(insert(table), [row | {"key": f"n{n}", "conversation": f"n{n}"} for n in range(crowd)])
        accept(opened, now, "known")
        took = steps(opened, lambda conn: inbox.claim(conn, now, lease=LEASE, limit=32))
        assert claim(opened, now)[0] == "known"
        opened.close()
        return took

    assert claimed(3_000) <= 1.1 * claimed(30)
