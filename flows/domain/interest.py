"""Whom a case is kept from: who is complained about, who has an interest in it (信访工作条例 2022 art. 30 and 28)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flows.domain.places import Places


@dataclass(frozen=True, slots=True)
class Bars:
    """Staff ids, names of departments, and persons (who report it, and their households) a case is kept from; `about`:
    those of the staff whom it complains of."""

    staff: frozenset[int] = frozenset()
    departments: frozenset[str] = frozenset()
    people: frozenset[int] = frozenset()
    about: frozenset[int] = frozenset()


def covered(bars: Bars, other: Bars) -> bool:
    """Whether a case kept from `other` is kept from everybody of staff that `bars` name."""
    return bars.staff <= other.staff and bars.departments <= other.departments


@dataclass(frozen=True, slots=True)
class Official:
    """A member of staff as far as interest goes."""

    staff: int
    person: int | None
    departments: frozenset[str] = frozenset()


def kept_out(bars: Bars, who: Official) -> bool:
    """Whether this case is none of this person's business. The one rule; every door asks it.

    A department is meant by its name wherever it works: rather one department too many kept out than one too few.
    """
    return who.staff in bars.staff or who.person in bars.people or not bars.departments.isdisjoint(who.departments)


LEADERS = frozenset({"duty_leader", "supervisor", "administrator"})


def in_room(places: Places, room: int, leaders: bool, role: str, held: int) -> bool:
    """Whether somebody with a role held in an area has to be reckoned with in a staff group of an area.

    Nobody knows who sits in a chat group; so everybody counts whose role covers its area, and who works one level
    below it. Departments come to the groups of their own area; leaders' groups are for leaders.
    """
    if leaders:
        return role in LEADERS and (places.inside(room, held) or places.inside(held, room))
    if room not in places or held not in places:
        return True
    if places.inside(room, held):
        return True
    return role != "department" and places.place(held).parent == room


def free_rooms(
    places: Places, rooms: Iterable[tuple[int, int, bool]], held: Iterable[tuple[str, int]]
) -> tuple[int, ...]:
    """Of the groups (chat, area, whether for leaders), nearest first, those of the first area that holds none of these
    roles (role, area)."""
    roles = tuple(held)
    found: list[tuple[int, tuple[int, bool]]] = []
    for chat, area, leaders in rooms:
        if found and found[0][1] != (area, leaders):
            break
        if not any(in_room(places, area, leaders, role, at) for role, at in roles):
            found.append((chat, (area, leaders)))
    return tuple(chat for chat, _ in found)
