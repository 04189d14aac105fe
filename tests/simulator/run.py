"""The whole assistant on a simulated clock: processes that die at failpoints, a platform with bad days."""

from __future__ import annotations

import asyncio
import atexit
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import delete, select, update

from bot import jobs, taking
from bot.app import DEMO, build_world, embedded_engine
from bot.channels.play import START
from bot.community.load import import_text
from bot.delivery import Delivery
from bot.intake import keep
from bot.leads import Leads
from bot.limits import TELEGRAM, Limits
from bot.playing import SECRET, quiet_logs
from bot.worker import Worker
from storage import due, failpoints, inbox, outbox, setback
from storage.database import Database
from storage.tables import chat, chat_pulse, shift
from storage.tables import due as due_rows
from storage.tables import inbox as inbox_rows
from storage.tables import outbox as outbox_rows
from storage.verify import _cases, _ledger
from tests.simulator.platform import ALL, Platform, Updates, later
from tests.simulator.stories import STAFF, Award, Complaint, SigningUp, Story, in_order, lost

STEPS = 400  # more is standing still
DAYS = timedelta(days=3)


class Crash(BaseException):
    """kill -9: nothing of the process goes on, no `except Exception` sees it."""


@cache
def engine() -> object:
    return embedded_engine(second=False)


@cache
def template() -> Path:
    """A database with the demo community, a shift tomorrow and no digests, to be copied for each seed."""
    folder = Path(tempfile.mkdtemp(prefix="linli-simulator-"))
    opened = Database.open(f"sqlite:///{folder / 'linli.db'}", durable=False, secret=SECRET)
    opened.upgrade()
    import_text(opened, DEMO.read_bytes(), str(DEMO), START)
    with opened.write() as conn:
        conn.execute(delete(due_rows))
        begins = START + timedelta(days=1, hours=3)
        conn.execute(update(shift).values(starts_at=begins, ends_at=begins + timedelta(hours=2)))
    opened.close()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def _database() -> Database:
    return Database.open(f"sqlite:///{template() / 'seed.db'}", durable=False, secret=SECRET)


def fresh() -> Database:
    """A copy of the template; always the same engine, which has compiled every statement already."""
    database = _database()
    if database._writer is not None:
        database._writer.close()
    database.engine.dispose()
    for rest in template().glob("seed.db*"):
        rest.unlink()
    shutil.copyfile(template() / "linli.db", template() / "seed.db")
    return database


@dataclass
class Process:
    """What one process holds; gone with it."""

    worker: Worker
    delivery: Delivery
    leads: Leads
    hand: list[inbox.InboxRow] = field(default_factory=list)  # rows of a worker that was stopped with them in hand
    hand_at: datetime = START
    due: list[due.DueRow] = field(default_factory=list)


class Simulation:
    """One seed."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.dice = random.Random(seed)
        self.true = START  # the platform's time; ours may be wrong
        self.wrong_by = timedelta()
        self.database = fresh()
        self.platform = Platform(lambda: self.true, self.dice)
        self.updates = Updates(self.dice)
        self.number = 0
        self.fuse: int | None = None  # places the process still comes by before it dies
        self.dead = False
        self.deaths: Counter[str] = Counter()
        self.excused: Counter[int] = Counter()
        self.wrong: list[str] = []
        self.processes = [self._begin(), self._begin()]
        kinds: tuple[type[Story], ...] = self.dice.choice(
            ((Complaint,), (Complaint, SigningUp), (Award,), (SigningUp, Complaint))
        )
        self.stories: list[Story] = [
            kind(f"u{n}", self.platform, self.updates, self.dice) for n, kind in enumerate(kinds)
        ]
        day = timedelta(days=1)
        self.jump = self.dice.choice((timedelta(), -day, timedelta() if SigningUp in kinds else day))

    @property
    def now(self) -> datetime:
        """What our clock says."""
        return self.true + self.wrong_by

    @now.setter
    def now(self, to: datetime) -> None:
        self.true = to - self.wrong_by

    # -- processes --------------------------------------------------------------------------------------------------

    def _begin(self) -> Process:
        self.number += 1
        world = build_world(self.database, engine(), SECRET, template(), meaning=False)  # type: ignore[arg-type]
        clock = lambda: self.now  # noqa: E731
        leads = Leads(self.database, clock)
        leads.me = f"simulated:{self.number}"
        leads.want("send:play")
        channels = {"play": self.platform}
        delivery = Delivery(
            self.database,
            channels,
            Limits({"play": TELEGRAM}),
            clock=clock,
            chance=self.dice.random,
            threads=False,
            serves=lambda name: leads.holds(f"send:{name}"),
        )
        return Process(Worker(world, channels, clock, threads=False), delivery, leads)

    def _reached(self, place: str) -> None:
        if self.dead:
            raise Crash(place)
        if self.fuse is not None:
            self.fuse -= 1
            if self.fuse < 0:
                self.dead = True
                self.deaths[place] += 1
                raise Crash(place)

    def _bury(self, which: int) -> None:
        """After a crash: what was on its way may be shown again; another process begins."""
        self.dead, self.fuse = False, None
        self._excuse()
        with self.database.read() as conn:
            told = select(chat.c.address, chat_pulse.c.retry_at).join(chat_pulse, chat_pulse.c.chat_id == chat.c.id)
            kept = dict(conn.execute(told.where(chat_pulse.c.retry_at.is_not(None))).all())
        self.platform.forget(kept)
        self.processes[which] = self._begin()

    def _excuse(self) -> None:
        """Rows that were shown, or are being shown, and are not on record: they may be shown once more."""
        with self.database.read() as conn:
            new = set(conn.execute(select(outbox_rows.c.id).where(outbox_rows.c.state == "new")).scalars())
        for row in new & (set(self.platform.delivered) | self.platform.flying):
            self.excused[row] += 1

    # -- what may happen --------------------------------------------------------------------------------------------

    async def step(self) -> None:
        which = self.dice.randrange(2)
        mine = self.processes[which]
        if self.dice.random() < 0.04 and self.fuse is None:
            self.fuse = self.dice.randrange(14)
        acts = (self._arrive, self._work, self._deliver, self._clock, self._weather, self._stop_in_work, self._jump)
        act = self.dice.choices(acts, (9, 9, 8, 3, 1, 1, 0.5))[0]
        if self.platform.weather.blocked and self.dice.random() < 0.1:
            self._fine()
        self.now += timedelta(seconds=self.dice.choice((0, 0.2, 1, 3, 3, 20)))
        try:
            await act(mine)
        except Crash:
            self._bury(which)

    async def _arrive(self, mine: Process) -> None:
        found = self.updates.next()
        if found is None:
            return
        said, acknowledged = found
        keep(self.database, said, self.now)
        with self.database.read() as conn:
            if not conn.execute(select(inbox_rows.c.id).where(inbox_rows.c.key == said.key)).first():
                self.wrong.append(f"update {said.key} was acknowledged before it was kept")
        acknowledged()

    async def _work(self, mine: Process) -> None:
        rows, mine.hand = mine.hand, []
        for row in rows:  # it was stopped for longer than its lease, and goes on as if nothing had been
            taking.take(mine.worker.world, row, (), mine.hand_at)
        await mine.worker.run_once(self.now)

    async def _deliver(self, mine: Process) -> None:
        mine.leads.renew()
        if self.dice.random() < 0.04:
            other = next(each for each in self.processes if each is not mine)
            self.platform.meanwhile = lambda: self._overtaken_by(other)
        await self._sends(mine)
        self.platform.meanwhile = None

    async def _sends(self, mine: Process) -> None:
        """What `run` does, with a clock that goes on while a send hangs."""
        while await mine.delivery._step(lambda: self.now):
            if flying := mine.delivery._flying():
                await asyncio.wait(flying)

    async def _overtaken_by(self, other: Process) -> None:
        """A send hangs past its lease; another process follows."""
        self._excuse()
        self.now += timedelta(seconds=self.dice.choice((16, 35, 50)))
        other.leads.renew()
        await self._sends(other)

    async def _clock(self, mine: Process) -> None:
        rows, mine.due = mine.due, []
        for batch in jobs._batches(rows):
            jobs._run(mine.worker.world, batch, self.now)
        jobs.run_due(mine.worker.world, self.now)
        with self.database.write() as conn:
            setback.bring_back(conn, self.now)

    async def _jump(self, _mine: Process) -> None:
        """Somebody sets the clock wrong by a day, or right again."""
        self._set_clock(timedelta() if self.wrong_by else self.jump)

    def _set_clock(self, wrong_by: timedelta) -> None:
        if wrong_by != self.wrong_by:
            self.wrong_by = wrong_by
            self.platform.clock_jumped()

    async def _stop_in_work(self, mine: Process) -> None:
        """The process stands still with claimed rows in its hand."""
        mine.hand, mine.hand_at = mine.worker._claim(self.now), self.now
        with self.database.write() as conn:
            mine.due += due.claim(conn, self.now, lease=jobs.LEASE, limit=jobs.BATCH)
        self.now += timedelta(seconds=self.dice.choice((10, 50, 400)))

    async def _weather(self, mine: Process) -> None:
        weather, until = self.platform.weather, later(self.true, self.dice)
        people = [*self.platform.order, STAFF]
        what = self.dice.choice(("one", "tenth", "all", "500", "silent", "blocked", "moved", "fine"))
        if what == "one":
            weather.limited[self.dice.choice(people)] = until
        elif what == "tenth":
            weather.limited |= {who: until for who in people if self.dice.random() < 0.1}
        elif what == "all":
            weather.limited[ALL] = until
        elif what == "500":
            weather.failing = self.dice.randrange(1, 5)
        elif what == "silent":
            weather.silent = self.dice.randrange(1, 3)
        elif what == "blocked":
            weather.blocked |= {story.who for story in self.stories if self.dice.random() < 0.5}
        elif what == "moved" and STAFF not in self.platform.moved:
            self.platform.move(STAFF)
        else:
            self._fine()

    def _fine(self) -> None:
        weather = self.platform.weather
        weather.failing = weather.silent = 0
        for who in weather.blocked:
            self.updates.add(who, text="你好")
        weather.blocked.clear()

    # -- to the end -------------------------------------------------------------------------------------------------

    async def play(self) -> list[str]:
        """Everything; what is wrong at the end."""
        failpoints.watch(self._reached)
        asyncio.get_running_loop().set_exception_handler(lambda _loop, _context: None)  # who died tells nobody
        try:
            running = [story.steps() for story in self.stories]
            for _ in range(STEPS):
                running = [steps for steps in running if next(steps, self) is not self]
                if not running and not self.updates.waiting:
                    break
                await self.step()
            else:
                self.wrong.append("people still wait for something")
            await self._settle()
        finally:
            failpoints.watch(None)
        return [*self.wrong, *self.platform.wrong, *self._judge()]

    async def _settle(self) -> None:
        """The weather is fine and nobody dies any more; the clock runs on over what is due, after a long rest."""
        self.fuse = None
        self._fine()
        self._set_clock(timedelta())
        self.down = self.dice.choice((timedelta(minutes=1), timedelta(hours=1), DAYS))
        self.now += self.down
        end = self.now + DAYS
        for _ in range(3_000):
            for which, mine in enumerate(self.processes):
                try:
                    while self.updates.waiting:
                        await self._arrive(mine)
                    await self._work(mine)
                    await self._clock(mine)
                    await self._deliver_calmly(mine)
                except Crash:
                    self._bury(which)
            step = self._next()
            if step is None or step > end:
                return
            self.now = max(step, self.now + timedelta(seconds=1))
        self.wrong.append("it does not come to rest")

    async def _deliver_calmly(self, mine: Process) -> None:
        mine.leads.renew()
        await self._sends(mine)

    def _next(self) -> datetime | None:
        with self.database.read() as conn:
            found = (due.next_at(conn), inbox.next_at(conn), outbox.next_at(conn, "play"))
        return min((at for at in found if at is not None), default=None)

    def _judge(self) -> Iterator[str]:
        with self.database.read() as conn:
            yield from (*_ledger(conn), *_cases(conn))
            rows = conn.execute(select(inbox_rows.c.key, inbox_rows.c.state, inbox_rows.c.error)).all()
            if Counter(row.key for row in rows) != Counter(said.key for said in self.updates.made):
                yield "not every update is in the inbox once"
            yield from (f"message {row.key} is {row.state}: {row.error}" for row in rows if row.state != "done")
            for row, times in self.platform.delivered.items():
                allowed = 1 + self.excused[row] + self.platform.uncertain[row]
                if times > allowed and not self._edits(row):
                    yield f"row {row} was shown {times} times, {allowed} at most"
            yield from lost(conn, self.platform)
            yield from in_order(conn, self.platform)
            for story in self.stories:
                story.late = self.down == DAYS
                yield from story.wrong(conn)

    def _edits(self, row: int) -> bool:
        """The same edit twice is seen once."""
        return any(out.outbox == row and out.act == "edit" for seen in self.platform.order.values() for out in seen)


def simulate(seed: int) -> tuple[list[str], Counter[str]]:
    """What went wrong with this seed, and where processes died."""
    quiet_logs()
    simulation = Simulation(seed)
    return asyncio.run(simulation.play()), simulation.deaths
