"""A checked community file becomes rows; written again, it updates them by key and closes what it no longer names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, bindparam, delete, or_, select, update

from flows.domain.community import AreaEntry, CommunityFile, RuleEntry
from storage import codes, ledger
from storage.community_staff import write_duty, write_staff
from storage.community_volunteers import write_volunteering
from storage.database import take_lock
from storage.kept import ACTIVITIES, changed, changing
from storage.reach import MOVED
from storage.shop import remind
from storage.tables import area, area_alias, chat, goods, household, rule, service, shop_session
from storage.upsert import replace, upsert

HOUSEHOLD_CODE = timedelta(days=365)
Counts = dict[str, tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: of each kind of row how many are new, changed and closed."""

    counts: Mapping[str, tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class Scope:
    """What belongs to the file: the ids of its areas by key, and everything below its topmost areas."""

    areas: Mapping[str, int]
    paths: tuple[str, ...]

    def holds(self, table: Table) -> ColumnElement[bool]:
        """Rows of a table that belong to an area below the file's topmost ones."""
        inside = select(area.c.id).where(or_(*(area.c.path.startswith(path) for path in self.paths)))
        column: ColumnElement[Any] = table.c.id if table is area else table.c.area_id
        return column.in_(inside)


def write(conn: Connection, file: CommunityFile, now: datetime) -> Written:
    """Write the whole file in the caller's transaction.

    What lies below the file's topmost areas belongs to the file: areas, staff, activities, rules and goods it names no
    more become inactive, services and duties go, groups are unbound; nothing that residents did is touched.
    """
    take_lock(conn, "linli:community")
    changing(conn)
    changing(conn, ACTIVITIES)
    counts: Counts = {}
    scope = _areas(conn, file.areas, counts)
    _groups(conn, file, scope, counts)
    _services(conn, file, scope, counts)
    people = write_staff(conn, file.staff, scope.areas, scope.holds, now, counts)
    write_duty(conn, file.duty, scope.areas, people, scope.holds, counts)
    write_volunteering(conn, file, scope.areas, people, scope.holds, now, counts)
    _rules(conn, file.rules, scope, counts)
    _goods(conn, file, scope, counts)
    _sessions(conn, file, scope, counts)
    _households(conn, file, scope, now, counts)
    if any(any(count) for count in counts.values()):
        changed(conn)
        changed(conn, ACTIVITIES)
    return Written(counts)


# -- places -----------------------------------------------------------------------------------------------------------


def _areas(conn: Connection, entries: tuple[AreaEntry, ...], counts: Counts) -> Scope:
    rows = (
        {
            "key": a.key,
            "level": a.level.value,
            "kind": a.kind,
            "name": a.name,
            "lat": a.lat,
            "lon": a.lon,
            "options": dict(a.options),
            "active": True,
            "path": "",
        }
        for a in entries
    )
    done = upsert(conn, area, ("key",), rows, once=("path",))
    ids = {key[0]: id for key, id in done.ids.items()}
    paths, moved = _paths(conn, entries, ids)
    scope = Scope(ids, tuple(paths[ids[a.key]] for a in entries if a.parent is None))
    counts["areas"] = (done.new, done.changed + moved, _close(conn, area, scope, set(ids.values())))
    aliases = [{"area_id": ids[a.key], "alias": alias} for a in entries for alias in a.aliases]
    counts["aliases"] = (0, replace(conn, area_alias, scope.holds(area_alias), aliases), 0)
    return scope


def _paths(conn: Connection, entries: tuple[AreaEntry, ...], ids: Mapping[str, int]) -> tuple[dict[int, str], int]:
    """Set parents and paths where they changed; a topmost area keeps the parent another file gave it. The second value
    says how many that were there before lie elsewhere now."""
    there = {r.id: (r.parent_id, r.path) for r in conn.execute(select(area.c.id, area.c.parent_id, area.c.path))}
    paths: dict[int, str] = {}
    changed = []
    for entry in entries:
        id = ids[entry.key]
        parent = ids[entry.parent] if entry.parent else there[id][0]
        above = paths.get(parent) or there[parent][1] if parent else "/"
        paths[id] = f"{above}{id}/"
        if there[id] != (parent, paths[id]):
            changed.append({"_id": id, "_parent": parent, "_path": paths[id]})
    if changed:
        values: dict[str, Any] = {"parent_id": bindparam("_parent"), "path": bindparam("_path")}
        conn.execute(update(area).where(area.c.id == bindparam("_id")).values(values), changed)
    return paths, sum(there[row["_id"]][1] != "" for row in changed)


def _close(conn: Connection, table: Table, scope: Scope, kept: set[int]) -> int:
    """Make inactive what belongs to the file and is not in it."""
    found = conn.execute(select(table.c.id).where(scope.holds(table), table.c.active)).scalars()
    gone = [{"_id": id} for id in found if id not in kept]
    if gone:
        conn.execute(update(table).where(table.c.id == bindparam("_id")).values(active=False), gone)
    return len(gone)


def _groups(conn: Connection, file: CommunityFile, scope: Scope, counts: Counts) -> None:
    left = select(chat.c.channel, chat.c.address, chat.c.reason).where(chat.c.reason.startswith(MOVED))
    moved = {(r.channel, r.address): str(r.reason).removeprefix(MOVED) for r in conn.execute(left)}
    rows = [
        {
            "channel": g.channel,
            "address": moved.get((g.channel, g.address), g.address),
            "kind": "group",
            "role": g.role,
            "area_id": scope.areas[g.area],
        }
        for g in file.groups
    ]
    done = upsert(conn, chat, ("channel", "address"), rows)
    bound = conn.execute(select(chat.c.id).where(chat.c.kind == "group", scope.holds(chat))).scalars()
    kept = set(done.ids.values())
    gone = [{"_id": id} for id in bound if id not in kept]
    if gone:
        unbound = update(chat).where(chat.c.id == bindparam("_id")).values(area_id=None, role="residents")
        conn.execute(unbound, gone)
    counts["groups"] = (done.new, done.changed, len(gone))


def _services(conn: Connection, file: CommunityFile, scope: Scope, counts: Counts) -> None:
    rows = (
        {
            "area_id": scope.areas[s.area],
            "key": s.key,
            "name": s.name,
            "like": s.like,
            "phrases": list(s.phrases),
            "department": s.department,
            "acknowledge_minutes": s.acknowledge_minutes,
            "resolve_hours": s.resolve_hours,
            "follow_up_days": s.follow_up_days,
        }
        for s in file.services
    )
    done = upsert(conn, service, ("area_id", "key"), rows)
    there = conn.execute(select(service.c.id).where(scope.holds(service))).scalars()
    kept = set(done.ids.values())
    gone = [{"_id": id} for id in there if id not in kept]
    if gone:
        conn.execute(delete(service).where(service.c.id == bindparam("_id")), gone)
    counts["services"] = (done.new, done.changed, len(gone))


# -- volunteering and points ------------------------------------------------------------------------------------------


def _sessions(conn: Connection, file: CommunityFile, scope: Scope, counts: Counts) -> None:
    names = ("key", "shop", "title", "place", "starts_at", "ends_at")
    rows = (
        {"area_id": scope.areas[s.area], "active": True, **{name: getattr(s, name) for name in names}}
        for s in file.sessions
    )
    done = upsert(conn, shop_session, ("key",), rows)
    counts["sessions"] = (done.new, done.changed, _close(conn, shop_session, scope, set(done.ids.values())))
    remind(conn, [(id, s.starts_at) for s in file.sessions if (id := done.ids[(s.key,)])])


_RULE = ("category", "title", "points", "evidence", "yearly_cap", "number", "per", "since", "until")


def _rules(conn: Connection, entries: tuple[RuleEntry, ...], scope: Scope, counts: Counts) -> None:
    """A rule that changes gets a new version: what was awarded by the old one still refers to it."""
    newest: dict[tuple[int, str], Any] = {}
    for row in conn.execute(select(rule).where(scope.holds(rule)).order_by(rule.c.version)):
        newest[row.area_id, row.key] = row
    rows, new, changed = [], 0, 0
    for r in entries:
        found = newest.get((scope.areas[r.area], r.key))
        said = tuple(getattr(r, name) for name in _RULE)
        same = found and said == tuple(getattr(found, name) for name in _RULE)
        new, changed = new + (found is None), changed + (found is not None and not same)
        version = found.version + (not same) if found else 1
        keys = {"area_id": scope.areas[r.area], "key": r.key, "version": version, "active": True}
        rows.append({**keys, **dict(zip(_RULE, said, strict=True))})
    done = upsert(conn, rule, ("area_id", "key", "version"), rows)
    closed = _close(conn, rule, scope, set(done.ids.values()))
    counts["rules"] = (new, changed, closed - changed)


def _goods(conn: Connection, file: CommunityFile, scope: Scope, counts: Counts) -> None:
    rows = (
        {
            "key": g.key,
            "area_id": scope.areas[g.area],
            "shop": g.shop,
            "title": g.title,
            "price": g.price,
            "stock": g.stock,
            "monthly_limit": g.monthly_limit,
            "active": True,
        }
        for g in file.goods
    )
    done = upsert(conn, goods, ("key",), rows, once=("stock",))  # what is left on the shelf is the shop's matter
    counts["goods"] = (done.new, done.changed, _close(conn, goods, scope, set(done.ids.values())))


def _households(conn: Connection, file: CommunityFile, scope: Scope, now: datetime, counts: Counts) -> None:
    rows = ({"key": h.key, "area_id": scope.areas[h.area], "name": h.name} for h in file.households)
    done = upsert(conn, household, ("key",), rows, once=("area_id",))  # moved in chat, with its points
    counts["households"] = (done.new, done.changed, 0)
    given = {h.code: {"household": done.ids[(h.key,)]} for h in file.households if h.code}
    codes.keep(conn, kind="household", given=given, now=now, lifetime=HOUSEHOLD_CODE)
    for h in file.households:
        if h.opening:
            ledger.open_book(conn, h.key, h.opening, now)
