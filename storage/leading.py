"""What only one process at a time may do, such as asking Telegram for updates: a row says who, and until when; and
when a clock last looked for what is due."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, or_, select

from storage.conflict import insert
from storage.tables import lead

CLOCK = "clock"  # nobody leads it: its row holds when any clock ticked last


def hold(conn: Connection, name: str, holder: str, now: datetime, lifetime: timedelta) -> bool:
    """Take or keep `name` until `now + lifetime`; False while somebody else holds it."""
    row = insert(lead).values(name=name, holder=holder, until=now + lifetime)
    taken = row.on_conflict_do_update(
        index_elements=["name"],
        set_={"holder": row.excluded.holder, "until": row.excluded.until},
        where=or_(lead.c.holder == holder, lead.c.until <= now),
    ).returning(lead.c.name)
    return conn.execute(taken).first() is not None


def tick(conn: Connection, now: datetime) -> None:
    """Write down that a clock looked for what is due; whichever did so last is all that counts."""
    hold(conn, CLOCK, CLOCK, now, timedelta())


def ticked(conn: Connection) -> datetime | None:
    """When a clock last looked."""
    return conn.execute(select(lead.c.until).where(lead.c.name == CLOCK)).scalar()


def holders(conn: Connection) -> list[str]:
    """Everybody who holds something."""
    return list(conn.execute(select(lead.c.holder).distinct()).scalars())


def let_go(conn: Connection, holder: str) -> None:
    """Give back all that `holder` holds, so that the next one need not wait."""
    conn.execute(delete(lead).where(lead.c.holder == holder))
