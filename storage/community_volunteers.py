"""The volunteering of a community file as rows: projects, activities with their shifts, needs and posts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, bindparam, exists, not_, or_, select, update

from flows.domain.community import CommunityFile
from storage.tables import activity, need, project, shift, sign_up, team
from storage.upsert import upsert
from storage.volunteers import LIVE

Counts = dict[str, tuple[int, int, int]]
Holds = Callable[[Table], ColumnElement[bool]]
ELSEWHERE = ("chat/", "table/")  # keys of what organisers opened in chat or brought in as a table: not the file's
_ACTIVITY = ("title", "place", "about", "min_age", "risk", "deadline_hours", "cancel_hours")


def write_volunteering(
    conn: Connection,
    file: CommunityFile,
    areas: Mapping[str, int],
    people: Mapping[str, int],
    holds: Holds,
    now: datetime,
    counts: Counts,
) -> None:
    """Write what the file says; an activity of an earlier file that it names no more takes nobody any longer."""
    projects, teams = _projects(conn, file, areas), _teams(conn, file, areas, people, holds, counts)
    rows = (
        {
            "key": a.key,
            "area_id": areas[a.area],
            "project_id": projects.get((a.area, a.project or "")),
            "team_id": teams.get(a.team or ""),
            "organiser_id": people[a.organiser] if a.organiser else None,
            "skills": list(a.skills),
            "active": True,
            **{name: getattr(a, name) for name in _ACTIVITY},
        }
        for a in file.activities
    )
    done = upsert(conn, activity, ("key",), rows)
    counts["activities"] = (done.new, done.changed, _close(conn, holds, set(done.ids.values())))
    counts["shifts"] = _shifts(conn, file, done.ids)
    needs = (
        {"key": n.key, "area_id": areas[n.area], "kind": n.kind, "title": n.title, "about": n.about, "at": now}
        for n in file.needs
    )
    wanted = upsert(conn, need, ("key",), needs, once=("at",))
    counts["needs"] = (wanted.new, wanted.changed, _withdraw(conn, holds, set(wanted.ids.values())))


def _shifts(conn: Connection, file: CommunityFile, activities: Mapping[tuple[str, ...], int]) -> tuple[int, int, int]:
    """A shift the file names no more stays, and one that people are on keeps its time: calling off and moving mean
    telling them."""
    listed = exists().where(sign_up.c.shift_id == shift.c.id, sign_up.c.state.in_(LIVE))
    query = select(shift.c.key, shift.c.starts_at, shift.c.ends_at).where(listed)
    promised = {key: (start, end) for key, start, end in conn.execute(query)}
    rows = (
        {
            "key": s.key,
            "activity_id": activities[(a.key,)],
            "capacity": s.capacity,
            **dict(zip(("starts_at", "ends_at"), promised.get(s.key, (s.starts_at, s.ends_at)), strict=True)),
        }
        for a in file.activities
        for s in a.shifts
    )
    done = upsert(conn, shift, ("key",), rows)
    return done.new, done.changed, 0


def _projects(conn: Connection, file: CommunityFile, areas: Mapping[str, int]) -> dict[tuple[str, str], int]:
    """The ids of the projects by area and title."""
    named = {(a.area, a.project) for a in file.activities if a.project}
    rows = ({"key": f"{at}/{title}", "area_id": areas[at], "title": title} for at, title in sorted(named))
    ids = upsert(conn, project, ("key",), rows).ids
    return {(at, title): ids[(f"{at}/{title}",)] for at, title in named}


def _teams(
    conn: Connection,
    file: CommunityFile,
    areas: Mapping[str, int],
    people: Mapping[str, int],
    holds: Holds,
    counts: Counts,
) -> dict[str, int]:
    """The ids of the teams by key; one the file names no more takes nobody any longer, its members stay."""
    rows = (
        {
            "key": t.key,
            "area_id": areas[t.area],
            "name": t.name,
            "about": t.about,
            "leader_id": people[t.leader],
            "active": True,
        }
        for t in file.teams
    )
    done = upsert(conn, team, ("key",), rows)
    kept = set(done.ids.values())
    live = conn.execute(select(team.c.id).where(holds(team), team.c.active)).scalars()
    gone = [{"_id": id} for id in live if id not in kept]
    if gone:
        conn.execute(update(team).where(team.c.id == bindparam("_id")).values(active=False), gone)
    counts["teams"] = (done.new, done.changed, len(gone))
    return {key[0]: id for key, id in done.ids.items()}


def _withdraw(conn: Connection, holds: Holds, kept: set[int]) -> int:
    """What an earlier file needed, this one does not name and nobody has promised, is needed no more."""
    open_ = need.c.key.not_like("chat/%") & (need.c.state == "open")
    gone = [id for id in conn.execute(select(need.c.id).where(holds(need), open_)).scalars() if id not in kept]
    if gone:
        conn.execute(update(need).where(need.c.id.in_(gone)).values(state="withdrawn"))
    return len(gone)


def _close(conn: Connection, holds: Holds, kept: set[int]) -> int:
    """Make inactive what an earlier file opened and this one does not name."""
    elsewhere = or_(*(activity.c.key.startswith(prefix) for prefix in ELSEWHERE))
    found = conn.execute(select(activity.c.id).where(holds(activity), activity.c.active, not_(elsewhere))).scalars()
    gone = [{"_id": id} for id in found if id not in kept]
    if gone:
        conn.execute(update(activity).where(activity.c.id == bindparam("_id")).values(active=False), gone)
    return len(gone)
