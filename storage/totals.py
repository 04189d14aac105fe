"""What rules moved, added up as it is posted: by household and local year for the ranking, by issuer and month for the
notice, so that neither reads the book."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select, update

from flows.domain.ledger import Transfer, account_kind
from flows.points.notice import Totals
from storage import community
from storage.conflict import insert
from storage.tables import area, household, ledger_account, ledger_total


@dataclass(frozen=True, slots=True)
class Placed:
    """A household on the ranking."""

    household: int
    name: str
    points: int


@dataclass(frozen=True, slots=True)
class Ranking:
    """How many households gained points, the first of them, and where the one that asks stands (None: none gained)."""

    count: int
    first: tuple[Placed, ...]
    own: int
    place: int | None


_ADD = insert(ledger_total).values(
    account_id=bindparam("account"),
    period=bindparam("in_period"),
    ranked_in=bindparam("community"),
    entries=1,
    plus=bindparam("gained"),
    minus=bindparam("lost"),
    points=bindparam("moved"),
)
_ADD = _ADD.on_conflict_do_update(
    index_elements=["account_id", "period"],
    set_={
        "entries": ledger_total.c.entries + 1,
        "plus": ledger_total.c.plus + _ADD.excluded.plus,
        "minus": ledger_total.c.minus + _ADD.excluded.minus,
        "points": ledger_total.c.points + _ADD.excluded.points,
    },
)
_HOME = select(household.c.area_id, household.c.ranked).where(household.c.key == bindparam("home"))


def add(conn: Connection, moved: Transfer, accounts: Mapping[str, int], at: datetime) -> None:
    """Count a transfer for its household and its issuer; `accounts`: the ids of both by key."""
    if moved.rule is None:
        return
    sides = {account_kind(key): (key, sign) for key, sign in ((moved.source, -1), (moved.target, 1))}
    key, _ = sides.get("household", ("", 0))
    home = conn.execute(_HOME, {"home": key.partition(":")[2]}).first()
    local = at.astimezone(community.time_zone(conn, home.area_id if home else 0))
    for kind, period in (("household", f"{local:%Y}"), ("issuer", f"{local:%Y-%m}")):
        if kind not in sides:
            continue
        key, sign = sides[kind]
        ranked = community_of(conn, home.area_id) if kind == "household" and home and home.ranked else None
        points = sign * moved.points
        row = {"account": accounts[key], "in_period": period, "community": ranked, "moved": points}
        conn.execute(_ADD, row | {"gained": max(points, 0), "lost": max(-points, 0)})


def community_of(conn: Connection, area_id: int) -> int:
    """The community an area lies in; itself where it lies in none."""
    around = community.above(conn, area_id)
    query = select(area.c.id).where(area.c.id.in_(around), area.c.level == "community")
    return conn.execute(query).scalar() or area_id


def rank(conn: Connection, household_id: int) -> None:
    """Put what a household gained on the ranking of its community, or off it, as its row says."""
    home = conn.execute(select(household.c.area_id, household.c.ranked).where(household.c.id == household_id)).one()
    where = community_of(conn, home.area_id) if home.ranked else None
    own = select(ledger_account.c.id).where(ledger_account.c.household_id == household_id)
    conn.execute(update(ledger_total).where(ledger_total.c.account_id.in_(own)).values(ranked_in=where))


def ranking(conn: Connection, community: int, year: str, household_id: int, limit: int = 10) -> Ranking:
    """Who gained most in a community this year, of those who take part."""
    here = (ledger_total.c.ranked_in == community, ledger_total.c.period == year)
    gained = (*here, ledger_total.c.points > 0)
    query = (
        select(household.c.id, household.c.name, ledger_total.c.points)
        .select_from(ledger_total)
        .join(ledger_account, ledger_account.c.id == ledger_total.c.account_id)
        .join(household, household.c.id == ledger_account.c.household_id)
        .where(*gained)
        .order_by(ledger_total.c.points.desc(), ledger_total.c.account_id.desc())
        .limit(limit)
    )
    first = tuple(Placed(*row) for row in conn.execute(query))
    accounts = select(ledger_account.c.id).where(ledger_account.c.household_id == household_id)
    mine = select(ledger_total.c.points).where(ledger_total.c.account_id.in_(accounts), ledger_total.c.period == year)
    own = conn.execute(mine).scalar() or 0
    count = conn.execute(select(func.count()).where(*gained)).scalar_one()
    ahead = conn.execute(select(func.count()).where(*here, ledger_total.c.points > own)).scalar_one() if own > 0 else 0
    return Ranking(int(count), first, own, int(ahead) + 1 if own > 0 else None)


def month(conn: Connection, issuer: str, month: str) -> Totals:
    """How many entries a month has, and what they add up to, as households see it: what the issuer lost, they got."""
    own = select(ledger_account.c.id).where(ledger_account.c.key == issuer).scalar_subquery()
    columns = (ledger_total.c.entries, ledger_total.c.minus, ledger_total.c.plus)
    row = conn.execute(select(*columns).where(ledger_total.c.account_id == own, ledger_total.c.period == month)).first()
    return Totals(*row) if row else Totals(0, 0, 0)
