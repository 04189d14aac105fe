"""How the queues stand, for `linli status` and for Prometheus."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, or_, select

from storage import leading
from storage.tables import case, chat, due, inbox, lead, outbox, thread

# Chats of the example's `play` accounts: nobody but `linli play` writes to them, and nothing is wrong with that.
PLAYED = outbox.c.chat_id.in_(select(chat.c.id).where(chat.c.channel == "play"))
MEANT = ("erased", "unbound")  # why a message never goes, without anything being wrong
ALIVE = ("submitted", "accepted", "assigned", "called_out")
STATES = {"inbox": ("new", "dead"), "outbox": ("new", "waiting", "failed"), "due": ("pending", "dead")}


def gauges(conn: Connection, now: datetime) -> dict[tuple[str, str], float]:
    """By (what, in which state): how many rows, or for names that end in _seconds, how long."""
    found: dict[tuple[str, str], float] = {}
    for table in (inbox, outbox, due):
        states = STATES[table.name]
        query = select(table.c.state, func.count()).where(table.c.state.in_(states)).group_by(table.c.state)
        if table is outbox:
            query = query.where(
                or_(outbox.c.state != "failed", func.coalesce(outbox.c.reason, "").not_in(MEANT)), ~PLAYED
            )
        counted = {row[0]: row[1] for row in conn.execute(query)}
        found |= {(table.name, state): counted.get(state, 0) for state in states}
        leased = table.c.lease_until > now
        found[table.name, "leased"] = conn.execute(select(func.count()).select_from(table).where(leased)).scalar_one()
    for_later = select(func.count()).where(outbox.c.state == "new", outbox.c.not_before > now, ~PLAYED)
    found["outbox", "later"] = conn.execute(for_later).scalar_one()
    ages = {
        "inbox": select(func.min(inbox.c.received_at)).where(inbox.c.state == "new"),
        "outbox": select(func.min(outbox.c.not_before)).where(
            outbox.c.state == "new", outbox.c.not_before <= now, ~PLAYED
        ),
        "due": select(func.min(due.c.at)).where(due.c.state == "pending", due.c.at <= now),
    }
    for name, query in ages.items():
        oldest = conn.execute(query).scalar()
        found["oldest_seconds", name] = (now - oldest).total_seconds() if oldest else 0.0
    last = leading.ticked(conn)
    found["idle_seconds", "clock"] = max(0.0, (now - last).total_seconds()) if last else 0.0
    alive = select(func.count()).select_from(case).where(case.c.status.in_(ALIVE))
    found["cases", "open"] = conn.execute(alive).scalar_one()
    threads = select(func.count()).select_from(thread).where(thread.c.state != "closed")
    found["threads", "open"] = conn.execute(threads).scalar_one()
    return found


def rows(conn: Connection, now: datetime) -> list[tuple[str, str]]:
    """(what, how much) in the order an operator reads them."""
    seen = gauges(conn, now)
    found = list[tuple[str, str]]()
    for name, states in STATES.items():
        counts = [(f"{name} {state}", f"{seen[name, state]:.0f}") for state in states]
        if later := seen.get((name, "later")):  # at night, say: nobody need wonder why it does not shrink
            counts[0] = (counts[0][0], f"{counts[0][1]}, {later:.0f} of them for later")
        found += [*counts, (f"{name} in work", f"{seen[name, 'leased']:.0f}")]
        found.append((f"oldest of {name} that could go", f"{seen['oldest_seconds', name]:.0f} s"))
    last = leading.ticked(conn)
    ago = f"{last.isoformat(timespec='seconds')} ({seen['idle_seconds', 'clock']:.0f} s ago)" if last else "never yet"
    found.append(("the clock looked last", ago))
    held = select(lead.c.name, lead.c.holder, lead.c.until).where(lead.c.name != leading.CLOCK).order_by(lead.c.name)
    for name, holder, until in conn.execute(held):
        found.append((name, f"{holder}" if until > now else f"nobody (last {holder})"))
    found += [(f"open {name}", f"{seen[name, 'open']:.0f}") for name in ("cases", "threads")]
    return found
