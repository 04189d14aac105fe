"""A PostgreSQL that holds to Citus' rules about tables, where there is none: its functions refuse what Citus refuses.

CITUS_FOR_TESTS names an empty database with the real one in it, to be used instead (docs/running.md).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, text

from storage import citus
from storage.database import Database
from storage.spread import DISTRIBUTED
from tests.support.databases import SECRET, drop_postgresql, fresh_postgresql

RULES = """
CREATE TABLE pg_dist_partition (logicalrelid regclass PRIMARY KEY, partmethod "char" NOT NULL, partkey text);

CREATE FUNCTION create_reference_table(told regclass) RETURNS void LANGUAGE plpgsql AS $$
DECLARE odd text;
BEGIN
  SELECT conname INTO odd FROM pg_constraint WHERE contype = 'f' AND conrelid = told AND confrelid <> told
    AND confrelid NOT IN (SELECT logicalrelid FROM pg_dist_partition WHERE partmethod = 'n');
  IF odd IS NOT NULL THEN RAISE EXCEPTION '% of % refers to what is not on every server', odd, told; END IF;
  INSERT INTO pg_dist_partition VALUES (told, 'n', NULL);
END $$;

CREATE FUNCTION create_distributed_table(told regclass, by text, colocate_with text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE odd text; place smallint;
BEGIN
  SELECT attnum INTO place FROM pg_attribute
    WHERE attrelid = told AND attname = by AND attnotnull AND attgenerated = '';
  IF place IS NULL THEN RAISE EXCEPTION '% has no column % that is always given', told, by; END IF;
  SELECT tgname INTO odd FROM pg_trigger WHERE tgrelid = told AND NOT tgisinternal;
  IF odd IS NOT NULL THEN RAISE EXCEPTION 'cannot distribute % because it has trigger %', told, odd; END IF;
  SELECT indexrelid::regclass INTO odd FROM pg_index WHERE indrelid = told AND indisunique AND NOT place = ANY (indkey);
  IF odd IS NOT NULL THEN RAISE EXCEPTION '% of % is unique without %', odd, told, by; END IF;
  SELECT conname INTO odd FROM pg_constraint WHERE contype = 'f' AND conrelid = told
    AND confrelid NOT IN (SELECT logicalrelid FROM pg_dist_partition WHERE partmethod = 'n');
  IF odd IS NOT NULL THEN RAISE EXCEPTION '% of % refers to what may lie elsewhere', odd, told; END IF;
  SELECT conname INTO odd FROM pg_constraint WHERE contype = 'f' AND confrelid = told;
  IF odd IS NOT NULL THEN RAISE EXCEPTION '% refers to %, which may lie elsewhere', odd, told; END IF;
  IF colocate_with <> 'none' AND NOT EXISTS (
    SELECT FROM pg_dist_partition p JOIN pg_attribute a ON a.attrelid = p.logicalrelid AND a.attname = p.partkey
    JOIN pg_attribute b ON b.attrelid = told AND b.attname = by
    WHERE p.logicalrelid = colocate_with::regclass AND p.partmethod = 'h' AND a.atttypid = b.atttypid
  ) THEN RAISE EXCEPTION '% cannot lie beside %', told, colocate_with; END IF;
  INSERT INTO pg_dist_partition VALUES (told, 'h', by);
END $$;
"""


@contextmanager
def many_servers(leaving_out: str = "\0") -> Iterator[str]:
    """The address of an empty database of the newest version whose tables are spread, by the statements that do not
    hold `leaving_out`."""
    real = os.environ.get("CITUS_FOR_TESTS")
    url = real or fresh_postgresql(upgraded=True)
    if real:
        made = Database.open(real, secret=SECRET)
        made.upgrade()
        made.close()
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as conn:
            if not real:
                conn.execute(text(RULES))
            for statement in citus.statements():
                if leaving_out not in statement:
                    conn.exec_driver_sql(statement)
        yield url
    finally:
        engine.dispose()
        if not real:
            drop_postgresql(url)


_NAMED = re.compile(r'\b(FROM|JOIN|UPDATE|INTO|,)\s+"?(\w+)"?(?: AS "?(\w+)"?)?')
_EQUAL = re.compile(r'"?(\w+)"?\."?(\w+)"? = (?:"?(\w+)"?\."?(\w+)"?|mod\(%\(|%\()')


def without_key(statement: str) -> set[str]:
    """The distributed tables of a statement of which it does not say where the rows lie."""
    said = " ".join(statement.split())
    if said.startswith("INSERT INTO"):
        into, columns = re.match(r'INSERT INTO "?(\w+)"? \(([^)]*)\)', said).groups()  # type: ignore[union-attr]
        given = {column.strip('" ') for column in columns.split(",")}
        return {into} if into in DISTRIBUTED and DISTRIBUTED[into].column not in given else set()
    tables = [(alias or name, name) for _, name, alias in _NAMED.findall(said) if name in DISTRIBUTED]
    keys = {alias: DISTRIBUTED[name].column for alias, name in tables}
    known, equal = set[str](), list[tuple[str, str]]()
    for table, column, other, its in _EQUAL.findall(said):
        if not other and keys.get(table) == column:
            known.add(table)
        elif keys.get(table) == column and keys.get(other) == its:
            equal += [(table, other), (other, table)]
    for _ in equal:
        known |= {one for one, other in equal if other in known}
    return {name for alias, name in tables if alias not in known}
