"""What a turn needs to know of the community: places, options, services, and who is there for an area now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, Connection, Row, bindparam, func, literal, or_, select

from flows.catalogue import Catalogue
from flows.domain.places import Place, Places
from flows.facts import DepartmentView, ServiceView
from nlu.understanding import LocalService
from storage.kept import kept
from storage.tables import account, area, area_alias, chat, duty, service, staff, staff_role

HOME = "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class AreaRow:
    """An area as a row; `path` is "/1/4/": its ancestors and itself."""

    id: int
    key: str
    level: str
    kind: str
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Route:
    """What an area says of a service; None where it says nothing. `handlers` are roles, first one first."""

    department: str | None = None
    acknowledge_minutes: int | None = None
    resolve_hours: int | None = None
    handlers: tuple[str, ...] = ()


_PATH = select(area.c.path).where(area.c.id == bindparam("area"))
_areas: BindParameter[Any] = bindparam("areas", expanding=True)
_OPTIONS = select(area.c.id, area.c.options).where(area.c.id.in_(_areas))
_SAID = select(service).where(service.c.area_id.in_(_areas))
_SAID_OF = _SAID.where(service.c.key == bindparam("key"))
_STAFF_FOR = (
    select(staff_role.c.area_id, staff.c.id, account.c.id.is_not(None).label("reachable"))
    .join(staff, staff.c.id == staff_role.c.staff_id)
    .join(account, account.c.person_id == staff.c.person_id, isouter=True)
    .where(staff_role.c.area_id.in_(_areas), staff_role.c.role == bindparam("role"), staff.c.active)
    .order_by(staff.c.id)
)
_DUTY = select(duty).where(duty.c.area_id.in_(_areas), duty.c.role == bindparam("role"))
_ROOMS = (
    select(chat.c.area_id, chat.c.id, chat.c.role)
    .where(chat.c.area_id.in_(_areas), chat.c.kind == "group", chat.c.state == "open")
    .order_by(chat.c.id)
)


def above(conn: Connection, area_id: int) -> list[int]:
    """The area and those it lies in, from itself up to the top; empty for an unknown one."""
    return list(kept(conn, ("above", area_id), lambda: _above(conn, area_id)))


def _above(conn: Connection, area_id: int) -> tuple[int, ...]:
    path = conn.execute(_PATH, {"area": area_id}).scalar_one_or_none()
    return tuple(int(part) for part in reversed((path or "").strip("/").split("/")) if part)


def area_of_key(conn: Connection, key: str) -> int | None:
    """The id of an active area by the key of its community file."""
    return conn.execute(select(area.c.id).where(area.c.key == key, area.c.active)).scalar()


def name_of(conn: Connection, area_id: int) -> str:
    return str(conn.execute(select(area.c.name).where(area.c.id == area_id)).scalar_one())


def load_places(conn: Connection) -> Places:
    """Every active area with its names; a second for a city, so the caller keeps it."""
    names: dict[int, list[str]] = {}
    for id, alias in conn.execute(select(area_alias.c.area_id, area_alias.c.alias).order_by(area_alias.c.id)):
        names.setdefault(id, []).append(alias)
    columns = (area.c.id, area.c.parent_id, area.c.level, area.c.name, area.c.lat, area.c.lon, area.c.kind, area.c.path)
    rows = sorted(conn.execute(select(*columns).where(area.c.active)), key=lambda r: (r.path.count("/"), r.id))
    return Places(
        Place(r.id, r.parent_id, r.level, r.name, tuple(names.get(r.id, ())), r.lat, r.lon, r.kind) for r in rows
    )


def communities(conn: Connection) -> list[AreaRow]:
    """The active communities and villages."""
    rows = select(area.c.id, area.c.key, area.c.level, area.c.kind, area.c.name, area.c.path)
    found = conn.execute(rows.where(area.c.level == "community", area.c.active).order_by(area.c.id))
    return [AreaRow(*row) for row in found]


def options(conn: Connection, area_id: int) -> dict[str, Any]:
    """What an area says of itself, joined with what those around it say; the nearest has the last word."""
    merged: dict[str, Any] = {}
    for own in reversed(_options(conn, above(conn, area_id))):
        for key, value in own.items():
            kept = merged.get(key)
            if isinstance(kept, Mapping) and isinstance(value, Mapping):
                merged[key] = {**kept, **value}
            elif key in ("laws", "departments") and kept:
                merged[key] = [*value, *kept]  # nearest first
            else:
                merged[key] = value
    return merged


def departments(conn: Connection, area_id: int) -> tuple[DepartmentView, ...]:
    """The departments at work around an area, nearest first, each with the area that lists it."""
    areas = above(conn, area_id)
    names = {row.id: row.name for row in conn.execute(select(area.c.id, area.c.name).where(area.c.id.in_(areas)))}
    return tuple(
        DepartmentView(str(d["name"]), tuple(str(c) for c in d.get("covers", ())), names.get(id, ""))
        for id, own in zip(areas, _options(conn, areas), strict=True)
        for d in own.get("departments", ())
    )


def _options(conn: Connection, areas: Sequence[int]) -> list[Mapping[str, Any]]:
    """The own options of these areas, in their order."""

    def load() -> list[Mapping[str, Any]]:
        found = {row.id: row.options or {} for row in conn.execute(_OPTIONS, {"areas": areas})}
        return [found.get(id, {}) for id in areas]

    return kept(conn, ("options", *areas), load)


def time_zone(conn: Connection, area_id: int) -> ZoneInfo:
    """The time zone people of an area live in."""
    own = (said.get("timezone") for said in _options(conn, above(conn, area_id)))
    return ZoneInfo(next((zone for zone in own if zone), HOME))


# -- services ---------------------------------------------------------------------------------------------------------


def local_services(conn: Connection, area_id: int) -> tuple[LocalService, ...]:
    """The services that an area, those around it and those in it added or gave phrases of their own."""
    path = conn.execute(_PATH, {"area": area_id}).scalar_one_or_none() or "/"
    around = or_(area.c.path.startswith(path), literal(path).startswith(area.c.path))
    rows = conn.execute(
        select(service.c.key, service.c.like, service.c.phrases)
        .join(area, area.c.id == service.c.area_id)
        .where(around, area.c.active)
        .order_by(func.length(area.c.path).desc(), service.c.id)
    )
    found: dict[str, LocalService] = {}
    for key, like, phrases in rows:
        if key != like or phrases:
            found.setdefault(key, LocalService(key, like, tuple(phrases)))
    return tuple(found.values())


def any_services(conn: Connection) -> bool:
    """Whether any area added services or phrases of its own."""
    return conn.execute(select(service.c.id).limit(1)).first() is not None


def service_route(conn: Connection, area_id: int, key: str, department: str | None = None) -> Route:
    """What the area and those around it say of a service, the nearest first.

    `department` is the catalogue's; where an area lists a department that covers it, that one is meant.
    """
    said = _said(conn, above(conn, area_id), key)
    local = options(conn, area_id)
    named = _first(row.department for row in said) or department
    return Route(
        department=next((d["name"] for d in local.get("departments", ()) if named in d["covers"]), named),
        acknowledge_minutes=_first(row.acknowledge_minutes for row in said),
        resolve_hours=_first(row.resolve_hours for row in said),
        handlers=tuple(local.get("handlers", {}).get(key, ())),
    )


def services_at(conn: Connection, area_id: int, catalogue: Catalogue) -> dict[str, ServiceView]:
    """Every service as an area offers it: the catalogue's and its own, with its departments and clocks."""
    areas = above(conn, area_id)
    covering = {
        name: d["name"] for d in reversed(options(conn, area_id).get("departments", ())) for name in d["covers"]
    }
    views = {
        s.key: ServiceView(
            s.key,
            s.name,
            s.category,
            covering.get(s.department, s.department),
            s.acknowledge_minutes,
            s.resolve_hours,
            s.follow_up_days,
        )
        for s in catalogue.services.values()
    }
    for row in reversed(_said(conn, areas)):  # the nearest area has the last word
        like = views.get(row.key) or views.get(row.like)
        if like is not None:
            named = row.department or like.department
            views[row.key] = ServiceView(
                row.key,
                row.name,
                like.category,
                covering.get(named, named),
                row.acknowledge_minutes or like.acknowledge_minutes,
                row.resolve_hours or like.resolve_hours,
                like.follow_up_days if row.follow_up_days is None else row.follow_up_days,
            )
    return views


def _said(conn: Connection, areas: Sequence[int], key: str | None = None) -> list[Row[Any]]:
    """The service rows of these areas, in the order of the areas."""

    def load() -> list[Row[Any]]:
        query, which = (_SAID, {}) if key is None else (_SAID_OF, {"key": key})
        return sorted(conn.execute(query, {"areas": areas, **which}), key=lambda row: areas.index(row.area_id))

    return kept(conn, ("services", key, *areas), load)


def _first(values: Iterable[Any]) -> Any:
    return next((value for value in values if value is not None), None)


# -- who is there -----------------------------------------------------------------------------------------------------


def staff_for(conn: Connection, area_id: int, role: str, now: datetime, *, everyone: bool = False) -> list[int]:
    """The staff who hold a role in an area; where nobody can be reached there, in the nearest area above.

    Those on duty now; where the roster names nobody for now, all of them. `everyone`: all, those on duty first.
    """
    areas = above(conn, area_id)
    rows = conn.execute(_STAFF_FOR, {"areas": areas, "role": role}).all()
    for reachable in (True, False):
        for one in areas:
            held = list(dict.fromkeys(r.id for r in rows if r.area_id == one and r.reachable >= reachable))
            if held:
                there = _on_duty(conn, areas, role, now)
                first = [id for id in held if id in there]
                return first + [id for id in held if id not in there] if everyone or not first else first
    return []


def _on_duty(conn: Connection, areas: Sequence[int], role: str, now: datetime) -> set[int]:
    """Whom the rosters of these areas name for this moment, by the local time of the lowest area."""
    local = now.astimezone(time_zone(conn, areas[0]))
    rows = kept(conn, ("duty", role, *areas), lambda: conn.execute(_DUTY, {"areas": areas, "role": role}).all())
    return {row.staff_id for row in rows if covers(row.weekdays, row.start, row.end, local)}


def covers(weekdays: str, start: str, end: str, local: datetime) -> bool:
    """Whether a turn on duty covers a local moment; one that ends at or before its start goes on the next morning."""
    clock, today = local.strftime("%H:%M"), str(local.isoweekday())
    if start < end:
        return today in weekdays and start <= clock < end
    yesterday = str((local.isoweekday() - 2) % 7 + 1)
    return (today in weekdays and clock >= start) or (yesterday in weekdays and clock < end)


def rooms_above(conn: Connection, area_id: int) -> list[tuple[int, int, bool]]:
    """(chat, area, whether for leaders) of the open groups of staff from an area up: nearest first, leaders last."""
    areas = above(conn, area_id)
    rows = conn.execute(
        select(chat.c.id, chat.c.area_id, chat.c.role)
        .where(chat.c.area_id.in_(areas), chat.c.kind == "group", chat.c.state == "open")
        .where(chat.c.role.in_(("staff", "leaders")))
        .order_by(chat.c.id)
    ).all()
    ranked = sorted(rows, key=lambda r: (r.role == "leaders", areas.index(r.area_id), r.id))
    return [(r.id, r.area_id, r.role == "leaders") for r in ranked]


def staff_rooms(conn: Connection, area_id: int) -> list[int]:
    """The open staff groups of an area, else of the nearest area above; where there are none, the leaders'."""
    areas = above(conn, area_id)
    rows = conn.execute(_ROOMS, {"areas": areas}).all()
    for role in ("staff", "leaders"):
        for one in areas:
            rooms = [row.id for row in rows if row.area_id == one and row.role == role]
            if rooms:
                return rooms
    return []
