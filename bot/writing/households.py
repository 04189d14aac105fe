"""Rows of the effects on a household's account."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from sqlalchemy import Connection

from bot import households as homes
from bot.world import World
from flows import effects as fx

if TYPE_CHECKING:
    from bot.effects import Here


def write(conn: Connection, world: World, here: Here, effect: fx.HouseholdEffect) -> list[fx.Effect]:
    """Write one effect; what follows from it. Raises NotAllowed."""
    match effect:
        case fx.GiveHouseholdCode():
            return homes.give_code(conn, world, here, effect)
        case fx.LeaveHousehold(person):
            return homes.leave(conn, here, person)
        case fx.MoveHousehold():
            return homes.move(conn, world, here, effect)
        case fx.ShowEntries(household):
            return homes.entries(conn, world, here, household)
        case fx.ShowPending():
            return homes.pending(conn, here)
        case fx.ShowCodes(household):
            return homes.show_codes(conn, world, here, household)
        case fx.ShowStatement(household, before):
            return homes.statement(conn, world, here, household, before)
        case fx.JoinRanking(household, on):
            return homes.join_ranking(conn, here, household, on)
        case fx.ShowRanking(household):
            return homes.ranking(conn, world, here, household)
        case fx.GiveGiftCode(household):
            return homes.gift_code(conn, here, household)
        case fx.SendGift():
            return homes.send_gift(conn, world, here, effect)
        case _:
            assert_never(effect)
