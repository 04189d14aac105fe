"""Callbacks that were taken, by their nonce: the same nonce with other words, or much later, is a forgery."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select

from storage.conflict import insert
from storage.tables import nonce

KEPT = timedelta(minutes=11)  # longer than a timestamp is believed


def use(conn: Connection, key: str, digest: str, now: datetime, again: timedelta) -> bool:
    """Use a nonce up; False when it was used. The very same callback within `again` is the platform's new try."""
    row = insert(nonce).values(key=key, digest=digest, at=now).on_conflict_do_nothing(index_elements=["key"])
    if conn.execute(row.returning(nonce.c.key)).first() is not None:
        conn.execute(delete(nonce).where(nonce.c.at < now - KEPT))
        return True
    found = conn.execute(select(nonce.c.digest, nonce.c.at).where(nonce.c.key == key)).one()
    return bool(found.digest == digest and now - found.at <= again)
