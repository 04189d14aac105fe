"""Cases of a whole city: what is looked up at each report and each pass stays on its index, however many there are."""

from __future__ import annotations

import os
import random
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, insert, select, text

from bot.community.load import Defaults, check_text
from flows.domain.interest import Bars
from flows.facts import FindSimilar
from storage import bars, colleagues, similar
from storage.community_file import write
from storage.database import Database
from storage.spread import slot_of
from storage.tables import area, case, case_bar, case_party, person
from tests.support.city import BIG, MIDDLE, SMALL, WORKERS, city_yaml

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SERVICES = ("street_light", "garbage", "sewer", "corridor_light", "illegal_parking", "power")
SEED = int(os.environ.get("LINLI_SEED", "20260302"))


def filled(database: Database, cases: int, **size: int) -> list[int]:
    """A city with so many cases, seeded; the ids of its grids."""
    print(f"seed {SEED}")
    dice = random.Random(SEED)
    checked = check_text(city_yaml(run=2, **size).encode(), NOW, Defaults({}))
    assert checked.file is not None
    with database.write() as conn:
        write(conn, checked.file, NOW)
        grids = list(conn.execute(select(area.c.id).where(area.c.level == "grid").order_by(area.c.id)).scalars())
        people = list(conn.execute(select(person.c.id).limit(50)).scalars())
        rows = [_row(n, dice, grids, people) for n in range(cases)]
        conn.execute(insert(case), rows)
        ids = list(conn.execute(select(case.c.id).order_by(case.c.id)).scalars())
        parties = [
            {"case_id": id, "person_id": row["person_id"], "role": "reporter"}
            for id, row in zip(ids, rows, strict=True)
        ]
        conn.execute(insert(case_party), parties)
        some = dice.sample(ids, max(1, cases // 100))
        conn.execute(
            insert(case_bar),
            [
                {"case_id": i, "spread": slot_of(i), "department": "安居物业", "reason": "about", "at": NOW}
                for i in some
            ],
        )
    return grids


def _row(n: int, dice: random.Random, grids: list[int], people: list[int]) -> dict[str, object]:
    return {
        "id": n + 1,
        "spread": slot_of(n + 1),
        "number": f"26{n:06d}-1",
        "area_id": dice.choice(grids),
        "service": dice.choice(SERVICES),
        "description": "灯坏了",
        "place": f"云庭{n % 97}苑1栋",
        "person_id": dice.choice(people),
        "status": dice.choice(("submitted", "assigned", "resolved", "closed")),
        "opened_at": NOW - timedelta(hours=dice.randrange(8000)),
        "version": 1,
    }


def asked(conn: Connection, grids: list[int], times: int) -> float:
    """Seconds that one report's and one pass's look-ups take together, on average."""
    dice = random.Random(SEED)
    started = time.perf_counter()
    for _ in range(times):
        grid = dice.choice(grids)
        query = FindSimilar(dice.choice(SERVICES), grid, None, "云庭5苑1栋", 1, True)
        similar.similar(conn, query, NOW)
        colleagues.eligible(conn, grid, Bars(), None)
        bars.cases_below(conn, grid)
    return (time.perf_counter() - started) / times


def test_a_report_finds_its_like_without_a_scan(database: Database) -> None:
    grids = filled(database, 400, big=2, middle=4, small=12, workers=6)
    with database.read() as conn:
        if database.dialect == "sqlite":  # PostgreSQL scans so small a table on purpose
            given = {"area": grids[0], "service": "sewer", "since": NOW, "person": 1, "building": 1}
            for which, index in ((similar.CANDIDATES, "ix_case_alike"), (similar.OWN, "ix_case_party_person_id")):
                query = which.params(given).compile(conn, compile_kwargs={"literal_binds": True})
                steps = [row[3] for row in conn.execute(text(f"EXPLAIN QUERY PLAN {query}"))]
                assert any(index in step for step in steps), steps
                assert [step for step in steps if step.startswith("SCAN")] == ["SCAN newest"], steps  # what was found
        assert asked(conn, grids, 3) >= 0
        assert {row.distance for row in colleagues.eligible(conn, grids[0], Bars(), None)} == {0, 2}


@pytest.mark.journey
def test_a_city_with_twenty_thousand_cases_is_as_quick(database: Database) -> None:
    grids = filled(database, 20_000, big=BIG, middle=MIDDLE, small=SMALL, workers=WORKERS)
    with database.read() as conn:
        each = asked(conn, grids, 100)
    print(f"{each * 1000:.1f} ms a report with its look-ups")
    assert each < 0.5  # 21 ms on SQLite, 26 ms on PostgreSQL on two busy cores; a scan is many times that
