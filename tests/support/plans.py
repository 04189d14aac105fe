"""What a statement costs, as the database tells: tables its plan reads whole, rows it touches, its steps."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from typing import Any

from sqlalchemy import Connection, event

from storage.database import Database


def said(database: Database, answer: Callable[[Connection], Any]) -> list[tuple[str, Any]]:
    """The statements of an answer, with their parameters."""
    found: list[tuple[str, Any]] = []

    def note(_conn: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        if statement.lstrip().upper().startswith("SELECT") and not many:
            found.append((statement, parameters))

    with database.write() as conn:
        event.listen(conn.engine, "before_cursor_execute", note)
        try:
            answer(conn)
        finally:
            event.remove(conn.engine, "before_cursor_execute", note)
    return found


def scans(conn: Connection, statement: str, parameters: Any, growing: Collection[str]) -> Iterator[str]:
    """The tables that grow, where the plan reads them from end to end; the newest row of all is none of these."""
    if "WHERE" not in statement:
        assert "LIMIT" in statement or "FROM" not in statement
        return
    if conn.dialect.name == "sqlite":
        for row in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters):
            word, _, table = str(row[3]).partition(" ")
            if word == "SCAN" and table.partition(" ")[0] in growing:
                yield f"{row[3]} in {statement}"
        return
    for node in _nodes(explained(conn, statement, parameters)):
        if node.get("Relation Name") in growing and "Scan" in node["Node Type"]:
            by_index = "Index Cond" in node or node["Node Type"] == "Bitmap Heap Scan"
            if not by_index:
                yield f"{node['Node Type']} of {node['Relation Name']} in {statement}"


def touched(conn: Connection, statement: str, parameters: Any) -> int:
    """How many rows PostgreSQL read for a statement, those it threw away included."""
    nodes = _nodes(explained(conn, statement, parameters))
    read = ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Join Filter", "Rows Removed by Index Recheck")
    return int(sum(n["Actual Loops"] * sum(n.get(what, 0) for what in read) for n in nodes if "Relation Name" in n))


def explained(conn: Connection, statement: str, parameters: Any) -> dict[str, Any]:
    raw = conn.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters).scalar_one()
    plan = raw if isinstance(raw, list) else json.loads(raw)
    return dict(plan[0]["Plan"])


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for one in plan.get("Plans", ()):
        yield from _nodes(one)


def steps(database: Database, answer: Callable[[Connection], Any]) -> int:
    """What SQLite's machine does for an answer."""
    counted = [0]

    def step() -> int:
        counted[0] += 1
        return 0

    with database.write() as conn:
        raw: Any = conn.connection.dbapi_connection
        raw.set_progress_handler(step, 1)
        answer(conn)
        raw.set_progress_handler(None, 0)
        conn.rollback()
    return counted[0]
