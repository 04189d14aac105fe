"""What may still be answered to whoever spoke to an intelligent bot: by the rest of a stream, which the platform asks
for during six minutes, or by a code that is good once within the hour."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Select, case, delete, exists, func, select, update

from storage import sealing
from storage.conflict import insert
from storage.tables import bot_answer, chat, inbox, outbox

LIFETIME = timedelta(minutes=58)  # an hour in WeCom's documents (101138), less what a clock may be off
ASKED = timedelta(seconds=345)  # six minutes in them (100719), less what is on its way
NEAR = timedelta(seconds=10)  # so long before its end nothing more is put into a stream


class How(StrEnum):
    """How it stands with a stream when the platform asks for its rest."""

    OPEN = "open"  # nothing yet
    HERE = "here"  # the rest
    ELSEWHERE = "elsewhere"  # it was said in another way
    NOTHING = "nothing"  # there is nothing to be said
    LATE = "late"  # the platform will not ask again, and nothing yet


@dataclass(frozen=True, slots=True)
class Rest:
    """What the platform hears when it asks for the rest of a stream."""

    how: How
    text: str = ""
    photo: str | None = None


def stream_of(message: str) -> str:
    """The name of the stream that answers a message; the same when the platform brings it once more."""
    return hashlib.sha256(message.encode()).hexdigest()[:32]


def keep(
    conn: Connection, address: str, message: str, code: str | None, now: datetime, *, streams: bool = False
) -> None:
    """Something was said to the bot; brought once more, it is nothing new."""
    values = {
        "chat": address,
        "message": message,
        "code": None if code is None else sealing.seal(conn, code, f"bot {address}"),
        "expires_at": now + LIFETIME,
        "stream": stream_of(message) if streams else None,
        "stream_until": now + ASKED if streams else None,
    }
    conn.execute(insert(bot_answer).values(values).on_conflict_do_nothing(index_elements=["message"]))
    forget(conn, now)


def forget(conn: Connection, now: datetime) -> int:
    """Let go of what nothing is answered to any more; the words go when the platform stops asking. Says how many rows
    went."""
    past = (bot_answer.c.stream_until < now - ASKED, bot_answer.c.text.is_not(None))
    conn.execute(update(bot_answer).where(*past).values(text=None, photo=None))
    return conn.execute(delete(bot_answer).where(bot_answer.c.expires_at < now - LIFETIME)).rowcount


def empty(conn: Connection, addresses: Sequence[str]) -> None:
    """Take back the words said in these chats."""
    conn.execute(update(bot_answer).where(bot_answer.c.chat.in_(addresses)).values(text=None, photo=None))


# -- by a code --------------------------------------------------------------------------------------------------------


def take(
    conn: Connection, address: str, now: datetime, cause: int | None = None, *, only: bool = False
) -> tuple[int, str] | None:
    """(row, code) of what the inbox row `cause` brought, else (not `only`) of the one that ends first, used up with
    this; None when there is none."""
    free = (bot_answer.c.chat == address, bot_answer.c.used_at.is_(None), bot_answer.c.expires_at > now)
    query = select(bot_answer.c.id, bot_answer.c.code).where(*free, bot_answer.c.code.is_not(None))
    query = _meant(query, cause, only).order_by(bot_answer.c.expires_at, bot_answer.c.id)
    for row in conn.execute(query.with_for_update()).all():
        conn.execute(update(bot_answer).where(bot_answer.c.id == row.id).values(used_at=now))
        if (code := sealing.open_sealed(conn, row.code, f"bot {address}")) is not None:
            return row.id, code
    return None


def give_back(conn: Connection, id: int) -> None:
    """The platform was not reached: the code is still good."""
    conn.execute(update(bot_answer).where(bot_answer.c.id == id).values(used_at=None))


# -- by a stream ------------------------------------------------------------------------------------------------------


def offer(
    conn: Connection,
    address: str,
    text: str,
    photo: str | None,
    now: datetime,
    cause: int | None = None,
    *,
    only: bool = False,
) -> int | None:
    """Put this into the stream that waits for it, by the rule of `take`; the row, None where no stream does."""
    there = (bot_answer.c.chat == address, bot_answer.c.stream_until > now + NEAR)
    free = (bot_answer.c.text.is_(None), bot_answer.c.fetched_at.is_(None))
    query = _meant(select(bot_answer.c.id).where(*there, *free), cause, only).order_by(bot_answer.c.id)
    found: int | None = conn.execute(query.limit(1).with_for_update()).scalar()
    if found is not None:
        conn.execute(update(bot_answer).where(bot_answer.c.id == found).values(text=text, photo=photo))
    return found


def fetched(conn: Connection, id: int) -> bool:
    """Whether the platform has it."""
    return conn.execute(select(bot_answer.c.fetched_at).where(bot_answer.c.id == id)).scalar() is not None


def withdraw(conn: Connection, id: int) -> bool:
    """Take back what nobody asked for; False when somebody just did. Nothing more is put into that stream."""
    mine = (bot_answer.c.id == id, bot_answer.c.fetched_at.is_(None))
    gone = conn.execute(update(bot_answer).where(*mine).values(text=None, photo=None, stream_until=None))
    return gone.rowcount > 0


def ended(conn: Connection, message: str, now: datetime) -> None:
    """It was answered with its request: there is no rest."""
    conn.execute(update(bot_answer).where(bot_answer.c.message == message).values(fetched_at=now))


def rest(conn: Connection, channel: str, stream: str, now: datetime) -> Rest:
    """What the platform hears that asks for the rest; what is in the stream is delivered with this."""
    row = conn.execute(select(bot_answer).where(bot_answer.c.stream == stream).with_for_update()).first()
    if row is None:
        return Rest(How.NOTHING)
    if row.text is not None:
        at = func.coalesce(bot_answer.c.fetched_at, now)
        conn.execute(update(bot_answer).where(bot_answer.c.id == row.id).values(fetched_at=at))
        return Rest(How.HERE, row.text, row.photo)
    if row.fetched_at is not None or row.stream_until is None:
        return Rest(How.ELSEWHERE)
    if row.stream_until <= now:
        return Rest(How.LATE)
    cause = select(inbox.c.id).where(inbox.c.channel == channel, inbox.c.key == row.message, inbox.c.state == "done")
    here = select(chat.c.id).where(chat.c.channel == channel, chat.c.address == row.chat).scalar_subquery()
    answers = exists().where(outbox.c.chat_id == here, outbox.c.cause == cause.scalar_subquery())
    if conn.execute(cause).scalar() is None or conn.execute(select(answers.where(outbox.c.state == "new"))).scalar():
        return Rest(How.OPEN)
    conn.execute(update(bot_answer).where(bot_answer.c.id == row.id).values(fetched_at=now))
    return Rest(How.ELSEWHERE if conn.execute(select(answers)).scalar() else How.NOTHING)


def _meant(query: Select[Any], cause: int | None, only: bool) -> Select[Any]:
    brought = bot_answer.c.message == select(inbox.c.key).where(inbox.c.id == cause).scalar_subquery()
    return query.where(brought) if only else query.order_by(case((brought, 0), else_=1))
