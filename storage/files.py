"""Rows of kept files; the bytes lie below the data directory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, bindparam, insert, select

from storage.tables import case_file, file, metadata


@dataclass(frozen=True, slots=True)
class FileRow:
    """A photo or a voice message; `path` starts at the data directory."""

    id: int
    digest: str
    kind: str
    path: str
    size: int
    at: datetime


_FILES = select(file.c.id, file.c.digest, file.c.kind, file.c.path, file.c.size, file.c.at)


_taken = select(case_file.c.file_id)
_LOOSE = (
    select(file.c.id)
    .where(file.c.person_id == bindparam("person"), file.c.kind == "voice", file.c.at >= bindparam("since"))
    .where(file.c.id.not_in(_taken))
    .order_by(file.c.id)
)


def add(
    conn: Connection, *, digest: str, kind: str, path: str, size: int, now: datetime, person: int | None = None
) -> int:
    """Note a file that was written, and by whom it was sent; two rows may share one file."""
    row = {"digest": digest, "kind": kind, "path": path, "size": size, "at": now, "person_id": person}
    return int(conn.execute(insert(file).returning(file.c.id), row).scalar_one())


def get(conn: Connection, id: int) -> FileRow | None:
    """One file."""
    row = conn.execute(_FILES.where(file.c.id == id)).one_or_none()
    return None if row is None else FileRow(*row)


def loose_voice(conn: Connection, person_id: int, since: datetime) -> tuple[int, ...]:
    """What a person has said aloud since then and no case has yet."""
    return tuple(row.id for row in conn.execute(_LOOSE, {"person": person_id, "since": since}))


def unnamed(conn: Connection, paths: Sequence[str]) -> list[str]:
    """Those of the paths that no row names: several rows may share one file."""
    kept = set(conn.execute(select(file.c.path).where(file.c.path.in_(paths))).scalars())
    return [path for path in paths if path not in kept]


def of_case(conn: Connection, case_id: int) -> list[tuple[FileRow, str]]:
    """The files of a case with their purposes, the oldest first."""
    rows = conn.execute(
        _FILES.add_columns(case_file.c.purpose)
        .join(case_file, case_file.c.file_id == file.c.id)
        .where(case_file.c.case_id == case_id)
        .order_by(case_file.c.id)
    )
    return [(FileRow(*values), purpose) for *values, purpose in rows]


def references() -> list[Column[Any]]:
    """Every column of any table that refers to a file."""
    return [c for t in metadata.sorted_tables for c in t.c for key in c.foreign_keys if key.column.table is file]
