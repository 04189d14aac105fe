"""The card of a case where it is shown: as it stands now, and to each with the buttons that are theirs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from bot import casework
from bot.world import World
from flows import refusals
from flows.complaint.card import card
from flows.effects import Effect
from flows.effects import Here as Spoken
from flows.errors import NotAllowed
from storage import cases

if TYPE_CHECKING:
    from bot.effects import Here


def anew(conn: Connection, world: World, here: Here, case_id: int) -> list[Effect]:
    """The card, drawn anew wherever it is shown."""
    case = cases.load(conn, case_id)
    if case.area is None:
        return []
    return [card(case, casework.around(conn, world, here.now, case, cases.parties(conn, case_id), {}))]


def asked_for(conn: Connection, world: World, here: Here, case_id: int) -> list[Effect]:
    """The whole card, said where somebody asked to see it. Raises NotAllowed."""
    case, parties = cases.load(conn, case_id), cases.parties(conn, case_id)
    if case.area is None or not casework.roles_in(conn, world, here, case, parties):
        raise NotAllowed(refusals.NOT_YOURS)
    around = casework.around(conn, world, here.now, case, parties, {})
    return [replace(card(case, around, Spoken()), card=None)]
