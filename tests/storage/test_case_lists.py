"""Lists of cases: found by indexes, in a page's worth of rows, and the pages that a plain sort would give."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select, text

from storage import cases, desk_list, due
from storage.database import Database
from storage.desk import Member
from storage.desk_list import After, Filters
from storage.tables import case
from tests.support.manycases import COMMUNITIES, GRIDS, NOW, fill, grid, hire
from tests.support.plans import said, scans, steps, touched

COUNT = 2_400
GROWING = {"case_", "case_event", "case_party", "due"}
WELL = 1_600  # rows touched for a page of 30 out of seven areas, joins and what is kept from whom included
OLD = After(NOW - timedelta(minutes=3 * COUNT // 2), COUNT // 2)


def answers(who: Member) -> dict[str, Callable[[Connection], Any]]:
    return {
        "open, first page": lambda conn: desk_list.cases(conn, who, Filters(), NOW),
        "open, a later page": lambda conn: desk_list.cases(conn, who, Filters(), NOW, after=OLD),
        "all, first page": lambda conn: desk_list.cases(conn, who, Filters("all"), NOW),
        "all, a later page": lambda conn: desk_list.cases(conn, who, Filters("all"), NOW, after=OLD),
        "search": lambda conn: desk_list.cases(conn, who, Filters("all", number="0-1"), NOW),
        "my cases": lambda conn: [cases.load(conn, id) for id in cases.mine(conn, 7)],
        "next due": lambda conn: due.next_at(conn),
    }


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
def test_every_list_is_found_by_an_index(database: Database) -> None:
    with database.write() as conn:
        fill(conn, COUNT)
        who = hire(conn, "community_staff", 2)
    for what, answer in answers(who).items():
        statements = said(database, answer)
        assert statements, what
        with database.write() as conn:
            if conn.dialect.name == "postgresql":  # so few rows it would rather read whole
                conn.execute(text("SET LOCAL enable_seqscan = off"))
            read_all = [scan for one in statements for scan in scans(conn, *one, GROWING)]
            assert not read_all or what == "next due", (what, read_all)  # the first entry of an index
            if conn.dialect.name == "postgresql":
                assert sum(touched(conn, *one) for one in statements) <= WELL, what
            conn.rollback()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_work_of_a_list_does_not_grow_with_the_cases(
    database: Database, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted in steps of SQLite's machine, which no busy neighbour changes."""
    monkeypatch.setattr(desk_list, "LOOKED_THROUGH", 30)  # each area has more, in both
    larger = Database.open(f"sqlite:///{tmp_path / 'larger.db'}", durable=False, secret="a secret of the tests, 32 c")
    larger.upgrade()
    found = []
    for opened, count in ((database, COUNT), (larger, COUNT * 4)):
        with opened.write() as conn:
            fill(conn, count)
            staff = hire(conn, "community_staff", 2), hire(conn, "administrator", 1)
        found.append([answers(who) for who in staff])
    for few, many in zip(*found, strict=True):
        for what in few:
            less, more = steps(database, few[what]), steps(larger, many[what])
            assert more <= less * 1.3 + 200, (what, less, more)
    larger.close()


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
def test_the_pages_are_those_of_a_plain_sort(database: Database) -> None:
    with database.write() as conn:
        fill(conn, COUNT)
        staff = {
            2: hire(conn, "community_staff", 2),
            1: hire(conn, "administrator", 1),
            3: hire(conn, "grid_worker", 3),
        }
        mine = {1: lambda n: True, 2: lambda n: grid(n) in range(2, 3 + GRIDS), 3: lambda n: grid(n) == 3}
        rows = conn.execute(select(case.c.id, case.c.runs_out, case.c.opened_at).order_by(case.c.id)).all()
        for area, who in staff.items():
            seen = [row for row in rows if mine[area](row.id)]
            urgent = [r.id for r in sorted((r for r in seen if r.runs_out), key=lambda r: (r.runs_out, r.id))]
            newest = [r.id for r in sorted(seen, key=lambda r: (r.opened_at, r.id), reverse=True)]
            assert _pages(conn, who, Filters(), 3) == urgent[:90]
            assert _pages(conn, who, Filters("all"), 3) == newest[:90]
    assert COMMUNITIES * GRIDS > desk_list.MOST_AREAS  # both ways of reading were taken


def _pages(conn: Connection, who: Member, filters: Filters, most: int) -> list[int]:
    found: list[int] = []
    after: After | None = None
    for _ in range(most):
        lines, after = desk_list.cases(conn, who, filters, NOW, after=after)
        found += [line.id for line in lines]
        if after is None:
            break
    return found


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_whole_number_is_found_however_old_and_a_part_among_the_newest(database: Database) -> None:
    with database.write() as conn:
        fill(conn, COUNT)
        who = hire(conn, "community_staff", 2)
        other = hire(conn, "grid_worker", 3)
        oldest = next(n for n in range(1, COUNT) if grid(n) == 4)
        number = f"F{oldest:07d}-1"
        assert [line.id for line in desk_list.cases(conn, who, Filters(number=number), NOW)[0]] == [oldest]
        assert desk_list.cases(conn, other, Filters(number=number), NOW)[0] == []  # not theirs to see
        part, _ = desk_list.cases(conn, who, Filters("all", number="24-1"), NOW)
        assert part and all("24-1" in line.number for line in part)
        assert [line.opened_at for line in part] == sorted((line.opened_at for line in part), reverse=True)
