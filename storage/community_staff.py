"""The staff of a community file as rows: who they are, their accounts, roles and turns on duty."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, bindparam, insert, select, update

from flows.domain.community import DutyEntry, StaffEntry
from storage.tables import account, area, chat, duty, person, staff, staff_role
from storage.upsert import replace, upsert

Counts = dict[str, tuple[int, int, int]]
Holds = Callable[[Table], ColumnElement[bool]]


def write_staff(
    conn: Connection,
    entries: tuple[StaffEntry, ...],
    areas: Mapping[str, int],
    holds: Holds,
    now: datetime,
    counts: Counts,
) -> dict[str, int]:
    """Write staff with their roles and accounts; who has roles in the file's areas only and is not in it, leaves.

    Returns the ids of the staff by key.
    """
    before = {row.key: row for row in conn.execute(select(staff))}
    people = _people(conn, entries, {key: row.person_id for key, row in before.items()}, now)
    rows = [{"key": s.key, "name": s.name, "person_id": people.get(s.key), "active": True} for s in entries]
    done = upsert(conn, staff, ("key",), rows)
    ids = {key[0]: id for key, id in done.ids.items()}
    roles = [
        {"staff_id": ids[s.key], "role": r.role.value, "area_id": areas[r.area], "department": r.department}
        for s in entries
        for r in s.roles
    ]
    held = set(conn.execute(select(staff_role.c.staff_id).where(holds(staff_role))).scalars())
    counts["roles"] = (0, replace(conn, staff_role, holds(staff_role), roles), 0)
    elsewhere = set(conn.execute(select(staff_role.c.staff_id)).scalars())
    gone = [{"_id": id} for id in held - set(ids.values()) - elsewhere]
    if gone:
        conn.execute(update(staff).where(staff.c.id == bindparam("_id")).values(active=False), gone)
    counts["staff"] = (done.new, done.changed, len(gone))
    return ids


def _people(
    conn: Connection, entries: tuple[StaffEntry, ...], before: Mapping[str, int | None], now: datetime
) -> dict[str, int | None]:
    """The person behind each member of staff who has an account, made where there is none yet; accounts are bound.

    Somebody who wrote before being named in a file is known already: that person becomes the member of staff.
    """
    known = {(row.channel, row.address): row.person_id for row in conn.execute(select(account))}
    people: dict[str, int | None] = {}
    for s in entries:
        wrote = next((known[a] for a in s.accounts if a in known), None)
        people[s.key] = before.get(s.key) or wrote
    nobody = [s.key for s in entries if s.accounts and people[s.key] is None]
    if nobody:
        made = conn.execute(insert(person).returning(person.c.id), [{"created_at": now} for _ in nobody]).scalars()
        people.update(zip(nobody, made, strict=True))
    rows = [
        {"channel": channel, "address": address, "person_id": people[s.key]}
        for s in entries
        for channel, address in s.accounts
    ]
    upsert(conn, account, ("channel", "address"), rows)
    moved: list[dict[str, Any]] = [
        {"_old": known[a], "_new": people[s.key], "_channel": a[0]}
        for s in entries
        for a in s.accounts
        if a in known and known[a] != people[s.key]
    ]
    if moved:  # their private chat goes with the account
        private = and_(
            chat.c.person_id == bindparam("_old"), chat.c.channel == bindparam("_channel"), chat.c.kind == "private"
        )
        conn.execute(update(chat).where(private).values(person_id=bindparam("_new")), moved)
    return people


def write_duty(
    conn: Connection,
    entries: tuple[DutyEntry, ...],
    areas: Mapping[str, int],
    people: Mapping[str, int],
    holds: Holds,
    counts: Counts,
) -> None:
    """Make the duty rosters of the file's areas exactly the file's."""
    rows = [
        {
            "area_id": areas[d.area],
            "role": d.role.value,
            "staff_id": people[d.staff],
            "weekdays": d.weekdays,
            "start": d.start,
            "end": d.end,
        }
        for d in entries
    ]
    counts["duty"] = (0, replace(conn, duty, holds(duty), rows), 0)


def staff_within(conn: Connection, area_id: int, role: str) -> list[int]:
    """The staff who hold a role anywhere in an area, also in parts of it."""
    path = conn.execute(select(area.c.path).where(area.c.id == area_id)).scalar_one_or_none()
    query = (
        select(staff.c.id)
        .join(staff_role, staff_role.c.staff_id == staff.c.id)
        .join(area, area.c.id == staff_role.c.area_id)
        .where(staff_role.c.role == role, staff.c.active, area.c.path.startswith(path or "/"))
    )
    return sorted(set(conn.execute(query).scalars())) if path else []
