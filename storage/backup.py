"""A copy of the whole database in one SQLite file, taken while the assistant runs."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, insert, select, text

from storage import schema
from storage.away import reason
from storage.database import Database
from storage.tables import metadata

_AT_ONCE = 1000  # rows


class Older(Exception):
    """The tables are not those of this code: rows can't be copied, only pages."""


def backup(database: Database, path: Path) -> None:
    """Write the copy to a new file, readable by its owner only. Raises FileExistsError, OSError, Older, Away.

    SQLite copies its pages; from PostgreSQL the rows are copied, as one transaction sees them. `linli` with
    LINLI_DATABASE_URL=sqlite:///that-file runs on either.
    """
    if path.exists():
        raise FileExistsError(path)
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    try:
        if database.dialect == "sqlite":
            _copy_pages(database, part)
        else:
            _copy_rows(database, part)
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)


def _copy_pages(database: Database, path: Path) -> None:
    with database.read() as conn, closing(sqlite3.connect(path)) as copy:
        source = conn.connection.driver_connection
        assert isinstance(source, sqlite3.Connection)
        try:
            source.backup(copy)
        except sqlite3.Error as error:  # of the copy: what is copied was read already
            raise OSError(reason(error)) from error


def _copy_rows(database: Database, path: Path) -> None:
    copy = Database.open(f"sqlite:///{path}")
    try:
        copy.upgrade()
        with database.read() as source, copy.write() as target:
            source.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))  # one state from first to last row
            if schema.version(source) != schema.HEAD:
                raise Older
            target.execute(text("PRAGMA defer_foreign_keys=ON"))  # rows may refer to later rows of their table
            _copy_tables(source, target)
    finally:
        copy.close()
    with sqlite3.connect(path) as raw:  # one file: nothing may stay behind in the log beside it
        raw.execute("PRAGMA journal_mode=DELETE")
    raw.close()


def _copy_tables(source: Connection, target: Connection) -> None:
    for table in metadata.sorted_tables:
        rows = source.execution_options(yield_per=_AT_ONCE).execute(select(table)).mappings()
        for some in rows.partitions(_AT_ONCE):
            target.execute(insert(table), [dict(row) for row in some])
