"""Lists and look-ups among a thousand, a hundred thousand and a million cases: how much longer each takes."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import Connection

from storage import cases, desk_list, due
from storage.database import Database
from storage.desk_list import After, Filters
from tests.bench.table import Row
from tests.support.manycases import NOW, fill, grid, hire

OPENED = {"service": "garbage", "description": "垃圾没人收", "place": "3栋", "resolve_due": NOW + timedelta(days=3)}


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


def measure(urls: dict[str, Callable[[int], str]], sizes: tuple[int, ...], times: int) -> list[Row]:
    """On each kind of database, medians relative to the smallest."""
    rows = []
    for kind, url in urls.items():
        found: dict[int, dict[str, list[float]]] = {}
        for size in sizes:
            database = Database.open(url(size), durable=False, secret="a secret of the bench, 32 letters")
            database.upgrade()
            with database.write() as conn:
                fill(conn, size)
            found[size] = _ask(database, size, times)
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
