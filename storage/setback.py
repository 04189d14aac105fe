"""A clock that was set back: what it left in the future is brought back to now, or it would wait for a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Connection, Update, delete, text, update

from storage import allowance, tokens
from storage.tables import chat_pulse, due, inbox, lead, outbox

SLACK = timedelta(hours=1)  # longer than any lease, back-off or difference between two machines


def bring_back(conn: Connection, now: datetime) -> int:
    """Says how many rows there were."""
    far = now + SLACK
    found = 0
    for table, undone in ((inbox, "inbox.state = 'new'"), (outbox, "outbox.state = 'new'"), (due, "state = 'pending'")):
        leased = update(table).where(text(undone), table.c.lease_until > far).values(lease_until=None)
        found += conn.execute(leased).rowcount
    for query in _waiting(now, far):
        found += conn.execute(query).rowcount
    found += conn.execute(delete(lead).where(lead.c.until > far)).rowcount
    found += allowance.bring_back(conn, now, far) + tokens.bring_back(conn, far)
    told = update(chat_pulse).where(chat_pulse.c.retry_told > far).values(retry_at=None, retry_told=None)
    return found + conn.execute(told).rowcount


def _waiting(now: datetime, far: datetime) -> Iterator[Update]:
    """What came or was written in a time that is not yet, and what failed then and is to be tried again."""
    came = update(inbox).where(text("inbox.state = 'new'"))
    yield came.where(inbox.c.received_at > far).values(not_before=now, received_at=now)
    yield came.where(inbox.c.not_before > far).values(not_before=now)
    said = update(outbox).where(text("outbox.state = 'new'"))
    at_once = said.where(outbox.c.created_at > far, outbox.c.not_before <= outbox.c.created_at)
    yield at_once.values(not_before=now, created_at=now)
    yield said.where(outbox.c.tries > 0, outbox.c.not_before > far).values(not_before=now)
