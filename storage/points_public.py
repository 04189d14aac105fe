"""What of points others may see: the ranking of those who agreed to it, and a month's entries for the public notice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, String, Subquery, case, cast, func, literal, select, union_all, update

from flows.points.notice import Entry, Totals
from storage.tables import area, chat, due, household, ledger_account, rule, transfer

_SIDES = (  # an OR over both sides of a transfer uses no index: each side is looked up by itself
    (transfer.c.target_id, transfer.c.points),
    (transfer.c.source_id, -transfer.c.points),
)


def rank(conn: Connection, household_id: int, on: bool) -> None:
    """Count a household in the ranking, or no more."""
    conn.execute(update(household).where(household.c.id == household_id).values(ranked=on))


def ranking(conn: Connection, community: int, since: datetime) -> list[tuple[int, str, int]]:
    """(household, name, points given by rules since then, less what was taken back) of those who take part, the most
    first."""
    path = select(area.c.path).where(area.c.id == community).scalar_subquery()
    sides = [
        select(ledger_account.c.household_id, signed.label("points"))
        .join(transfer, side == ledger_account.c.id)
        .join(household, household.c.id == ledger_account.c.household_id)
        .where(household.c.ranked, transfer.c.rule_id.is_not(None), transfer.c.at >= since)
        for side, signed in _SIDES
    ]
    moved = union_all(*sides).subquery()
    earned = (
        select(moved.c.household_id, func.sum(moved.c.points).label("points")).group_by(moved.c.household_id).subquery()
    )
    points = func.coalesce(earned.c.points, 0)
    query = (
        select(household.c.id, household.c.name, points)
        .join(area, area.c.id == household.c.area_id)
        .join(earned, earned.c.household_id == household.c.id, isouter=True)
        .where(household.c.ranked, area.c.path.startswith(path))
        .order_by(points.desc(), household.c.id)
    )
    return [(int(id), name, int(total)) for id, name, total in conn.execute(query)]


def _moved(conn: Connection, community: int, since: datetime, until: datetime) -> Subquery:
    """What rules moved in a community within a month, points with the household's sign."""
    path = select(area.c.path).where(area.c.id == community).scalar_subquery()
    here = select(household.c.id).join(area, area.c.id == household.c.area_id).where(area.c.path.startswith(path))
    sides = [
        select(transfer.c.id, transfer.c.at, transfer.c.rule_id, ledger_account.c.household_id, signed.label("points"))
        .add_columns(transfer.c.reverses)
        .join(ledger_account, side == ledger_account.c.id)
        .where(ledger_account.c.household_id.in_(here), transfer.c.rule_id.is_not(None))
        .where(transfer.c.at >= since, transfer.c.at < until)
        for side, signed in _SIDES
    ]
    return union_all(*sides).subquery()


def month(conn: Connection, community: int, since: datetime, until: datetime, limit: int | None = None) -> list[Entry]:
    """The entries made by a rule in a community within a month, the oldest first; corrections too."""
    moved = _moved(conn, community, since, until)
    what = (household.c.name, rule.c.number, rule.c.title, rule.c.category)
    query = (
        select(moved.c.at, *what, moved.c.points, moved.c.reverses)
        .join(household, household.c.id == moved.c.household_id)
        .join(rule, rule.c.id == moved.c.rule_id)
        .order_by(moved.c.id)
        .limit(limit)
    )
    return [
        Entry(at, name, number, title, category, int(points), reverses is not None)
        for at, name, number, title, category, points, reverses in conn.execute(query)
    ]


def totals(conn: Connection, community: int, since: datetime, until: datetime) -> Totals:
    """How many entries a month has, and what they add up to."""
    points = _moved(conn, community, since, until).c.points
    plus = func.sum(case((points > 0, points), else_=0))
    minus = func.sum(case((points < 0, -points), else_=0))
    count, added, taken = conn.execute(select(func.count(points), plus, minus)).one()
    return Totals(int(count), int(added or 0), int(taken or 0))


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


def communities_without_notice(conn: Connection) -> list[int]:
    """Active communities whose next notice isn't on the calendar."""
    pending = select(due.c.id).where(
        due.c.key == literal("notice.") + cast(area.c.id, String), due.c.state == "pending"
    )
    query = select(area.c.id).where(area.c.level == "community", area.c.active, ~pending.exists())
    return list(conn.execute(query.order_by(area.c.id)).scalars())
