"""Who hears of a case that is kept from somebody: never them, nor a group they may sit in; the next one up instead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from flows import effects as fx
from flows.domain.interest import Bars, free_rooms, in_room, kept_out
from storage import bars, cases, community, people

if TYPE_CHECKING:
    from bot.effects import Here
    from bot.world import World

UP = ("duty_leader", "supervisor", "administrator")  # who takes what no group may have


def subject(effect: fx.Say) -> int | None:
    """The case a message is about."""
    for key in (effect.card, effect.about):
        if key and key.kind == "case":
            return key.subject
    acts = (option for row in effect.options for option in row if option.action.startswith("case."))
    return next((int(option.args["case"]) for option in acts), None)


def kept_from(conn: Connection, effect: fx.Say) -> Bars | None:
    """Whom the case of a message is kept from; None: from nobody of staff, which is the rule."""
    id = None if isinstance(effect.to, fx.Here) else subject(effect)
    if id is None or not bars.any_named(conn, id):
        return None
    return bars.of_case(conn, id)


def chats(
    conn: Connection, world: World, here: Here, effect: fx.Say, meant: Iterable[people.Chat], kept: Bars
) -> Iterator[people.Chat]:
    """Of the chats meant, those that may hear of it; where none may, the next ones up."""
    held = bars.barred_roles(conn, Bars(kept.staff, kept.departments))
    free = [chat for chat in meant if _may_hear(conn, world, chat, held, kept)]
    yield from free
    if not free:
        about = subject(effect)
        assert about, "it is kept from somebody"
        yield from _room(conn, world, here, cases.stands(conn, about)[0], kept)


def _may_hear(conn: Connection, world: World, chat: people.Chat, held: list[tuple[str, int]], kept: Bars) -> bool:
    if chat.kind == "private":
        staff = people.staff_of(conn, chat.person) if chat.person else None
        return staff is None or chat.person in kept.people or not _kept(kept, staff)
    if chat.area is None or chat.role == "residents":
        return True
    places = world.known(conn).places
    return not any(in_room(places, chat.area, chat.role == "leaders", role, at) for role, at in held)


def _kept(kept: Bars, staff: people.Staff) -> bool:
    return kept_out(kept, bars.official(staff))


def rooms(conn: Connection, world: World, area: int, kept: Bars) -> tuple[int, ...]:
    """The staff groups, from an area up, that nobody sits in whom the case is kept from."""
    named = Bars(kept.staff, kept.departments)  # a neighbour among staff may read the card, not act on it
    held = bars.barred_roles(conn, named)
    return free_rooms(world.known(conn).places, community.rooms_above(conn, area), held)


def _room(conn: Connection, world: World, here: Here, area: int | None, kept: Bars) -> Iterator[people.Chat]:
    free = people.chats_by_id(conn, rooms(conn, world, area, kept) if area else ())
    if free:
        yield from free
    elif area:
        yield from _on_duty(conn, here, area, UP, kept)


def _on_duty(conn: Connection, here: Here, area: int, roles: tuple[str, ...], kept: Bars) -> Iterator[people.Chat]:
    from bot.recipients import reached

    for role in roles:
        staff = people.staff_by_id(conn, community.staff_for(conn, area, role, here.now, everyone=True))
        free = [one.person for one in staff if one.person is not None and not _kept(kept, one)]
        found = [chat for chat in (reached(conn, here, person) for person in free) if chat]
        yield from found[:2]
        if found:
            return


def hidden(conn: Connection, world: World, area: int, room: int | None) -> frozenset[str]:
    """The numbers of the cases below an area that a group must not read of; None: whoever reads it."""
    found = set()
    for id, number, at in bars.cases_below(conn, area):
        if room not in rooms(conn, world, at, bars.of_case(conn, id)):
            found.add(number)
    return frozenset(found)
