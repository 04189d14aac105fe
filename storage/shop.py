"""The shop of points: goods and their stock, reservations with a pick-up code, days on which things are handed out."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, and_, bindparam, func, select, update

from flows.domain.ledger import NotEnough
from flows.effects import Reserve
from flows.errors import NotAllowed
from flows.facts import GoodsView, RedemptionView, SessionView, ShelfView
from storage import due, ledger
from storage.conflict import insert
from storage.database import secret_of
from storage.tables import goods, household, redemption, shop_session

REDEMPTIONS = select(
    redemption.c.id, goods.c.title, redemption.c.points, redemption.c.state, redemption.c.expires_at
).join(goods, goods.c.id == redemption.c.goods_id)
_EVENING = time(18)
_COUNTED = ("reserved", "collected")


@dataclass(frozen=True, slots=True)
class Counter:
    """Where a reservation is handed out: the shop, and the area it lies in."""

    shop: str
    area: int


_AREAS: BindParameter[Any] = bindparam("areas", expanding=True)
_columns = (goods.c.id, goods.c.key, goods.c.title, goods.c.price, goods.c.stock, goods.c.shop, goods.c.area_id)
_GOODS = (
    select(*_columns, goods.c.monthly_limit)
    .where(goods.c.area_id.in_(_AREAS), goods.c.active)
    .order_by(goods.c.price, goods.c.id)
)


def goods_of(conn: Connection, area_ids: Sequence[int], household_id: int | None, month: datetime) -> list[GoodsView]:
    """What can be redeemed in these areas, sold-out things too (they are shown as such); `month`: since when limits
    count for the household."""
    rows = conn.execute(_GOODS, {"areas": area_ids}).all()
    limited = [row.id for row in rows if row.monthly_limit]
    had = _had(conn, household_id, limited, month) if household_id is not None and limited else {}
    return [GoodsView(*row, had.get(row.id, 0)) for row in rows]


def _had(conn: Connection, household_id: int, goods_ids: Sequence[int], month: datetime) -> dict[int, int]:
    """How many of each a household has reserved or collected since then."""
    query = select(redemption.c.goods_id, func.count()).where(
        redemption.c.household_id == household_id,
        redemption.c.goods_id.in_(goods_ids),
        redemption.c.at >= month,
        redemption.c.state.in_(_COUNTED),
    )
    return {id: int(count) for id, count in conn.execute(query.group_by(redemption.c.goods_id))}


def reserve(conn: Connection, wanted: Reserve, month: datetime, now: datetime) -> tuple[int, str] | None:
    """Set goods and points aside; (redemption id, pick-up code), or None when it is sold out.

    Raises NotAllowed when the balance is too low, or the household had its share since `month`.
    """
    ledger.hold(conn)  # before the row of the goods, as everywhere
    left = update(goods).where(
        goods.c.id == wanted.goods, goods.c.stock > 0, goods.c.price == wanted.points, goods.c.active
    )
    found = conn.execute(left.values(stock=goods.c.stock - 1).returning(goods.c.title, goods.c.monthly_limit)).first()
    if found is None:
        return None
    had = _had(conn, wanted.household, [wanted.goods], month).get(wanted.goods, 0)
    if found.monthly_limit is not None and had >= found.monthly_limit:
        raise NotAllowed(f"「{found.title}」每户每月换{found.monthly_limit}份，您家这个月换过了，下个月再来。")
    id, plain = _row(conn, wanted, now)
    key = conn.execute(select(household.c.key).where(household.c.id == wanted.household)).scalar_one()
    try:
        ledger.post(
            conn,
            key=f"reserve:{id}",
            source=f"household:{key}",
            target=f"reserve:{id}",
            points=wanted.points,
            by=f"person:{wanted.person}",
            now=now,
            memo=f"兑换 {found.title}",
        )
    except NotEnough:
        raise NotAllowed("积分不够换这个，看看别的好吗？") from None
    return id, plain


def _row(conn: Connection, wanted: Reserve, now: datetime) -> tuple[int, str]:
    row = {
        "goods_id": wanted.goods,
        "household_id": wanted.household,
        "person_id": wanted.person,
        "points": wanted.points,
        "code": "",
        "state": "reserved",
        "at": now,
        "expires_at": wanted.expires_at,
    }
    id = int(conn.execute(insert(redemption).values(row).returning(redemption.c.id)).scalar_one())
    for draw in range(50):
        plain = _plain(conn, id, draw)
        digest = _digest(conn, plain)
        if conn.execute(select(redemption.c.id).where(_live(digest))).first() is None:
            conn.execute(update(redemption).where(redemption.c.id == id).values(code=digest, draw=draw))
            return id, plain
    raise RuntimeError("no free pick-up code")


def _live(digest: str) -> ColumnElement[bool]:
    return and_(redemption.c.code == digest, redemption.c.state == "reserved")


def _plain(conn: Connection, id: int, draw: int) -> str:
    """The code of a reservation: made again from the secret whenever it is asked for, kept nowhere."""
    made = hmac.new(secret_of(conn), f"pickup\0{id}\0{draw}".encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(made[:8]) % 1_000_000:06d}"


def _digest(conn: Connection, plain: str) -> str:
    return hmac.new(secret_of(conn), f"pickup\0{plain}".encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def codes_of(conn: Connection, household_id: int, now: datetime) -> list[tuple[RedemptionView, str, str]]:
    """What a household may still collect: the reservation, its code, its shop."""
    query = REDEMPTIONS.add_columns(redemption.c.draw, goods.c.shop).where(
        redemption.c.household_id == household_id, redemption.c.state == "reserved", redemption.c.expires_at > now
    )
    rows = conn.execute(query.order_by(redemption.c.expires_at, redemption.c.id)).all()
    return [(RedemptionView(*row[:5]), _plain(conn, row.id, row.draw), row.shop) for row in rows]


def by_code(conn: Connection, plain: str) -> RedemptionView | None:
    """The reservation of a pick-up code, the live one first, else what became of the newest. The caller limits the
    guessing."""
    query = REDEMPTIONS.where(redemption.c.code == _digest(conn, plain))
    live = (redemption.c.state == "reserved").desc()
    row = conn.execute(query.order_by(live, redemption.c.id.desc()).limit(1)).first()
    return RedemptionView(*row) if row else None


def counter(conn: Connection, redemption_id: int) -> Counter:
    """Where it is handed out."""
    query = select(goods.c.shop, goods.c.area_id).join(redemption, redemption.c.goods_id == goods.c.id)
    return Counter(*conn.execute(query.where(redemption.c.id == redemption_id)).one())


def holder(conn: Connection, redemption_id: int) -> int:
    """Who reserved it."""
    return int(conn.execute(select(redemption.c.person_id).where(redemption.c.id == redemption_id)).scalar_one())


def end(conn: Connection, redemption_id: int, state: str, by: str, now: datetime) -> None:
    """A reservation ends: collected (points go to the shop), cancelled or expired (points and stock come back).

    Raises NotAllowed when it has ended already.
    """
    ledger.hold(conn)
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


def view(conn: Connection, id: int) -> RedemptionView:
    """One redemption, whatever became of it; raises LookupError when there is none."""
    row = conn.execute(REDEMPTIONS.where(redemption.c.id == id)).first()
    if row is None:
        raise LookupError(f"no redemption {id}")
    return RedemptionView(*row)


# -- days on which things are handed out ------------------------------------------------------------------------------

_SESSIONS = select(
    shop_session.c.id,
    shop_session.c.area_id,
    shop_session.c.shop,
    shop_session.c.title,
    shop_session.c.place,
    shop_session.c.starts_at,
    shop_session.c.ends_at,
)


_NEXT = (
    _SESSIONS.where(shop_session.c.area_id.in_(_AREAS), shop_session.c.active)
    .where(shop_session.c.ends_at > bindparam("now"))
    .order_by(shop_session.c.starts_at)
    .limit(3)
)


def sessions(conn: Connection, area_ids: Sequence[int], now: datetime) -> tuple[SessionView, ...]:
    """The next sessions of these areas, the soonest first."""
    return tuple(SessionView(*row) for row in conn.execute(_NEXT, {"areas": area_ids, "now": now}))


def session(conn: Connection, id: int) -> SessionView | None:
    """One session; None for one that was called off."""
    row = conn.execute(_SESSIONS.where(shop_session.c.id == id, shop_session.c.active)).first()
    return SessionView(*row) if row else None


def remind(conn: Connection, starts: Iterable[tuple[int, datetime]]) -> None:
    """Have everybody with something to collect reminded the evening before (local time)."""
    for id, at in starts:
        evening = datetime.combine(at.date() - timedelta(days=1), _EVENING, at.tzinfo)
        due.schedule(
            conn,
            kind="session.remind",
            key=f"session.{id}.remind",
            at=evening,
            subject={"session": id},
            late="expire",
            expires_at=at,
        )


def shelf(conn: Connection, now: datetime) -> list[ShelfView]:
    """Everything the shops have, with how much of it waits to be collected."""
    waits = and_(redemption.c.goods_id == goods.c.id, redemption.c.state == "reserved", redemption.c.expires_at > now)
    query = (
        select(goods.c.shop, goods.c.title, goods.c.stock, func.count(redemption.c.id))
        .join(redemption, waits, isouter=True)
        .where(goods.c.active)
        .group_by(goods.c.id, goods.c.shop, goods.c.title, goods.c.stock, goods.c.price)
        .order_by(goods.c.price, goods.c.id)
    )
    return [ShelfView(*row) for row in conn.execute(query)]


def waiting_at(conn: Connection, shop: str, now: datetime) -> list[tuple[int, str]]:
    """(person, title) of what waits to be collected in a shop."""
    query = (
        select(redemption.c.person_id, goods.c.title)
        .join(goods, goods.c.id == redemption.c.goods_id)
        .where(goods.c.shop == shop, redemption.c.state == "reserved", redemption.c.expires_at > now)
        .order_by(redemption.c.person_id, redemption.c.id)
    )
    return [(int(person), title) for person, title in conn.execute(query)]
