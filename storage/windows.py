"""How many messages a platform still lets us write to a person, and until when: opened by what they do there."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, or_, select, update

from storage.conflict import insert
from storage.tables import chat

BRIEF = 600  # seconds: a window as short as this one never takes the place of a longer one


def opened(conn: Connection, channel: str, address: str, messages: int, seconds: int, now: datetime) -> None:
    """A person wrote, or pressed a menu: so many messages may go for so long. Windows do not add up, and whether a
    short one refills a long one the platform does not say: it counts only where nothing is open."""
    fresh = insert(chat).values(channel=channel, address=address, kind="private")
    conn.execute(fresh.on_conflict_do_nothing(index_elements=["channel", "address"]))
    values = {"write_left": messages, "write_until": now + timedelta(seconds=seconds)}
    there = update(chat).where(chat.c.channel == channel, chat.c.address == address)
    if seconds <= BRIEF:
        there = there.where(or_(chat.c.write_left.is_(None), chat.c.write_left <= 0, chat.c.write_until <= now))
    conn.execute(there.values(values))


def take(conn: Connection, channel: str, address: str, now: datetime) -> bool:
    """Count one message; False when none may go."""
    there = update(chat).where(chat.c.channel == channel, chat.c.address == address)
    left = there.where(chat.c.write_left > 0, chat.c.write_until > now).values(write_left=chat.c.write_left - 1)
    return conn.execute(left).rowcount == 1


def give_back(conn: Connection, channel: str, address: str) -> None:
    """The platform did not take the one that was counted."""
    there = update(chat).where(chat.c.channel == channel, chat.c.address == address, chat.c.write_left >= 0)
    conn.execute(there.values(write_left=chat.c.write_left + 1))


def close(conn: Connection, channel: str, address: str) -> None:
    """The platform says that no more may go."""
    conn.execute(update(chat).where(chat.c.channel == channel, chat.c.address == address).values(write_left=0))


def nudge(conn: Connection, channel: str, address: str) -> bool:
    """Whether a template may tell the person that something waits: once until they write."""
    there = update(chat).where(chat.c.channel == channel, chat.c.address == address)
    once = there.where(or_(chat.c.write_left.is_(None), chat.c.write_left >= 0)).values(write_left=-1)
    return conn.execute(once).rowcount == 1


def left(conn: Connection, channel: str, address: str) -> int | None:
    """How many may go as long as the window is open; None: it never was."""
    query = select(chat.c.write_left).where(chat.c.channel == channel, chat.c.address == address)
    return conn.execute(query).scalar()
