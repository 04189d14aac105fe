"""Alerts as rows: their branches, who answers for each, who is silent, how far they have come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Subquery, and_, case, func, insert, or_, select, update

from flows.domain.alert import LEADERS, Alert, AreaRooms, Branch, Holder, State
from storage.broadcasts import insert_many
from storage.cases import Overtaken
from storage.tables import account, alert, alert_branch, alert_post, area, chat, outbox, staff, staff_role

HOUSEHOLD_LEADER = "household_leader"
_COLUMNS = (
    alert.c.id,
    alert.c.number,
    alert.c.kind,
    alert.c.danger,
    alert.c.text,
    alert.c.area_id,
    alert.c.drafter_id,
    alert.c.approver_id,
    alert.c.state,
    alert.c.expires_at,
    alert.c.approved_at,
    alert.c.version,
)


def draft(conn: Connection, *, number: str, area_id: int, staff_id: int, now: datetime, **values: Any) -> Alert:
    row = {
        "number": number,
        "area_id": area_id,
        "drafter_id": staff_id,
        "state": State.DRAFTED,
        "drafted_at": now,
        "version": 1,
        **values,
    }
    id = conn.execute(insert(alert).values(row).returning(alert.c.id)).scalar_one()
    return load(conn, id)


def load(conn: Connection, id: int) -> Alert:
    """Raises LookupError when there is none."""
    row = conn.execute(select(*_COLUMNS).where(alert.c.id == id)).one_or_none()
    if row is None:
        raise LookupError(f"alert {id}")
    return _alert(row._asdict())


def _alert(values: dict[str, Any]) -> Alert:
    for name in ("area", "drafter", "approver"):
        values[name] = values.pop(f"{name}_id")
    return Alert(**{**values, "state": State(values["state"])})


def change(conn: Connection, id: int, version: int, state: str, approver: int | None, now: datetime) -> None:
    """Raises Overtaken when somebody was faster."""
    values: dict[str, Any] = {"state": state, "version": version + 1}
    if approver is not None:
        values |= {"approver_id": approver, "approved_at": now}
    if state not in (State.DRAFTED, State.RUNNING):
        values["ended_at"] = now
    done = conn.execute(update(alert).where(alert.c.id == id, alert.c.version == version).values(values))
    if done.rowcount != 1:
        raise Overtaken(str(id))


def _below(area_id: int) -> Any:
    """The area and all it holds; of the buildings only the household groups: those with a leader or a group."""
    top = select(area.c.path).where(area.c.id == area_id).scalar_subquery()
    room, role = chat.alias(), staff_role.alias()
    group = select(room.c.area_id).where(room.c.kind == "group", room.c.state == "open", room.c.area_id.is_not(None))
    leader = select(role.c.area_id).where(role.c.role == HOUSEHOLD_LEADER)
    held = or_(area.c.level != "building", area.c.id.in_(group), area.c.id.in_(leader))
    return and_(area.c.path.startswith(top), area.c.active, held)


def rooms_below(conn: Connection, area_id: int) -> list[AreaRooms]:
    """The area and all it holds, from the top down to the household groups, with their open groups."""
    here = and_(chat.c.area_id == area.c.id, chat.c.kind == "group", chat.c.state == "open")
    rows = conn.execute(
        select(area.c.id, area.c.name, area.c.level, area.c.path, chat.c.id, chat.c.role)
        .join(chat, here, isouter=True)
        .where(_below(area_id))
        .order_by(func.length(area.c.path), area.c.id, chat.c.id)  # a grid before its buildings
    ).all()
    led = set(conn.execute(select(staff_role.c.area_id).where(staff_role.c.role.in_(LEADERS["building"]))).scalars())
    found: dict[int, tuple[tuple[int, str, str, str], list[int], list[int]]] = {}
    for id, name, level, path, room, role in rows:
        if level == "building" and id not in led:  # nobody there to answer: its group is one of the grid's
            id = int(path.split("/")[-3])
        _, own, others = found.setdefault(id, ((id, name, level, path), [], []))
        if room is not None:
            (own if role == "staff" else others).append(room)
    made = [AreaRooms(*place, tuple(own), tuple(more)) for place, own, more in found.values()]
    return sorted(made, key=lambda a: (a.path.count("/"), a.id))


def told_in(conn: Connection, alert_id: int, chat_id: int) -> list[int]:
    """The branches a chat was asked about."""
    query = select(alert_post.c.area_id).distinct().join(outbox, outbox.c.id == alert_post.c.outbox_id)
    query = query.where(alert_post.c.alert_id == alert_id, alert_post.c.purpose == "ask", outbox.c.chat_id == chat_id)
    return list(conn.execute(query).scalars())


def holders_below(conn: Connection, area_id: int, roles: Iterable[str]) -> list[Holder]:
    """Who holds one of the roles in the area or in what it holds, and can be reached."""
    reachable = select(account.c.id).where(account.c.person_id == staff.c.person_id).exists()
    rows = conn.execute(
        select(
            staff_role.c.area_id,
            staff_role.c.role,
            staff.c.id,
            staff.c.person_id,
            staff.c.name,
            staff_role.c.department,
        )
        .join(staff, staff.c.id == staff_role.c.staff_id)
        .join(area, area.c.id == staff_role.c.area_id)
        .where(_below(area_id), staff.c.active, staff_role.c.role.in_(list(roles)), reachable)
        .order_by(staff.c.id)
    ).all()
    return [Holder(*row) for row in rows]


def holders_at(conn: Connection, area_id: int, roles: Iterable[str]) -> list[Holder]:
    """Who holds one of the roles in the area or above it, the nearest first, and can be reached."""
    path = conn.execute(select(area.c.path).where(area.c.id == area_id)).scalar_one()
    above = [int(part) for part in path.strip("/").split("/")]
    reachable = select(account.c.id).where(account.c.person_id == staff.c.person_id).exists()
    rows = conn.execute(
        select(
            staff_role.c.area_id,
            staff_role.c.role,
            staff.c.id,
            staff.c.person_id,
            staff.c.name,
            staff_role.c.department,
        )
        .join(staff, staff.c.id == staff_role.c.staff_id)
        .where(staff_role.c.area_id.in_(above), staff.c.active, staff_role.c.role.in_(list(roles)), reachable)
        .order_by(staff.c.id)
    )
    return sorted((Holder(*row) for row in rows), key=lambda h: -above.index(h.area))


def begin(conn: Connection, alert_id: int, areas: Sequence[int]) -> None:
    """These are its branches."""
    insert_many(conn, alert_branch, [{"area_id": a} for a in areas], {"alert_id": alert_id, "asked": 1})


def posted(conn: Connection, alert_id: int, purpose: str, told: Sequence[tuple[int, int]]) -> None:
    """Which messages told which areas: (area, outbox row)."""
    rows = [{"area_id": a, "outbox_id": row} for a, row in told]
    insert_many(conn, alert_post, rows, {"alert_id": alert_id, "purpose": purpose})


def mark(conn: Connection, alert_id: int, areas: Sequence[int], what: str, staff_id: int | None, now: datetime) -> int:
    """Write down that branches were asked again, have received it, passed it on or were named; says how many."""
    first = {
        "received": alert_branch.c.received_at,
        "passed": alert_branch.c.passed_at,
        "named": alert_branch.c.named_at,
    }
    values: dict[str, Any] = {"asked": alert_branch.c.asked + 1}
    if what != "asked":
        values = {first[what].name: now, **({"by_id": staff_id} if staff_id else {})}
    if what == "passed":
        values["received_at"] = func.coalesce(alert_branch.c.received_at, now)
    query = update(alert_branch).where(alert_branch.c.alert_id == alert_id, alert_branch.c.area_id.in_(list(areas)))
    if what != "asked":
        query = query.where(first[what].is_(None))
    return conn.execute(query.values(values)).rowcount


def branches(conn: Connection, alert_id: int) -> list[Branch]:
    """Every branch, from the top down, with what became of the messages to it."""
    posts = _posts(alert_id)
    of_place = (alert_branch.c.area_id, area.c.name, area.c.level, area.c.path)
    of_branch = (alert_branch.c.asked, alert_branch.c.received_at, alert_branch.c.passed_at, alert_branch.c.named_at)
    counted = (posts.c.groups, posts.c.sent, posts.c.failed, posts.c.asking, posts.c.heard)
    rows = conn.execute(
        select(*of_place, *of_branch, *(func.coalesce(c, 0) for c in counted), posts.c.queued, posts.c.last)
        .join(area, area.c.id == alert_branch.c.area_id)
        .join(posts, posts.c.area_id == alert_branch.c.area_id, isouter=True)
        .where(alert_branch.c.alert_id == alert_id)
    )
    found: list[Any] = list(rows)
    return sorted([Branch(*row) for row in found], key=lambda b: (len(b.place), b.place))


def _posts(alert_id: int) -> Subquery:
    """What became of an alert's messages, by branch; a group that is asked again is one group."""
    sent = case((outbox.c.state == "sent", outbox.c.chat_id))
    failed = case((outbox.c.state == "failed", outbox.c.chat_id))
    asks = alert_post.c.purpose == "ask"
    asking = case((and_(asks, outbox.c.state.in_(("new", "waiting"))), 1), else_=0)
    heard = case((and_(asks, outbox.c.state == "sent"), outbox.c.created_at))
    queued, last = case((asks, outbox.c.created_at)), case((asks, outbox.c.sent_at))
    return (
        select(
            alert_post.c.area_id,
            func.count(outbox.c.chat_id.distinct()).label("groups"),
            func.count(sent.distinct()).label("sent"),
            func.count(failed.distinct()).label("failed"),
            func.sum(asking).label("asking"),
            func.count(heard.distinct()).label("heard"),
            func.max(queued).label("queued"),
            func.max(last).label("last"),
        )
        .join(outbox, outbox.c.id == alert_post.c.outbox_id)
        .where(alert_post.c.alert_id == alert_id)
        .group_by(alert_post.c.area_id)
        .subquery()
    )


def _seen(paths: Sequence[str], staff_id: int) -> Any:
    near = [area.c.path.startswith(path) for path in paths]
    query = select(*_COLUMNS, area.c.name.label("where")).join(area, area.c.id == alert.c.area_id)
    return query.where(or_(alert.c.drafter_id == staff_id, *near))


def seen_from(conn: Connection, paths: Sequence[str], staff_id: int, limit: int = 30) -> list[tuple[Alert, str]]:
    """The newest alerts in these areas and the own drafts, each with the name of its area."""
    rows = conn.execute(_seen(paths, staff_id).order_by(alert.c.id.desc()).limit(limit))
    return [_with_area(row) for row in rows]


def seen(conn: Connection, id: int, paths: Sequence[str], staff_id: int) -> tuple[Alert, str] | None:
    """One alert, if it lies in these areas or is their own draft."""
    row = conn.execute(_seen(paths, staff_id).where(alert.c.id == id)).one_or_none()
    return None if row is None else _with_area(row)


def _with_area(row: Any) -> tuple[Alert, str]:
    values = row._asdict()
    where = str(values.pop("where"))
    return _alert(values), where
