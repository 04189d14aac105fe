"""What came and what ended in a period, one row a case, and the groups that are told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, String, cast, func, literal, or_, select

from flows.complaint.figures import Counted
from storage.tables import area, case, case_event, chat, due

ENDS = ("rate", "lapse")


def counted(
    conn: Connection, area_id: int, start: datetime, end: datetime, categories: Mapping[str, str]
) -> list[Counted]:
    """The cases of an area and its parts that came or were closed from `start` until before `end`, in the tree's order.

    Each stands under the part right below the area it lies in. `categories`: service key to category.
    """
    path = conn.execute(select(area.c.path).where(area.c.id == area_id)).scalar_one()
    parts = {
        row.id: row.name for row in conn.execute(select(area.c.id, area.c.name).where(area.c.parent_id == area_id))
    }
    own = conn.execute(select(area.c.name).where(area.c.id == area_id)).scalar_one()
    last = (
        select(case_event.c.case_id, func.max(case_event.c.seq).label("seq"))
        .where(case_event.c.kind.in_(ENDS))
        .group_by(case_event.c.case_id)
        .subquery()
    )
    rows = conn.execute(
        select(
            case.c.service,
            case.c.opened_at,
            case.c.status,
            case_event.c.at,
            case_event.c.kind,
            case_event.c.data,
            area.c.path,
        )
        .join(area, area.c.id == case.c.area_id)
        .join(last, last.c.case_id == case.c.id, isouter=True)
        .join(
            case_event,
            (case_event.c.case_id == case.c.id) & (case_event.c.seq == last.c.seq),
            isouter=True,
        )
        .where(area.c.path.startswith(path))
        .where(
            or_(
                (case.c.opened_at >= start) & (case.c.opened_at < end),
                (case_event.c.at >= start) & (case_event.c.at < end),
            )
        )
        .order_by(area.c.id, case.c.id)
    )
    found = []
    for row in rows:
        below = row.path[len(path) :].split("/")[0]
        closed = row.status == "closed" and row.at is not None and start <= row.at < end
        rating = int(row.data["rating"]) if closed and row.kind == "rate" and row.data.get("rating") else None
        name = parts.get(int(below), own) if below else own
        opened = start <= row.opened_at < end
        if opened or closed:
            found.append(Counted(name, categories.get(row.service, "其他"), opened, closed, rating))
    return found


def rooms_without(conn: Connection) -> list[tuple[int, int]]:
    """(chat, area) of open groups of leaders, and of communities' staff, that have no figures pending."""
    key = literal("figures.") + cast(chat.c.id, String)
    pending = select(due.c.id).where(due.c.key == key, due.c.state == "pending").exists()
    meant = or_(chat.c.role == "leaders", (chat.c.role == "staff") & (area.c.level == "community"))
    query = select(chat.c.id, chat.c.area_id).join(area, area.c.id == chat.c.area_id)
    return [(row.id, row.area_id) for row in conn.execute(query.where(meant, chat.c.state == "open", ~pending))]
