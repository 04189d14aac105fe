"""The database itself: all or nothing, one writer, away said as away, a bug as a bug."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from storage import away, sequence
from storage.database import Away, Database
from storage.spelling import dumps
from storage.tables import sequence as table
from tests.support.databases import drop_postgresql, fresh_postgresql


def value(database: Database, name: str) -> int | None:
    with database.read() as conn:
        return conn.execute(select(table.c.value).where(table.c.name == name)).scalar_one_or_none()


def test_what_raises_leaves_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.write() as conn:
        sequence.next_number(conn, "a")
        1 / 0  # noqa: B018
    assert value(database, "a") is None


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files are looked at as Linux shows them")
def test_a_part_that_can_be_undone_is_kept_in_memory(tmp_path: Path) -> None:
    """SQLite puts what a part changes beside it, in a file from sixteen pages on: of every turn in a crowd."""
    database = Database.open(f"sqlite:///{tmp_path / 'parts.db'}", secret="a secret of the tests, 32 letters")
    database.upgrade()
    rows = [{"name": f"{n}" * 200, "value": n} for n in range(1000)]
    with database.write() as conn:
        conn.execute(table.insert(), rows)
    with database.write() as conn:
        for _ in range(2):
            with database.part(conn):
                conn.execute(table.update().values(value=table.c.value + 1))
        beside = [file.readlink().name for file in Path("/proc/self/fd").iterdir() if file.is_symlink()]
        assert [name for name in beside if "etilqs" in name] == []
    assert value(database, "7" * 200) == 9
    database.close()


def test_a_savepoint_gives_back_only_its_own(database: Database) -> None:
    with database.write() as conn:
        sequence.next_number(conn, "kept")
        with pytest.raises(ZeroDivisionError), conn.begin_nested():
            sequence.next_number(conn, "lost")
            1 / 0  # noqa: B018
        sequence.next_number(conn, "kept")
    assert (value(database, "kept"), value(database, "lost")) == (2, None)


def test_a_disk_that_is_full_in_one_part_keeps_nothing_of_any(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path / 'a.db'}", durable=False)
    with database.write() as conn:
        conn.execute(text("CREATE TABLE kept (what BLOB)"))
    with database.write() as conn:
        pages = conn.execute(text("PRAGMA page_count")).scalar_one()
        conn.execute(text(f"PRAGMA max_page_count={pages + 20}"))
    with pytest.raises(Away), database.write() as conn:
        with database.part(conn):
            conn.execute(text("INSERT INTO kept VALUES ('first')"))
        with database.part(conn):
            conn.execute(text("INSERT INTO kept VALUES (zeroblob(3000000))"))
        raise AssertionError("the first part is gone, and nobody was told")
    with database.write() as conn:
        assert conn.execute(text("SELECT count(*) FROM kept")).scalar_one() == 0
        conn.execute(text("INSERT INTO kept VALUES ('third')"))
    database.close()


def test_numbers_are_one_two_three_whoever_asks(database: Database) -> None:
    def ask(_: int) -> int:
        with database.write() as conn:
            return sequence.next_number(conn, "case:20260302")

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(ask, range(40))) == list(range(1, 41))


def test_a_reader_sees_one_state_and_does_not_wait_for_the_writer(database: Database) -> None:
    with database.write() as conn:
        sequence.next_number(conn, "a")
        assert value(database, "a") is None
    assert value(database, "a") == 1


def test_a_lock_is_held_to_the_end_of_the_transaction(database: Database) -> None:
    inside, order = threading.Event(), []

    def second() -> None:
        inside.wait(10)
        with database.write() as conn:
            database.lock(conn, "person:1")
            order.append("second")

    thread = threading.Thread(target=second)
    thread.start()
    with database.write() as conn:
        database.lock(conn, "person:1")
        database.lock(conn, "person:1")
        inside.set()
        thread.join(0.2)
        assert thread.is_alive()
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]


def test_writing_inside_writing_is_a_bug_on_sqlite(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path / 'a.db'}")
    with database.write(), pytest.raises(RuntimeError, match="already writing"), database.write():
        pass
    database.close()


def test_an_error_in_a_statement_is_not_away(database: Database) -> None:
    for statement in ("SELECT * FROM nothing", "SELEKT 1"):
        with pytest.raises(DBAPIError), database.write() as conn:
            conn.execute(text(statement))
    database.ping()


@pytest.mark.parametrize(
    "url", ["postgresql://nobody@127.0.0.1:1/none", "sqlite:////no/such/folder/a.db"], ids=["postgresql", "sqlite"]
)
def test_what_cannot_be_reached_is_away(url: str) -> None:
    database = Database.open(url)
    with pytest.raises(Away):
        database.upgrade()
    with pytest.raises(Away):
        database.ping()
    with pytest.raises(Away), database.write():
        pass
    database.close()


def test_a_connection_cut_in_the_middle_is_away_and_the_next_one_works() -> None:
    url = fresh_postgresql(upgraded=True)
    database = Database.open(url)
    with pytest.raises(Away), database.write() as conn:
        sequence.next_number(conn, "a")
        mine = conn.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with database.read() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": mine})
        sequence.next_number(conn, "a")
    assert value(database, "a") is None
    with database.write() as conn:
        assert sequence.next_number(conn, "a") == 1
    database.close()
    drop_postgresql(url)


def test_two_that_wait_for_each_other_are_not_away() -> None:
    url = fresh_postgresql(upgraded=True)
    database, both = Database.open(url), threading.Barrier(2)
    with database.write() as conn:
        for name in ("a", "b"):
            sequence.next_number(conn, name)

    def count(first: str, second: str) -> str:
        try:
            with database.write() as conn:
                sequence.next_number(conn, first)
                both.wait(30)
                sequence.next_number(conn, second)
        except Away as error:
            return type(error).__name__
        return "done"

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(count, "ab", "ba"))
    assert sorted(told) == ["Undone", "done"] and value(database, "a") == value(database, "b") == 2
    database.close()
    drop_postgresql(url)


def test_another_process_writes_in_turn(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'shared.db'}"
    database = Database.open(url)
    database.upgrade()
    script = (
        "import sys; from storage.database import Database; from storage import sequence\n"
        "database = Database.open(sys.argv[1])\n"
        "for _ in range(100):\n"
        "    with database.write() as conn: sequence.next_number(conn, 'a')\n"
    )
    other = subprocess.Popen([sys.executable, "-c", script, url])
    for _ in range(100):
        with database.write() as conn:
            sequence.next_number(conn, "a")
    assert other.wait(60) == 0
    assert value(database, "a") == 200
    database.close()


def test_sqlite_is_durable_and_checks_references(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path / 'a.db'}")
    found = {}
    with database.read() as conn:
        for pragma in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout"):
            found[pragma] = conn.execute(text(f"PRAGMA {pragma}")).scalar_one()
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30000}
    database.close()


def test_a_temporary_database_goes_with_close() -> None:
    database = Database.open("sqlite://", durable=False)
    database.upgrade()
    path = Path(database.engine.url.database or "")
    assert path.is_file()
    database.close()
    assert not path.parent.exists()


def test_only_two_kinds_of_database() -> None:
    with pytest.raises(ValueError, match="sqlite:///path or postgresql://"):
        Database.open("mysql://localhost/a")


def test_upgrading_needs_no_alembic_unless_something_changes(tmp_path: Path) -> None:
    script = (
        "import sys; from storage.database import Database\n"
        "database = Database.open(sys.argv[1]); database.upgrade(); database.upgrade()\n"
        "assert database.check() == []\n"
        "assert 'alembic' not in sys.modules, 'it takes a second to import'\n"
    )
    subprocess.run([sys.executable, "-c", script, f"sqlite:///{tmp_path / 'a.db'}"], check=True)


def test_two_that_start_together_upgrade_once(database_url: str) -> None:
    both = [Database.open(database_url) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(Database.upgrade, both))
    for database in both:
        assert database.check() == []
        database.close()


def test_check_names_a_lost_reference(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path / 'a.db'}")
    database.upgrade()
    with sqlite3.connect(tmp_path / "a.db") as raw:
        raw.execute("INSERT INTO area_alias (area_id, alias) VALUES (99, 'x')")
    assert database.check() == ["area_alias row 1 refers to a row of area that is not there"]
    database.close()


def test_equal_values_are_spelt_alike() -> None:
    assert dumps({"b": 1, "a": "好"}) == dumps({"a": "好", "b": 1}) == '{"a":"好","b":1}'
    assert dumps("\ud800") == '"\\ud800"'


def test_who_begins_to_write_has_the_file_from_the_beginning(tmp_path: Path) -> None:
    """Not only from the first change on: what is decided by what was read would rest on another's old state."""
    one, two = (Database.open(f"sqlite:///{tmp_path / 'linli.db'}") for _ in range(2))
    one.upgrade()
    with two.write() as conn:
        conn.execute(text("PRAGMA busy_timeout = 20"))
    with one.write() as conn:
        conn.execute(text("SELECT count(*) FROM person")).scalar_one()
        with pytest.raises(Away), two.write() as other:
            other.execute(text("DELETE FROM person"))
    one.close()
    two.close()


def test_a_statement_that_takes_too_long_is_no_outage() -> None:
    address = fresh_postgresql(upgraded=True)
    database = Database.open(address)
    with pytest.raises(DBAPIError), database.write() as conn:
        conn.execute(text("SET LOCAL statement_timeout = 1"))
        conn.execute(text("SELECT pg_sleep(9)"))
    assert database.refused() == ""
    database.close()
    drop_postgresql(address)


def test_a_server_that_may_only_be_read_is_away_until_it_takes_something_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another server leads now: nobody has to write to find out that it goes on so, nor that it is over."""
    address = fresh_postgresql(upgraded=True)
    database = Database.open(address)
    monkeypatch.setattr(away, "LATELY", 0.0)
    _let_write(database, "on")
    with pytest.raises(Away, match="ReadOnly"), database.write() as conn:
        conn.execute(text("DELETE FROM person"))
    database.ping()
    assert database.refused() == "ReadOnlySqlTransaction" == database.refused()
    _let_write(database, "off")
    assert database.refused() == ""
    database.close()
    drop_postgresql(address)


def _let_write(database: Database, read_only: str) -> None:
    name = database.engine.url.database
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(text("SET default_transaction_read_only = off"))
        conn.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = {read_only}"))
    database.engine.dispose()
