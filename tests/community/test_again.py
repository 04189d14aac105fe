"""Importing one file after another leaves alive what the last one says, whatever the first one said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from flows.domain.community import (
    ActivityEntry,
    AreaEntry,
    CommunityFile,
    DutyEntry,
    GoodsEntry,
    GroupEntry,
    HouseholdEntry,
    Level,
    Role,
    RoleEntry,
    RuleEntry,
    ServiceEntry,
    StaffEntry,
)
from storage.community_file import write
from storage.database import Database
from storage.tables import activity, area, area_alias, chat, duty, goods, household, rule, service, staff, staff_role
from tests.community.support import NOW, SECRET

NAMES = st.sampled_from(["松塘", "梅苑", "竹里"])
GRIDS = ("g1", "g2", "g3")


@st.composite
def community_files(draw: st.DrawFn) -> CommunityFile:
    """A town with one or two communities, some of three grids, and anything below them."""
    villages = draw(st.sampled_from([("a",), ("a", "b"), ("b",)]))
    grids = draw(st.lists(st.sampled_from(GRIDS), unique=True, min_size=1))
    areas = [AreaEntry("town", None, Level.SUBDISTRICT, "urban", "镇")]
    areas += [AreaEntry(key, "town", Level.COMMUNITY, "urban", draw(NAMES)) for key in villages]
    for key in grids:
        aliases = tuple(draw(st.lists(NAMES, unique=True, max_size=2)))
        parent = draw(st.sampled_from(villages))
        areas.append(AreaEntry(key, parent, Level.GRID, "urban", draw(NAMES), aliases, options=draw(options)))
        if draw(st.booleans()):
            areas.append(AreaEntry(f"{key}/1", key, Level.BUILDING, "urban", "1号楼"))
    where = st.sampled_from([a.key for a in areas if a.level != "building"])
    people = draw(st.lists(st.sampled_from(["ann", "bo", "cy"]), unique=True))
    roles = st.builds(RoleEntry, st.sampled_from([Role.GRID_WORKER, Role.DUTY_LEADER]), where)
    staff_entries = [
        StaffEntry(key, draw(NAMES), tuple(draw(st.lists(roles, unique=True, min_size=1))), ((("play", key)),))
        for key in people
    ]
    turns = st.builds(DutyEntry, where, st.just(Role.DUTY_LEADER), st.sampled_from(people or ["-"]), st.just("12345"),
                      st.sampled_from(["08:00", "09:00"]), st.just("18:00"))  # fmt: skip
    keyed = {key: draw(st.lists(st.sampled_from(["x", "y"]), unique=True)) for key in ("rule", "goods", "act", "home")}
    return CommunityFile(
        areas=tuple(areas),
        groups=tuple(
            GroupEntry(draw(where), draw(st.sampled_from(["staff", "residents"])), "play", f"group:{key}")
            for key in draw(st.lists(st.sampled_from(["r1", "r2"]), unique=True))
        ),
        services=tuple(
            ServiceEntry(draw(where), key, draw(NAMES), "garbage", (draw(NAMES),))
            for key in draw(st.lists(st.sampled_from(["lamp", "dock"]), unique=True))
        ),
        staff=tuple(staff_entries),
        duty=tuple(draw(st.lists(turns, unique=True, max_size=3))) if people else (),
        activities=tuple(ActivityEntry(k, draw(where), draw(NAMES), "村口", "", None, ()) for k in keyed["act"]),
        rules=tuple(RuleEntry(draw(where), k, "友善", draw(NAMES), draw(st.integers(1, 3))) for k in keyed["rule"]),
        goods=tuple(GoodsEntry(k, draw(where), "店", draw(NAMES), draw(st.integers(1, 3)), 5) for k in keyed["goods"]),
        households=tuple(HouseholdEntry(k, draw(where), draw(NAMES)) for k in keyed["home"]),
    )


options = st.sampled_from([{}, {"digest": "08:00"}, {"digest": "09:00", "texts": {"hello": "您好"}}])


def alive(conn: Connection) -> dict[str, Any]:
    """Everything a turn can see of the community, by keys instead of ids."""
    keys = {r.id: r.key for r in conn.execute(select(area.c.id, area.c.key))}
    who = {r.id: r.key for r in conn.execute(select(staff.c.id, staff.c.key))}
    areas = list(conn.execute(select(area).where(area.c.active)))
    here = {r.id for r in areas}

    def rows(table: Any, *columns: str) -> set[tuple[Any, ...]]:
        found = conn.execute(select(table).where(table.c.active) if "active" in table.c else select(table))
        return {(keys[r.area_id], *(getattr(r, c) for c in columns)) for r in found if r.area_id in here}

    return {
        "areas": {
            (r.key, r.name, tuple(keys[int(i)] for i in r.path.strip("/").split("/")), str(r.options)) for r in areas
        },
        "parents": {(r.key, keys.get(r.parent_id)) for r in areas},
        "aliases": {(keys[r.area_id], r.alias) for r in conn.execute(select(area_alias)) if r.area_id in here},
        "staff": {(r.key, r.name) for r in conn.execute(select(staff).where(staff.c.active))},
        "roles": {(who[r.staff_id], r.role, keys[r.area_id]) for r in conn.execute(select(staff_role))},
        "duty": {(who[r.staff_id], r.role, keys[r.area_id], r.start) for r in conn.execute(select(duty))},
        "groups": rows(chat.select().where(chat.c.area_id.is_not(None)).subquery(), "address", "role"),
        "services": rows(service, "key", "name"),
        "activities": rows(activity, "key", "title"),
        "rules": rows(rule, "key", "title", "points"),
        "goods": rows(goods, "key", "title", "price"),
    }


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    opened = Database.open("sqlite://", durable=False, secret=SECRET)
    opened.upgrade()
    yield opened
    opened.close()


@given(before=st.lists(community_files(), min_size=1, max_size=2), last=community_files())
@settings(max_examples=12, deadline=None)
def test_the_last_file_counts(database: Database, before: list[CommunityFile], last: CommunityFile) -> None:
    seen = []
    for imported in ([last], [*before, last]):
        with database.write() as conn, conn.begin_nested() as kept:
            for one in imported:
                write(conn, one, NOW)
            seen.append(alive(conn))
            again = write(conn, last, NOW)
            homes = {r.key: r.name for r in conn.execute(select(household))}
            kept.rollback()
        assert all(counted == (0, 0, 0) for counted in again.counts.values()), again
        assert all(homes[h.key] == h.name for h in last.households)
    assert seen[0] == seen[1]
    assert seen[0]["parents"] == {(a.key, a.parent) for a in last.areas}
    assert seen[0]["aliases"] == {(a.key, alias) for a in last.areas for alias in a.aliases}
    assert seen[0]["roles"] == {(s.key, r.role, r.area) for s in last.staff for r in s.roles}
    assert seen[0]["duty"] == {(d.staff, d.role, d.area, d.start) for d in last.duty}
    assert seen[0]["groups"] == {(g.area, g.address, g.role) for g in last.groups}
    assert seen[0]["rules"] == {(r.area, r.key, r.title, r.points) for r in last.rules}
