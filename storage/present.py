"""Whose turn it is: one statement for the row in hand, who speaks, where that stands, and what there is of theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Label, TextClause, and_, bindparam, exists, select, text

from storage import conversations, kept, sequence, spread
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
    elsewhere: bool  # the person began to use another private chat since they came to this one
    theirs: Theirs


def _any(name: str, *where: ColumnElement[bool] | TextClause) -> Label[bool]:
    return exists().where(*where).label(name)


_other = chat.alias("other")
_since = _other.c.heard_at >= chat.c.heard_at
_SEEN = (
    select(
        inbox.c.tries,
        person.c.id.label("who"),
        person.c.script,
        person.c.area_id.label("home"),
        *CHAT_COLUMNS,
        _any("elsewhere", _other.c.person_id == chat.c.person_id, _other.c.id != chat.c.id, _since),
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
    .where(inbox.c.id == bindparam("row"), text("inbox.state = 'new'"))
    .with_for_update(of=inbox)
)
_FIND = _SEEN.add_columns(
    sequence.value_of(COMMUNITY).label("community"),
    sequence.value_of(ACTIVITIES).label("activities"),
    conversation.c.state.label("talk"),
    _any("waiting", outbox.c.chat_id == chat.c.id, text("outbox.state = 'waiting'")),
).outerjoin(conversation, and_(conversation.c.chat_id == chat.c.id, conversation.c.person_id == person.c.id))
# On many servers the row lies by its conversation, what is known of the chat by the chat, the counters on the first.
_ROW = _SEEN.where(inbox.c.conversation == bindparam("of"))
_WAITING = select(outbox.c.id).where(outbox.c.chat_id == bindparam("chat"), text("outbox.state = 'waiting'")).limit(1)


def find(conn: Connection, row: int, of: str, *, channel: str, sender: str, chat: str) -> Present | None:
    """None: the row is done, or dead. It is held from now on to the end of the transaction. `of`: its conversation."""
    given = {"row": row, "channel": channel, "sender": sender, "chat": chat}
    many = spread.many(conn)
    found = conn.execute(_ROW, {**given, "of": of}).first() if many else conn.execute(_FIND, given).first()
    if found is None:
        return None
    tries, who, script, home, *place = found[:13]
    elsewhere, *theirs = found[13:18]
    community, activities, talk, waiting = _apart(conn, place[0], who) if many else found[18:]
    return Present(
        tries,
        {COMMUNITY: community or 0, ACTIVITIES: activities or 0},
        None if who is None else Person(who, script, home),
        None if place[0] is None else Chat(*place),
        talk or {},
        bool(waiting),
        bool(elsewhere),
        Theirs(*map(bool, theirs)),
    )


def _apart(conn: Connection, chat: int | None, who: int | None) -> tuple[int, int, Mapping[str, Any], bool]:
    """What does not lie with the row, looked for on its own."""
    talk = conversations.load(conn, chat, who) if chat and who else {}
    waits = chat is not None and conn.execute(_WAITING, {"chat": chat}).first() is not None
    return kept.version(conn), kept.version(conn, ACTIVITIES), talk, waits


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


_ROLE = select(chat.c.role).where(chat.c.channel == bindparam("channel"), chat.c.address == bindparam("chat"))


def role_of(conn: Connection, channel: str, chat: str) -> str:
    """Whose group it is; one nobody has heard of is the residents'."""
    role: str | None = conn.execute(_ROLE, {"channel": channel, "chat": chat}).scalar()
    return role or "residents"
