"""How a SQLite file is opened: WAL, and what each connection is told first."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL

from storage.checkpoints import BACKSTOP
from storage.spelling import loads

MAGIC = b"SQLite format 3\0"  # https://www.sqlite.org/fileformat.html, the first bytes


def engine(address: URL, options: dict[str, Any], *, durable: bool) -> Engine:
    # isolation_level=None: the driver begins nothing by itself; `_begin` does.
    connect = {"isolation_level": None, "check_same_thread": False, "timeout": 30, "cached_statements": 512}
    made = create_engine(
        address, connect_args=connect, pool_size=10, max_overflow=20, json_deserializer=loads, **options
    )

    @event.listens_for(made, "connect")
    def _pragmas(connection: sqlite3.Connection, _: object) -> None:
        _into_wal(connection)
        synchronous, log = ("FULL", BACKSTOP) if durable else ("OFF", 1000)
        for pragma in (
            f"synchronous={synchronous}",
            f"wal_autocheckpoint={log}",
            "foreign_keys=ON",
            "busy_timeout=30000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    return made


def may_be(file: Path) -> bool:
    """Whether it is a SQLite file, or may become one: it is not there, or empty."""
    try:
        with file.open("rb") as opened:
            return opened.read(len(MAGIC)) in (b"", MAGIC)
    except OSError:  # said when it is opened as a database
        return True


def _into_wal(connection: sqlite3.Connection) -> None:
    """Put the file into WAL mode, which stays. Two that start on a fresh file meet here, and SQLite tells the second
    "locked" at once: this change of mode does not wait for busy_timeout."""
    for _ in range(600):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            time.sleep(0.05)
    connection.execute("PRAGMA journal_mode=WAL")
