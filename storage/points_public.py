"""What of points others may see: who takes part in the ranking, and a month's entries for the public notice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from flows.points.notice import Entry
from storage import ledger, totals
from storage.tables import area, chat, due, household, ledger_account, rule, transfer

_SIDES = (  # an OR over both sides of a transfer uses no index: each is looked up by itself
    (transfer.c.source_id, transfer.c.target_id, 1),
    (transfer.c.target_id, transfer.c.source_id, -1),
)
_WHAT = (household.c.name, rule.c.number, rule.c.title, rule.c.category)


def rank(conn: Connection, household_id: int, on: bool) -> None:
    """Count a household in the ranking, or no more."""
    conn.execute(update(household).where(household.c.id == household_id).values(ranked=on))
    totals.rank(conn, household_id)


def month(conn: Connection, issuer: str, since: datetime, until: datetime, limit: int) -> list[Entry]:
    """The first entries made by a rule of a community (its issuer's account) within a month, corrections too."""
    own = ledger.account_id(conn, issuer)
    found = []
    for side, other, sign in _SIDES:
        query = (
            select(transfer.c.at, transfer.c.id, *_WHAT, transfer.c.points, transfer.c.reverses)
            .join(ledger_account, ledger_account.c.id == other)
            .join(household, household.c.id == ledger_account.c.household_id)
            .join(rule, rule.c.id == transfer.c.rule_id)
            .where(side == own, transfer.c.rule_id.is_not(None), transfer.c.at >= since, transfer.c.at < until)
            .order_by(transfer.c.at, transfer.c.id)
            .limit(limit)
        )
        found += [(row.at, row.id, sign, row) for row in conn.execute(query)]
    first = sorted(found, key=lambda one: one[:2])[:limit]
    return [
        Entry(at, row.name, row.number, row.title, row.category, sign * row.points, row.reverses is not None)
        for at, _, sign, row in first
    ]


def gifts_since(conn: Connection, account: str, since: datetime) -> int:
    """The points a household gave to others since then."""
    own = select(ledger_account.c.id).where(ledger_account.c.key == account).scalar_subquery()
    query = select(func.sum(transfer.c.points)).where(
        transfer.c.source_id == own, transfer.c.key.startswith("gift:"), transfer.c.at >= since
    )
    return int(conn.execute(query).scalar() or 0)


def rooms(conn: Connection, community: int) -> Sequence[int]:
    """The residents' groups of a community."""
    path = select(area.c.path).where(area.c.id == community).scalar_subquery()
    query = (
        select(chat.c.id)
        .join(area, area.c.id == chat.c.area_id)
        .where(area.c.path.startswith(path), chat.c.role == "residents", chat.c.kind == "group", chat.c.state == "open")
    )
    return list(conn.execute(query.order_by(chat.c.id)).scalars())


def published(conn: Connection, community: int, month: str) -> bool:
    """Whether the notice of a month was let out."""
    return conn.execute(select(due.c.id).where(due.c.key == f"notice.{community}.{month}.publish")).first() is not None
