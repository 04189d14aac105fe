"""Proof of the books: each kind of damage is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, text

from flows.domain.case import Event, apply
from storage import cases, due, ledger
from storage.database import Database
from storage.tables import area, person, rule
from storage.verify import verify


@pytest.fixture
def books(database: Database, now: datetime) -> Database:
    """Four transfers, one of them a reversal, and a case with three events."""
    with database.write() as conn:
        for i in range(3):
            ledger.post(conn, key=f"k{i}", source="issuer:a", target=f"household:h{i}", points=10, by="x", now=now)
        ledger.reverse(conn, "k1", key="k1:back", by="x", now=now)
        who = conn.execute(insert(person).returning(person.c.id), {"created_at": now}).scalar_one()
        place = {"key": "g", "level": "grid", "name": "一网格", "path": "/1/"}
        where = conn.execute(insert(area).returning(area.c.id), place).scalar_one()
        told = {
            "service": "street_light",
            "description": "路灯坏了",
            "place": "3栋",
            "area": where,
            "acknowledge_due": now + timedelta(hours=2),
            "resolve_due": now + timedelta(days=3),
        }
        made = cases.open_case(conn, number="0302-001", person_id=who, origin_chat_id=None, data=told, now=now)
        for clock in ("acknowledge", "resolve"):
            key = f"case.{made.id}.due.{clock}"
            due.schedule(conn, kind="case.due", key=key, at=now, subject={"case": made.id}, late="fine")
        for seq, kind in ((2, "accept"), (3, "nudge")):
            event = Event(seq, kind, now, "clock")
            cases.append(conn, made, event, apply(made, event))
            made = replace(apply(made, event), id=made.id)
    return database


def problems(database: Database) -> list[str]:
    with database.read() as conn:
        return verify(conn)


def damage(database: Database, statement: str, table: str = "") -> None:
    """Change rows behind the triggers' back, as somebody with the file in hand would."""
    with database.write() as conn:
        if table and database.dialect == "sqlite":
            for change in ("update", "delete"):
                conn.execute(text(f"DROP TRIGGER {table}_no_{change}"))
        elif table:
            conn.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        conn.execute(text(statement))


def test_sound_books_have_no_problems(books: Database) -> None:
    assert problems(books) == []
    with books.read() as conn:
        assert len(list(ledger.entries(conn))) == 4
        assert len(cases.history(conn, 1025)) == 3


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE transfer SET points = 11 WHERE key = 'k0'", "transfer 1: it is not what was posted"),
        ("UPDATE transfer SET memo = 'x' WHERE key = 'k0'", "transfer 1: it is not what was posted"),
        ("UPDATE transfer SET hash = 'x' WHERE key = 'k0'", "transfer 1: its hash is wrong"),
        ("UPDATE transfer SET at = '2020-01-01 00:00:00' WHERE key = 'k0'", "transfer 1: its hash is wrong"),
        ("DELETE FROM transfer WHERE key = 'k2'", "transfer 4: the one before it is missing or not what it was"),
        ("UPDATE transfer SET reverses = 1 WHERE key = 'k1:back'", "transfer 4: it does not move the points of 1 back"),
        ("UPDATE transfer SET reverses = 4 WHERE key = 'k0'", "transfer 1: it reverses what came later or never"),
    ],
)
def test_a_changed_transfer_is_named(books: Database, statement: str, told: str) -> None:
    damage(books, statement, "transfer")
    assert told in problems(books)


def test_a_changed_balance_is_named(books: Database) -> None:
    damage(books, "UPDATE ledger_account SET balance = 99 WHERE key = 'household:h0'")
    assert problems(books) == [
        "account household:h0: balance 99, but its transfers add up to 10",
        "ledger: the balances add up to 89, not 0",
    ]


def test_a_changed_total_is_named(books: Database, now: datetime) -> None:
    with books.write() as conn:
        told = {"area_id": 1, "key": "r1", "category": "友善", "title": "助人", "points": 5}
        conn.execute(insert(rule), told)
        ledger.post(conn, key="r", source="issuer:a", target="household:h0", points=5, by="x", now=now, rule=1)
    assert problems(books) == []
    damage(books, "UPDATE ledger_total SET points = 6 WHERE period = '2026'")
    assert problems(books) == ["account household:h0: its totals say 6, but what rules moved adds up to 5"]


@pytest.mark.parametrize(
    ("statement", "table", "told"),
    [
        ("UPDATE case_ SET status = 'closed'", "", "case 1025: status is not what its history tells"),
        ("UPDATE case_ SET area_id = NULL", "", "case 1025: area_id is not what its history tells"),
        ("UPDATE case_ SET resolve_due = NULL", "", "case 1025: resolve_due is not what its history tells"),
        ("UPDATE case_ SET version = 2", "", "case 1025: version is not what its history tells"),
        ("DELETE FROM case_event WHERE seq = 2", "case_event", "case 1025: its history has gaps"),
        ("DELETE FROM case_event", "case_event", "case 1025: it has no history"),
        (
            "UPDATE case_event SET kind = 'rate' WHERE seq = 2",
            "case_event",
            "case 1025: its history can't be replayed (ValueError)",
        ),
    ],
)
def test_a_case_that_is_not_its_history_is_named(books: Database, statement: str, table: str, told: str) -> None:
    damage(books, statement, table)
    assert problems(books) == [told]


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("DELETE FROM due WHERE key = 'case.1025.due.resolve'", ["case 1025: its clock resolve will not ring"]),
        ("UPDATE due SET state = 'done' WHERE id = 1", ["case 1025: its clock acknowledge will not ring"]),
        (
            "UPDATE due SET state = 'dead' WHERE id = 1",
            [
                "case 1025: case.1025.due.acknowledge was to ring and is dead",
                "case 1025: its clock acknowledge will not ring",
            ],
        ),
        ("UPDATE due SET key = 'case.1025.answer' WHERE id = 2", []),
    ],
)
def test_a_clock_that_stands_still_is_named(books: Database, statement: str, told: list[str]) -> None:
    damage(books, statement)
    assert problems(books) == told


def test_a_lost_reference_is_named(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path / 'a.db'}")
    database.upgrade()
    with database.engine.connect() as conn:
        raw = conn.connection.driver_connection
        assert raw is not None
        raw.execute("PRAGMA foreign_keys=OFF")
        raw.execute("INSERT INTO area_alias (area_id, alias) VALUES (99, 'x')")
    assert problems(database) == ["area_alias.area_id: 1 rows refer to no area"]
    database.close()
