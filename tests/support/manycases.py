"""A district with as many cases as one likes, inserted as rows: what is measured is how they are found."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, text

from storage.cases import runs_out
from storage.desk import Member, member
from storage.spread import SLOTS
from storage.tables import area, case, case_event, case_party, due, person, staff, staff_role

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
COMMUNITIES, GRIDS = 12, 6  # in the district, in each of them
EACH = 5  # cases of one resident
FIRST = 1_000  # so many lie in the first community alone: it is large enough to fill its pages, however few there are
STATES = ("closed",) * 16 + ("rejected", "resolved", "submitted", "assigned")
CHUNK = 20_000


def fill(conn: Connection, count: int) -> None:
    """A district (area 1) of communities of grids; so many cases over the last years, each of a resident in turn."""
    _areas(conn)
    conn.execute(insert(person), [{"created_at": NOW} for _ in range(count // EACH + 1)])
    for first in range(0, count, CHUNK):
        ids = range(first + 1, min(first + CHUNK, count) + 1)
        conn.execute(insert(case), [_case(n, count) for n in ids])
        conn.execute(insert(case_event), [_event(n) for n in ids])
        conn.execute(insert(case_party), [_party(n) for n in ids])
        conn.execute(insert(due), [_due(n) for n in ids])
    if conn.dialect.name == "postgresql":
        conn.execute(text("SELECT setval(pg_get_serial_sequence('case_', 'id'), (SELECT max(id) FROM case_))"))
        conn.execute(text("ANALYZE"))


def _areas(conn: Connection) -> None:
    rows: list[dict[str, Any]] = [
        {"id": 1, "parent_id": None, "level": "subdistrict", "name": "云锦街道", "path": "/1/"}
    ]
    for c in range(COMMUNITIES):
        one = 2 + c * (GRIDS + 1)
        rows.append({"id": one, "parent_id": 1, "level": "community", "name": f"社区{c}", "path": f"/1/{one}/"})
        for g in range(1, GRIDS + 1):
            path = f"/1/{one}/{one + g}/"
            rows.append({"id": one + g, "parent_id": one, "level": "grid", "name": f"第{g}网格", "path": path})
    conn.execute(insert(area), [row | {"key": f"a{row['id']}"} for row in rows])


def _case(n: int, count: int) -> dict[str, Any]:
    status, opened = STATES[n * 7 % len(STATES)], NOW - timedelta(minutes=3 * (count - n) + 1)
    ends = opened + timedelta(days=2 + n % 5)
    return {
        "id": n, "spread": n % SLOTS,
        "number": f"F{n:07d}-1", "area_id": grid(n), "service": "garbage", "description": "灯坏了",
        "place": "3栋",        "person_id": resident(n),
        "status": status, "owner_id": None, "department": None, "opened_at": opened,
        "resolve_due": ends, "runs_out": runs_out(status, ends), "version": 1, "facts": {},
    }  # fmt: skip


def _party(n: int) -> dict[str, Any]:
    return {"case_id": n, "person_id": resident(n), "role": "reporter"}


def _event(n: int) -> dict[str, Any]:
    told = {"number": f"F{n:07d}-1", "service": "garbage", "person": resident(n), "area": grid(n)}
    return {
        "case_id": n,
        "spread": n % SLOTS,
        "seq": 1,
        "kind": "open",
        "at": NOW,
        "actor": f"person:{resident(n)}",
        "data": told,
    }


def _due(n: int) -> dict[str, Any]:
    """Most have rung long ago; a few thousand ring in the next days, however many cases there were."""
    state = "pending" if n <= 1_000 else "done"
    at = NOW + timedelta(minutes=n) if state == "pending" else NOW - timedelta(minutes=n)
    return {"key": f"d{n}", "kind": "resolve", "subject": {"case": n}, "at": at, "late": "fine", "state": state}


def resident(n: int) -> int:
    """Whose case it is."""
    return 1 + n // EACH


def grid(n: int) -> int:
    """The grid that a case lies in."""
    c, g = 0 if n <= FIRST else n % COMMUNITIES, n // COMMUNITIES % GRIDS
    return 2 + c * (GRIDS + 1) + 1 + g


def hire(conn: Connection, role: str, area_id: int) -> Member:
    """A member of staff with one role."""
    id = conn.execute(insert(staff).returning(staff.c.id), {"key": f"{role}{area_id}", "name": "员"}).scalar_one()
    conn.execute(insert(staff_role), {"staff_id": id, "role": role, "area_id": area_id})
    found = member(conn, id)
    assert found
    return found
