"""What came and what ended in a period, one row a case, and the groups that are told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, String, cast, func, literal, or_, select

from flows.complaint.figures import Counted
from storage.tables import area, case, case_event, chat, due

ENDS = ("rate", "lapse")


def counted(
    conn: Connection, area_id: int, start: datetime, end: datetime, categories: Mapping[str, str]
) -> list[Counted]:
    """The cases of an area and its parts that came or were closed from `start` until before `end`, in the tree's order.

    Each stands under the part right below the area it lies in. `categories`: service key to category.
    """
    own, path = conn.execute(select(area.c.name, area.c.path).where(area.c.id == area_id)).one()
    below = select(area.c.id, area.c.name).where(area.c.parent_id == area_id)
    parts = {str(row.id): row.name for row in conn.execute(below)}
    found = []
    for row in conn.execute(_ended(path, start, end)):
        opened = start <= row.opened_at < end
        closed = row.status == "closed" and row.at is not None and start <= row.at < end
        if not opened and not closed:
            continue
        rating = int(row.data["rating"]) if closed and row.kind == "rate" and row.data.get("rating") else None
        name = parts.get(row.path[len(path) :].split("/")[0], own)
        joined = row.status == "merged"
        found.append(Counted(name, categories.get(row.service, "其他"), opened, closed, rating, joined))
    return found


def _ended(path: str, start: datetime, end: datetime) -> Select[Any]:
    """The cases below a path that came, or whose last end came, in the period."""
    last = (
        select(case_event.c.case_id, func.max(case_event.c.seq).label("seq"))
        .where(case_event.c.kind.in_(ENDS))
        .group_by(case_event.c.case_id)
        .subquery()
    )
    its_end = (case_event.c.case_id == case.c.id) & (case_event.c.seq == last.c.seq)
    came = (case.c.opened_at >= start) & (case.c.opened_at < end)
    ended = (case_event.c.at >= start) & (case_event.c.at < end)
    of_it = (case_event.c.at, case_event.c.kind, case_event.c.data)
    return (
        select(case.c.service, case.c.opened_at, case.c.status, *of_it, area.c.path)
        .join(area, area.c.id == case.c.area_id)
        .join(last, last.c.case_id == case.c.id, isouter=True)
        .join(case_event, its_end, isouter=True)
        .where(area.c.path.startswith(path), or_(came, ended))
        .order_by(area.c.id, case.c.id)
    )


def rooms_without(conn: Connection) -> list[tuple[int, int]]:
    """(chat, area) of open groups of leaders, and of communities' staff, that have no figures pending."""
    key = literal("figures.") + cast(chat.c.id, String)
    pending = select(due.c.id).where(due.c.key == key, due.c.state == "pending").exists()
    meant = or_(chat.c.role == "leaders", (chat.c.role == "staff") & (area.c.level == "community"))
    query = select(chat.c.id, chat.c.area_id).join(area, area.c.id == chat.c.area_id)
    return [(row.id, row.area_id) for row in conn.execute(query.where(meant, chat.c.state == "open", ~pending))]
