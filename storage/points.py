"""Households, the rules of points, goods and redemptions; the points themselves are in storage/ledger.py."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from flows.domain.ledger import NotEnough
from flows.effects import Reserve
from flows.errors import NotAllowed
from flows.facts import GoodsView, HouseholdView, RedemptionView, RuleView, StatementLine
from storage import codes, ledger
from storage.conflict import insert
from storage.database import secret_of
from storage.tables import code as codes_table
from storage.tables import goods, household, household_member, redemption, rule, staff, transfer

_REDEMPTIONS = select(
    redemption.c.id, goods.c.title, redemption.c.points, redemption.c.state, redemption.c.expires_at
).join(goods, goods.c.id == redemption.c.goods_id)


def household_of(conn: Connection, person_id: int) -> HouseholdView | None:
    """The household a person is bound to, with balance, categories, the last ten entries and live redemptions."""
    row = conn.execute(
        select(household.c.id, household.c.key, household.c.name, household.c.area_id)
        .join(household_member, household_member.c.household_id == household.c.id)
        .where(household_member.c.person_id == person_id, household_member.c.until.is_(None))
        .order_by(household_member.c.id.desc())
    ).first()
    if row is None:
        return None
    account = f"household:{row.key}"
    lines = tuple(StatementLine(x.at, x.points, x.memo) for x in ledger.statement(conn, account, 10))
    live = conn.execute(
        _REDEMPTIONS.where(redemption.c.household_id == row.id, redemption.c.state == "reserved").order_by(
            redemption.c.id
        )
    )
    found = tuple(RedemptionView(*each) for each in live)
    return HouseholdView(
        row.id, row.key, row.name, row.area_id, ledger.balance(conn, account), _by_category(conn, account), lines, found
    )


def _by_category(conn: Connection, account: str) -> dict[str, int]:
    own = ledger.account_id(conn, account)
    query = (
        select(rule.c.category, func.sum(transfer.c.points))
        .join(rule, rule.c.id == transfer.c.rule_id)
        .where(transfer.c.target_id == own)
        .group_by(rule.c.category)
    )
    return {category: int(points) for category, points in conn.execute(query)}


def rules(conn: Connection, area_ids: Sequence[int]) -> list[RuleView]:
    """The rules in force in these areas (a community and those above it)."""
    columns = (rule.c.id, rule.c.key, rule.c.category, rule.c.title, rule.c.points, rule.c.evidence)
    query = select(*columns).where(rule.c.area_id.in_(area_ids), rule.c.active).order_by(rule.c.id)
    return [RuleView(*row) for row in conn.execute(query)]


def goods_of(conn: Connection, area_ids: Sequence[int]) -> list[GoodsView]:
    """What can be redeemed in these areas, sold-out things too (they are shown as such)."""
    columns = (goods.c.id, goods.c.key, goods.c.title, goods.c.price, goods.c.stock, goods.c.shop, goods.c.area_id)
    query = select(*columns).where(goods.c.area_id.in_(area_ids), goods.c.active).order_by(goods.c.price, goods.c.id)
    return [GoodsView(*row) for row in conn.execute(query)]


def code_by_id(conn: Connection, id: int) -> codes.CodeRow | None:
    columns = (
        codes_table.c.id,
        codes_table.c.kind,
        codes_table.c.subject,
        codes_table.c.person_id,
        codes_table.c.expires_at,
    )
    row = conn.execute(select(*columns).where(codes_table.c.id == id)).first()
    return codes.CodeRow(*row) if row else None


def household_name(conn: Connection, id: int) -> str | None:
    return conn.execute(select(household.c.name).where(household.c.id == id)).scalar()


def join_household(conn: Connection, household_id: int, person_id: int, now: datetime) -> None:
    """Bind a person to a household; an earlier binding ends."""
    live = household_member.c.person_id == person_id, household_member.c.until.is_(None)
    conn.execute(update(household_member).where(*live).values(until=now))
    conn.execute(insert(household_member).values(household_id=household_id, person_id=person_id, since=now))


def members(conn: Connection, household_id: int) -> list[int]:
    query = select(household_member.c.person_id).where(
        household_member.c.household_id == household_id, household_member.c.until.is_(None)
    )
    return list(conn.execute(query).scalars())


def bind_staff(conn: Connection, staff_id: int, person_id: int) -> None:
    """A chat account is a member of staff's from now on."""
    conn.execute(update(staff).where(staff.c.id == staff_id).values(person_id=person_id))


def _digest(conn: Connection, plain: str) -> str:
    return hmac.new(secret_of(conn), f"pickup\0{plain}".encode(), hashlib.sha256).hexdigest()


def reserve(conn: Connection, wanted: Reserve, now: datetime) -> tuple[int, str] | None:
    """Set goods and points aside; (redemption id, pick-up code), or None when it is sold out.

    Raises NotAllowed when the balance is too low.
    """
    left = update(goods).where(goods.c.id == wanted.goods, goods.c.stock > 0, goods.c.price == wanted.points)
    if conn.execute(left.values(stock=goods.c.stock - 1)).rowcount != 1:
        return None
    plain = _free_code(conn)
    row = {
        "goods_id": wanted.goods,
        "household_id": wanted.household,
        "person_id": wanted.person,
        "points": wanted.points,
        "code": _digest(conn, plain),
        "state": "reserved",
        "at": now,
        "expires_at": wanted.expires_at,
    }
    id = conn.execute(insert(redemption).values(row).returning(redemption.c.id)).scalar_one()
    key = conn.execute(select(household.c.key).where(household.c.id == wanted.household)).scalar_one()
    title = conn.execute(select(goods.c.title).where(goods.c.id == wanted.goods)).scalar_one()
    try:
        ledger.post(
            conn,
            key=f"reserve:{id}",
            source=f"household:{key}",
            target=f"reserve:{id}",
            points=wanted.points,
            by=f"person:{wanted.person}",
            now=now,
            memo=f"兑换 {title}",
        )
    except NotEnough:
        raise NotAllowed("积分不够换这个，看看别的好吗？") from None
    return id, plain


def _free_code(conn: Connection) -> str:
    for _ in range(50):
        plain = f"{secrets.randbelow(1_000_000):06d}"
        live = select(redemption.c.id).where(
            redemption.c.code == _digest(conn, plain), redemption.c.state == "reserved"
        )
        if conn.execute(live).first() is None:
            return plain
    raise RuntimeError("no free pick-up code")


def by_pickup_code(conn: Connection, plain: str) -> RedemptionView | None:
    """The live reservation of a pick-up code. The caller limits the guessing."""
    query = _REDEMPTIONS.where(redemption.c.code == _digest(conn, plain), redemption.c.state == "reserved")
    row = conn.execute(query).first()
    return RedemptionView(*row) if row else None


def shop_area(conn: Connection, redemption_id: int) -> int:
    """The area whose shopkeeper hands it out."""
    query = select(goods.c.area_id).join(redemption, redemption.c.goods_id == goods.c.id)
    return int(conn.execute(query.where(redemption.c.id == redemption_id)).scalar_one())


def holder(conn: Connection, redemption_id: int) -> int:
    """Who reserved it."""
    query = select(redemption.c.person_id).where(redemption.c.id == redemption_id)
    return int(conn.execute(query).scalar_one())


def end(conn: Connection, redemption_id: int, state: str, by: str, now: datetime) -> None:
    """A reservation ends: collected (points go to the shop), cancelled or expired (points and stock come back).

    Raises NotAllowed when it has ended already.
    """
    won = update(redemption).where(redemption.c.id == redemption_id, redemption.c.state == "reserved")
    if conn.execute(won.values(state=state)).rowcount != 1:
        raise NotAllowed("这笔兑换已经处理过了。")
    row = conn.execute(
        select(redemption.c.points, redemption.c.goods_id, household.c.key, goods.c.title, goods.c.shop)
        .join(household, household.c.id == redemption.c.household_id)
        .join(goods, goods.c.id == redemption.c.goods_id)
        .where(redemption.c.id == redemption_id)
    ).one()
    back = state != "collected"
    ledger.post(
        conn,
        key=f"{state}:{redemption_id}",
        source=f"reserve:{redemption_id}",
        target=f"household:{row.key}" if back else f"shop:{row.shop}",
        points=row.points,
        by=by,
        now=now,
        memo=f"{'退回' if back else '已取'} {row.title}",
    )
    if back:
        conn.execute(update(goods).where(goods.c.id == row.goods_id).values(stock=goods.c.stock + 1))


def redemption_view(conn: Connection, id: int) -> RedemptionView:
    """One redemption, whatever became of it; raises LookupError when there is none."""
    row = conn.execute(_REDEMPTIONS.where(redemption.c.id == id)).first()
    if row is None:
        raise LookupError(f"no redemption {id}")
    return RedemptionView(*row)
