"""The largest tree we know of, 5,479 areas down to grids and 1,871 workers: rows and statements are counted."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import event

from bot.community.load import Defaults, check_text
from storage import community
from storage.community_file import write
from storage.database import Database
from storage.tables import account, area, chat, staff, staff_role
from tests.community.support import NOW, areas, count
from tests.support.city import BIG, MIDDLE, SMALL, WORKERS, city_yaml


def test_the_city_is_written_with_few_statements(fresh: Database) -> None:
    executed: list[str] = []

    def note(conn: Any, cursor: Any, statement: str, *_: Any) -> None:
        executed.append(statement)

    event.listen(fresh.engine, "before_cursor_execute", note)
    started = time.process_time()
    checked = check_text(city_yaml(run=1).encode(), NOW, Defaults({}))
    read = time.process_time()
    assert checked.problems == ()
    assert checked.file is not None
    with fresh.write() as conn:
        write(conn, checked.file, NOW)
    first, executed[:] = len(executed), []
    written = time.process_time()
    with fresh.write() as conn:
        again = write(conn, checked.file, NOW)
    print(f"\ncity: read and checked in {read - started:.1f} s, written in {written - read:.1f} s, {first} statements")
    assert first < 60
    assert len(executed) < 40
    assert all(counted == (0, 0, 0) for counted in again.counts.values())
    with fresh.read() as conn:
        assert count(conn, area) == 1 + BIG + MIDDLE + SMALL + SMALL  # one building a grid
        assert count(conn, area) - SMALL - 1 == 5479
        assert count(conn, staff) == count(conn, account) == WORKERS == 1871
        assert count(conn, staff_role) == count(conn, chat) == SMALL
        ids = areas(conn)
        assert community.above(conn, ids["g4554"]) == [ids["g4554"], ids["c214"], ids["s46"], ids["city"]]
        places = community.load_places(conn)
        found = places.find("云庭4554苑1栋2单元")
        assert (found.area, found.exact) == (ids["g4554"], True)  # type: ignore[union-attr]
