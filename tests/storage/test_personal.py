"""Personal fields: readable with the key, found by value, gone with the key."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import insert, select, update

from storage import personal
from storage.database import Database
from storage.tables import person
from storage.tables import personal as table


def somebody(database: Database, now: datetime) -> int:
    with database.write() as conn:
        return conn.execute(insert(person).returning(person.c.id), {"created_at": now}).scalar_one()


def keep(database: Database, now: datetime, who: int, field: str, value: str) -> None:
    with database.write() as conn:
        personal.keep(conn, who, field, value, now)


def read(database: Database, who: int) -> dict[str, str]:
    with database.read() as conn:
        return personal.read(conn, who)


def test_kept_replaced_and_found(database: Database, now: datetime) -> None:
    wang, li = somebody(database, now), somebody(database, now)
    keep(database, now, wang, "phone", "13800000000")
    keep(database, now, wang, "phone", "13900000000")
    keep(database, now, wang, "name", "王大妈")
    keep(database, now, li, "phone", "13900000000")
    assert read(database, wang) == {"phone": "13900000000", "name": "王大妈"}
    with database.read() as conn:
        assert personal.find(conn, "phone", "13900000000") == [wang, li]
        assert personal.find(conn, "phone", "13800000000") == []
        assert personal.find(conn, "name", "13900000000") == []


def test_nothing_readable_lies_in_the_table(database: Database, now: datetime) -> None:
    who = somebody(database, now)
    keep(database, now, who, "phone", "13800000000")
    with database.read() as conn:
        row = conn.execute(select(table.c.value, table.c.lookup)).one()
        key = conn.execute(select(person.c.key)).scalar_one()
    for cell in (*row, key):
        assert b"13800000000" not in cell


def test_erased_is_gone_even_from_a_copy_of_the_rows(database: Database, now: datetime) -> None:
    who = somebody(database, now)
    keep(database, now, who, "phone", "13800000000")
    with database.read() as conn:
        copy = dict(conn.execute(select(table)).mappings().one())
    with database.write() as conn:
        personal.erase(conn, who, now)
        assert conn.execute(select(person.c.key, person.c.erased_at)).one() == (None, now)
        conn.execute(insert(table), copy)
    assert read(database, who) == {}
    keep(database, now, who, "name", "王")  # somebody who comes back
    with pytest.raises(InvalidTag):
        read(database, who)


def test_a_field_of_one_person_opens_for_no_other(database: Database, now: datetime) -> None:
    wang, li = somebody(database, now), somebody(database, now)
    keep(database, now, wang, "phone", "1")
    keep(database, now, li, "phone", "2")
    with database.write() as conn:
        theirs = conn.execute(select(table.c.value).where(table.c.person_id == wang)).scalar_one()
        conn.execute(update(table).where(table.c.person_id == li).values(value=theirs))
        key = conn.execute(select(person.c.key).where(person.c.id == wang)).scalar_one()
        conn.execute(update(person).where(person.c.id == li).values(key=key))
    with pytest.raises(InvalidTag):
        read(database, li)


def test_two_first_fields_at_once_share_one_key(database: Database, now: datetime) -> None:
    who = somebody(database, now)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda i: keep(database, now, who, f"f{i}", str(i)), range(8)))
    assert read(database, who) == {f"f{i}": str(i) for i in range(8)}
