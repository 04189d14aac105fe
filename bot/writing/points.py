"""Rows of the effects on the Moral Bank's books."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from sqlalchemy import Connection

from bot import bank, hourpoints, notice
from bot import households as homes
from bot.world import World
from flows import effects as fx
from flows.errors import NotAllowed
from storage import households, ledger, shop

if TYPE_CHECKING:
    from bot.effects import Here


def write(conn: Connection, world: World, here: Here, effect: fx.PointsEffect) -> list[fx.Effect]:
    """Write one effect; what follows from it. Raises NotAllowed."""
    match effect:
        case fx.PostTransfer(key, source, target, points, by, memo, rule):
            ledger.post(
                conn, key=key, source=source, target=target, points=points, by=by, now=here.now, memo=memo, rule=rule
            )
        case fx.Reserve():
            return reserve(conn, world, here, effect)
        case fx.EndRedemption(redemption, state, by):
            shop.end(conn, redemption, state, by, here.now)
            if state != "collected":
                return bank.came_back(conn, world, here, redemption)
        case fx.Propose():
            return bank.propose(conn, world, here, effect)
        case fx.ActOnProposal():
            return bank.on_proposal(conn, world, here, effect)
        case fx.ChangeProposal():
            bank.change(conn, here, effect)
        case fx.TakeBack():
            bank.take_back(conn, here, effect)
        case fx.CreditHours():
            return hourpoints.credit(conn, world, here, effect)
        case fx.TakeBackHours(key):
            return hourpoints.uncredit(conn, here, key)
        case fx.ShowNotice():
            return notice.show(conn, world, here, effect)
        case fx.PublishNotice():
            return notice.publish(conn, world, here, effect)
        case _:
            assert_never(effect)
    return []


def reserve(conn: Connection, world: World, here: Here, effect: fx.Reserve) -> list[fx.Effect]:
    """Points for goods: the receipt with its code, and the day it expires."""
    zone = bank.zone_of(conn, world, households.get(conn, effect.household).area)
    code = shop.reserve(conn, effect, bank.new_month(here.now, zone), here.now)
    if code is None:
        raise NotAllowed("刚被别人换走了，看看别的好吗？")
    redemption, plain = code
    expiry = fx.Schedule(
        "redemption.expire", f"redemption.{redemption}.expire", effect.expires_at, {"redemption": redemption}
    )
    return [homes.receipt(conn, world, here, effect, plain), expiry]
