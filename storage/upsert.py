"""Many rows brought to what they should be with few statements: new ones inserted, changed ones updated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, bindparam, delete, insert, select, update

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Upserted:
    """The ids of the rows by their key values, and how many were new or changed."""

    ids: Mapping[tuple[Any, ...], int]
    new: int = 0
    changed: int = 0


def upsert(
    conn: Connection, table: Table, keys: Sequence[str], rows: Iterable[Row], *, once: Sequence[str] = ()
) -> Upserted:
    """Bring rows with these keys to these values; columns in `once` are written only when a row is new."""
    wanted = {tuple(row[key] for key in keys): row for row in rows}
    if not wanted:
        return Upserted({})
    columns = [name for name in next(iter(wanted.values())) if name not in keys and name not in once]
    there = _there(conn, table, [*keys, *columns], keys)
    new = [row for key, row in wanted.items() if key not in there]
    changed = [
        {"_id": there[key]["id"]} | {f"_{name}": row[name] for name in columns}
        for key, row in wanted.items()
        if key in there and any(there[key][name] != row[name] for name in columns)
    ]
    if changed:
        values: dict[str, Any] = {name: bindparam(f"_{name}") for name in columns}
        conn.execute(update(table).where(table.c.id == bindparam("_id")).values(values), changed)
    if new:
        conn.execute(insert(table), new)
        there = _there(conn, table, keys, keys)
    return Upserted({key: there[key]["id"] for key in wanted}, len(new), len(changed))


def _there(
    conn: Connection, table: Table, columns: Sequence[str], keys: Sequence[str]
) -> dict[tuple[Any, ...], Mapping[str, Any]]:
    found = conn.execute(select(table.c.id, *(table.c[name] for name in columns))).mappings()
    return {tuple(row[key] for key in keys): dict(row) for row in found}


def replace(conn: Connection, table: Table, scope: ColumnElement[bool], rows: Iterable[Row]) -> int:
    """Make the rows in `scope` exactly these (whole rows but the id); how many were added or removed."""
    listed = list(rows)
    columns = [c.name for c in table.c if c.name != "id"]
    wanted = dict.fromkeys(tuple(row.get(name) for name in columns) for row in listed)
    there = {
        tuple(row[1:]): row[0] for row in conn.execute(select(table.c.id, *(table.c[n] for n in columns)).where(scope))
    }
    gone = [{"_id": id} for key, id in there.items() if key not in wanted]
    added = [dict(zip(columns, key, strict=True)) for key in wanted if key not in there]
    if gone:
        conn.execute(delete(table).where(table.c.id == bindparam("_id")), gone)
    if added:
        conn.execute(insert(table), added)
    return len(gone) + len(added)
