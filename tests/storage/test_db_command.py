"""`linli db …` as an operator types it, on both databases."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError
from typer.testing import CliRunner, Result

from bot.commands.db import app
from bot.errors import Wrong
from storage import citus, codes, due, inbox, ledger, outbox, overview
from storage.database import Database
from storage.tables import area, chat, metadata
from tests.support.databases import SECRET, drop_postgresql, fresh_postgresql

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def address(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    url = database.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
    monkeypatch.setenv("LINLI_DATABASE_URL", url)
    monkeypatch.setenv("LINLI_SECRET", SECRET)
    return url


def linli_db(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def test_upgrade_check_and_verify_a_sound_database(database: Database, address: str) -> None:
    assert linli_db("upgrade").exit_code == 0
    for command, told in (("check", "sound"), ("verify", "adds up")):
        result = linli_db(command)
        assert (result.exit_code, told in result.output) == (0, True)


def test_verify_says_what_is_wrong_and_exits_with_1(database: Database, address: str) -> None:
    with database.write() as conn:
        ledger.post(conn, key="a", source="issuer:a", target="household:a", points=5, by="x", now=NOW)
        conn.execute(text("UPDATE ledger_account SET balance = 6 WHERE key = 'household:a'"))
    result = linli_db("verify")
    assert result.exit_code == 1
    assert "account household:a: balance 6, but its transfers add up to 5" in result.output


def test_dead_letters_are_listed_without_words_and_replayed(database: Database, address: str) -> None:
    with database.write() as conn:
        row = {"channel": "test", "address": "u1", "kind": "private"}
        chat_id = conn.execute(insert(chat).returning(chat.c.id), row).scalar_one()
        for key in ("a", "b"):
            id = inbox.accept(conn, channel="test", key=key, conversation=key, payload={"text": "secret"}, now=NOW)
            inbox.dead(conn, id or 0, "KeyError")
            id = outbox.put(conn, chat_id=chat_id, kind="say", lane=1, payload={"text": "secret"}, now=NOW)
            outbox.failed(conn, id or 0, reason="blocked")
    listed = linli_db("dead").output
    assert [line.split()[:2] for line in listed.splitlines()] == [
        ["inbox", "2"],
        ["inbox", "1"],
        ["outbox", "2"],
        ["outbox", "1"],
        ["due:", "none"],
    ]
    assert "secret" not in listed and "KeyError" in listed and "blocked" in listed
    assert linli_db("replay", "inbox", "1", "99").output == "1 of 2 will be tried again.\n"
    assert linli_db("replay", "inbox", "--all").output == "1 of 1 will be tried again.\n"
    assert linli_db("replay", "outbox", "--all").output == "2 of 2 will be tried again.\n"
    assert linli_db("dead").output == "inbox: none\noutbox: none\ndue: none\n"
    assert isinstance(linli_db("replay", "inbox").exception, Wrong)


def test_a_backup_is_the_database_in_one_file(database: Database, address: str, tmp_path: Path) -> None:
    with database.write() as conn:
        child = {"key": "g", "level": "grid", "name": "一网格", "path": "/2/1/"}
        conn.execute(insert(area), child)
        conn.execute(insert(area), {"key": "c", "level": "community", "name": "幸福社区", "path": "/2/"})
        conn.execute(text("UPDATE area SET parent_id = 2 WHERE id = 1"))  # refers to a later row
        for i in range(30):
            ledger.post(conn, key=f"k{i}", source="issuer:a", target="household:a", points=5, by="x", now=NOW)
        plain = codes.issue(conn, kind="staff", subject={"人": 1}, now=NOW, lifetime=timedelta(hours=1))
    copy = tmp_path / "copy.db"
    result = linli_db("backup", str(copy))
    assert result.exit_code == 0, result.output
    assert copy.stat().st_mode & 0o077 == 0
    assert sorted(path.name for path in tmp_path.glob("copy*")) == ["copy.db"]
    restored = Database.open(f"sqlite:///{copy}", secret=SECRET)
    with database.read() as old, restored.read() as new:
        for table in metadata.sorted_tables:
            order = list(table.primary_key) or list(table.c)[:2]
            assert (
                old.execute(select(table).order_by(*order)).all() == new.execute(select(table).order_by(*order)).all()
            ), table.name
        assert codes.find(new, plain, kind="staff", now=NOW) is not None
    assert restored.check() == []
    assert linli_db("verify", "--database", f"sqlite:///{copy}").exit_code == 0
    restored.close()
    again = linli_db("backup", str(copy))
    assert isinstance(again.exception, Wrong)
    (tmp_path / "folder").mkdir()
    assert linli_db("backup", str(tmp_path / "folder")).exit_code == 0
    assert [path.name[:8] for path in (tmp_path / "folder").iterdir()] == ["linli-20"], "named by the moment"


def test_a_copied_postgresql_goes_on_counting_where_it_was(database: Database, address: str, tmp_path: Path) -> None:
    with database.write() as conn:
        first = inbox.accept(conn, channel="test", key="a", conversation="a", payload={}, now=NOW)
    linli_db("backup", str(tmp_path / "copy.db"))
    restored = Database.open(f"sqlite:///{tmp_path / 'copy.db'}", secret=SECRET)
    with restored.write() as conn:
        second = inbox.accept(conn, channel="test", key="b", conversation="a", payload={}, now=NOW)
    assert second is not None and first is not None and second > first
    restored.close()


def test_forget_empties_old_words(database: Database, address: str) -> None:
    with database.write() as conn:
        id = inbox.accept(
            conn, channel="test", key="a", conversation="a", payload={"text": "x"}, now=NOW - timedelta(9999)
        )
        inbox.done(conn, id or 0, NOW - timedelta(9999))
    result = linli_db("forget")
    assert result.output.startswith("inbox 2, outbox 0"), "emptied, and then old enough to go"
    with database.read() as conn:
        assert inbox.dead_letters(conn, 5) == []


@pytest.mark.parametrize("url", ["sqlite:////no/such/folder/a.db", "postgresql://nobody:geheim@127.0.0.1:1/x"])
def test_a_database_that_is_away_is_said_in_words(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LINLI_SECRET", SECRET)
    for command in (["check"], ["upgrade"], ["verify"], ["dead"], ["backup", "x.db"], ["forget"]):
        wrong = linli_db(*command, "--database", url).exception
        assert isinstance(wrong, Wrong), command
        assert "can't be reached" in str(wrong) and "geheim" not in str(wrong)
    assert isinstance(linli_db("check", "--database", "mysql://x").exception, Wrong)


def test_a_damaged_file_is_not_sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LINLI_SECRET", SECRET)
    database = Database.open("sqlite:///a.db")
    database.upgrade()
    database.close()
    with sqlite3.connect("a.db") as raw:
        raw.execute("PRAGMA journal_mode=DELETE")
        raw.execute("INSERT INTO area_alias (area_id, alias) VALUES (99, 'x')")
    result = linli_db("check", "--database", "sqlite:///a.db")
    assert (result.exit_code, "area_alias row 1" in result.output) == (1, True)


def test_what_the_clock_could_not_do_is_listed_and_done_again(database: Database, address: str) -> None:
    with database.write() as conn:
        due.schedule(conn, kind="digest", key="k", at=NOW, subject={}, late="fine")
        conn.execute(text("UPDATE due SET state = 'dead', tries = 5, result = 'KeyError'"))
    assert "due 1" in (listed := linli_db("dead").output) and "KeyError" in listed
    assert "1 of 1" in linli_db("replay", "due", "1").output
    assert "due: none" in linli_db("dead").output


def test_a_server_without_citus_is_left_as_it_is() -> None:
    printed = linli_db("citus").output
    assert printed.startswith(f"{citus.THERE};\nALTER TABLE"), "before anything is taken away"
    address = fresh_postgresql(upgraded=True)
    database = Database.open(address)
    with pytest.raises(DBAPIError, match="no extension citus"), database.write() as conn:
        conn.execute(text(citus.THERE))
    database.close()
    drop_postgresql(address)


def test_what_waits_for_the_morning_is_told_apart(database: Database) -> None:
    with database.write() as conn:
        conn.execute(insert(chat).values(id=1, channel="web", address="u1", kind="private"))
        for hours in (0, 8, 9):
            at = NOW + timedelta(hours=hours)
            outbox.put(conn, chat_id=1, kind="say", lane=2, payload={"text": "x"}, now=NOW, not_before=at)
        assert ("outbox new", "3, 2 of them for later") in overview.rows(conn, NOW)
