"""What the staff pages read of cases: who the staff member is, which cases they may see, how lists go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, false, func, or_, select

from flows.domain.case import ALIVE, Status
from storage.bars import visible
from storage.community import HOME, time_zone
from storage.people import Staff, staff_by_id
from storage.tables import area, case, case_called, case_file, staff

CASE_ROLES = frozenset(
    {"grid_worker", "grid_leader", "community_staff", "duty_leader", "supervisor", "administrator"}
)  # of an area: its cases and those below it
BUILDING_ROLES = frozenset({"building_leader", "household_leader"})
OVERSEERS = frozenset({"supervisor", "administrator"})  # see threads of every role in their area, and unplaced cases

_building = area.alias("building")
_owner = staff.alias("owner")
_PLACES = select(area.c.id, area.c.path, area.c.name).where(area.c.id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True, slots=True)
class Post:
    """A role held in an area: `path` is the area's, so that what lies below begins with it."""

    role: str
    path: str
    department: str | None


@dataclass(frozen=True, slots=True)
class Member:
    """A signed-in member of staff."""

    id: int
    name: str
    posts: tuple[Post, ...]
    staff: Staff
    zone: ZoneInfo  # they live by: that of where they were given a role first


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One line of the case list."""

    id: int
    number: str
    status: str
    ending: str | None
    service: str
    description: str
    area: str | None
    building: str | None
    colour: str
    opened_at: datetime
    acknowledge_due: datetime | None
    resolve_due: datetime | None
    owner: str | None
    department: str | None


def member(conn: Connection, staff_id: int) -> Member | None:
    """The member of staff with the areas of their roles; None when there is none, or not any more."""
    found = staff_by_id(conn, [staff_id])
    if not found:
        return None
    places = {row.id: row for row in conn.execute(_PLACES, {"ids": [r.area for r in found[0].roles]})}
    posts = tuple(Post(r.role, places[r.area].path, r.department) for r in found[0].roles)
    zone = time_zone(conn, found[0].roles[0].area) if posts else ZoneInfo(HOME)
    return Member(staff_id, found[0].name, posts, found[0], zone)


# -- cases ------------------------------------------------------------------------------------------------------------


def _sees_case(post: Post) -> ColumnElement[bool]:
    if post.role in CASE_ROLES:
        below = area.c.path.startswith(post.path)
        return or_(below, case.c.area_id.is_(None)) if post.role in OVERSEERS else below
    if post.role in BUILDING_ROLES:
        return _building.c.path.startswith(post.path)
    if post.role == "department" and post.department:
        called = case.c.id.in_(select(case_called.c.case_id).where(case_called.c.department == post.department))
        return and_(or_(case.c.department == post.department, called), area.c.path.startswith(post.path))
    return false()


def _scope(who: Member) -> ColumnElement[bool]:
    along = case.c.id.in_(select(case_called.c.case_id).where(case_called.c.staff_id == who.id))
    return and_(
        or_(false(), *(_sees_case(post) for post in who.posts), case.c.owner_id == who.id, along), visible(who.staff)
    )


def seen(who: Member) -> Select[Any]:
    """The lines of the cases a member of staff may see."""
    return (
        select(
            case.c.id,
            case.c.number,
            case.c.status,
            case.c.ending,
            case.c.service,
            case.c.description,
            area.c.name.label("area"),
            _building.c.name.label("building"),
            case.c.colour,
            case.c.opened_at,
            case.c.acknowledge_due,
            case.c.resolve_due,
            _owner.c.name.label("owner"),
            case.c.department,
        )
        .join(area, area.c.id == case.c.area_id, isouter=True)
        .join(_building, _building.c.id == case.c.building_id, isouter=True)
        .join(_owner, _owner.c.id == case.c.owner_id, isouter=True)
        .where(_scope(who))
    )


def is_late(now: datetime) -> ColumnElement[bool]:
    """Whether a case's clock has run out: of taking it, or of finishing it."""
    untaken = and_(case.c.owner_id.is_(None), case.c.acknowledge_due < now)
    return and_(case.c.status.in_(ALIVE), or_(case.c.resolve_due < now, untaken))


def counts(conn: Connection, who: Member, now: datetime) -> dict[str, int]:
    """How many cases wait, are worked on, are late: the figures above the list."""
    counted = seen(who).where(case.c.status.in_((*ALIVE, Status.RESOLVED)))  # what ended long ago is not read
    scoped = counted.subquery()
    rows = conn.execute(select(scoped.c.status, func.count()).group_by(scoped.c.status)).all()
    late = conn.execute(select(func.count()).select_from(seen(who).where(is_late(now)).subquery())).scalar_one()
    by_status = {str(status): int(number) for status, number in rows}
    waiting = by_status.get("submitted", 0) + by_status.get("accepted", 0)
    working = by_status.get("assigned", 0) + by_status.get("called_out", 0)
    return {"waiting": waiting, "working": working, "resolved": by_status.get("resolved", 0), "late": late}


def case_line(conn: Connection, who: Member, case_id: int) -> CaseLine | None:
    """One case, if this member of staff may see it."""
    row = conn.execute(seen(who).where(case.c.id == case_id)).first()
    return CaseLine(*row) if row else None


def case_of_file(conn: Connection, who: Member, file_id: int) -> int | None:
    """The case that a photo belongs to, if this member of staff may see it."""
    ids = select(case_file.c.case_id).where(case_file.c.file_id == file_id)
    row = conn.execute(seen(who).where(case.c.id.in_(ids)).limit(1)).first()
    return row.id if row else None


def areas(conn: Connection, who: Member) -> list[tuple[int, str]]:
    """The areas above the buildings that the list can be narrowed to, named with the one above."""
    mine = [area.c.path.startswith(post.path) for post in who.posts if post.role in CASE_ROLES | {"department"}]
    above = area.alias("above_it")
    query = (
        select(area.c.id, area.c.name, area.c.level, above.c.name.label("above"))
        .join(above, above.c.id == area.c.parent_id, isouter=True)
        .where(or_(false(), *mine), area.c.level.in_(("subdistrict", "community", "grid")), area.c.active)
        .order_by(area.c.path)
        .limit(300)
    )
    rows = sorted(conn.execute(query.add_columns(area.c.path)), key=lambda r: in_order(r.path))
    return [(r.id, f"{r.above} {r.name}" if r.above and r.level == "grid" else r.name) for r in rows]


def in_order(path: str) -> tuple[int, ...]:
    """Sorts areas as their file has them, each before what lies within it: as text, /1/10/ would come before /1/9/."""
    return tuple(int(part) for part in path.split("/") if part)


def areas_from(conn: Connection, held: Sequence[int]) -> list[tuple[int, str]]:
    """These areas and those right below them, above the buildings; the widest first."""
    query = select(area.c.id, area.c.name, area.c.path).where(area.c.active, area.c.level != "building")
    query = query.where(or_(area.c.id.in_(held), area.c.parent_id.in_(held)))
    return [(r.id, r.name) for r in sorted(conn.execute(query), key=lambda r: (r.path.count("/"), r.id))]


def where(conn: Connection, area_id: int | None) -> str:
    """An area with those above it, from the community on: "幸福里社区 第二网格"."""
    path = conn.execute(select(area.c.path).where(area.c.id == area_id)).scalar() if area_id else None
    if not path:
        return ""
    ids = [int(part) for part in path.split("/") if part]
    rows = conn.execute(select(area.c.name, area.c.level).where(area.c.id.in_(ids)).order_by(func.length(area.c.path)))
    return " ".join(row.name for row in rows if row.level not in ("city", "subdistrict"))


def names(conn: Connection, staff_ids: Sequence[int]) -> dict[int, str]:
    """Names of staff, also of those who have left."""
    rows = conn.execute(select(staff.c.id, staff.c.name).where(staff.c.id.in_(list(staff_ids))))
    return {row.id: row.name for row in rows}
