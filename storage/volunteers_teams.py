"""Teams of volunteers: which there are, who belongs to them, whose they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, exists, func, or_, select

from flows.volunteer_facts import TeamView
from storage.conflict import insert
from storage.tables import area, staff, team, team_member

_count = select(func.count()).where(team_member.c.team_id == team.c.id).scalar_subquery()
_mine = exists().where(team_member.c.team_id == team.c.id, team_member.c.person_id == bindparam("person"))
_here = select(area.c.path).where(area.c.id == bindparam("area")).scalar_subquery()
_near = select(area.c.id).where(or_(area.c.path.startswith(_here), _here.startswith(area.c.path)))
_columns = (team.c.id, team.c.name, team.c.about, team.c.area_id, team.c.leader_id, staff.c.name.label("leads"))
_LISTED = (
    select(*_columns, _count.label("members"), _mine.label("mine"))
    .join(staff, staff.c.id == team.c.leader_id)
    .where(team.c.active)
    .order_by(team.c.id)
    .limit(60)
)
_LISTED_NEAR = _LISTED.where(or_(team.c.area_id.in_(_near), _mine, team.c.leader_id == bindparam("leader")))


def listed(conn: Connection, area_id: int | None, person_id: int, leader: int | None = None) -> list[TeamView]:
    """The teams of an area (None: nobody knows where the person lives, all), its parts and what it lies in; those the
    person belongs to, and leads as that member of staff, wherever they are."""
    if area_id is None:
        return [TeamView(*row) for row in conn.execute(_LISTED, {"person": person_id})]
    rows = conn.execute(_LISTED_NEAR, {"person": person_id, "area": area_id, "leader": leader or 0})
    return [TeamView(*row) for row in rows]


def get(conn: Connection, id: int, person_id: int = 0) -> TeamView | None:
    found = conn.execute(select(team.c.area_id).where(team.c.id == id)).scalar()
    return next((one for one in listed(conn, found, person_id) if one.id == id), None) if found else None


def join(conn: Connection, id: int, person_id: int, now: datetime) -> bool:
    """False when the person belonged to it before."""
    made = insert(team_member).values(team_id=id, person_id=person_id, at=now)
    made = made.on_conflict_do_nothing(index_elements=["team_id", "person_id"])
    return conn.execute(made).rowcount == 1


def leave(conn: Connection, person_id: int, id: int | None = None) -> None:
    """Out of one team, or of all."""
    query = delete(team_member).where(team_member.c.person_id == person_id)
    conn.execute(query if id is None else query.where(team_member.c.team_id == id))


def members(conn: Connection, id: int) -> Sequence[int]:
    """Who belongs to a team, the longest first."""
    query = select(team_member.c.person_id).where(team_member.c.team_id == id)
    return list(conn.execute(query.order_by(team_member.c.at, team_member.c.id)).scalars())


def by_name(conn: Connection, area_id: int, name: str) -> int | None:
    """A team of that name for people of an area."""
    return next((one.id for one in listed(conn, area_id, 0) if one.name == name), None)
