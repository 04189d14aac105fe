"""What a turn asks of the community: options, services, who is on duty, which rooms."""

from __future__ import annotations

from datetime import datetime
from importlib.resources import files

import pytest
from sqlalchemy import update

from flows.catalogue import load_catalogue
from storage import community
from storage.database import Database
from storage.tables import chat, staff
from tests.community.support import areas, names


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


MONDAY_MORNING, MONDAY_NIGHT = at("2026-01-05T09:00"), at("2026-01-05T23:00")
TUESDAY_EARLY, SUNDAY = at("2026-01-06T03:00"), at("2026-01-11T10:00")


@pytest.mark.parametrize(
    ("area", "role", "now", "meant"),
    [
        ("xfl-1", "grid_worker", MONDAY_MORNING, ["w1"]),
        ("xfl-1/3号楼", "building_leader", MONDAY_MORNING, ["b2"]),
        ("xfl-1/3号楼", "grid_worker", MONDAY_MORNING, ["w1"]),  # up from the building
        ("xfl-1", "legal_guide", MONDAY_MORNING, ["b2"]),  # up to the community, by its roster
        ("xfl-1", "legal_guide", SUNDAY, ["b2", "lg1", "lg2"]),  # nobody on the roster: all
        ("smc-1/三组", "legal_adviser", MONDAY_MORNING, ["adviser"]),
        ("ylq-4", "duty_leader", MONDAY_MORNING, ["d1"]),
        ("ylq-4", "duty_leader", MONDAY_NIGHT, ["d2"]),
        ("ylq-4", "duty_leader", TUESDAY_EARLY, ["d2"]),  # the night that began on Monday
        ("xfl-1", "household_leader", MONDAY_MORNING, []),
    ],
)
def test_who_is_there(demo_database: Database, area: str, role: str, now: datetime, meant: list[str]) -> None:
    with demo_database.read() as conn:
        assert names(conn, community.staff_for(conn, areas(conn)[area], role, now)) == meant


def test_everyone_has_those_on_duty_first(demo_database: Database) -> None:
    with demo_database.read() as conn:
        found = community.staff_for(conn, areas(conn)["xfl"], "legal_guide", at("2026-01-06T10:00"), everyone=True)
        assert names(conn, found) == ["lg1", "b2", "lg2"]


def test_who_left_or_cannot_be_reached_is_passed_over(demo_database: Database) -> None:
    with demo_database.write() as conn:
        conn.execute(update(staff).where(staff.c.key == "b2").values(person_id=None))
        conn.execute(update(staff).where(staff.c.key.in_(["lg1", "lg2"])).values(active=False))
        grid = areas(conn)["xfl-1"]
        assert names(conn, community.staff_for(conn, grid, "legal_guide", MONDAY_MORNING)) == ["b2"]
        conn.execute(update(staff).where(staff.c.key == "b2").values(active=False))
        assert community.staff_for(conn, grid, "legal_guide", MONDAY_MORNING) == []


def test_an_unknown_area_has_nobody(demo_database: Database) -> None:
    with demo_database.read() as conn:
        assert community.staff_for(conn, 10_000, "grid_worker", MONDAY_MORNING) == []
        assert community.staff_rooms(conn, 10_000) == []
        assert community.options(conn, 10_000) == {}


def test_rooms_go_up_when_the_grid_has_none(demo_database: Database) -> None:
    def rooms(area: str) -> set[str]:
        found = community.staff_rooms(conn, areas(conn)[area])
        return {row.address for row in conn.execute(chat.select().where(chat.c.id.in_(found)))}

    with demo_database.write() as conn:
        assert rooms("xfl-1/3号楼") == {"group:staff-xfl-1", "staff-xfl-1"}
        conn.execute(update(chat).where(chat.c.address == "staff-xfl-1").values(state="left"))
        assert rooms("xfl-1") == {"group:staff-xfl-1"}
        conn.execute(update(chat).where(chat.c.address == "group:staff-xfl-1").values(state="left"))
        assert rooms("xfl-1") == {"group:staff-xfl", "staff-xfl"}
        conn.execute(update(chat).where(chat.c.role == "staff").values(state="left"))
        assert rooms("xfl-1") == {"group:leaders-liuxi", "leaders-liuxi"}


@pytest.mark.parametrize(
    ("start", "end", "now", "there"),
    [
        ("08:00", "20:00", "2026-01-05T08:00", True),
        ("08:00", "20:00", "2026-01-05T20:00", False),
        ("08:00", "20:00", "2026-01-06T09:00", False),
        ("20:00", "08:00", "2026-01-05T19:59", False),
        ("20:00", "08:00", "2026-01-05T20:00", True),
        ("20:00", "08:00", "2026-01-06T07:59", True),
        ("20:00", "08:00", "2026-01-06T08:00", False),
        ("20:00", "08:00", "2026-01-05T07:00", False),  # the night before Monday is Sunday's
        ("08:00", "08:00", "2026-01-06T07:59", True),
        ("08:00", "08:00", "2026-01-06T08:00", False),
    ],
)
def test_a_turn_on_mondays(start: str, end: str, now: str, there: bool) -> None:
    assert community.covers("1", start, end, at(now)) is there


def test_options_of_the_nearest_area_count(demo_database: Database) -> None:
    with demo_database.read() as conn:
        ids = areas(conn)
        town, village = community.options(conn, ids["xfl-1"]), community.options(conn, ids["smc-1"])
        assert town["quiet_hours"] == {"from": "21:30", "to": "07:30"}
        assert village["quiet_hours"] == {"from": "21:00", "to": "06:30"}
        assert town["digest"] == village["digest"] == "08:30"
        assert [law["title"] for law in village["laws"]] == ["石磨村村规民约"]
        assert community.time_zone(conn, ids["smc-1/三组"]).key == "Asia/Shanghai"
        assert [c.key for c in community.communities(conn)] == ["xfl", "ylq", "smc"]


def test_services_as_an_area_offers_them(demo_database: Database) -> None:
    catalogue = load_catalogue((files("flows") / "catalogue.yml").read_text("utf-8"))
    with demo_database.read() as conn:
        ids = areas(conn)
        here, there = (community.services_at(conn, ids[key], catalogue) for key in ("xfl-1", "smc-1"))
        assert (here["lake_lamp"].name, here["lake_lamp"].category) == ("柳溪栈道灯", "道路交通")
        assert "lake_lamp" not in there
        assert (
            here["lake_lamp"].follow_up_days == 0 < here["street_light"].follow_up_days
        )  # off here, the default there
        assert here["garbage"].department == there["garbage"].department == "柳溪综合执法队"  # 环卫部门 is covered
        assert here["pension"] == there["pension"]
        assert set(catalogue.services) <= set(here)
        route = community.service_route(conn, ids["xfl-1"], "corridor_light", "物业公司")
        assert (route.department, route.handlers) == ("安居物业", ("grid_worker", "building_leader"))
        assert community.service_route(conn, ids["smc-1"], "pension", "人力资源部门").department == "人力资源部门"
        assert [s.key for s in community.local_services(conn, ids["smc"])] == ["millrace"]
        assert [s.key for s in community.local_services(conn, ids["xfl-1"])] == ["lake_lamp"]
        assert {s.key for s in community.local_services(conn, ids["liuxi"])} == {"lake_lamp", "millrace"}
