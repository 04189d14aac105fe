"""What surrounds a legal question: who could take it, how many wait before it, what somebody has taken already."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, func, select

from flows.domain.thread import LEGAL, Thread
from storage.community import above, staff_for
from storage.tables import area, staff, thread


def holders(conn: Connection, area_id: int | None, person_id: int, now: datetime) -> dict[str, tuple[int, ...]]:
    """Who holds each role for an area; the person who asks is not among them."""
    if area_id is None:
        return {}
    asker = conn.execute(select(staff.c.id).where(staff.c.person_id == person_id)).scalar()
    found = {role: staff_for(conn, area_id, role, now, everyone=True) for role in LEGAL}
    return {role: tuple(id for id in ids if id != asker) for role, ids in found.items()}


def ahead(conn: Connection, question: Thread) -> int:
    """How many questions wait for the same people, asked before this one."""
    if question.area is None:
        return 0
    level = "subdistrict" if question.role == LEGAL[-1] else "community"
    around = select(area.c.path).where(area.c.id.in_(above(conn, question.area)), area.c.level == level)
    path = conn.execute(around).scalar() or "/"
    before = (
        select(func.count())
        .select_from(thread)
        .join(area, area.c.id == thread.c.area_id)
        .where(thread.c.kind == "legal", thread.c.state == "open", thread.c.role == question.role)
        .where(thread.c.id < question.id, area.c.path.startswith(path))
    )
    return int(conn.execute(before).scalar_one())


def carried(conn: Connection, holders: Mapping[str, tuple[int, ...]]) -> dict[str, int]:
    """How many legal questions those who hold each role here have taken and not ended, together."""
    every = sorted({id for ids in holders.values() for id in ids})
    if not every:
        return {}
    query = select(thread.c.owner_id, func.count()).where(thread.c.kind == "legal", thread.c.state == "claimed")
    rows = conn.execute(query.where(thread.c.owner_id.in_(every)).group_by(thread.c.owner_id))
    each = {int(row[0]): int(row[1]) for row in rows}
    return {role: sum(each.get(id, 0) for id in ids) for role, ids in holders.items()}


def load(conn: Connection, staff_id: int) -> int:
    """How many legal questions a member of staff has taken and not ended."""
    mine = thread.c.owner_id == staff_id
    query = select(func.count()).where(thread.c.kind == "legal", thread.c.state == "claimed", mine)
    return int(conn.execute(query).scalar_one())
