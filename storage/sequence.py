"""Counters for numbers that people speak, such as one a kind and day."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, ScalarSelect, bindparam, delete, select

from storage.conflict import insert
from storage.tables import sequence

HOME = ZoneInfo("Asia/Shanghai")
_NEXT = (
    insert(sequence)
    .values(name=bindparam("counter"), value=1)
    .on_conflict_do_update(index_elements=["name"], set_={"value": sequence.c.value + 1})
    .returning(sequence.c.value)
)


def next_number(conn: Connection, name: str) -> int:
    """1, 2, 3 … for each name; a number is lost only with the transaction that took it."""
    return int(conn.execute(_NEXT, {"counter": name}).scalar_one())


def daily(name: str, now: datetime) -> str:
    """The name of what is counted by the day, which ends at midnight where people live."""
    return f"{name}:{now.astimezone(HOME):%Y%m%d}"


def forget(conn: Connection, now: datetime) -> int:
    """Drop what was counted on other days; says how many counters."""
    days = [daily("", now - timedelta(days=back)) for back in (-1, 0, 1)]
    old = [sequence.c.name.contains(":"), *(~sequence.c.name.endswith(day) for day in days)]
    return conn.execute(delete(sequence).where(*old)).rowcount


def value_of(name: str) -> ScalarSelect[int]:
    """How far a counter is, as a part of a statement."""
    return select(sequence.c.value).where(sequence.c.name == name).scalar_subquery()
