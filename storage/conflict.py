"""INSERT … ON CONFLICT, one statement for both databases.

SQLite's is used, since importing PostgreSQL's dialect takes a tenth of a second that `linli play` has not got.
"""

from __future__ import annotations

from sqlalchemy.dialects.sqlite import Insert, insert
from sqlalchemy.dialects.sqlite.dml import OnConflictClause

__all__ = ["Insert", "insert"]

# PostgreSQL's compiler asks for this too: it can also name a constraint, which SQLite can't and we don't.
OnConflictClause.constraint_target = None  # type: ignore[attr-defined]
