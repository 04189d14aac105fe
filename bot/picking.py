"""Which rows of the outbox go out now: claimed for a channel, those that can't go written down with the reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot import aside
from bot.channels.base import Abilities
from bot.letters import TWICE, given_up, must_wait, outbound
from bot.logs import Log
from bot.sending import Letter
from storage import allowance, outbox, reach
from storage.database import Database
from storage.outbox import OutboxRow

_log = Log()
_STOP = "{}:stopped"
LEASE = timedelta(seconds=30)  # so long a chat stands still when its sender dies


@dataclass(frozen=True, slots=True)
class Wish:
    """What to claim for one channel."""

    channel: str
    limit: int
    last_lane: int
    skip_chats: frozenset[int]
    only: frozenset[str] = frozenset()  # addresses; none: all chats


def claim(conn: Connection, wish: Wish, now: datetime) -> list[OutboxRow]:
    """The rows a wish gets, until `now + LEASE`."""
    return outbox.claim(
        conn,
        now,
        lease=LEASE,
        limit=wish.limit,
        skip_chats=wish.skip_chats,
        channel=wish.channel,
        last_lane=wish.last_lane,
        only=wish.only,
    )


def to_send(
    conn: Connection, rows: Sequence[OutboxRow], abilities: Callable[[str], Abilities], now: datetime
) -> list[Letter]:
    """The rows that can go; of the others it is written down why not."""
    letters = [letter for row in rows if (letter := _read(conn, row)) is not None]
    wanted = [letter.row.payload["photo"] for letter in letters if isinstance(letter.row.payload.get("photo"), int)]
    photos = reach.paths(conn, wanted) if wanted else {}
    found: list[Letter] = []
    for letter in letters:
        row, photo = letter.row, letter.row.payload.get("photo")
        if given_up(row):
            outbox.failed(conn, row.id, reason=f"{TWICE}: its sender died", chat=row.chat_id)
        elif not _held(conn, row, abilities(row.channel), now):
            path = photos.get(photo) if isinstance(photo, int) else photo
            found.append(Letter(row, replace(letter.out, photo=path), row.parts))
    return found


def _read(conn: Connection, row: OutboxRow) -> Letter | None:
    """The row as a letter; one that no version of ours reads is a dead letter, and the others go."""
    try:
        return Letter(row, outbound(row))
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        name = type(error).__name__
        _log.error("delivery.unreadable", outbox=row.id, channel=row.channel, error=name)
        outbox.failed(conn, row.id, reason=f"unreadable: {name}", chat=row.chat_id)
        return None


def _held(conn: Connection, row: OutboxRow, abilities: Abilities, now: datetime) -> bool:
    """Whether the chat can't be written to now."""
    if row.chat_state != "open":
        reach.close(conn, row.chat_id, state=row.chat_state, reason=f"the chat is {row.chat_state}")
        aside.waits(conn, row.chat_id, now)
        return True
    reason = must_wait(row, abilities)
    if reason is not None:
        wait(conn, row, reason, now)
    return reason is not None


def wait(conn: Connection, row: OutboxRow, reason: str, now: datetime) -> None:
    """The row waits until the person writes; their group may hear that something does."""
    outbox.wait(conn, row.id, heard_at=row.heard_at, reason=reason, chat=row.chat_id)
    aside.waits(conn, row.chat_id, now)


def stopped(conn: Connection, channel: str, until: datetime, now: datetime) -> None:
    """The platform takes nothing at all before then, whoever writes to it next."""
    allowance.close(conn, _STOP.format(channel), until, now)


def stops(database: Database, channels: Sequence[str], now: datetime) -> dict[str, datetime]:
    """Which of these channels take nothing now, and until when."""
    with database.read() as conn:
        found = {channel: allowance.closed(conn, _STOP.format(channel), now) for channel in channels}
    return {channel: until for channel, until in found.items() if until}
