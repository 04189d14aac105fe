"""A community file becomes rows; again it updates them; wrong, it changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection, insert, select, update

from bot.community.load import Broken, demo, import_text
from storage import codes, kept, people, reach, tables
from storage.database import Database
from tests.community.support import NOW, SMALL, areas, count

EXTRA = """\
duty:
  - {area: grid1, role: grid_worker, staff: ann, days: 每天, from: "08:00", to: "20:00"}
activities:
  - key: walk
    area: village
    title: 巡河
    place: 村口
    organiser: ann
    shifts:
      - {start: "下周六 09:00", end: "11:00", capacity: 4}
      - {key: spring, start: "2026-03-07 09:00", end: "11:00", capacity: 4}
rules:
  - {key: help, area: town, category: 友善, title: 帮忙, points: 5}
goods:
  - {key: soap, area: town, shop: 小店, title: 肥皂, price: 5, stock: 10}
households:
  - {key: h1, area: grid1/1号楼, name: 林家, code: "ab3456"}
"""
FULL = SMALL + EXTRA


def write(database: Database, text: str = FULL, *, days: int = 0) -> dict[str, tuple[int, int, int]]:
    written, _ = import_text(database, text.encode(), "f.yml", NOW + timedelta(days=days))
    return dict(written.counts)


def rows(conn: Connection, table: str) -> list[dict[str, object]]:
    found = tables.metadata.tables[table]
    return [dict(row) for row in conn.execute(select(found).order_by(*found.primary_key.columns)).mappings()]


def test_the_demo_becomes_rows_and_again_changes_nothing(database: Database) -> None:
    first, _ = import_text(database, demo(), "demo", NOW)
    with database.read() as conn:
        before = {t.name: rows(conn, t.name) for t in tables.metadata.sorted_tables}
    second, _ = import_text(database, demo(), "demo", NOW)
    with database.read() as conn:
        after = {t.name: rows(conn, t.name) for t in tables.metadata.sorted_tables}
    assert first.counts["areas"][0] == count_of(before, "area") == 84
    assert count_of(before, "staff") == count_of(before, "person") == count_of(before, "account") == 43
    assert count_of(before, "chat") == first.counts["groups"][0] == 47
    assert all(count == (0, 0, 0) for count in second.counts.values())
    assert after == before


def count_of(found: dict[str, list[dict[str, object]]], table: str) -> int:
    return len(found[table])


def test_what_is_in_the_rows(database: Database) -> None:
    write(database)
    with database.read() as conn:
        ids = areas(conn)
        paths = {row["key"]: row["path"] for row in rows(conn, "area")}
        assert (
            paths["grid1/2号楼"]
            == "/" + "/".join(str(ids[k]) for k in ("town", "village", "grid1", "grid1/2号楼")) + "/"
        )
        (shift, spring) = sorted(rows(conn, "shift"), key=lambda r: str(r["starts_at"]))
        assert str(shift["starts_at"]) == "2026-01-17 01:00:00+00:00"  # 09:00 in Shanghai
        assert str(spring["starts_at"]) == "2026-03-07 01:00:00+00:00"
        (turn,) = rows(conn, "duty")
        assert (turn["weekdays"], turn["start"], turn["end"]) == ("1234567", "08:00", "20:00")
        groups = {(r["address"], r["kind"], r["role"], r["area_id"]) for r in rows(conn, "chat")}
        assert groups == {
            ("group:s1", "group", "staff", ids["grid1"]),
            ("group:g1", "group", "residents", ids["grid1"]),
        }
        (home,) = rows(conn, "household")
        found = codes.find(conn, "AB3456", kind="household", now=NOW)
        assert found is not None
        assert found.subject == {"household": home["id"]}
        assert home["area_id"] == ids["grid1/1号楼"]


@pytest.mark.parametrize(
    "broken", [FULL.replace("points: 5", "points: 0"), FULL.replace("staff: ann", "staff: bob"), "{"]
)
def test_a_wrong_file_changes_nothing(fresh: Database, broken: str) -> None:
    write(fresh, SMALL)
    with fresh.read() as conn:
        before = {t.name: rows(conn, t.name) for t in tables.metadata.sorted_tables}
    with pytest.raises(Broken, match=r"f\.yml:\d+: "):
        write(fresh, broken.replace("松塘村", "松塘新村"))
    with fresh.read() as conn:
        assert {t.name: rows(conn, t.name) for t in tables.metadata.sorted_tables} == before


def test_importing_again_updates_by_key(fresh: Database) -> None:
    write(fresh)
    with fresh.read() as conn:
        before = areas(conn)
    text = FULL.replace("松塘村", "松塘新村").replace("安然", "安心").replace("points: 5", "points: 8")
    changed = write(fresh, text.replace('end: "11:00"', 'end: "11:30"'))
    assert {kind: c for kind, c in changed.items() if any(c)} == {
        "areas": (0, 1, 0),
        "staff": (0, 1, 0),
        "shifts": (0, 2, 0),
        "rules": (0, 1, 0),
    }
    with fresh.read() as conn:
        assert areas(conn) == before
        versions = {(r["version"], r["points"], r["active"]) for r in rows(conn, "rule")}
        assert versions == {(1, 5, False), (2, 8, True)}


def test_the_version_rises_only_when_something_changed(fresh: Database) -> None:
    seen = []
    for text in (SMALL, SMALL, SMALL.replace("安然", "安心")):
        write(fresh, text)
        with fresh.read() as conn:
            seen.append(kept.version(conn))
    assert seen == [1, 1, 2]


def test_what_the_file_names_no_more_is_closed(fresh: Database) -> None:
    write(fresh)
    less = SMALL.replace("1号楼, 2号楼", "1号楼").replace("              - {role: residents, play: g1}\n", "")
    less = less.replace("key: ann, name: 安然, accounts: {play: w1}", "key: bea, name: 贝, accounts: {play: w2}")
    closed = {kind: c[2] for kind, c in write(fresh, less).items()}
    assert closed == {
        "areas": 1,
        "groups": 1,
        "services": 0,
        "aliases": 0,
        "roles": 0,
        "staff": 1,
        "duty": 0,
        "teams": 0,
        "activities": 1,
        "shifts": 0,
        "needs": 0,
        "rules": 1,
        "goods": 1,
        "sessions": 0,
        "households": 0,
    }
    with fresh.read() as conn:
        assert {r["key"] for r in rows(conn, "staff") if r["active"]} == {"bea"}
        assert len(rows(conn, "staff_role")) == 1
        assert rows(conn, "duty") == []
        assert {r["address"]: r["area_id"] is None for r in rows(conn, "chat")} == {"group:s1": False, "group:g1": True}
        assert len(rows(conn, "shift")) == 2  # people may have signed up
    write(fresh)
    with fresh.read() as conn:
        assert {r["key"] for r in rows(conn, "staff") if r["active"]} == {"ann"}
        assert all(r["active"] for r in rows(conn, "area"))


def test_another_file_is_left_alone(fresh: Database) -> None:
    write(fresh)
    other = SMALL.replace("town", "port").replace("village", "quay").replace("grid1", "grid9").replace("ann", "bo")
    write(fresh, other.replace("w1", "w9").replace("g1", "g9").replace("s1", "s9"))
    with fresh.read() as conn:
        assert {r["key"] for r in rows(conn, "staff") if r["active"]} == {"ann", "bo"}
        assert all(r["active"] for r in rows(conn, "area"))
        assert all(r["area_id"] for r in rows(conn, "chat"))
        assert len(rows(conn, "duty")) == 1


def test_stock_used_codes_and_signed_up_shifts_survive(fresh: Database) -> None:
    write(fresh)
    with fresh.write() as conn:
        conn.execute(update(tables.goods).values(stock=3))
        found = codes.find(conn, "AB3456", kind="household", now=NOW)
        assert found is not None
        assert codes.use(conn, found.id, NOW)
    write(fresh, days=3)
    with fresh.read() as conn:
        assert [r["stock"] for r in rows(conn, "goods")] == [3]
        assert codes.find(conn, "AB3456", kind="household", now=NOW + timedelta(days=3)) is None
        assert count(conn, tables.shift) == 2  # the same week: the same shifts
    write(fresh, days=7)
    with fresh.read() as conn:
        starts = sorted(str(r["starts_at"])[:10] for r in rows(conn, "shift"))
        assert starts == ["2026-01-17", "2026-01-24", "2026-03-07"]  # a new one; nobody's shift was moved


def test_a_shift_somebody_is_on_keeps_the_time_they_know(fresh: Database) -> None:
    later = FULL.replace('"2026-03-07 09:00"', '"2026-03-07 08:00"')
    write(fresh)

    def begins() -> list[str]:
        with fresh.read() as conn:
            return [f"{r['starts_at']:%H:%M}" for r in rows(conn, "shift") if str(r["key"]).endswith("spring")]

    before = begins()
    write(fresh, later)
    moved = begins()
    assert before != moved
    with fresh.write() as conn:
        who = conn.execute(insert(tables.person).values(created_at=NOW).returning(tables.person.c.id)).scalar_one()
        id = next(r["id"] for r in rows(conn, "shift") if str(r["key"]).endswith("spring"))
        conn.execute(insert(tables.sign_up).values(shift_id=id, person_id=who, state="waiting", at=NOW))
    write(fresh)
    assert begins() == moved


def test_who_wrote_before_becomes_the_member_of_staff(fresh: Database) -> None:
    with fresh.write() as conn:
        people = [
            conn.execute(insert(tables.person).values(created_at=NOW).returning(tables.person.c.id)).scalar_one()
            for _ in range(2)
        ]
        for person, (channel, address) in zip(people, (("play", "w1"), ("telegram", "77")), strict=True):
            conn.execute(insert(tables.account).values(person_id=person, channel=channel, address=address))
            chat = {"person_id": person, "channel": channel, "address": address, "kind": "private"}
            conn.execute(insert(tables.chat).values(**chat))
    write(fresh, SMALL.replace("{play: w1}", "{play: w1, telegram: 77, web: ann}"))
    with fresh.read() as conn:
        assert [r["person_id"] for r in rows(conn, "staff")] == people[:1]
        assert {r["person_id"] for r in rows(conn, "account")} == {people[0]}
        assert {r["person_id"] for r in rows(conn, "chat") if r["kind"] == "private"} == {people[0]}


def test_an_account_bound_by_code_is_kept(fresh: Database) -> None:
    write(fresh, SMALL.replace(" accounts: {play: w1},", ""))
    with fresh.write() as conn:
        person = conn.execute(insert(tables.person).values(created_at=NOW).returning(tables.person.c.id)).scalar_one()
        conn.execute(update(tables.staff).values(person_id=person))
    write(fresh, SMALL.replace(" accounts: {play: w1},", "").replace("安然", "安心"))
    with fresh.read() as conn:
        assert [(r["person_id"], r["name"]) for r in rows(conn, "staff")] == [(person, "安心")]


def test_a_group_that_was_here_before_is_bound(fresh: Database) -> None:
    with fresh.write() as conn:
        conn.execute(insert(tables.chat).values(channel="play", address="group:g1", kind="group"))
    assert write(fresh, SMALL)["groups"] == (1, 1, 0)


@pytest.mark.parametrize("spoke_first", [False, True])
def test_a_group_the_platform_moved_is_still_the_one_of_the_file(database: Database, spoke_first: bool) -> None:
    text = SMALL.replace("play: g1", "telegram: -5")
    write(database, text)
    if spoke_first:  # something was said in the new group before we heard that it is the old one
        with database.write() as conn:
            people.chat_for(conn, "telegram", "-1005", kind="group", person_id=None)
    for _ in range(2):  # the platform says it in both groups
        with database.write() as conn:
            old = people.chat_for(conn, "telegram", "-5", kind="group", person_id=None)
            reach.move(conn, old.id, "-1005")
    assert write(database, text)["groups"] == (0, 0, 0)
    with database.read() as conn:
        bound = {r["address"]: (r["role"], r["state"]) for r in rows(conn, "chat") if r["area_id"]}
        assert bound == {"group:s1": ("staff", "open"), "-1005": ("residents", "open")}
        assert {r["address"] for r in rows(conn, "chat")} == {*bound, "-5"}


def test_an_area_that_moves_takes_its_subtree_along(fresh: Database) -> None:
    write(fresh, SMALL)
    grid = SMALL[SMALL.index("        areas:\n          - key: grid1") : SMALL.index("staff:")]
    moved = SMALL.replace(grid, "      - key: hamlet\n        name: 松塘新村\n" + grid)
    write(fresh, moved)
    with fresh.read() as conn:
        ids = areas(conn)
        paths = {row["key"]: row["path"] for row in rows(conn, "area")}
        assert paths["grid1/1号楼"] == f"/{ids['town']}/{ids['hamlet']}/{ids['grid1']}/{ids['grid1/1号楼']}/"


def test_points_from_paper_books_are_carried_over_once(fresh: Database) -> None:
    text = FULL.replace('code: "ab3456"', 'code: "ab3456", opening: 180')
    write(fresh, text)
    write(fresh, text.replace("opening: 180", "opening: 999"))
    with fresh.read() as conn:
        assert {r["key"]: r["balance"] for r in rows(conn, "ledger_account")}["household:h1"] == 180
        assert count(conn, tables.transfer) == 1


def test_what_organisers_opened_in_chat_is_not_the_files_to_close(fresh: Database) -> None:
    from storage import volunteers, volunteers_needs
    from storage.tables import activity, area, need

    write(fresh)
    with fresh.write() as conn:
        here = conn.execute(select(area.c.id).where(area.c.level == "community")).scalars().first()
        volunteers.add_activity(conn, key="chat/1", area_id=here, title="拔草", place="东门", active=True)
        volunteers_needs.open_need(conn, area_id=here, kind="need", title="换纱窗", at=NOW)
    write(fresh)
    with fresh.read() as conn:
        assert conn.execute(select(activity.c.active).where(activity.c.key == "chat/1")).scalar_one()
        assert conn.execute(select(need.c.state)).scalars().all() == ["open"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("name: 第一网格\n", "name: 第一网格\n            aliases: [老街]\n"),
        ("role: grid_worker, area: grid1", "role: grid_leader, area: grid1"),
        ("role: grid_worker, area: grid1", "role: grid_worker, area: village"),
        (
            "        areas:\n          - key: grid1",
            "      - key: hamlet\n        name: 松塘新村\n        areas:\n          - key: grid1",
        ),
    ],
)
def test_whatever_a_file_changes_is_noticed_by_who_keeps_it(database: Database, old: str, new: str) -> None:
    hamlet = "      - key: hamlet\n        name: 松塘新村\n"  # was there before the grid moved into it
    write(database, SMALL.replace("staff:", f"{hamlet}staff:") if "hamlet" in new else SMALL)
    with database.read() as conn:
        before = kept.version(conn)
    counts = write(database, SMALL.replace(old, new))
    with database.read() as conn:
        assert kept.version(conn) > before, counts
    assert not any(any(count) for count in write(database, SMALL.replace(old, new)).values())
