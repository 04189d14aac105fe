"""A rolling upgrade: each migration leaves the code before it working, which goes on while the new one starts."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Integer, String, text

from storage import due, inbox, outbox, schema
from storage import migrations as package
from storage.database import Database
from storage.migrations import config
from tests.storage.test_migrations import shape
from tests.support.databases import SECRET

SAMPLE = '''"""A sample."""
import sqlalchemy as sa
from alembic import op
revision, down_revision = "{after}", "{before}"
def upgrade():
    {change}
'''
HARMLESS = """op.add_column("inbox", sa.Column("hint", sa.String(9)))
    op.add_column("outbox", sa.Column("weight", sa.Integer, nullable=False, server_default="1"))
    op.create_table("fresh", sa.Column("id", sa.Integer, primary_key=True))
    op.create_index("ix_fresh", "inbox", ["hint"])"""
Change = Callable[[Operations], object]
HARMFUL: dict[str, Change] = {
    "a table gone": lambda op: op.drop_table("burden"),
    "a table renamed": lambda op: op.rename_table("burden", "load"),
    "a column gone": lambda op: op.drop_column("lead", "until"),
    "a column renamed": lambda op: op.execute("ALTER TABLE inbox RENAME COLUMN error TO fault"),
    "a column the code before does not fill": lambda op: (
        op.drop_table("lead"),
        op.create_table("lead", Column("name", String(64), primary_key=True), Column("rank", Integer, nullable=False)),
    ),
    "what may not be twice any more": lambda op: op.create_index("ux", "inbox", ["conversation"], unique=True),
}


class Undone(Exception):
    """The change was looked at, and is taken back."""


def breaks(before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    """What the code that knows the tables of `before` can't do with those of `after`."""
    for table, old in before["tables"].items():
        new = after["tables"].get(table)
        if new is None:
            yield f"{table} is gone"
            continue
        for column, (kind, nullable, _) in old["columns"].items():
            if column not in new["columns"]:
                yield f"{table}.{column} is gone"
            elif new["columns"][column][0] != kind:
                yield f"{table}.{column} is {new['columns'][column][0]}, not {kind}"
            elif nullable and not new["columns"][column][1]:
                yield f"{table}.{column} must be filled"
        for column, (_, nullable, default) in new["columns"].items():
            if column not in old["columns"] and not nullable and default is None:
                yield f"{table}.{column} is new, must be filled and has no default"
        for kind in ("unique", "checks", "foreign"):
            yield from (f"{table}: new rule {rule}" for rule in new[kind] if rule not in old[kind])
        yield from (f"{table}: {i[0]} is unique" for i in new["indexes"] if i[2] and i not in old["indexes"])


def upgraded(database: Database, scripts: Config, to: str) -> dict[str, Any]:
    with database.write() as conn:
        scripts.attributes["connection"] = conn
        command.upgrade(scripts, to)
    with database.read() as conn:
        return shape(conn)


@pytest.fixture
def scripts(tmp_path: Path) -> Config:
    """A copy of the migrations, to which a sample may be added."""
    folder = tmp_path / "migrations"
    shutil.copytree(Path(package.__file__).parent, folder, ignore=shutil.ignore_patterns("__pycache__"))
    found = config()
    found.set_main_option("script_location", str(folder))
    return found


def add(scripts: Config, change: str) -> str:
    """A migration after the last one; its revision."""
    after = f"{int(schema.HEAD) + 1:04d}"
    body = SAMPLE.format(after=after, before=schema.HEAD, change=change)
    Path(scripts.get_main_option("script_location") or "", "versions", f"{after}_sample.py").write_text(body)
    return after


def test_every_migration_works_with_the_code_before_it(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path / 'linli.db'}", durable=False, secret=SECRET)
    last: dict[str, Any] | None = None
    for step in reversed(list(ScriptDirectory.from_config(config()).walk_revisions())):
        now = upgraded(database, config(), step.revision)
        assert last is None or list(breaks(last, now)) == [], step.path
        last = now
    database.close()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, dict[str, Any]]]:
    database = Database.open(f"sqlite:///{tmp_path_factory.mktemp('made') / 'linli.db'}", durable=False, secret=SECRET)
    database.upgrade()
    with database.read() as conn:
        before = shape(conn)
    yield database, before
    database.close()


@pytest.mark.parametrize("what", HARMFUL)
def test_a_change_that_breaks_the_code_before_it_is_seen(made: tuple[Database, dict[str, Any]], what: str) -> None:
    database, before = made
    with pytest.raises(Undone), database.write() as conn:
        HARMFUL[what](Operations(MigrationContext.configure(conn)))
        assert list(breaks(before, shape(conn)))
        raise Undone


def test_the_code_before_goes_on_and_starts_again_on_the_newer_tables(
    database_url: str, scripts: Config, now: datetime
) -> None:
    old = Database.open(database_url, secret=SECRET)
    old.upgrade()
    with old.read() as conn:
        before = shape(conn)
    accept(old, now, "before")
    assert list(breaks(before, upgraded(old, scripts, add(scripts, HARMLESS)))) == []
    accept(old, now, "after")
    old.close()
    again = Database.open(database_url, secret=SECRET)
    again.upgrade()  # nothing to do: the tables are ahead of this code
    assert again.check() == []
    with again.write() as conn:
        assert [row.key for row in inbox.claim(conn, now, lease=timedelta(minutes=1), limit=9)] == ["before", "after"]
        conn.execute(text("INSERT INTO chat (channel, address, kind) VALUES ('play', 'u1', 'private')"))
        outbox.put(conn, chat_id=1, kind="say", lane=1, payload={"text": "您好"}, now=now)
        assert len(outbox.claim(conn, now, lease=timedelta(minutes=1), limit=9)) == 1
        due.schedule(conn, kind="x", key="x", at=now, subject={}, late="fine")
        assert len(due.claim(conn, now, lease=timedelta(minutes=1), limit=9)) == 1
    again.close()


def accept(database: Database, now: datetime, key: str) -> None:
    with database.write() as conn:
        assert inbox.accept(conn, channel="play", key=key, conversation=key, payload={}, now=now)
