"""What may still be answered to whoever mentioned an intelligent bot: each code once, within the hour it lives."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from storage import sealing
from storage.conflict import insert
from storage.tables import bot_answer

LIFETIME = timedelta(minutes=58)  # an hour in WeCom's documents (101138), less what a clock may be off


def keep(conn: Connection, chat: str, message: str, code: str, now: datetime) -> None:
    """A mention came with a code to answer it later; brought once more, it is no second one."""
    sealed = sealing.seal(conn, code, f"bot {chat}")
    row = insert(bot_answer).values(chat=chat, message=message, code=sealed, expires_at=now + LIFETIME)
    conn.execute(row.on_conflict_do_nothing(index_elements=["message"]))
    conn.execute(delete(bot_answer).where(bot_answer.c.expires_at < now - LIFETIME))


def take(conn: Connection, chat: str, now: datetime) -> tuple[int, str] | None:
    """(row, code) of the one that ends first, used up with this; None when there is none."""
    free = (bot_answer.c.chat == chat, bot_answer.c.used_at.is_(None), bot_answer.c.expires_at > now)
    query = select(bot_answer.c.id, bot_answer.c.code).where(*free).order_by(bot_answer.c.expires_at, bot_answer.c.id)
    for row in conn.execute(query.with_for_update()).all():
        conn.execute(update(bot_answer).where(bot_answer.c.id == row.id).values(used_at=now))
        if (code := sealing.open_sealed(conn, row.code, f"bot {chat}")) is not None:
            return row.id, code
    return None


def give_back(conn: Connection, id: int) -> None:
    """The platform was not reached: the code is still good."""
    conn.execute(update(bot_answer).where(bot_answer.c.id == id).values(used_at=None))
