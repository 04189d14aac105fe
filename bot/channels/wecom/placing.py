"""Where what a member tells the app belongs: to a card, a question, a resident who waits, or to nobody but us."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.channels.base import Inbound, Kind
from bot.channels.wecom.address import NAME, Way, place
from bot.channels.wecom.parse import Pressed
from flows import words
from storage import conversations, people, platform_cards, threads

NEAR = timedelta(minutes=2)  # so long after a press what its presser writes to the app may be about that card


def placed(conn: Connection, found: Inbound | Pressed, now: datetime) -> Inbound:
    """A press belongs to the chat its card was sent to; so does what its presser writes soon after, unless it means
    something else: a word to the assistant, an answer it waits for in private, a line to the resident they talk to."""
    if isinstance(found, Pressed):
        said = found.said
        chat = platform_cards.pressed(conn, NAME, found.task, said.sender, found.code, now)
        return said if chat is None or place(chat).way is Way.MEMBER else said._replace(chat=chat, private=False)
    if found.kind not in (Kind.MESSAGE, Kind.VOICE) or words.word(found.text) in words.GLOBAL:
        return found
    near = platform_cards.last_pressed(conn, NAME, found.sender, now - NEAR)
    if near is None or place(near[0]).way is Way.MEMBER or _means_else(conn, found, near[0], now):
        return found
    return found._replace(chat=near[0], private=False, reply_to=near[1])


def _means_else(conn: Connection, found: Inbound, card_chat: str, now: datetime) -> bool:
    """Whether the words have a meaning in private. What the press itself asked comes first; a resident's open thread
    comes before a note: nothing meant for a resident may stand in a case that others read."""
    person = people.person_for(conn, NAME, found.sender, now)
    if _asked(conn, card_chat, "group", person.id):
        return False
    if _asked(conn, found.chat, "private", person.id):
        return True
    staff = people.staff_of(conn, person.id)
    talks = staff is not None and any(one.person != person.id for one in threads.owned(conn, staff.id))
    return talks and found.kind is Kind.MESSAGE and bool(found.text.strip())  # a thread takes words only


def _asked(conn: Connection, address: str, kind: str, person: int) -> bool:
    chat = people.chat_for(conn, NAME, address, kind=kind, person_id=person if kind == "private" else None)
    return bool(conversations.load(conn, chat.id, person).get("flow"))
