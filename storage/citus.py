"""What makes a PostgreSQL with Citus in it one that is spread over its servers, and statements that say where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Engine, ForeignKeyConstraint, PrimaryKeyConstraint, Table, UniqueConstraint, event
from sqlalchemy.sql.compiler import SQLCompiler

from storage.keyed import more
from storage.schema import APPEND_ONLY, TOLD
from storage.spread import DISTRIBUTED, REFERENCE
from storage.tables import metadata

_EVERYWHERE = frozenset(name for some in REFERENCE.values() for name in some)

# First of all: what comes next takes foreign keys away, and would leave a plain PostgreSQL without them.
THERE = """DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
    RAISE EXCEPTION 'nothing was changed: this database has no extension citus'
      USING HINT = 'CREATE EXTENSION citus, add its workers, then run this again';
  END IF;
END $$"""


def statements() -> Iterator[str]:
    """What makes a database of this version, with Citus in it and at rest, one that is spread over its servers."""
    yield from _let_go()
    for table in metadata.sorted_tables:
        if table.name in DISTRIBUTED:
            yield from _rekeyed(table)
    for table in metadata.sorted_tables:
        if table.name in _EVERYWHERE:
            yield f"SELECT create_reference_table('{table.name}')"
    first = [name for name, by in DISTRIBUTED.items() if by.beside is None]
    for name in [*first, *(name for name in DISTRIBUTED if name not in first)]:
        by = DISTRIBUTED[name]
        yield f"SELECT create_distributed_table('{name}', '{by.column}', colocate_with => '{by.beside or 'none'}')"


def _let_go() -> Iterator[str]:
    """What Citus cannot hold: references that leave a server, and triggers of distributed tables."""
    for table in metadata.sorted_tables:
        for reference in _references(table):
            if not _holds(table, reference):
                yield f"ALTER TABLE {table.name} DROP CONSTRAINT {reference.name}"
    for name in TOLD:
        if name in DISTRIBUTED:
            yield f"DROP TRIGGER {name}_tidings ON {name}"
    for name in APPEND_ONLY:
        if name in DISTRIBUTED:
            yield f"DROP TRIGGER {name}_append_only ON {name}"


def _references(table: Table) -> list[ForeignKeyConstraint]:
    found = [each for each in table.constraints if isinstance(each, ForeignKeyConstraint)]
    return sorted(found, key=lambda each: str(each.name))


def _holds(table: Table, reference: ForeignKeyConstraint) -> bool:
    """To what lies on every server from anywhere that is not on fewer; between tables that lie nowhere special."""
    target = reference.referred_table.name
    if table.name in DISTRIBUTED:
        return target in _EVERYWHERE
    if table.name in _EVERYWHERE:
        return target in _EVERYWHERE
    return target not in DISTRIBUTED


def _rekeyed(table: Table) -> Iterator[str]:
    """The primary key and what else is unique, each with the column the table is distributed by."""
    column = DISTRIBUTED[table.name].column
    for each in sorted(table.constraints, key=lambda c: str(c.name)):
        if isinstance(each, PrimaryKeyConstraint | UniqueConstraint) and column not in each.columns and each.columns:
            what = "PRIMARY KEY" if isinstance(each, PrimaryKeyConstraint) else "UNIQUE"
            columns = ", ".join(f'"{c.name}"' for c in each.columns)
            yield (
                f"ALTER TABLE {table.name} DROP CONSTRAINT {each.name}, "
                f'ADD CONSTRAINT {each.name} {what} ({columns}, "{column}")'
            )


def listen(engine: Engine) -> None:
    """Have a database say at its first connection whether its tables are spread."""
    event.listen(engine, "first_connect", lambda first, _: look(engine.dialect, first))
    event.listen(engine, "connect", lambda each, _: ready(engine.dialect, each))


def look(dialect: Any, connection: Any) -> None:
    """Look, with a first connection of the driver's, whether the tables are spread; then every statement says where."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('pg_dist_partition') IS NOT NULL")
        found = cursor.fetchone()[0]
        if found:
            cursor.execute("SELECT count(*) FROM pg_dist_partition WHERE logicalrelid = to_regclass('case_')")
            found = cursor.fetchone()[0]
    connection.rollback()
    if not found:
        return
    dialect.linli_spread = True  # storage/spread.py asks
    dialect.statement_compiler = keyed(dialect.statement_compiler)


def ready(dialect: Any, connection: Any) -> None:
    """Each connection: what changes a table of every server may follow, in one transaction, on what asked them all."""
    if getattr(dialect, "linli_spread", False):
        with connection.cursor() as cursor:
            cursor.execute("SET citus.multi_shard_modify_mode TO 'sequential'")
        connection.commit()


def keyed(compiler: type[SQLCompiler]) -> type[SQLCompiler]:
    """The compiler that adds the keys of cases to what it compiles."""

    class Keyed(compiler):  # type: ignore[valid-type, misc]
        def visit_select(self, select_stmt: Any, **how: Any) -> str:
            adding = more(select_stmt._where_criteria, select_stmt.get_final_froms())
            return str(super().visit_select(select_stmt.where(*adding) if adding else select_stmt, **how))

        def visit_update(self, update_stmt: Any, **how: Any) -> str:
            adding = more(update_stmt._where_criteria, ())
            return str(super().visit_update(update_stmt.where(*adding) if adding else update_stmt, **how))

        def visit_delete(self, delete_stmt: Any, **how: Any) -> str:
            adding = more(delete_stmt._where_criteria, ())
            return str(super().visit_delete(delete_stmt.where(*adding) if adding else delete_stmt, **how))

    return Keyed
