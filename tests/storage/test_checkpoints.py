"""SQLite's log goes into the file while nobody waits for it, and what was committed is there with and without it."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert

from storage import checkpoints
from storage.checkpoints import Checkpoints
from storage.database import Database
from storage.tables import sequence


@pytest.fixture
def durable(tmp_path: Path) -> Iterator[Database]:
    opened = Database.open(f"sqlite:///{tmp_path / 'linli.db'}")
    opened.upgrade()
    yield opened
    opened.close()


def count(database: Database, name: str) -> None:
    with database.write() as conn:
        conn.execute(insert(sequence).values(name=name, value=1))


def in_the_file(tmp_path: Path) -> set[str]:
    """What stands in the file by itself, without its log."""
    shutil.copy(tmp_path / "linli.db", tmp_path / "copy.db")
    with sqlite3.connect(tmp_path / "copy.db") as conn:
        return {row[0] for row in conn.execute("SELECT name FROM sequence")}


def test_what_was_committed_comes_into_the_file_by_itself(
    durable: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = threading.Event()

    class Watched(Checkpoints):
        def _checkpoint(self) -> None:
            super()._checkpoint()
            done.set()

    monkeypatch.setattr(checkpoints, "SOON", 600)
    assert durable._checkpoints is not None
    durable._checkpoints.close()
    durable._checkpoints = Watched(str(tmp_path / "linli.db"), durable._one_writer)
    Checkpoints._checkpoint(durable._checkpoints)
    monkeypatch.setattr(checkpoints, "MANY", 2)
    count(durable, "a")
    assert "a" not in in_the_file(tmp_path)
    count(durable, "b")
    assert done.wait(30) and in_the_file(tmp_path) >= {"a", "b"}


def test_a_file_that_cannot_be_had_stops_nobody(durable: Database, tmp_path: Path) -> None:
    assert durable._checkpoints is not None
    Checkpoints(str(tmp_path / "nowhere" / "linli.db"), durable._one_writer)._checkpoint()
    count(durable, "a")


def test_a_database_nobody_would_miss_has_no_thread_for_it(tmp_path: Path) -> None:
    opened = Database.open(f"sqlite:///{tmp_path / 'linli.db'}", durable=False)
    assert opened._checkpoints is None
    opened.close()
