"""The database, SQLite or PostgreSQL: connections, transactions, the one writer. What away means: storage/away.py."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection, Engine, bindparam, create_engine, func, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.types import BigInteger

from storage import citus, failpoints, schema, sqlite_file
from storage.away import Away as Away
from storage.away import Refusals, away, reason
from storage.away import Undone as Undone
from storage.away import is_away as is_away
from storage.checkpoints import Checkpoints
from storage.quick import QuickConnection
from storage.spelling import dumps

_AT_ONCE = nullcontext()
_LOCK = select(func.pg_advisory_xact_lock(bindparam("number", type_=BigInteger)))

# Takes room on the disk and leaves nothing; where a server may only be read, a table that passes is still allowed.
_TRIED = {
    "sqlite": ("CREATE TABLE tried AS SELECT zeroblob(20000) AS room", "DROP TABLE tried"),
    "postgresql": (
        "CREATE TEMPORARY TABLE tried ON COMMIT DROP AS SELECT repeat('-', 2000) FROM generate_series(1, 16)",
        "UPDATE alembic_version SET version_num = version_num",
    ),
}


class Database:
    """One database and its connections; threads may share it."""

    def __init__(self, engine: Engine, folder: Path | None = None, *, durable: bool = True) -> None:
        self.engine = engine
        engine._connection_cls = QuickConnection
        self.dialect: Literal["sqlite", "postgresql"] = (
            "postgresql" if engine.dialect.name == "postgresql" else "sqlite"
        )
        self._durable = durable
        self._refusals = Refusals()
        self._folder = folder  # of a temporary database: goes with close()
        self._one_writer = threading.RLock()
        self._writer: Connection | None = None
        file = engine.url.database if durable and self.dialect == "sqlite" else None
        self._checkpoints = Checkpoints(file, self._one_writer) if file else None

    @staticmethod
    def open(url: str, *, durable: bool = True, secret: str | bytes = b"") -> Database:
        """Open `sqlite:///path` or `postgresql://…`; `sqlite://` alone is a temporary one, gone with close().

        `secret` keys the one-time codes and the personal fields (storage/codes.py, storage/personal.py).
        `durable=False` gives up safety against power loss, for databases nobody will miss. Raises ValueError for any
        other kind of address, and for a file that is something else; connects only when first used.
        """
        try:
            address = make_url(url)
        except ArgumentError:
            raise ValueError("a database is sqlite:///path or postgresql://…; this is no address") from None
        options: dict[str, Any] = {
            "json_serializer": dumps,
            "hide_parameters": True,  # an error that is logged must not tell what somebody wrote
            "execution_options": {"secret": secret.encode() if isinstance(secret, str) else secret},
        }
        if address.get_backend_name() == "postgresql":
            return Database(_postgresql(address, options))
        if address.get_backend_name() != "sqlite":
            raise ValueError(f"a database is sqlite:///path or postgresql://…, not {address.get_backend_name()}://")
        folder = None
        if not address.database or address.database == ":memory:":
            folder = Path(tempfile.mkdtemp(prefix="linli-"))
            address = address.set(database=str(folder / "linli.db"))
        elif not sqlite_file.may_be(Path(address.database)):
            raise ValueError(
                f"{address.database} is no SQLite database: name another file, or one that is not there yet"
            )
        return Database(sqlite_file.engine(address, options, durable=durable), folder, durable=durable)

    @property
    def address(self) -> str:
        """Where it is, without the password."""
        return self.engine.url.render_as_string()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one state of the database and writes nothing."""
        with away(), self.engine.connect() as conn, conn.begin():
            if self.dialect == "sqlite":
                _begin(conn, "BEGIN")
            yield conn

    @contextmanager
    def look(self) -> Iterator[Connection]:
        """SQLite's one connection that writes, for a glance between two of its transactions: no other has to be made
        ready. Each statement sees the state of its moment. It holds up whoever writes."""
        with self._one_writer, away():
            conn = self._writing()
            try:
                yield conn
            finally:
                conn.rollback()  # of what SQLAlchemy takes for begun; the driver began nothing

    def _writing(self) -> Connection:
        if self._writer is None or self._writer.closed:
            self._writer = self.engine.connect()
            _begin(self._writer, "PRAGMA temp_store=MEMORY")  # what a part changes, put aside for its undoing
        if self._writer.in_transaction():
            raise RuntimeError("this thread is already writing: hand the connection on")
        return self._writer

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[Connection]:
        """A transaction: all of it is kept when the block ends, nothing when it raises.

        `durable=False`: a loss of power (not a crash of ours) may take it back on SQLite, until the next that is
        durable; so nobody waits for the disk.
        """
        if self.dialect == "postgresql":
            with away(self._refusals), self.engine.begin() as conn:
                yield conn
                failpoints.reach("commit")
            failpoints.reach("committed")
            return
        with self._one_writer, away(self._refusals):
            conn = self._writing()
            with self._hurried(conn) if self._durable and not durable else _AT_ONCE, conn.begin():
                # A deferred transaction that turns into a writing one fails at once when another process writes.
                _begin(conn, "BEGIN IMMEDIATE")
                yield conn
                failpoints.reach("commit")
            if self._checkpoints is not None:
                self._checkpoints.committed()
        failpoints.reach("committed")

    @contextmanager
    def _hurried(self, conn: Connection) -> Iterator[None]:
        _begin(conn, "PRAGMA synchronous=NORMAL")
        try:
            yield
        finally:
            _begin(conn, "PRAGMA synchronous=FULL")

    @contextmanager
    def part(self, conn: Connection) -> Iterator[None]:
        """A part of a transaction on SQLite that may fail alone: nothing of it is kept, and the rest goes on.

        Where SQLite has undone the whole transaction by itself (a full disk, no memory), raises Away.
        """
        _begin(conn, "SAVEPOINT part")
        try:
            yield
        except Exception as error:
            if not conn.connection.driver_connection.in_transaction:  # type: ignore[union-attr]
                raise Away(reason(error)) from error
            _begin(conn, "ROLLBACK TO part")
            _begin(conn, "RELEASE part")
            raise
        _begin(conn, "RELEASE part")

    def lock(self, conn: Connection, key: str) -> None:
        """Wait until nobody else's transaction holds `key`, then hold it to the end of this one."""
        take_lock(conn, key)

    def upgrade(self) -> None:
        """Bring the tables to the newest shape; quick when they are there already, and in a fresh database.

        Tables newer than this code are left as they are: another process is of the next release already, and every
        migration works with the code before it.
        """
        with self.read() as conn:
            if (schema.version(conn) or "") >= schema.HEAD:
                return
        with self.write() as conn:
            self.lock(conn, "linli:schema")
            found = schema.version(conn)
            if found is None:
                schema.create(conn)
            elif found < schema.HEAD:
                from storage.migrations import run  # Alembic takes a second to import

                run(conn)

    def ping(self) -> None:
        """Raise Away when the database does not answer."""
        with self.read() as conn:
            conn.execute(text("SELECT 1"))

    def refused(self) -> str:
        """Why it takes nothing, though it may be read; "" where it does. Some seconds after somebody was refused, it is
        tried: a process whose visitors are sent elsewhere meanwhile writes nothing that would tell."""
        if self._refusals.doubtful():
            with suppress(Away):
                with self.write() as conn:
                    for statement in _TRIED[self.dialect]:
                        conn.exec_driver_sql(statement)
                self._refusals.over()
        return self._refusals.why

    def room(self) -> int | None:
        """Bytes left where its file lies; None for a server, which looks for itself."""
        file = self.engine.url.database if self.dialect == "sqlite" else None
        return shutil.disk_usage(Path(file).parent).free if file else None

    def check(self) -> list[str]:
        """What is wrong with the database as such: its version, its file, its references. Raises Away."""
        with self.read() as conn:
            found = schema.version(conn)
            wrong = [] if (found or "") >= schema.HEAD else [f"the tables are at version {found}, not {schema.HEAD}"]
            if self.dialect == "sqlite":
                wrong += [str(row[0]) for row in conn.execute(text("PRAGMA integrity_check")) if row[0] != "ok"]
                for table, row, parent, _ in conn.execute(text("PRAGMA foreign_key_check")):
                    wrong.append(f"{table} row {row} refers to a row of {parent} that is not there")
        return wrong

    def close(self) -> None:
        """Close every connection; a temporary database is deleted."""
        if self._checkpoints is not None:
            self._checkpoints.close()
        with self._one_writer:
            if self._writer is not None:
                self._writer.close()
                self._writer = None
        self.engine.dispose()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)


def take_lock(conn: Connection, key: str) -> None:
    """Hold `key` until the transaction ends (PostgreSQL); on SQLite the writing transaction is the only one already."""
    if conn.dialect.name == "postgresql":
        number = int.from_bytes(
            hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest(), signed=True
        )
        conn.execute(_LOCK, {"number": number})


def secret_of(conn: Connection) -> bytes:
    """The secret the database was opened with. Raises LookupError when there was none."""
    secret: bytes = conn.get_execution_options().get("secret", b"")
    if not secret:
        raise LookupError("Database.open(url, secret=…) is needed for codes and personal fields")
    return secret


def _postgresql(address: URL, options: dict[str, Any]) -> Engine:
    schema.for_postgresql()
    query = {"connect_timeout": "5", **address.query}
    engine = create_engine(
        address.set(drivername="postgresql+psycopg", query=query),
        pool_size=10,
        max_overflow=20,
        pool_timeout=10,
        **options,
    )

    citus.listen(engine)
    return engine


def _begin(conn: Connection, how: str) -> None:
    """Say it to the driver itself: a listener for SQLAlchemy's own event would make every statement dearer."""
    driver = conn.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    driver.execute(how)
