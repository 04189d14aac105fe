"""Who a case can be given to: those of its grid first, then the community, the departments, the subdistrict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from flows.domain.interest import Bars, kept_out
from flows.facts import ColleagueView
from storage.bars import official
from storage.community import above
from storage.people import Staff, staff_by_id
from storage.tables import area, staff, staff_role

GRID = ("grid_worker", "grid_leader", "building_leader", "household_leader")
OFFICE = ("community_staff", "duty_leader", "administrator")
HANDLERS = (*GRID, *OFFICE, "department")
POSTS = {
    "grid_worker": "网格员",
    "grid_leader": "网格长",
    "building_leader": "楼栋长",
    "household_leader": "联户长",
    "community_staff": "社区",
    "duty_leader": "值班领导",
    "administrator": "街道",
}


def eligible(conn: Connection, area_id: int, kept: Bars, owner: int | None) -> tuple[ColleagueView, ...]:
    """Everybody who handles cases there, nearest first, but for whom the case is kept from and who has it."""
    line = above(conn, area_id)
    query = (
        select(staff.c.id)
        .join(staff_role, staff_role.c.staff_id == staff.c.id)
        .where(staff.c.active, staff_role.c.role.in_(HANDLERS), staff_role.c.area_id.in_([*line, *_within(conn, line)]))
        .distinct()
    )
    people = staff_by_id(conn, conn.execute(query).scalars().all())
    free = [one for one in people if one.id != owner and not kept_out(kept, official(one))]
    held = {role.area for one in free for role in one.roles}
    where = {r.id: r for r in conn.execute(select(area.c.id, area.c.level, area.c.path).where(area.c.id.in_(held)))}
    return tuple(sorted((_view(one, line, where) for one in free), key=lambda v: (v.distance, v.id)))


def _within(conn: Connection, line: list[int]) -> list[int]:
    """The grids of the community on the line, and the buildings in them: two steps down, by their parents."""
    of = select(area.c.id).where(area.c.id.in_(line), area.c.level == "community")
    grids = list(conn.execute(select(area.c.id).where(area.c.parent_id.in_(of.scalar_subquery()))).scalars())
    buildings = conn.execute(select(area.c.id).where(area.c.parent_id.in_(grids))).scalars()
    return [*grids, *buildings]


def _view(one: Staff, line: list[int], where: Mapping[int, Any]) -> ColleagueView:
    """The nearest post counts."""
    posts = []
    for held in one.roles:
        if held.role in HANDLERS:
            group = "department" if held.role == "department" else _group(where[held.area].level, held.role)
            post = held.department or POSTS.get(held.role, "")
            posts.append((_steps(held.area, where[held.area].path, line), group, post))
    steps, group, post = min(posts)
    return ColleagueView(one.id, one.name, post, group, steps)


def _steps(held: int, path: str, line: list[int]) -> int:
    """How far away a post is: in the grid itself or above it; another grid of the community comes after its office."""
    if held in line:
        return line.index(held)
    return 0 if f"/{line[0]}/" in path else 2


def _group(level: str, role: str) -> str:
    if role in GRID:
        return "grid"
    return "subdistrict" if level in ("subdistrict", "city") else "community"


def named(conn: Connection, name: str) -> bool:
    """Whether somebody of this name works here, or did."""
    return conn.execute(select(staff.c.id).where(staff.c.name == name).limit(1)).first() is not None
