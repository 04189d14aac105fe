"""What went out in part: some of its parts, which are not sent again, or to some of those it was for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, text, update

from storage import outbox, people
from storage.outbox import OutboxRow
from storage.tables import outbox as rows


def went(conn: Connection, row: OutboxRow, parts: int) -> None:
    """So many parts of it are out: whoever tries it again goes on after them."""
    mine = (rows.c.id == row.id, rows.c.chat_id == row.chat_id, rows.c.tries == row.tries, text("state = 'new'"))
    conn.execute(update(rows).where(*mine).values(parts=parts))


def missed(conn: Connection, row: OutboxRow, address: str, reason: str, now: datetime) -> None:
    """A dead letter in the private chat at `address`: sent again, it goes to nobody who has it. Without buttons, which
    are the other chat's."""
    chat = people.chat_for(conn, row.channel, address, kind="private", person_id=None)
    id = outbox.put(
        conn,
        chat_id=chat.id,
        kind="say",
        lane=row.lane,
        payload={"text": row.payload.get("text", "")},
        now=now,
        key=f"missed.{row.id}.{chat.id}",
        cause=row.cause,
    )
    if id is not None:
        outbox.failed(conn, id, reason=reason, chat=chat.id)
