"""A case opened on the staff page for a walk-in: the flow's own path, without a chat; the receipt is shown there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot import facts
from bot.clock import HOME
from bot.effects import Here, Writer
from bot.world import World
from flows.complaint import counter
from flows.complaint.buttons import PRESSERS
from flows.errors import NotAllowed, Unclear
from flows.flow import Said, Turn
from storage import people

NEEDS = frozenset({"my_cases", "places"})
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Filed:
    """What the page shows: the receipt, or what is still asked."""

    receipt: str = ""
    slot: str = ""
    question: str = ""
    choices: tuple[tuple[str, str], ...] = ()


def file(world: World, *, staff_id: int, fields: Mapping[str, str], now: datetime) -> Filed:
    """Open the case of a form {"description", "place", "service", "contact" …}, or say what is missing."""
    text = str(fields.get("description", "")).strip()[:LONGEST]
    seen = world.engine.understand(text, local_services=())  # before the transaction
    with world.database.write() as conn:
        found = people.staff_by_id(conn, [staff_id])
        if not found or not any(r.role in PRESSERS for r in found[0].roles):
            raise NotAllowed("只有办理诉求的同事能替居民登记。")
        here = Here(now=now, actor=f"staff:{staff_id}", person=found[0].person, staff=found[0])
        area = next(r.area for r in found[0].roles if r.role in PRESSERS)
        known = facts.load(
            conn,
            world,
            person=people.Person(found[0].person or 0, "hans", area),
            area=area,
            needs=NEEDS,
            text=text,
            now=now,
            answers={},
        )
        where = world.community_of(conn, area)
        turn = Turn(Said(text, seen), now, found[0].person or 0, known, where.zone if where else HOME)
        try:
            told = counter.told(turn, fields)
        except Unclear as unclear:
            return Filed(question=str(unclear), slot="place")
        writer = Writer(conn, world, here)
        writer.write(told.effects)
        return Filed(writer.noticed or "", told.slot, told.question, told.choices)
