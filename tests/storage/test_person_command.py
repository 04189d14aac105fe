"""`linli person …` as staff type it, on both databases."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import insert, select
from typer.testing import CliRunner, Result

from bot.clock import now
from bot.commands.person import app
from bot.errors import Wrong
from storage import cases, codes, people, personal
from storage.database import Database
from storage.tables import audit, staff
from tests.storage.test_db_command import NOW, address

__all__ = ["address"]


@pytest.fixture
def person(database: Database, address: str) -> int:
    with database.write() as conn:
        one = people.person_for(conn, "play", "u1", NOW).id
        people.chat_for(conn, "play", "u1", kind="private", person_id=one)
        told = {"service": "lamp", "act": "complaint", "description": "楼道灯坏了", "place": "3号楼"}
        cases.open_case(conn, number="260302-1", person_id=one, origin_chat_id=None, data=told, now=NOW)
        personal.keep(conn, one, "phone", "13877776666", NOW)
        conn.execute(insert(staff), {"key": "d1", "name": "周敏", "active": True})
        return one


def linli_person(*words: str) -> Result:
    result = CliRunner().invoke(app, list(words))
    if isinstance(result.exception, Wrong):
        raise result.exception
    return result


def acts(database: Database) -> list[tuple[str, str]]:
    with database.read() as conn:
        return [(row.actor, row.action) for row in conn.execute(select(audit).order_by(audit.c.id))]


@pytest.mark.parametrize("who", ["260302-1", "13877776666"])
def test_export_by_case_or_phone_leaves_a_trace(database: Database, person: int, tmp_path: Path, who: str) -> None:
    file = tmp_path / "copy.json"
    assert linli_person("export", who, "--by", "d1", "--to", str(file)).exit_code == 0
    copy = json.loads(file.read_text("utf-8"))
    assert (copy["personal"]["phone"], copy["cases"][0]["description"]) == ("13877776666", "楼道灯坏了")
    assert file.stat().st_mode & 0o077 == 0
    assert acts(database) == [("staff:1", "person_export")]
    with pytest.raises(Wrong, match="free"):
        linli_person("export", who, "--by", "d1", "--to", str(file))


def test_erase_asks_first_then_withdraws_and_forgets(database: Database, person: int) -> None:
    assert linli_person("erase", "260302-1", "--by", "d1").exit_code == 1
    assert acts(database) == []
    assert "is erased" in linli_person("erase", "260302-1", "--by", "d1", "--yes").output
    with database.read() as conn:
        assert personal.read(conn, person) == {}
        id = cases.by_number(conn, "260302-1")
        assert id is not None and cases.load(conn, id).status == "withdrawn"
    assert ("staff:1", "person_erase") in acts(database)


def test_a_code_for_who_lost_the_old_account_leaves_a_trace(database: Database, person: int) -> None:
    plain = linli_person("code", "260302-1", "--by", "d1").output[:8]
    with database.read() as conn:
        row = codes.find(conn, plain, kind="account", now=now())
    assert row is not None and row.subject == {"person": person}
    assert acts(database) == [("staff:1", "person_code")]


def test_nobody_and_no_staff_are_said(person: int) -> None:
    with pytest.raises(Wrong, match="nobody has"):
        linli_person("export", "260302-9", "--by", "d1")
    with pytest.raises(Wrong, match="no active member of staff"):
        linli_person("export", "260302-1", "--by", "d9")
