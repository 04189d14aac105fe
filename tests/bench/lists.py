"""Lists and look-ups among a thousand, a hundred thousand and a million cases: how much longer each takes."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import Connection, text

from storage import cases, desk_list, due
from storage.database import Database
from storage.desk_list import After, Filters
from tests.bench.table import Row
from tests.support.manycases import NOW, fill, grid, hire

OPENED = {"service": "garbage", "description": "垃圾没人收", "place": "3栋", "resolve_due": NOW + timedelta(days=3)}
ROUNDS = 5


def questions(conn: Connection, count: int) -> dict[str, Callable[[int], Any]]:
    """What is asked of so many cases, by a member of a community's staff."""
    who = hire(conn, "community_staff", 2)
    key = conn.exec_driver_sql(f"SELECT id FROM case_ ORDER BY opened_at DESC LIMIT 1 OFFSET {min(30_000, count // 2)}")
    at = cases.load(conn, int(key.scalar_one()))
    later = After(NOW - timedelta(minutes=3 * min(30_000, count // 2)), at.id)
    return {
        "a case is opened": lambda n: cases.open_case(
            conn, number=f"N{n}", person_id=1, origin_chat_id=None, data={**OPENED, "area": grid(n)}, now=NOW
        ),
        "my cases": lambda n: [cases.load(conn, id) for id in cases.mine(conn, 2 + n % 150)],
        "staff list, first page": lambda n: desk_list.cases(conn, who, Filters(), NOW),
        "staff list, the 1,000th page": lambda n: desk_list.cases(conn, who, Filters("all"), NOW, after=later),
        "search by a part of a number": lambda n: desk_list.cases(conn, who, Filters("all", number="24-1"), NOW),
        "next due": lambda n: due.next_at(conn),
    }


def _ask(database: Database, count: int, times: int) -> dict[str, list[float]]:
    took: dict[str, list[float]] = {}
    with database.write() as conn:
        for what, ask in questions(conn, count).items():
            for n in range(times + 3):
                began = time.perf_counter()
                ask(n)
                if n >= 3:
                    took.setdefault(what, []).append(time.perf_counter() - began)
        conn.rollback()
    return took


def _filled(url: str, size: int) -> Database:
    """A database with so many cases, its statistics as they are some minutes later."""
    database = Database.open(url, durable=False, secret="a secret of the bench, 32 letters")
    database.upgrade()
    with database.write() as conn:
        fill(conn, size)
    if database.dialect == "postgresql":  # what autovacuum would begin while we measure
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            conn.execute(text("VACUUM ANALYZE"))
    return database


def measure(urls: dict[str, Callable[[int], str]], sizes: tuple[int, ...], times: int) -> list[Row]:
    """On each kind of database, medians relative to the smallest."""
    rows = []
    for kind, url in urls.items():
        databases = {size: _filled(url(size), size) for size in sizes}
        found: dict[int, dict[str, list[float]]] = {size: {} for size in sizes}
        for _ in range(ROUNDS):  # in turn, so that what else the machine does meets all of them
            for size, database in databases.items():
                for what, took in _ask(database, size, times // ROUNDS or 1).items():
                    found[size].setdefault(what, []).extend(took)
        for database in databases.values():
            database.close()
        for what, least in found[sizes[0]].items():
            worst = max(sizes[1:], key=lambda size: median(found[size][what]))
            ms = " / ".join(f"{median(found[size][what]) * 1000:.2f}" for size in sizes)
            p99 = sorted(found[sizes[-1]][what])[int(times * 0.99)] * 1000
            rows.append(
                Row(f"{what} ({kind})", f"among {sizes[0]:,} cases", 1.3, median(found[worst][what]) / median(least),
                    f"ms among {' / '.join(f'{size:,}' for size in sizes)}: {ms}; p99 {p99:.2f}", most=True)
            )  # fmt: skip
    return rows


def files(folder: Path) -> Callable[[int], str]:
    return lambda size: f"sqlite:///{folder / f'cases{size}.db'}"
