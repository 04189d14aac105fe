"""The tables in code, the migrated database and the one made at once agree; append-only rows stay as they are."""

from __future__ import annotations

from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from storage import schema
from storage.database import Database
from storage.migrations import config, run
from storage.tables import metadata
from tests.support.databases import SECRET, fresh_postgresql


def shape(conn: Connection) -> dict[str, Any]:
    """What the database itself says that it is made of."""
    found = inspect(conn)
    tables = {}
    for table in found.get_table_names():
        tables[table] = {
            "columns": {c["name"]: (str(c["type"]), c["nullable"], c["default"]) for c in found.get_columns(table)},
            "indexes": sorted((i["name"], i["column_names"], i["unique"]) for i in found.get_indexes(table)),
            "unique": sorted((u["name"], u["column_names"]) for u in found.get_unique_constraints(table)),
            "checks": sorted((c["name"], c["sqltext"]) for c in found.get_check_constraints(table)),
            "foreign": sorted(
                (f["constrained_columns"], f["referred_table"], f["referred_columns"])
                for f in found.get_foreign_keys(table)
            ),
            "primary": found.get_pk_constraint(table)["constrained_columns"],
        }
    sqlite = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' OR sql LIKE '%WHERE%' ORDER BY name"
    postgresql = (
        "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal "
        "UNION SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1"
    )
    rest = conn.execute(text(sqlite if conn.dialect.name == "sqlite" else postgresql)).all()
    return {"tables": tables, "rest": [(name, " ".join(sql.split())) for name, sql in rest]}


def test_migrated_step_by_step_is_made_at_once_is_the_tables(database_url: str) -> None:
    other_url = fresh_postgresql() if database_url.startswith("postgresql") else database_url + ".other"
    other = Database.open(other_url, secret=SECRET)
    other.upgrade()
    with other.read() as conn:
        at_once = shape(conn)
    other.close()
    migrated = Database.open(database_url, secret=SECRET)
    with migrated.write() as conn:
        run(conn)
    with migrated.read() as conn:
        assert shape(conn) == at_once
        context = MigrationContext.configure(conn, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        assert schema.version(conn) == schema.HEAD
    migrated.upgrade()  # nothing to do
    assert migrated.check() == []
    migrated.close()


def test_head_is_the_last_revision() -> None:
    assert ScriptDirectory.from_config(config()).get_current_head() == schema.HEAD


@pytest.mark.parametrize("statement", ["UPDATE {} SET by_ = by_", "DELETE FROM {}"])
@pytest.mark.parametrize("table", schema.APPEND_ONLY)
def test_append_only_rows_cannot_be_changed(database: Database, table: str, statement: str) -> None:
    with database.write() as conn:
        add_one_row(conn, table)
    column = {"transfer": "points", "service_hours": "minutes"}.get(table, "seq")
    change = statement.format(table).replace("by_ = by_", f"{column} = {column} + 1")
    with pytest.raises(DBAPIError, match="append-only"), database.write() as conn:
        conn.execute(text(change))
    with database.read() as conn:
        assert conn.execute(text(f"SELECT count(*) FROM {table} WHERE {column} = 1")).scalar() == 1


def add_one_row(conn: Connection, table: str) -> None:
    at = "'2026-03-02 00:00:00'"
    if table == "transfer":
        for key in ("issuer:a", "household:a"):
            conn.execute(text(f"INSERT INTO ledger_account (key, kind) VALUES ('{key}', 'issuer')"))
        conn.execute(
            text(
                "INSERT INTO transfer (key, digest, source_id, target_id, points, by, at, previous, hash) "
                f"VALUES ('k', 'd', 1, 2, 1, 'x', {at}, 'p', 'h')".replace("by,", '"by",')
            )
        )
        return
    if table == "mediation_event":
        conn.execute(text("INSERT INTO area (key, level, name, path) VALUES ('c', 'community', 'n', '/1/')"))
        row = f"'T1', 'family', 1, 'asked', {at}, 1"
        conn.execute(text(f"INSERT INTO mediation (number, kind, area_id, state, opened_at, version) VALUES ({row})"))
        row = f"1, 1, 'open', {at}, 'x', '{{}}'"
        conn.execute(text(f"INSERT INTO mediation_event (mediation_id, seq, kind, at, actor, data) VALUES ({row})"))
        return
    conn.execute(text(f"INSERT INTO person (created_at) VALUES ({at})"))
    if table == "service_hours":
        conn.execute(text("INSERT INTO area (key, level, name, path) VALUES ('a', 'community', 'a', '/1/')"))
        conn.execute(
            text(
                'INSERT INTO service_hours (key, person_id, area_id, minutes, "on", "by", at) '
                f"VALUES ('k', 1, 1, 1, {at}, 'x', {at})"
            )
        )
        return
    conn.execute(
        text(
            "INSERT INTO case_ (id, spread, number, service, description, person_id, status, opened_at, version) "
            f"VALUES (1, 1, 'n', 's', 'd', 1, 'submitted', {at}, 1)"
        )
    )
    conn.execute(
        text(
            "INSERT INTO case_event (case_id, spread, seq, kind, at, actor, data) "
            f"VALUES (1, 1, 1, 'open', {at}, 'x', '{{}}')"
        )
    )
