"""Who hears something: the chats a recipient stands for now, so that nothing falls between chairs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from bot.logs import Log
from flows import effects as fx
from flows.assistant.desk import STAND_INS
from storage import accounts, cards, community, community_staff, people

if TYPE_CHECKING:
    from bot.effects import Here

FIRST_LINE = ("grid_leader", "grid_worker")

_log = Log()


def of(conn: Connection, here: Here, to: fx.Recipient) -> Iterator[people.Chat]:
    """The chats meant, each once."""
    match to:
        case fx.Here():
            if here.chat:
                yield here.chat
        case fx.Privately(person):
            yield from _reached(conn, here, (person,))
        case fx.Room(id):
            chat = people.chat_by_id(conn, id)
            if chat:
                yield chat
        case fx.StaffRoom(area):
            rooms = people.chats_by_id(conn, community.staff_rooms(conn, area))
            if rooms:
                yield from rooms
            else:  # a place without work groups: whoever has its first line hears it
                yield from _on_duty(conn, here, area, "grid_worker")
        case fx.Shown(card, area):
            yield from _where_shown(conn, here, card, area)
        case fx.Department(area, name):
            yield from _of_department(conn, here, area, name)
        case fx.OnDuty(area, role):
            yield from _on_duty(conn, here, area, role, to.without, to.stand_ins)


def _where_shown(conn: Connection, here: Here, card: fx.CardKey, area: int) -> Iterator[people.Chat]:
    """The chats of staff that show this; where a group of them is closed to us, the one that stands for it now too."""
    found = people.chats_by_id(conn, cards.all_of(conn, card))
    shown = [chat for chat in found if chat.role != "residents" or chat.kind == "private"]
    still = [chat for chat in shown if chat.state != "left"]
    yield from still
    if not still or any(chat.kind == "group" and chat.state == "left" for chat in shown):
        known = {chat.id for chat in still}
        yield from (chat for chat in of(conn, here, fx.StaffRoom(area)) if chat.id not in known)


def _on_duty(
    conn: Connection, here: Here, area: int, role: str, without: tuple[int, ...] = (), stand_ins: bool = True
) -> Iterator[people.Chat]:
    """Those of the role on duty; where nobody holds it, whoever answers for the area: nothing falls between chairs.

    Where all on duty are `without`, the others of the role stand in for them.
    """
    for wanted in (role, *(STAND_INS if stand_ins else ())):
        for everyone in (False, True):
            ids = community.staff_for(conn, area, wanted, here.now, everyone=everyone)
            if found := _colleagues(conn, here, ids, without):
                yield from found
                return
    if stand_ins:
        yield from _within(conn, here, area, role, without)


def _within(conn: Connection, here: Here, area: int, role: str, without: tuple[int, ...]) -> Iterator[people.Chat]:
    """Nobody answers for the area as a whole, say where it is not known in which part: those who do in its parts."""
    for wanted in (role, *STAND_INS, *FIRST_LINE):
        if found := _colleagues(conn, here, community_staff.staff_within(conn, area, wanted), without):
            yield from found
            return


def _of_department(conn: Connection, here: Here, area: int, name: str) -> Iterator[people.Chat]:
    found = _colleagues(conn, here, [one.id for one in people.of_department(conn, area, name)])
    yield from found
    if not found:
        yield from _on_duty(conn, here, area, "duty_leader")


def _colleagues(conn: Connection, here: Here, staff: Iterable[int], without: tuple[int, ...] = ()) -> list[people.Chat]:
    """The private chats of these members of staff; some have no account yet."""
    held = people.staff_by_id(conn, [id for id in staff if id not in without])
    return _reached(conn, here, sorted({one.person for one in held if one.person is not None}))


def _reached(conn: Connection, here: Here, persons: Iterable[int]) -> list[people.Chat]:
    """The private chats of these persons; whose last account went to somebody else has none, which is no fault of who
    needs them: it is logged, and whoever stands in hears it."""
    found = {person: reached(conn, here, person) for person in persons}
    for person in (person for person, chat in found.items() if chat is None):
        _log.warning("person.unreachable", person=person)
    return [chat for chat in found.values() if chat]


def private_chat(conn: Connection, here: Here, person: int) -> people.Chat:
    """Where a person with an account is reached privately. Raises LookupError for one without."""
    chat = reached(conn, here, person)
    if chat is None:
        raise LookupError(f"person {person} has no account")
    return chat


def reached(conn: Connection, here: Here, person: int) -> people.Chat | None:
    """Where a person is reached privately: the private chat used last, else one opened at the account they have."""
    if here.chat and here.chat.person == person:
        return here.chat
    found = people.private_chat(conn, person)
    if found:
        return found
    first = next(iter(accounts.of_person(conn, person)), None)
    return people.chat_for(conn, first.channel, first.address, kind="private", person_id=person) if first else None
