"""What only an import changes is kept in the process, and seen anew in the transaction after anybody's import."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, insert, update

from storage import community, kept, volunteers
from storage.database import Database
from storage.tables import area


@pytest.fixture
def other(database: Database) -> Iterator[Database]:
    """Another process."""
    opened = Database.open(database.engine.url.render_as_string(hide_password=False))
    yield opened
    opened.close()


def said(conn: Connection, id: int) -> object:
    return community.options(conn, id).get("digest_at")


def place(database: Database, digest_at: str) -> int:
    with database.write() as conn:
        row = {"key": "c", "level": "community", "name": "幸福社区", "path": "/1/", "options": {"digest_at": digest_at}}
        id: int = conn.execute(insert(area).values(**row).returning(area.c.id)).scalar_one()
        conn.execute(update(area).values(path=f"/{id}/"))
        kept.changed(conn)
    return id


def test_what_another_process_imports_is_seen_in_the_next_transaction(database: Database, other: Database) -> None:
    id = place(database, "08:00")
    with other.read() as conn:
        assert said(conn, id) == "08:00"
    with database.write() as conn:
        conn.execute(update(area).values(options={"digest_at": "09:00"}))
        kept.changed(conn)
        assert said(conn, id) == "09:00"
        with other.read() as before:
            assert said(before, id) == "08:00", "not committed yet"
    for each in (database, other):
        with each.read() as conn:
            assert said(conn, id) == "09:00"


def test_an_activity_of_another_process_is_heard_by_its_title_and_no_more_when_called_off(
    database: Database, other: Database, now: datetime
) -> None:
    here, tomorrow = place(database, "08:00"), now + timedelta(days=1)

    def titles(of: Database, at: datetime) -> list[str]:
        with of.read() as conn:
            return volunteers.titles(conn, at, here)

    assert titles(other, now) == titles(database, now) == []
    with database.write() as conn:
        what = volunteers.add_activity(conn, key="k", area_id=here, title="拔草", place="东门", active=True)
        made = volunteers.add_shift(conn, "s", what, tomorrow, tomorrow + timedelta(hours=2), 3)
    assert titles(other, now) == titles(database, now) == ["拔草"]
    assert titles(other, tomorrow) == [], "it has begun"
    assert titles(other, now) == ["拔草"], "a clock was put back"
    with database.write() as conn:
        assert made
        volunteers.call_off(conn, made)
    assert titles(other, now) == titles(database, now) == []


def test_what_is_taken_back_was_never_kept(database: Database) -> None:
    id = place(database, "08:00")
    with pytest.raises(RuntimeError), database.write() as conn:
        kept.changing(conn)
        conn.execute(update(area).values(options={"digest_at": "09:00"}))
        assert said(conn, id) == "09:00"
        kept.changed(conn)
        raise RuntimeError
    with database.read() as conn:
        assert said(conn, id) == "08:00"


def test_it_is_read_once(database: Database) -> None:
    id = place(database, "08:00")
    reads: list[int] = []

    def load() -> int:
        reads.append(id)
        return len(reads)

    for _ in range(2):
        with database.read() as conn:
            assert kept.kept(conn, "x", load) == kept.kept(conn, "x", load) == 1


def test_a_transaction_that_changes_it_keeps_nothing_even_for_another_one(database: Database) -> None:
    rows = iter(range(9))  # what stands there is another each time
    for read in ([0, 1], [2, 3]):  # the first to look in this process
        with pytest.raises(ZeroDivisionError), database.write() as conn:
            kept.changing(conn)
            assert [kept.kept(conn, "x", lambda: next(rows)) for _ in range(2)] == read
            raise ZeroDivisionError
    with database.read() as conn:
        assert [kept.kept(conn, "x", lambda: next(rows)) for _ in range(2)] == [4, 4]
