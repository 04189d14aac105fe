"""Processor time a message with one worker and with two on one PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from bot import playing
from bot.app import DEMO
from bot.clock import now as real_now
from bot.intake import keep_all
from storage.database import Database
from storage.tables import inbox
from tests.bench.acks import cpu
from tests.bench.table import Row
from tests.bench.turns import TALK, said

WARM = 3  # rounds before it counts
LONGEST = 300  # seconds one run may take


def _left(database: Database) -> int:
    with database.read() as conn:
        return int(conn.execute(select(func.count()).where(inbox.c.state == "new")).scalar_one())


def run(url: str, workers: int, people: int) -> tuple[float, float]:
    """(processor seconds a message of the workers, messages a second) of so many reports."""
    database = Database.open(url, secret=playing.SECRET)
    database.upgrade()
    playing.load(database, DEMO)
    settings = {"LINLI_DATABASE_URL": url, "LINLI_SECRET": playing.SECRET.decode(), "LINLI_LOG_LEVEL": "error"}
    rest = {name: value for name, value in os.environ.items() if not name.startswith("LINLI_")}
    with tempfile.TemporaryDirectory() as folder:
        given = [str(Path(sys.executable).with_name("linli")), "run", "--role", "worker"]
        env = rest | settings | {"LINLI_DATA_DIR": folder, "PYTHONUNBUFFERED": "1"}
        mine = [subprocess.Popen(given, env=env, stdout=subprocess.PIPE, text=True) for _ in range(workers)]
        try:
            for each in mine:
                assert each.stdout
                each.stdout.readline()
            for part in range(WARM):  # models are loaded and statements known, by each of them
                _calm([each.pid for each in mine])
                _said(database, [f"w{part}n{n}" for n in range(4 * workers)], TALK, real_now())
            before, began = [cpu(each.pid) for each in mine], time.perf_counter()
            _said(database, [f"u{n}" for n in range(people)], TALK, real_now())
            took = time.perf_counter() - began
            spent = sum(cpu(each.pid) - was for each, was in zip(mine, before, strict=True))
        finally:
            for each in mine:
                each.terminate()
                each.wait(30)
    database.close()
    messages = people * len(TALK)
    return spent / messages, messages / took


def _calm(pids: list[int]) -> None:
    """Wait until none of them works: what a worker loads when it starts is no part of a message."""
    spent: list[float] = []
    for _ in range(LONGEST):
        before, spent = spent, [cpu(pid) for pid in pids]
        if before and all(now - was < 0.05 for was, now in zip(before, spent, strict=True)):
            return
        time.sleep(1)
    raise AssertionError("the workers do not come to rest")


def _said(database: Database, people: list[str], lines: tuple[str, ...], now: datetime) -> None:
    """All say all their lines; until every one had its turn."""
    for n, text in enumerate(lines):
        keep_all(database, [said(who, n, text) for who in people], now)
    for _ in range(LONGEST * 20):
        if not _left(database):
            return
        time.sleep(0.05)
    raise AssertionError("the workers do not come to an end")


def measure(fresh: Callable[[], str], drop: Callable[[str], None], people: int) -> list[Row]:
    """Two workers beside one, interleaved."""
    cpu: dict[int, list[float]] = {1: [], 2: []}
    rate: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(2):
        for workers in (1, 2):
            url = fresh()
            try:
                spent, a_second = run(url, workers, people)
            finally:
                drop(url)
            cpu[workers].append(spent)
            rate[workers].append(a_second)
    one, two = min(cpu[1]), min(cpu[2])
    found = f"{one * 1000:.2f} and {two * 1000:.2f} ms; {max(rate[1]):,.0f} and {max(rate[2]):,.0f} messages/s"
    bound = "PostgreSQL and the workers share the cores of this machine"
    return [Row("processor time a message, 2 workers on PostgreSQL", "1 worker", 1.1, two / one, found, True, bound)]
