"""Messages with buttons on a platform that gives a code for each change: which code is left, who pressed last."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from storage.conflict import insert
from storage.tables import platform_card

LIFETIME = timedelta(hours=72)  # of a code (WeCom's documents)


def keep(conn: Connection, channel: str, message: str, chat: str, code: str, now: datetime) -> None:
    """The platform took a message with buttons and gave a code to change it with."""
    row = insert(platform_card).values(
        channel=channel, message=message, chat=chat, code=code, expires_at=now + LIFETIME
    )
    kept = {name: row.excluded[name] for name in ("chat", "code", "expires_at")}
    conn.execute(row.on_conflict_do_update(index_elements=["channel", "message"], set_=kept))
    conn.execute(delete(platform_card).where(platform_card.c.expires_at < now - LIFETIME))


def pressed(conn: Connection, channel: str, message: str, person: str, code: str, now: datetime) -> str | None:
    """Somebody pressed a button there; the platform gave a new code. The chat it was sent to; None: not known."""
    found = conn.execute(
        update(platform_card)
        .where(platform_card.c.channel == channel, platform_card.c.message == message)
        .values(code=code, expires_at=now + LIFETIME, pressed_by=person, pressed_at=now)
        .returning(platform_card.c.chat)
    )
    return found.scalar_one_or_none()


def use(conn: Connection, channel: str, message: str, now: datetime) -> str | None:
    """The code to change a message with, which is gone then; None when there is none."""
    there = (platform_card.c.channel == channel, platform_card.c.message == message)
    query = select(platform_card.c.code).where(*there, platform_card.c.expires_at > now).with_for_update()
    code: str | None = conn.execute(query).scalar_one_or_none()
    if code is not None:
        conn.execute(update(platform_card).where(*there).values(code=None))
    return code


def last_pressed(conn: Connection, channel: str, person: str, since: datetime) -> tuple[str, str] | None:
    """(chat, message) of the card a person pressed last, if it was since then."""
    query = (
        select(platform_card.c.chat, platform_card.c.message)
        .where(
            platform_card.c.channel == channel,
            platform_card.c.pressed_by == person,
            platform_card.c.pressed_at >= since,
        )
        .order_by(platform_card.c.pressed_at.desc())
        .limit(1)
    )
    found = conn.execute(query).first()
    return None if found is None else (found.chat, found.message)
