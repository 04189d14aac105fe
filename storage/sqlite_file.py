"""How a SQLite file is opened: WAL, and what each connection is told first."""

from __future__ import annotations

import sqlite3
import time
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL

from storage.checkpoints import BACKSTOP
from storage.spelling import loads


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
