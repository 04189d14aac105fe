"""Whose turn it is: one statement for the row in hand, who speaks, where that stands, and what there is of theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Label, TextClause, and_, bindparam, exists, select, text

from storage import sequence
from storage.kept import ACTIVITIES, COMMUNITY
from storage.people import CHAT_COLUMNS, Chat, Person
from storage.tables import account, case_party, chat, conversation, inbox, outbox, person, personal, staff, thread


@dataclass(frozen=True, slots=True)
class Theirs:
    """What there is of a person, so that nothing is read which is not there."""

    staff: bool = True
    threads: bool = True  # not ended
    personal: bool = True  # fields
    reports: bool = True  # cases


@dataclass(frozen=True, slots=True)
class Present:
    """`person`, `chat`: None when nobody has seen them before."""

    tries: int
    versions: Mapping[str, int]  # of what storage/kept.py keeps
    person: Person | None
    chat: Chat | None
    state: Mapping[str, Any]
    waiting: bool  # something waits until the chat is written in
    theirs: Theirs


def _any(name: str, *where: ColumnElement[bool] | TextClause) -> Label[bool]:
    return exists().where(*where).label(name)


_FIND = (
    select(
        inbox.c.tries,
        sequence.value_of(COMMUNITY).label("community"),
        sequence.value_of(ACTIVITIES).label("activities"),
        conversation.c.state.label("talk"),
        person.c.id.label("who"),
        person.c.script,
        person.c.area_id.label("home"),
        *CHAT_COLUMNS,
        _any("waiting", outbox.c.chat_id == chat.c.id, text("outbox.state = 'waiting'")),
        _any("serves", staff.c.person_id == person.c.id, staff.c.active),
        _any("threads", thread.c.person_id == person.c.id, thread.c.state.in_(("open", "claimed"))),
        _any("fields", personal.c.person_id == person.c.id),
        _any("reports", case_party.c.person_id == person.c.id, case_party.c.role == "reporter"),
    )
    .outerjoin_from(
        inbox, account, and_(account.c.channel == bindparam("channel"), account.c.address == bindparam("sender"))
    )
    .outerjoin(person, person.c.id == account.c.person_id)
    .outerjoin(chat, and_(chat.c.channel == bindparam("channel"), chat.c.address == bindparam("chat")))
    .outerjoin(conversation, and_(conversation.c.chat_id == chat.c.id, conversation.c.person_id == person.c.id))
    .where(inbox.c.id == bindparam("row"), text("inbox.state = 'new'"))
    .with_for_update(of=inbox)
)


def find(conn: Connection, row: int, *, channel: str, sender: str, chat: str) -> Present | None:
    """None: the row is done, or dead. It is held from now on to the end of the transaction."""
    found = conn.execute(_FIND, {"row": row, "channel": channel, "sender": sender, "chat": chat}).first()
    if found is None:
        return None
    tries, community, activities, talk, who, script, home, *place, waiting, serves, threads, fields, reports = found
    return Present(
        tries,
        {COMMUNITY: community or 0, ACTIVITIES: activities or 0},
        None if who is None else Person(who, script, home),
        None if place[0] is None else Chat(*place),
        talk or {},
        bool(waiting),
        Theirs(bool(serves), bool(threads), bool(fields), bool(reports)),
    )


_AREA_OF_CHAT = select(chat.c.area_id).where(
    chat.c.channel == bindparam("channel"), chat.c.address == bindparam("chat")
)
_AREA_OF_SENDER = (
    select(person.c.area_id)
    .join(account, account.c.person_id == person.c.id)
    .where(account.c.channel == bindparam("channel"), account.c.address == bindparam("sender"))
)


def area_of(conn: Connection, channel: str, chat: str, sender: str) -> int | None:
    """The area a chat belongs to, else where its sender was last placed."""
    of_chat: int | None = conn.execute(_AREA_OF_CHAT, {"channel": channel, "chat": chat}).scalar()
    if of_chat is not None:
        return of_chat
    return conn.execute(_AREA_OF_SENDER, {"channel": channel, "sender": sender}).scalar()
