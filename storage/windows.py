"""How many messages a platform still lets us write to a person, and until when: opened by what they do there."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Select, or_, select, update

from storage.conflict import insert
from storage.tables import chat, chat_pulse

BRIEF = 600  # seconds: a window as short as this one never takes the place of a longer one


def opened(conn: Connection, channel: str, address: str, messages: int, seconds: int, now: datetime) -> None:
    """A person wrote, or pressed a menu: so many messages may go for so long. Windows do not add up, and whether a
    short one refills a long one the platform does not say: it counts only where nothing is open."""
    fresh = insert(chat).values(channel=channel, address=address, kind="private")
    conn.execute(fresh.on_conflict_do_nothing(index_elements=["channel", "address"]))
    _begin(conn, channel, address)
    values = {"write_left": messages, "write_until": now + timedelta(seconds=seconds)}
    there = update(chat_pulse).where(_of(channel, address))
    if seconds <= BRIEF:
        there = there.where(
            or_(chat_pulse.c.write_left.is_(None), chat_pulse.c.write_left <= 0, chat_pulse.c.write_until <= now)
        )
    conn.execute(there.values(values))


def take(conn: Connection, channel: str, address: str, now: datetime) -> bool:
    """Count one message; False when none may go."""
    there = update(chat_pulse).where(_of(channel, address))
    left = there.where(chat_pulse.c.write_left > 0, chat_pulse.c.write_until > now).values(
        write_left=chat_pulse.c.write_left - 1
    )
    return conn.execute(left).rowcount == 1


def give_back(conn: Connection, channel: str, address: str) -> None:
    """The platform did not take the one that was counted."""
    there = update(chat_pulse).where(_of(channel, address), chat_pulse.c.write_left >= 0)
    conn.execute(there.values(write_left=chat_pulse.c.write_left + 1))


def close(conn: Connection, channel: str, address: str) -> None:
    """The platform says that no more may go."""
    conn.execute(update(chat_pulse).where(_of(channel, address)).values(write_left=0))


def nudge(conn: Connection, channel: str, address: str) -> bool:
    """Whether a template may tell the person that something waits: once until they write."""
    _begin(conn, channel, address)
    there = update(chat_pulse).where(_of(channel, address))
    once = there.where(or_(chat_pulse.c.write_left.is_(None), chat_pulse.c.write_left >= 0)).values(write_left=-1)
    return conn.execute(once).rowcount == 1


def left(conn: Connection, channel: str, address: str) -> int | None:
    """How many may go as long as the window is open; None: it never was."""
    return conn.execute(select(chat_pulse.c.write_left).where(_of(channel, address))).scalar()


def _chat(channel: str, address: str) -> Select[int]:
    return select(chat.c.id).where(chat.c.channel == channel, chat.c.address == address)


def _of(channel: str, address: str) -> ColumnElement[bool]:
    return chat_pulse.c.chat_id == _chat(channel, address).scalar_subquery()


def _begin(conn: Connection, channel: str, address: str) -> None:
    """There is a row to count in."""
    id = conn.execute(_chat(channel, address)).scalar()
    if id is not None:
        conn.execute(insert(chat_pulse).values(chat_id=id).on_conflict_do_nothing(index_elements=["chat_id"]))
