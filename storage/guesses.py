"""How often somebody tried a code that was none: after ten in a day no more are looked at."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select

from storage.sequence import daily, next_number
from storage.tables import sequence

A_DAY = 10


def _name(person_id: int, now: datetime) -> str:
    return daily(f"guess:{person_id}", now)


def allowed(conn: Connection, person_id: int, now: datetime) -> bool:
    """Whether this person may try another code today."""
    tried = conn.execute(select(sequence.c.value).where(sequence.c.name == _name(person_id, now))).scalar()
    return (tried or 0) < A_DAY


def forget(conn: Connection, now: datetime) -> int:
    """Drop the counts of other days; says how many."""
    days = [daily("", now - timedelta(days=back)) for back in (-1, 0, 1)]
    old = [sequence.c.name.startswith("guess:"), *(~sequence.c.name.endswith(day) for day in days)]
    return conn.execute(delete(sequence).where(*old)).rowcount


def missed(conn: Connection, person_id: int, now: datetime) -> None:
    """Count a wrong code."""
    next_number(conn, _name(person_id, now))
