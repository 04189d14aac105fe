"""How the queues stand, for `linli status`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select

from storage.tables import case, due, inbox, outbox, thread


def rows(conn: Connection, now: datetime) -> list[tuple[str, str]]:
    """(what, how much) in the order an operator reads them."""
    found: list[tuple[str, str]] = []
    for name, table, states in (("inbox", inbox, ("new", "dead")), ("outbox", outbox, ("new", "waiting", "failed"))):
        query = select(table.c.state, func.count()).where(table.c.state.in_(states)).group_by(table.c.state)
        counted = {row[0]: row[1] for row in conn.execute(query)}
        found += [(f"{name} {state}", str(counted.get(state, 0))) for state in states]
    oldest = conn.execute(select(func.min(inbox.c.received_at)).where(inbox.c.state == "new")).scalar()
    found.append(("oldest unanswered", f"{(now - oldest).total_seconds():.0f} s" if oldest else "none"))
    waiting = select(func.count()).where(due.c.state == "pending", due.c.at <= now)
    found.append(("due now", str(conn.execute(waiting).scalar_one())))
    last = conn.execute(select(func.max(due.c.done_at))).scalar()
    found.append(("last thing the clock did", last.isoformat(timespec="seconds") if last else "nothing yet"))
    leased = select(func.count()).where(outbox.c.state == "new", outbox.c.lease_until > now)
    found.append(("being sent", str(conn.execute(leased).scalar_one())))
    alive = case.c.status.in_(("submitted", "accepted", "assigned", "called_out"))
    found.append(("open cases", str(conn.execute(select(func.count()).select_from(case).where(alive)).scalar_one())))
    open_threads = select(func.count()).select_from(thread).where(thread.c.state != "closed")
    found.append(("open threads", str(conn.execute(open_threads).scalar_one())))
    return found
