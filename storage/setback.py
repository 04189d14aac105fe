"""A clock that was set back: what it left in the future is brought back to now, or it would wait for a day."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, text, update

from storage.tables import chat, due, inbox, lead, outbox

SLACK = timedelta(hours=1)  # longer than any lease, back-off or difference between two machines
LONGEST_WAIT = timedelta(days=1)  # that a platform asks for


def bring_back(conn: Connection, now: datetime) -> int:
    """Says how many rows there were."""
    far = now + SLACK
    found = 0
    for table, undone in ((inbox, "inbox.state = 'new'"), (outbox, "outbox.state = 'new'"), (due, "state = 'pending'")):
        leased = update(table).where(text(undone), table.c.lease_until > far).values(lease_until=None)
        found += conn.execute(leased).rowcount
    came = update(inbox).where(text("inbox.state = 'new'"), inbox.c.received_at > far)
    found += conn.execute(came.values(not_before=now, received_at=now)).rowcount
    said = update(outbox).where(text("outbox.state = 'new'"), outbox.c.created_at > far)
    at_once = said.where(outbox.c.not_before <= outbox.c.created_at)
    found += conn.execute(at_once.values(not_before=now, created_at=now)).rowcount
    found += conn.execute(delete(lead).where(lead.c.until > far)).rowcount
    told = update(chat).where(chat.c.retry_at > now + LONGEST_WAIT).values(retry_at=None)
    return found + conn.execute(told).rowcount
