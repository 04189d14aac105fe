"""Where each table lies when one PostgreSQL is too small, and that every hot statement says on which server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import PrimaryKeyConstraint, UniqueConstraint, event, select
from sqlalchemy.exc import DBAPIError

from bot.app import DEMO
from storage import cases, citus, people, spread
from storage.database import Database
from storage.desk import member
from storage.desk_list import Filters
from storage.desk_list import cases as listed
from storage.keyed import CARRIES
from storage.spread import DISTRIBUTED, LOCAL, REFERENCE, SLOTS, STAYS_UNIQUE
from storage.tables import account, area, case, metadata, staff
from tests.support.citus import many_servers, without_key
from tests.support.stage import ROOM, Stage, on_stage

# What is asked of all servers, and why; the list may only get shorter. By the beginning of each.
ACROSS = {
    "SELECT inbox.id, inbox.channel, inbox.key, inbox.conversation": "what came in is looked for; taken by its key",
    "SELECT outbox.id, outbox.chat_id, chat.channel": "the same of what is to be sent",
    "SELECT min(CASE WHEN (inbox.lease_until": "play's clock only: when the next thing comes",
    "SELECT min(CASE WHEN (outbox.lease_until": "play's clock only",
    "SELECT account.id, account.channel, account.address, account.person_id, chat.id": "where else one person reads",
    "SELECT card.chat_id FROM card WHERE card.kind": "in which chats a case is shown, when it ends",
    "SELECT case_.id, case_.runs_out AS key, case_.number FROM case_ WHERE case_.owner_id": "what somebody owns",
    "SELECT case_.id, case_.runs_out AS key, case_.number FROM case_ WHERE case_.id IN": "where they were asked along",
    "SELECT case_.number, case_.service, case_.opened_at, case_.resolve_due, case_.owner_id": "a morning's digest",
    "SELECT case_.id, case_.number, case_.area_id FROM case_ JOIN area": "a morning's digest: kept from whom",
}


def test_every_table_is_named_once() -> None:
    named = [*DISTRIBUTED, *(t for some in (*REFERENCE.values(), *LOCAL.values()) for t in some)]
    assert sorted(named) == sorted(metadata.tables)


def test_every_spread_table_has_its_key_in_all_that_is_unique() -> None:
    """After the statements are said: a number alone is unique only where it is told why that holds."""
    said = "\n".join(citus.statements())
    for name, by in DISTRIBUTED.items():
        table = metadata.tables[name]
        assert not table.c[by.column].nullable, name
        assert by.beside is None or DISTRIBUTED[by.beside].column == by.column
        for each in table.constraints:
            if isinstance(each, PrimaryKeyConstraint | UniqueConstraint) and by.column not in each.columns:
                assert not each.columns or f"DROP CONSTRAINT {each.name}, ADD CONSTRAINT {each.name}" in said
                columns = ", ".join(each.columns.keys())
                if isinstance(each, UniqueConstraint) and not {"case_id"} & {*each.columns.keys()}:
                    assert (name, columns) in STAYS_UNIQUE
    assert {name for name, by in DISTRIBUTED.items() if by.column == "spread"} == set(CARRIES)


def test_a_case_lies_where_its_community_does(database: Database) -> None:
    with database.write() as conn:
        for n, (id, level, path) in enumerate([(5, "city", "/5/"), (1029, "community", "/5/1029/")]):
            row = {"id": id, "key": f"a{n}", "level": level, "name": level, "path": path}
            conn.execute(area.insert().values(row))
        conn.execute(area.insert().values(id=1030, key="g", level="grid", name="grid", path="/5/1029/1030/"))
        now = datetime(2026, 3, 2, tzinfo=UTC)
        who = people.person_for(conn, "play", "u1", now).id
        ids = []
        for n, where in enumerate((1030, 1029, 5, None, 1030)):
            data = {"service": "street_light", "description": "灯坏了", "area": where}
            made = cases.open_case(conn, number=f"n{n}", person_id=who, origin_chat_id=None, data=data, now=now)
            ids.append(made.id)
        assert [spread.slot_of(id) for id in ids] == [5, 5, 5, 0, 5]
        assert ids == sorted(ids) and len(set(ids)) == 5
        assert all(row.id % SLOTS == row.spread for row in conn.execute(select(case.c.id, case.c.spread)))


def test_citus_rules_refuse_the_tables_as_they_are_on_one_server() -> None:
    """The stand-in refuses what Citus does: a statement of the list left out is missed."""
    for left_out in ("pk_case_event", "DROP TRIGGER", "fk_case_event_case_id", "create_reference_table('area')"):
        refused = pytest.raises(DBAPIError, match=r"unique|trigger|depend|elsewhere|every server")
        with refused, many_servers(leaving_out=left_out):
            pass


@pytest.fixture(scope="module")
def heard() -> Iterator[tuple[Stage, set[str]]]:
    """A case from the first word to its end, told and handled, on tables that are spread."""
    with many_servers() as url, on_stage(DEMO, url) as stage:
        said = set[str]()
        note = event.listens_for(stage.world.database.engine, "before_cursor_execute")
        note(lambda _c, _u, text, *_: said.add(text))
        stage.report()
        stage.say("u1", "我的诉求")
        stage.press("w1", "接单", ROOM)
        stage.press("w1", "办结", ROOM)
        stage.press("w1", "已办结", ROOM)
        stage.say("w1", "换了灯泡", ROOM)
        stage.press("u1", "满意")
        stage.tick("2026-01-26T09:30:00+08:00")
        with stage.world.database.read() as conn:
            worker = select(staff.c.id).join(account, account.c.person_id == staff.c.person_id)
            who = member(conn, conn.execute(worker.where(account.c.address == "w1")).scalar_one())
            assert who is not None
            listed(conn, who, Filters(), stage.player.channel.now)
            mine = cases.mine(
                conn, conn.execute(select(account.c.person_id).where(account.c.address == "u1")).scalar_one()
            )
            assert [cases.load(conn, id).status for id in mine] == ["closed"]
        yield stage, said


def test_every_hot_statement_says_where(heard: tuple[Stage, set[str]]) -> None:
    _, said = heard
    assert len(said) > 80
    across = {" ".join(one.split()): found for one in said if (found := without_key(one))}
    assert {one: found for one, found in across.items() if not one.startswith(tuple(ACROSS))} == {}
    assert {begins for begins in ACROSS if not any(one.startswith(begins) for one in across)} == set(), "take it out"
    assert not [one for one in across if re.search("FOR UPDATE|^(INSERT|UPDATE|DELETE)", one)], "may not ask them all"
