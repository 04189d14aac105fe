"""When staff are away: they said so themselves, and legal questions go past them meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, select, update

from storage.tables import staff


def take(conn: Connection, staff_id: int, since: datetime, until: datetime) -> None:
    """They are away from `since` to `until`, not included; what was said before holds no more."""
    conn.execute(update(staff).where(staff.c.id == staff_id).values(away_from=since, away_until=until))


def end(conn: Connection, staff_id: int) -> None:
    """They are back, or do not go."""
    conn.execute(update(staff).where(staff.c.id == staff_id).values(away_from=None, away_until=None))


def known(conn: Connection, staff_id: int, now: datetime) -> bool:
    """Whether somebody is away, or is going to be."""
    query = select(staff.c.id).where(staff.c.id == staff_id, staff.c.away_until > now)
    return conn.execute(query).first() is not None


def away(conn: Connection, staff_ids: Iterable[int], now: datetime) -> dict[int, datetime]:
    """Who of these is away now, and until when."""
    meant = staff.c.id.in_(sorted(set(staff_ids)))
    query = select(staff.c.id, staff.c.away_until).where(meant, staff.c.away_from <= now, staff.c.away_until > now)
    return {row.id: row.away_until for row in conn.execute(query)}
