"""The card of a case where it is shown: as it stands now, and to each with the buttons that are theirs."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from bot import casework
from bot.world import World
from flows import refusals
from flows.complaint.card import card
from flows.domain.case import Action, Case, moves_for
from flows.domain.interest import Bars
from flows.effects import Effect, Option
from flows.effects import Here as Spoken
from flows.errors import NotAllowed
from storage import bars, cases, people

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
    return anew_here(conn, world, here.now, case_id)


def anew_here(conn: Connection, world: World, now: datetime, case_id: int) -> list[Effect]:
    """The whole card, said where the turn takes place."""
    case = cases.load(conn, case_id)
    around = casework.around(conn, world, now, case, cases.parties(conn, case_id), {})
    return [replace(card(case, around, Spoken()), card=None)]


Rows = tuple[tuple[Option, ...], ...]
_REPORT_IN = f"case.{Action.REPORT_IN}"


def fitting(conn: Connection, world: World, chat: people.Chat, options: Rows) -> Rows:
    """The buttons of a card as a chat gets them: somebody alone those that they may press now, a work group all but
    报到 where no department that is called would sit."""
    found = next((o for row in options for o in row if o.roles and o.action.startswith("case.")), None)
    if found is None or (chat.kind != "private" and not any(o.action == _REPORT_IN for row in options for o in row)):
        return options
    case = cases.load(conn, int(found.args["case"]))
    theirs = _of_one(conn, world, chat, case) if chat.kind == "private" else _of_group(conn, world, chat, case)
    others = {f"case.{action}" for action in set(Action) - theirs}
    rows = (tuple(o for o in row if o.action not in others) for row in options)
    return tuple(row for row in rows if row)


def _of_one(conn: Connection, world: World, chat: people.Chat, case: Case) -> set[Action]:
    """Who may not call departments out asks for it with the same button."""
    staff = people.staff_of(conn, chat.person) if chat.person else None
    if staff is None or staff.person in cases.parties(conn, case.id):
        return set()
    found = set(moves_for(case, casework.staff_roles(conn, world, staff, case)))
    if not {held.department for held in staff.roles} & (set(case.called) - set(case.reported_in)):
        found.discard(Action.REPORT_IN)
    return found | {Action.CALL_OUT} if Action.ASK_CALL in found else found


def _of_group(conn: Connection, world: World, chat: people.Chat, case: Case) -> set[Action]:
    """Nobody knows who sits in a group; departments come to those of their own area, and of its parts."""
    held = bars.barred_roles(conn, Bars(departments=frozenset(case.called))) if case.called else []
    places, at = world.known(conn).places, chat.area
    near = {at, places.place(at).parent} if at is not None and at in places else {at}
    return set(Action) if any(area in near for _, area in held) else set(Action) - {Action.REPORT_IN}
