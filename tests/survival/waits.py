"""Floods once more, in work: how much of our own work is done between somebody's line and the end of their turn.

`python -m tests.survival.waits` plays the floods of tests/survival/floods.py in one thread, on a clock that goes on by
the processor time we use and jumps where we would rest: neither disks nor other programs change what it says.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heapify, heappop
from pathlib import Path
from statistics import mean, median
from time import process_time

from sqlalchemy import select

from bot import clock
from bot.app import DEMO, build_world, embedded_engine
from bot.community.load import import_text
from bot.flood import Budgets
from bot.intake import GROUP, keep_all
from bot.logs import quiet_logs
from bot.playing import SECRET
from bot.worker import Worker
from bot.world import World
from storage import inbox
from storage.database import Database
from storage.tables import inbox as kept
from tests.survival.floods import EVERY, KNOWN, LINES, flooded, said

POURED = {"quiet": 0, "person": 100, "group": 1_000, "newcomers": 500}  # lines a second
PARTS = ("quiet", "person", "quiet", "group", "quiet", "newcomers", "quiet")


@dataclass
class Part:
    """Who waited how long, in seconds of our work, and for how many turns, theirs counted."""

    waits: list[float] = field(default_factory=list)
    turns: list[float] = field(default_factory=list)


class Queue:
    """What comes in, and the worker; `now` is in seconds since the part began."""

    def __init__(self, world: World, number: int) -> None:
        self.world, self.now, self.number = world, 0.0, number
        self.began = clock.now() + timedelta(hours=number)
        self.worker = Worker(world, {}, self.clock, threads=False)
        self.budgets = Budgets()
        self.loop = asyncio.new_event_loop()

    def clock(self) -> datetime:
        return self.began + timedelta(seconds=self.now)

    def play(self, kind: str, seconds: float) -> Part:
        part, mine, taken = Part(), dict[int, tuple[float, int]](), 0
        coming = [(n / POURED[kind], n, kind) for n in range(int(POURED[kind] * seconds))]
        coming += [(n * EVERY, n, "known") for n in range(int(seconds / EVERY))]
        heapify(coming)
        while coming or mine:
            began, group = process_time(), list[tuple[float, int, str]]()
            while coming and coming[0][0] <= self.now and len(group) < GROUP:
                group.append(heappop(coming))
            ids = self._kept(group) if group else []
            mine |= {id or 0: (at, taken) for id, (at, _, who) in zip(ids, group, strict=True) if who == "known"}
            rows = self.loop.run_until_complete(self.worker.run_once(self.clock()))
            self.now += process_time() - began
            taken += rows
            for id in self._done(list(mine)) if rows else ():
                at, before = mine.pop(id)
                part.waits.append(self.now - at)
                part.turns.append(taken - before)
            if not rows and not group:
                self.now = max(self.now, min([self._next(), *(at for at, _, _ in coming[:1])]))
        return part

    def _kept(self, group: Sequence[tuple[float, int, str]]) -> list[int | None]:
        lines = []
        for _, n, who in group:
            key = f"{self.number}.{who}.{n}"
            known = said(key, f"known{n % KNOWN}", LINES[n % len(LINES)])
            lines.append(known if who == "known" else flooded(who, n, key))
        return keep_all(self.world.database, lines, self.clock(), self.budgets)

    def _done(self, ids: list[int]) -> list[int]:
        with self.world.database.read() as conn:
            return list(conn.execute(select(kept.c.id).where(kept.c.id.in_(ids), kept.c.state == "done")).scalars())

    def _next(self) -> float:
        with self.world.database.read() as conn:
            at = inbox.next_at(conn)
        return (at - self.began).total_seconds() if at else float("inf")


def p99(found: Sequence[float]) -> float:
    return sorted(found)[int(0.99 * len(found))]


def shown(found: Sequence[tuple[str, Part]]) -> None:
    quiet = [part for kind, part in found if kind == "quiet"][1:]  # the first is for warming up
    waits, turns = (
        median([p99(each) for each in measured]) for measured in ([p.waits for p in quiet], [p.turns for p in quiet])
    )
    for kind, part in found:
        print(
            f"{kind:10} p50 {median(part.waits) * 1000:5.1f} ms, mean {mean(part.waits) * 1000:5.1f}, "
            f"p99 {p99(part.waits) * 1000:5.1f} ({p99(part.waits) / waits:.2f} times); "
            f"turns: mean {mean(part.turns):.2f}, p99 {p99(part.turns):.0f} ({p99(part.turns) / turns:.2f} times)"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30, help="of each part, by its own clock")
    seconds = parser.parse_args().seconds
    quiet_logs()
    with tempfile.TemporaryDirectory(prefix="linli-waits-") as name:
        database = Database.open(f"sqlite:///{name}/linli.db", durable=False, secret=SECRET)
        database.upgrade()
        import_text(database, DEMO.read_bytes(), str(DEMO), clock.now())
        world = build_world(database, embedded_engine(second=False), SECRET, Path(name), meaning=False)
        world.warm()
        meet = [said(f"m{who}", who, "你好") for who in [*(f"known{n}" for n in range(KNOWN)), "flooder"]]
        keep_all(database, meet, clock.now())
        while asyncio.run(Worker(world, {}, clock.now, threads=False).run_once(clock.now())):
            pass
        found = [(kind, Queue(world, n + 1).play(kind, seconds)) for n, kind in enumerate(PARTS)]
        shown(found)
        database.close()


if __name__ == "__main__":
    main()
