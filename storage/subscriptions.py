"""Who agreed to be sent a kind of notice (订阅通知), as the platform told us; whom to ask, and whom no more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, delete, select, update

from storage.conflict import insert
from storage.tables import subscription

AGAIN = timedelta(days=30)  # who did not want it is not asked sooner


class State(StrEnum):
    """What somebody said to it."""

    ACCEPT = "accept"
    REJECT = "reject"
    SPENT = "spent"  # agreed once, and had it


def keep(conn: Connection, address: str, template: str, state: State, at: datetime) -> None:
    """Somebody agreed, or did not, or it is spent; what is older than what we know changes nothing."""
    row = insert(subscription).values(address=address, template=template, state=state, at=at)
    known = {name: row.excluded[name] for name in ("state", "at")}
    conn.execute(
        row.on_conflict_do_update(
            index_elements=["address", "template"], set_=known, where=subscription.c.at <= row.excluded.at
        )
    )


def came_to(conn: Connection, address: str, template: str, result: str) -> None:
    """What became of the last one that was sent."""
    mine = (subscription.c.address == address, subscription.c.template == template)
    conn.execute(update(subscription).where(*mine).values(result=result[:64]))


def state_of(conn: Connection, address: str, template: str) -> State | None:
    """What somebody said last; None: nothing."""
    query = select(subscription.c.state).where(subscription.c.address == address, subscription.c.template == template)
    found: str | None = conn.execute(query).scalar()
    return None if found is None else State(found)


def may_ask(conn: Connection, address: str, template: str, now: datetime) -> bool:
    """Whether to offer it: to who never said anything, had what they agreed to, or said no a while ago."""
    query = select(subscription.c.state, subscription.c.at).where(
        subscription.c.address == address, subscription.c.template == template
    )
    row = conn.execute(query).first()
    return row is None or row.state == State.SPENT or (row.state == State.REJECT and row.at <= now - AGAIN)


def forget(conn: Connection, addresses: Sequence[str]) -> None:
    """Whose these are is erased."""
    conn.execute(delete(subscription).where(subscription.c.address.in_(addresses)))
