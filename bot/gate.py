"""The one gate to groups and cards: whatever is to be read there passes here, whoever wrote it."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from flows import effects as fx
from flows.domain.names import like_a_name
from flows.domain.scrub import nameless, sealed
from storage import people, personal

if TYPE_CHECKING:
    from bot.world import World
    from nlu.persons import Persons

HIDDEN = "［姓名］"
NAME_SHOWN = "display_name"  # the purpose of the consent that lets a name stand in a group


def is_open_to_others(effect: fx.Say, chat: people.Chat) -> bool:
    """Whether others than the one person read it: a group, or what goes from hand to hand, which a card does and what
    all on duty hear of somebody's matter.

    An alarm is none in this sense: whoever is on duty needs door and phone, and hears them privately.
    """
    passed = effect.card is not None or (effect.about is not None and isinstance(effect.to, fx.OnDuty))
    return chat.kind == "group" or (passed and effect.lane is not fx.Lane.DANGER)


def for_others(conn: Connection, world: World, text: str, named: Collection[int] = (), about: int | None = None) -> str:
    """A text as a group may read it. `named`: persons it names, who are named only while they agree to it; `about`: the
    case it is about, whose parties are called by no name they have given us."""
    if not named and about is None:
        return _alone(text, world.known(conn).staff_names, world.persons)
    keep = _colleagues(conn, world)
    for person in named:
        name = personal.read(conn, person).get("name", "")
        if name and people.agrees(conn, person, NAME_SHOWN):
            keep.add(name)
        elif name:
            text = text.replace(name, HIDDEN)
    return _unnamed(world.persons, sealed(_without_parties(conn, text, keep, about), keep), keep)


@lru_cache(maxsize=512)
def _alone(text: str, keep: frozenset[str], persons: Persons | None) -> str:
    """A text by itself: mostly a button's label, said again and again."""
    return _unnamed(persons, sealed(text, keep), keep)


def for_residents(conn: Connection, world: World, text: str, about: int) -> str:
    """What a colleague wrote about a case, as all who report it may read it; doors stay, for visits."""
    keep = _colleagues(conn, world)
    return _unnamed(world.persons, nameless(_without_parties(conn, text, keep, about), keep), keep)


def _colleagues(conn: Connection, world: World) -> set[str]:
    return set(world.known(conn).staff_names)


def _without_parties(conn: Connection, text: str, keep: Collection[str], about: int | None) -> str:
    for name in personal.names_in_case(conn, about) if about else ():
        text = text if name in keep or len(name) < 2 else text.replace(name, HIDDEN)
    return text


def _unnamed(persons: Persons | None, text: str, keep: Collection[str]) -> str:
    """Without the names that only a recogniser finds: 是罗跃进干的; of a kept name it may have found a half only."""
    named = persons.named(text) if persons else ()
    hidden = {word for word in named if like_a_name(word) and word not in keep}
    if not hidden:
        return text
    either = sorted({*hidden, *(name for name in keep if name and name in text)}, key=len, reverse=True)
    return re.sub("|".join(map(re.escape, either)), lambda found: HIDDEN if found[0] in hidden else found[0], text)
