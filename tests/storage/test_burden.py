"""The burden meter: what each worker's week was, and sums that tell of nobody."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import insert

from storage import burden
from storage.database import Database
from storage.tables import area, person, staff, staff_role


def test_counts_add_up_by_week(database: Database, now: datetime) -> None:
    with database.write() as conn:
        one: int = conn.execute(insert(staff).values(key="a", name="甲").returning(staff.c.id)).scalar_one()
        for tap in (True, True, False):
            burden.count(conn, one, now, tap=tap)
        burden.count(conn, one, now + timedelta(days=7), tap=True)
        conn.execute(insert(area).values(id=1, key="k", level="grid", path="/1/", name="区"))
        conn.execute(insert(person).values(id=7, created_at=now))
        conn.execute(staff.update().values(person_id=7))
        conn.execute(
            insert(staff_role), [{"staff_id": one, "role": r, "area_id": 1} for r in ("grid_worker", "mediator")]
        )
        burden.pushed(conn, now, person=7)
        burden.pushed(conn, now, area=1)
        burden.pushed(conn, now, person=8)  # a resident
        found = burden.own(conn, one)
    assert [(w.monday, w.messages, w.taps, w.pushes) for w in found] == [
        (date(2026, 3, 9), 0, 1, 0),
        (date(2026, 3, 2), 1, 2, 2),
    ]


def test_leaders_see_sums_of_three_or_more_only(database: Database, now: datetime) -> None:
    with database.write() as conn:
        for id, parent, level, path in (
            (1, None, "subdistrict", "/1/"),
            (2, 1, "community", "/1/2/"),
            (3, 2, "grid", "/1/2/3/"),
            (4, 1, "community", "/1/4/"),
        ):
            row = {"id": id, "key": f"k{id}", "parent_id": parent, "level": level, "path": path, "name": f"区{id}"}
            conn.execute(insert(area).values(row))
        for n, places in enumerate(((3, 2), (3,), (3,), (4,)), 1):
            conn.execute(insert(staff).values(id=n, key=f"s{n}", name=f"员{n}"))
            conn.execute(insert(staff_role), [{"staff_id": n, "role": "grid_worker", "area_id": a} for a in places])
            burden.count(conn, n, now, tap=True)
        found = burden.of_areas(conn, ["/1/"], burden.monday(now))
        assert [(row.area, row.people, row.taps) for row in found] == [("区2", 3, 3)]
        assert burden.of_areas(conn, [], burden.monday(now)) == []
