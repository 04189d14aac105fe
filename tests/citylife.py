"""The cases of a whole city, played through their life on the real store: `python -m tests.citylife --cases 20000`.

People do what they may (and now and then what they may not), time passes, every clock rings at its instant.
"""

from __future__ import annotations

import argparse
import heapq
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from bot import casework, jobs
from bot.app import build_world
from bot.community.load import Defaults, check_text
from bot.effects import Here, Writer
from bot.playing import SECRET, quiet_logs
from bot.world import World
from flows.complaint.desk import possible
from flows.domain.calendar import add_working
from flows.domain.case import ALIVE, LEVELS, Action, Case, Role, moves_for
from flows.effects import ActOnCase, OpenCase
from flows.errors import NotAllowed
from storage import cases, due, people, verify
from storage.community_file import write
from storage.database import Database
from storage.tables import account, area, case, case_event, person, staff, staff_role
from tests.support.city import city_yaml
from tests.support.understanding import Keywords

START = datetime(2026, 1, 5, 0, 30, tzinfo=UTC)
SERVICES = ("corridor_light", "street_light", "power", "neighbor_conflict")
ABOVE = {"community": "community_staff", "subdistrict": "duty_leader", "city": "duty_leader"}
OFTEN = {Action.TAKE: 6, Action.RESOLVE: 5, Action.RATE: 8, Action.ACCEPT: 2, Action.ADD: 2}  # the rest: once


def peopled(database: Database, **size: int) -> list[int]:
    """A city with workers, and with people on each level above the grids; the ids of its grids."""
    checked = check_text(city_yaml(run=1, **size).encode(), START, Defaults({}))
    assert checked.file is not None
    with database.write() as conn:
        write(conn, checked.file, START)
        for id, level in conn.execute(select(area.c.id, area.c.level)).all():
            if level not in ABOVE:
                continue
            who = conn.execute(insert(person).values(created_at=START).returning(person.c.id)).scalar_one()
            conn.execute(insert(account).values(person_id=who, channel="telegram", address=f"above{id}"))
            row = {"key": f"above{id}", "name": f"值班{id}", "person_id": who}
            made = conn.execute(insert(staff).values(row).returning(staff.c.id)).scalar_one()
            conn.execute(insert(staff_role).values(staff_id=made, role=ABOVE[level], area_id=id))
        grids = conn.execute(select(area.c.id).where(area.c.level == "grid").order_by(area.c.id))
        return [int(id) for id in grids.scalars()]


class City:
    """The cases, what their people do next, and what went wrong."""

    def __init__(self, world: World, grids: list[int], seed: int, days: int, pace: float = 20, tail: int = 60) -> None:
        """`pace`: hours between two steps on a case, on the average; `tail`: days after which what is left is left."""
        self.world = world
        self.grids = grids
        self.dice = random.Random(seed)
        self.days = days
        self.pace = pace
        self.tail = tail
        self.now = START
        self.next: list[tuple[datetime, int, int]] = []  # when somebody acts, a tie-breaker, the case
        self.did: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.staff: defaultdict[int, list[int]] = defaultdict(list)
        with world.database.read() as conn:
            for held in conn.execute(select(staff_role.c.area_id, staff_role.c.staff_id).order_by(staff_role.c.id)):
                self.staff[held.area_id].append(held.staff_id)

    def play(self, count: int, look: Callable[[], None] = lambda: None) -> None:
        """Open so many cases over the days and let each come to its end; `look` after every step."""
        opens = sorted(self.dice.random() * self.days for _ in range(count))
        for n, day in enumerate(opens):
            heapq.heappush(self.next, (START + timedelta(days=day), n, 0))
        while self.next:
            at, n, id = heapq.heappop(self.next)
            self.until(at)
            id = id or self.open(n)
            more = self.act(id) if id != self.opened else True
            if more and at < START + timedelta(days=self.days + self.tail):
                wait = timedelta(hours=self.dice.expovariate(1 / self.pace))
                heapq.heappush(self.next, (at + wait, n, id))
            look()

    opened = 0  # the case that has just been opened

    def until(self, at: datetime) -> None:
        """Let time pass, each row that is due at its instant."""
        while True:
            with self.world.database.read() as conn:
                rings = due.next_at(conn)
            if rings is None or rings > at:
                break
            self.now = max(self.now, rings)
            self.did["rung"] += jobs.run_due(self.world, self.now)
        self.now = at

    def open(self, n: int) -> int:
        """Somebody reports something somewhere."""
        grid, key = self.dice.choice(self.grids), self.dice.choice(SERVICES)
        with self.world.database.write() as conn:
            who = people.person_for(conn, "telegram", f"resident{n % 5000}", self.now).id
            zone = casework.zone(conn, self.world, grid)
            hours = self.world.hours(zone)
            level = casework.level_of(conn, self.world, grid)
            told = OpenCase(
                service=key,
                act="complaint",
                description=f"第{n}件",
                place=f"云庭{n % 97}苑1栋",
                area=grid,
                building=None,
                person=who,
                photos=(),
                acknowledge_due=add_working(hours, self.now, timedelta(minutes=30)),
                resolve_due=add_working(hours, self.now, timedelta(hours=24)),
                receipt="已登记 {number}",
                hazard="standing" if self.dice.random() < 0.05 else None,
            )
            assert level in LEVELS
            Writer(conn, self.world, Here(now=self.now, actor=f"person:{who}", person=who)).write([told])
            made = conn.execute(select(case.c.id).order_by(case.c.id.desc()).limit(1)).scalar_one()
        self.did["open"] += 1
        self.opened = int(made)
        return self.opened

    def act(self, id: int) -> bool:
        """One of its people does something; whether it goes on."""
        try:
            with self.world.database.write() as conn:
                now_case = cases.load(conn, id)
                here, roles = self._somebody(conn, now_case)
                action = self._chosen(now_case, roles)
                if action is not None:
                    data = self._said(now_case, action)
                    Writer(conn, self.world, here).write([ActOnCase(id, action, data)])
                    self.did[action] += 1
                after = cases.load(conn, id)
        except NotAllowed:
            self.did["refused"] += 1
            return True
        over = after.status not in ALIVE and (after.closed_at is not None or self.dice.random() < 0.2)
        return not over

    def _somebody(self, conn: Any, one: Case) -> tuple[Here, frozenset[Role]]:
        if self.dice.random() < 0.35:
            here = Here(now=self.now, actor=f"person:{one.person}", person=one.person)
        else:
            assert one.area is not None
            near = self.staff[self._around(conn, one.area)]
            id = one.owner if one.owner and self.dice.random() < 0.6 else self.dice.choice(near)
            chosen = people.staff_by_id(conn, [id])[0]
            here = Here(now=self.now, actor=f"staff:{chosen.id}", person=chosen.person, staff=chosen)
        parties = cases.parties(conn, one.id)
        return here, casework.roles_in(conn, self.world, here, one, parties)

    def _around(self, conn: Any, grid: int) -> int:
        """The grid, or now and then an area above it, so that the case meets people of all levels."""
        above = casework.levels(conn, self.world, grid)
        level = self.dice.choices(("grid", "community", "subdistrict", "city"), (8, 3, 2, 1))[0]
        return above.get(level, grid)

    def _chosen(self, one: Case, roles: frozenset[Role]) -> Action | None:
        able = possible(one, roles) if Role.RESIDENT not in roles else moves_for(one, roles)
        if self.dice.random() < 0.02:
            return self.dice.choice([a for a in Action if a not in (Action.OPEN, Action.MERGE, Action.SPLIT)])
        able = tuple(a for a in able if a not in (Action.MERGE, Action.SPLIT))
        return self.dice.choices(able, [OFTEN.get(a, 1) for a in able])[0] if able else None

    def _said(self, one: Case, action: Action) -> dict[str, Any]:
        more: dict[Action, dict[str, Any]] = {
            Action.RESOLVE: {"ending": self.dice.choice(("settled", "answered")), "note": "办好了"},
            Action.RATE: {"rating": self.dice.choice((1, 3, 5, 5)), "final": True},
            Action.ASK_TIME: {"days": self.dice.choice((3, 7, 15)), "note": "等材料"},
            Action.ASSIGN: {"owner": one.owner or 1},
            Action.INVITE: {"helper": 1},
            Action.CALL_OUT: {"departments": [], "note": "一起来"},
            Action.ASK_CALL: {"departments": [], "note": "一起来"},
            Action.TELL: {"of": one.version},
        }
        return {"note": "写一句", "photos": [], **more.get(action, {})}

    def check(self) -> list[str]:
        """What is wrong with the books now: histories, clocks, and whether somebody has to act on each live case."""
        with self.world.database.read() as conn:
            found = verify.verify(conn)
            for id in conn.execute(select(case.c.id).where(case.c.status.in_(ALIVE))).scalars():
                found += self._alive(conn, cases.load(conn, id))
        return [*self.wrong, *found]

    def _alive(self, conn: Any, one: Case) -> list[str]:
        """Nobody is forgotten: a clock that ran out a day ago has rung, and some level has to act."""
        if one.area is None or one.level not in LEVELS:
            return [f"case {one.id}: nobody has to act"]
        ran_out = {"acknowledge": one.owner is None and one.acknowledge_due, "resolve": one.resolve_due}
        wrong = []
        for clock, at in ran_out.items():
            if not at or one.suspended_at or at > self.now - timedelta(days=1):
                continue
            rung = select(case_event.c.data).where(case_event.c.case_id == one.id, case_event.c.kind == "supervise")
            if not any(d.get("clock") == clock for d in conn.execute(rung.where(case_event.c.at >= at)).scalars()):
                wrong.append(f"case {one.id}: {clock} of {at} was missed at {self.now}")
        return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--days", type=int, default=330)
    parser.add_argument("--seed", type=int, default=None, help="the seed a run printed, to repeat it")
    parser.add_argument("--database", default=None, help="an empty database instead of a file that is gone afterwards")
    given = parser.parse_args()
    seed = random.SystemRandom().randrange(10**6) if given.seed is None else given.seed
    quiet_logs()
    print(f"city life: seed {seed}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        database = Database.open(given.database or f"sqlite:///{folder}/city.db", secret=SECRET, durable=False)
        database.upgrade()
        grids = peopled(database)
        town = City(build_world(database, Keywords(), SECRET, Path(folder), meaning=False), grids, seed, given.days)
        begun = time.monotonic()
        steps = 0

        def tell() -> None:
            nonlocal steps
            steps += 1
            if steps % 10_000 == 0:
                print(f"{steps} steps, {town.did['open']} cases, {time.monotonic() - begun:.0f} s", flush=True)

        town.play(given.cases, tell)
        town.until(town.now + timedelta(days=1))
        wrong = town.check()
        took = time.monotonic() - begun
        print(f"{town.did.total()} steps on {town.did['open']} cases in {took:.0f} s: {dict(town.did.most_common())}")
        print("\n".join(wrong[:50]) or "0 clocks missed, 0 histories wrong, 0 cases forgotten")
        database.close()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
