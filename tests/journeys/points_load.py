"""Loads the Moral Bank as large as in the reports and times its answers: `python -m tests.journeys.points_load`."""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import func, insert, select

from storage import ledger
from storage.tables import account, area, goods, household, household_member, person, rule
from storage.verify import verify
from tests.support.stage import Stage, on_stage

SMALL, LARGE = (100, 1_667), (3_000, 50_000)  # households, points
EACH = 5  # points of one entry
QUESTIONS = ("我家有多少积分", "积分明细", "照顾老人加几分", "我想换东西", "取货码", "积分排名", "积分公示")
ROUNDS = 15
ISSUER = "issuer:xfl"


@dataclass(frozen=True)
class Answer:
    """How long an answer worked, in milliseconds of a processor: the median of some rounds."""

    question: str
    small: float
    large: float

    @property
    def ratio(self) -> float:
        return self.large / self.small


@contextmanager
def bank(households: int, points: int) -> Iterator[Stage]:
    """The demo community with so many more households, and points in entries of five, evenly given."""
    with on_stage() as stage:
        now = stage.player.channel.now
        with stage.world.database.write() as conn:
            homes = conn.execute(
                select(area.c.id).where(area.c.level == "building", area.c.name.contains("号楼"))
            ).scalars()
            places = list(homes)[:10]  # all in one community, the hardest case
            conn.execute(
                insert(household),
                [
                    {"key": f"load{i}", "area_id": places[i % len(places)], "name": f"户{i}", "ranked": i % 2 == 0}
                    for i in range(households)
                ],
            )
            first = conn.execute(
                select(func.min(household.c.id)).where(household.c.key.startswith("load"))
            ).scalar_one()
            rules = list(conn.execute(select(rule.c.id).where(rule.c.points > 0)).scalars())
            who = conn.execute(insert(person).returning(person.c.id), {"created_at": now}).scalar_one()
            conn.execute(insert(account), {"person_id": who, "channel": "play", "address": "resident"})
            conn.execute(insert(household_member), {"household_id": first, "person_id": who, "since": now})
            conn.execute(goods.update().values(stock=10_000, monthly_limit=None))
            for n in range(points // EACH):
                key = f"household:load{n % households}"
                ledger.post(
                    conn, key=f"load:{n}", source=ISSUER, target=key, points=EACH, by="x", now=now,
                    rule=rules[n % len(rules)], memo="助人",
                )  # fmt: skip
        yield stage


def timed(households: int, points: int) -> dict[str, float]:
    """The median processor time of each answer, in milliseconds, from the words to what is shown."""
    found = {}
    with bank(households, points) as stage:
        stage.tick("2026-02-02T09:30:00+08:00")
        for question in QUESTIONS:
            found[question] = _median(lambda text=question: stage.say("resident", text))  # type: ignore[misc]
        found["给户7加分（工作人员）"] = _median(lambda: (stage.say("l1", "给户7加分"), stage.say("l1", "取消")))
        found["一笔入账"] = _median(lambda: _post(stage))
        with stage.world.database.read() as conn:
            assert verify(conn) == []
    return found


_count = itertools.count()


def _post(stage: Stage) -> None:
    with stage.world.database.write() as conn:
        key, target = f"one:{next(_count)}", "household:load1"
        ledger.post(conn, key=key, source=ISSUER, target=target, points=1, by="x", now=stage.player.channel.now)


def _median(work: object) -> float:
    spent = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        work()  # type: ignore[operator]
        spent.append(1_000 * (time.process_time() - begun))
    return statistics.median(spent)


def measured() -> list[Answer]:
    """Every answer, small and large."""
    small, large = timed(*SMALL), timed(*LARGE)
    return [Answer(question, small[question], large[question]) for question in small]


if __name__ == "__main__":
    print(f"{'answer':<20}{SMALL[0]:>8} households{LARGE[0]:>8} households   ratio")
    for answer in measured():
        print(f"{answer.question:<20}{answer.small:>16.1f} ms{answer.large:>16.1f} ms{answer.ratio:>8.2f}")
