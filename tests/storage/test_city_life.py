"""Cases played through their life together on the real store: after every step the clocks and histories are right."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.app import build_world
from bot.playing import SECRET
from storage import case_clocks, due
from storage.database import Database
from storage.tables import case, case_event
from tests.citylife import City, peopled
from tests.support.understanding import Keywords

SEED = int(os.environ.get("LINLI_SEED", "20261122"))


@pytest.mark.journey
def test_cases_of_a_small_city_come_to_their_end_with_no_clock_missed(database: Database, tmp_path: Path) -> None:
    grids = peopled(database, big=1, middle=2, small=3, workers=2)
    town = City(build_world(database, Keywords(), SECRET, tmp_path, meaning=False), grids, SEED, days=2, pace=5, tail=4)

    def look() -> None:
        """No case lacks a clock it needs, and nothing that was due before now is left."""
        with database.read() as conn:
            assert case_clocks.stopped(conn) == [], f"seed {SEED}"
            rings = due.next_at(conn)
            assert rings is None or rings > town.now - timedelta(seconds=1), f"seed {SEED}"

    town.play(6, look)
    town.until(town.now + timedelta(days=1))
    assert town.check() == [], f"seed {SEED}"
    with database.read() as conn:
        ended = conn.execute(select(func.count()).where(case.c.status == "closed")).scalar_one()
        kinds = set(conn.execute(select(case_event.c.kind)).scalars())
    assert ended and {"take", "resolve", "supervise"} <= kinds
