"""How often somebody tried a code that was none: after ten in a day no more are looked at."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from storage.sequence import daily, next_number
from storage.tables import sequence

A_DAY = 10


def _name(person_id: int, now: datetime) -> str:
    return daily(f"guess:{person_id}", now)


def allowed(conn: Connection, person_id: int, now: datetime) -> bool:
    """Whether this person may try another code today."""
    tried = conn.execute(select(sequence.c.value).where(sequence.c.name == _name(person_id, now))).scalar()
    return (tried or 0) < A_DAY


def missed(conn: Connection, person_id: int, now: datetime) -> None:
    """Count a wrong code."""
    next_number(conn, _name(person_id, now))
