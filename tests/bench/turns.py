"""Turns from the claimed message to the commit, one process, SQLite with synchronous=FULL; beside the bare rows."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event

from bot import playing
from bot.app import DEMO
from bot.channels.base import Inbound, Kind
from bot.channels.play import START
from bot.clock import ticks
from bot.intake import keep
from bot.worker import Worker
from bot.world import World
from storage.database import Database

TALK = ("你好", "我要反映问题", "幸福里小区3号楼2单元楼上半夜总吵得睡不着", "不留", "没有", "确认", "我的诉求", "谢谢")
"""A report from the first word to the thanks: eight turns, one of them opens a case."""


def opened(folder: Path) -> Database:
    """A durable database with the demo community."""
    database = Database.open(f"sqlite:///{folder / 'turns.db'}", secret=playing.SECRET)
    database.upgrade()
    playing.load(database, DEMO)
    return database


def said(who: str, n: int, text: str) -> Inbound:
    return Inbound("play", f"{who}.{n}", Kind.MESSAGE, f"private:{who}", private=True, sender=who, text=text)


def talk(world: World, who: str, now: Any, took: list[float]) -> None:
    """One person's report, each turn timed from the claim to the commit."""
    worker = Worker(world, {}, lambda: now, threads=False)
    for n, text in enumerate(TALK):
        keep(world.database, said(who, n, text), now + timedelta(seconds=n))
        began = ticks()
        asyncio.run(worker.run_once(now + timedelta(seconds=n)))
        took.append(ticks() - began)


class Traced:
    """What a run writes, so that the same rows can be written bare."""

    def __init__(self, database: Database) -> None:
        self.groups: list[list[tuple[str, Any]]] = []
        event.listen(database.engine, "before_cursor_execute", self._execute)
        event.listen(database.engine, "begin", self._begin)

    def _begin(self, _conn: Any) -> None:
        self.groups.append([])

    def _execute(self, _c: Any, _cursor: Any, statement: str, given: Any, _context: Any, many: bool) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")) and self.groups and not many:
            self.groups[-1].append((statement, given))


def bare(folder: Path, groups: list[list[tuple[str, Any]]]) -> float:
    """Seconds that the written statements take by themselves, in the same transactions, on a copy made before them."""
    database = sqlite3.connect(folder / "copy.db", isolation_level=None)
    database.execute("PRAGMA synchronous=FULL")
    began = time.perf_counter()
    for group in groups:
        database.execute("BEGIN IMMEDIATE")
        for statement, given in group:
            database.execute(statement, given)
        database.execute("COMMIT")
    took = time.perf_counter() - began
    database.close()
    return took


def measure(folder: Path, people: int) -> dict[str, Any]:
    """Seconds a turn (each), and the share that the bare rows would take."""
    database = opened(folder)
    try:
        with playing.on(database, meaning=False) as world:
            now = START
            for n in range(5):
                talk(world, f"warm{n}", now, [])
            with sqlite3.connect(folder / "copy.db") as copy, sqlite3.connect(folder / "turns.db") as from_:
                from_.backup(copy)
            traced, took = Traced(database), list[float]()
            began = time.perf_counter()
            for n in range(people):
                talk(world, f"u{n}", now, took)
            whole = time.perf_counter() - began
            worst = _length(world, now)
        rows = bare(folder, [group for group in traced.groups if group])
    finally:
        database.close()
    return {"took": sorted(took), "whole": whole, "bare": rows, "worst": worst}


def _length(world: World, now: Any) -> float:
    """How many times longer a message of 4,096 characters takes than one of 15."""
    worker = Worker(world, {}, lambda: now, threads=False)
    times: dict[int, list[float]] = {15: [], 4096: []}
    words = "这几天小区里到处都是落叶和垃圾没有人来扫走路都要绕着走真的很不方便希望有人管一管，"
    for n in range(15):
        for length in times:
            text = (f"第{n}回" + words * 120)[:length]
            keep(world.database, said(f"l{length}.{n}", 0, text), now)
            began = ticks()
            asyncio.run(worker.run_once(now))
            times[length].append(ticks() - began)
    return sorted(times[4096])[7] / sorted(times[15])[7]
