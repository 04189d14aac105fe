"""Rows of the effects on cases and the people who share them."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from sqlalchemy import Connection

from bot import casework, letterbox, opening, showing
from bot.world import World
from flows import effects as fx
from flows.complaint.rules import colour
from flows.domain.case import Action, Event, apply
from storage import bars, cases, parties

if TYPE_CHECKING:
    from bot.effects import Here


def write(conn: Connection, world: World, here: Here, effect: fx.CaseEffect) -> list[fx.Effect]:
    """Write one effect; what follows from it. Raises NotAllowed, Overtaken."""
    match effect:
        case fx.OpenCase():
            return opening.open_case(conn, world, here, effect, letterbox.number(conn, world, here, ""))
        case fx.ActOnCase(case, action, data):
            return casework.on_case(conn, world, here, case, action, data)
        case fx.ChangeCase():
            change(conn, here, effect)
        case fx.Join(case, person, via):
            parties.join(conn, case, person, "neighbour", via)
        case fx.KeepFrom(case, staff):
            bars.bar(conn, case, [staff], (), "interest", here.now)
        case fx.ShowCase(case):
            return showing.anew(conn, world, here, case)
        case fx.Part(ids, via):
            parties.part(conn, ids, via)
        case fx.Leave(case, person):
            parties.leave(conn, case, person)
        case fx.Vote(case, person, rating):
            parties.vote(conn, case, person, rating)
        case _:
            assert_never(effect)
    return []


def change(conn: Connection, here: Here, effect: fx.ChangeCase) -> None:
    """Append one event to a case. Raises Overtaken when somebody was faster."""
    before = cases.load(conn, effect.case)
    if before.version != effect.version:
        raise cases.Overtaken(before.number)
    event = Event(effect.version + 1, effect.kind, here.now, effect.actor, effect.data)
    after = apply(before, event)
    cases.append(conn, before, event, after)
    cases.paint(conn, after.id, colour(after, here.now, len(cases.parties(conn, after.id)) - 1))
    photos = tuple(int(p) for p in effect.data.get("photos") or ())
    cases.attach(conn, effect.case, photos, "evidence" if effect.kind == Action.RESOLVE else "note")
