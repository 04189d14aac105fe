"""What falls due: done once whoever runs, in order, with a fate on record."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from storage import due
from storage.database import Database
from storage.tables import due as table

LEASE = timedelta(minutes=1)
MINUTE = timedelta(minutes=1)


def schedule(database: Database, key: str, at: datetime, **more: Any) -> None:
    row: dict[str, Any] = {"kind": "remind", "subject": {"key": key}, "late": "fine", **more}
    with database.write() as conn:
        due.schedule(conn, key=key, at=at, **row)


def claim(database: Database, now: datetime, limit: int = 10) -> list[str]:
    with database.write() as conn:
        return [row.key for row in due.claim(conn, now, lease=LEASE, limit=limit)]


def fates(database: Database) -> dict[str, str]:
    with database.read() as conn:
        return {row.key: row.state for row in conn.execute(select(table.c.key, table.c.state))}


def next_at(database: Database) -> datetime | None:
    with database.read() as conn:
        return due.next_at(conn)


def test_in_order_of_time_and_not_before(database: Database, now: datetime) -> None:
    for key, minutes in (("c", 3), ("a", 1), ("b", 2)):
        schedule(database, key, now + minutes * MINUTE)
    assert next_at(database) == now + MINUTE
    assert claim(database, now) == []
    assert claim(database, now + 2 * MINUTE) == ["a", "b"]
    assert next_at(database) == now + 3 * MINUTE, "two are being worked on until their lease ends, the third is next"
    assert claim(database, now + 2 * MINUTE) == []


def test_done_is_on_record(database: Database, now: datetime) -> None:
    schedule(database, "a", now, subject={"shift": 7, "人": "张"})
    with database.write() as conn:
        [row] = due.claim(conn, now, lease=LEASE, limit=1)
        assert (row.kind, row.subject, row.at, row.late, row.tries) == (
            "remind",
            {"shift": 7, "人": "张"},
            now,
            "fine",
            1,
        )
        due.done(conn, row.id, now, "3 told")
    assert next_at(database) is None
    assert claim(database, now + 10 * LEASE) == []
    with database.read() as conn:
        told = conn.execute(select(table.c.state, table.c.done_at, table.c.result)).one()
    assert tuple(told) == ("done", now, "3 told")


def test_the_same_key_moves_it(database: Database, now: datetime) -> None:
    schedule(database, "a", now)
    schedule(database, "a", now + MINUTE, subject={"n": 2})
    assert claim(database, now) == []
    with database.write() as conn:
        [row] = due.claim(conn, now + MINUTE, lease=LEASE, limit=5)
    assert row.subject == {"n": 2}


def test_scheduled_anew_while_it_runs_it_stays_pending(database: Database, now: datetime) -> None:
    schedule(database, "alarm", now)
    with database.write() as conn:
        [row] = due.claim(conn, now, lease=LEASE, limit=1)
    schedule(database, "alarm", now + 2 * MINUTE)
    with database.write() as conn:
        due.done(conn, row.id, now, "told")
        due.later(conn, row.id, not_before=now + 9 * MINUTE, error="x")
    assert fates(database) == {"alarm": "pending"}
    assert claim(database, now + 2 * MINUTE) == ["alarm"]


def test_late_is_fine_or_expires_or_coalesces(database: Database, now: datetime) -> None:
    schedule(database, "fine", now)
    schedule(database, "lapsed", now, late="expire", expires_at=now + MINUTE)
    schedule(database, "in time", now, late="expire", expires_at=now + 20 * MINUTE)
    for day in (1, 2, 3):
        schedule(
            database, f"digest 7 {day}", now + day * MINUTE, kind="digest", late="coalesce", subject={"a": 7, "b": 1}
        )
    schedule(database, "digest 8", now + MINUTE, kind="digest", late="coalesce", subject={"a": 8, "b": 1})
    assert claim(database, now + 10 * MINUTE) == ["fine", "in time", "digest 8", "digest 7 3"]
    assert fates(database) == {
        "fine": "pending",
        "lapsed": "expired",
        "in time": "pending",
        "digest 7 1": "coalesced",
        "digest 7 2": "coalesced",
        "digest 7 3": "pending",
        "digest 8": "pending",
    }


def test_found_in_time_nothing_coalesces(database: Database, now: datetime) -> None:
    for day in (1, 2):
        schedule(database, f"digest {day}", now + day * MINUTE, late="coalesce", subject={})
    assert claim(database, now + MINUTE) == ["digest 1"]
    with database.write() as conn:
        due.done(conn, 1, now, "")
    assert claim(database, now + 2 * MINUTE) == ["digest 2"]


def test_a_newer_one_still_to_come_does_not_swallow_the_older(database: Database, now: datetime) -> None:
    schedule(database, "today", now, late="coalesce", subject={})
    schedule(database, "tomorrow", now + timedelta(days=1), late="coalesce", subject={})
    assert claim(database, now + MINUTE) == ["today"]


def test_unschedule_by_key_and_by_prefix(database: Database, now: datetime) -> None:
    for key in ("case:1:ack", "case:1:resolve", "case:10:ack", "case_1:ack", "Case:1:ack", "case:1%:x"):
        schedule(database, key, now)
    with database.write() as conn:
        due.unschedule(conn, "case:1:*")
        due.unschedule(conn, "case:10:ack")
        due.unschedule(conn, "nobody")
    assert sorted(claim(database, now)) == ["Case:1:ack", "case:1%:x", "case_1:ack"]


def test_unschedule_leaves_the_record_of_what_was_done(database: Database, now: datetime) -> None:
    schedule(database, "a:1", now)
    with database.write() as conn:
        [row] = due.claim(conn, now, lease=LEASE, limit=1)
        due.done(conn, row.id, now, "told")
        due.unschedule(conn, "a:*")
    assert fates(database) == {"a:1": "done"}


def test_what_fails_is_tried_again_later_and_dies_the_fifth_time(database: Database, now: datetime) -> None:
    schedule(database, "a", now)
    for i in range(5):
        assert claim(database, now + i * MINUTE) == ["a"]
        with database.write() as conn:
            due.later(conn, 1, not_before=now + (i + 1) * MINUTE, error="KeyError")
        assert next_at(database) == (now + (i + 1) * MINUTE if i < 4 else None)
    assert fates(database) == {"a": "dead"}


def test_what_kills_its_worker_dies_too(database: Database, now: datetime) -> None:
    schedule(database, "a", now)
    for i in range(5):
        assert claim(database, now + i * LEASE) == ["a"]
    assert claim(database, now + 5 * LEASE) == []
    assert fates(database) == {"a": "dead"}


def test_two_schedulers_do_it_once(database: Database, now: datetime) -> None:
    for i in range(100):
        schedule(database, f"k{i:03d}", now + timedelta(seconds=i % 7))

    def run(_: int) -> list[str]:
        ran = []
        while rows := claim(database, now + MINUTE, limit=5):
            ran += rows
        return ran

    with ThreadPoolExecutor(4) as pool:
        ran = [key for keys in pool.map(run, range(4)) for key in keys]
    assert len(ran) == 100
    assert sorted(ran) == [f"k{i:03d}" for i in range(100)]


def test_who_was_overtaken_does_nothing_more(database: Database, now: datetime) -> None:
    schedule(database, "a", now)
    with database.write() as conn:
        [slow] = due.claim(conn, now, lease=LEASE, limit=1)
    with database.write() as conn:
        [quick] = due.claim(conn, now + LEASE, lease=LEASE, limit=1)
        assert not due.held(conn, slow.id, slow.tries)
        assert due.held(conn, quick.id, quick.tries)
        due.done(conn, quick.id, now, "told")
        assert not due.held(conn, quick.id, quick.tries)
