"""What surrounds a legal question: who could take it, how many wait before it, what somebody has taken or asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Label, Row, bindparam, func, or_, select

from flows.domain.thread import LEGAL, Thread
from storage.community import above, staff_for
from storage.tables import area, staff, thread, thread_line


def _last(author: str) -> Label[datetime]:
    said = select(func.max(thread_line.c.at)).where(thread_line.c.thread_id == thread.c.id)
    return said.where(thread_line.c.author == author).label(f"{author}_at")


_ASKED_BY = (
    select(
        thread.c.id,
        thread.c.opened_at,
        thread.c.claimed_at,
        thread.c.closed_at,
        thread.c.rating,
        _last("asker"),
        _last("staff"),
    )
    .where(thread.c.person_id == bindparam("person"), thread.c.kind == "legal")
    .where(thread.c.state.in_(("open", "claimed")) | (thread.c.closed_at >= bindparam("since")))
    .order_by(thread.c.id.desc())
    .limit(5)
)


def holders(conn: Connection, area_id: int | None, person_id: int, now: datetime) -> dict[str, tuple[int, ...]]:
    """Who holds each role for an area, away or not; the person who asks is not among them."""
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


def asked_by(conn: Connection, person_id: int, since: datetime) -> list[Row[*tuple[Any, ...]]]:
    """When each legal question of a person was asked, taken, answered last and closed: those that wait, and those that
    ended after `since`; the newest first."""
    return list(conn.execute(_ASKED_BY, {"person": person_id, "since": since}))


def waiting_near(conn: Connection, areas: Sequence[int]) -> list[tuple[int, int, str]]:
    """The legal questions nobody has taken in these areas and their parts, the oldest first: id, area, role."""
    within = or_(*(area.c.path.contains(f"/{id}/") for id in areas))
    query = select(thread.c.id, thread.c.area_id, thread.c.role).join(area, area.c.id == thread.c.area_id)
    query = query.where(thread.c.kind == "legal", thread.c.state == "open", within).order_by(thread.c.id)
    return [(row.id, row.area_id, row.role) for row in conn.execute(query)] if areas else []


def ended_last(conn: Connection, staff_id: int, since: datetime) -> int | None:
    """The legal question of somebody's that ended last, after `since`; None when they are answering another one."""
    mine = select(thread.c.id, thread.c.state).where(thread.c.kind == "legal", thread.c.owner_id == staff_id)
    query = mine.where((thread.c.state == "claimed") | (thread.c.closed_at >= since))
    row = conn.execute(query.order_by(thread.c.state, thread.c.closed_at.desc()).limit(1)).first()
    return row.id if row and row.state == "closed" else None


def taken_back(conn: Connection, staff_id: int, since: datetime) -> str:
    """The number of the last legal question of somebody's that ended after `since` with no answer; "": none did."""
    said = select(thread_line.c.id).where(thread_line.c.thread_id == thread.c.id, thread_line.c.author == "staff")
    query = select(thread.c.number).where(thread.c.kind == "legal", thread.c.owner_id == staff_id)
    query = query.where(thread.c.state == "closed", thread.c.closed_at >= since, ~said.exists())
    return str(conn.execute(query.order_by(thread.c.closed_at.desc()).limit(1)).scalar() or "")


def in_hand(conn: Connection, staff_id: int) -> list[Row[*tuple[Any, ...]]]:
    """The legal questions somebody has taken and not ended: id and number, the oldest first."""
    mine = thread.c.owner_id == staff_id
    query = select(thread.c.id, thread.c.number).where(thread.c.kind == "legal", thread.c.state == "claimed", mine)
    return list(conn.execute(query.order_by(thread.c.id)))
