"""What reached some of those it was for: a failure of its own for each of the others, to be sent to them alone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from storage import outbox, people
from storage.outbox import OutboxRow


def put(conn: Connection, row: OutboxRow, address: str, reason: str, now: datetime) -> None:
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
        outbox.failed(conn, id, reason=reason)
