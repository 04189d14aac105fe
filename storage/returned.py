"""Claimed rows of the inbox that had no turn because the database went away are given back: no fault of theirs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, text, update

from storage.inbox import InboxRow
from storage.tables import inbox

# A lease that is soon over, not none: each is taken alone then, and what one of them does to the database happens to no
# other. So one that fails each time is in nobody's way, and waits for the database, not for an operator.
SOON = timedelta(seconds=2)
_BACK = (
    update(inbox)
    .where(inbox.c.id == bindparam("row"), inbox.c.conversation == bindparam("of"), text("inbox.state = 'new'"))
    .where(inbox.c.tries == bindparam("tried"), inbox.c.lease_until.is_not(None))
    .values(lease_until=bindparam("until"), tries=inbox.c.tries - 1)
)


def give_back(conn: Connection, rows: Iterable[InboxRow], now: datetime) -> None:
    """They are taken again soon, and the try does not count; what was done after all, or is in other hands, stays."""
    for row in rows:
        conn.execute(_BACK, {"row": row.id, "of": row.conversation, "tried": row.tries, "until": now + SOON})
