"""The one gate to groups and cards: whatever is to be read there passes here, whoever wrote it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from flows import effects as fx
from flows.domain.scrub import sealed
from storage import people, personal

if TYPE_CHECKING:
    from bot.world import World

NAME_SHOWN = "display_name"  # the purpose of the consent that lets a name stand in a group


def is_open_to_others(effect: fx.Say, chat: people.Chat) -> bool:
    """Whether others than the one person read it: a group, or a card, which goes from hand to hand.

    An alarm is no card in this sense: whoever is on duty needs door and phone, and hears them privately.
    """
    return chat.kind == "group" or (effect.card is not None and effect.lane is not fx.Lane.DANGER)


def for_others(conn: Connection, world: World, text: str, named: Iterable[int] = ()) -> str:
    """A text as a group may read it. `named`: persons it names, who are named only while they agree to it."""
    keep = set(world.known(conn).staff_names)
    for person in named:
        name = personal.read(conn, person).get("name", "")
        if name and people.agrees(conn, person, NAME_SHOWN):
            keep.add(name)
        elif name:
            text = text.replace(name, "［姓名］")
    return sealed(text, keep)
