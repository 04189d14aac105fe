"""What the assistant was unsure about: marks on inbox rows, whose words go when theirs go (storage/retention.py)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, select, text, update

from storage.tables import inbox

_OPEN = text("inbox.unsure IS NOT NULL")  # written out, so that the partial index is used


@dataclass(frozen=True, slots=True)
class Doubt:
    """One message, in its writer's words, and how sure the assistant was when it came (0..1)."""

    id: int
    text: str
    confidence: float


def note(conn: Connection, inbox_id: int, confidence: float) -> None:
    """Mark a message as one for staff to look at."""
    conn.execute(update(inbox).where(inbox.c.id == inbox_id).values(unsure=round(confidence * 100)))


def waiting(conn: Connection, limit: int) -> list[Doubt]:
    """The newest marked messages whose words are still kept."""
    rows = conn.execute(select(inbox.c.id, inbox.c.payload, inbox.c.unsure).where(_OPEN).order_by(inbox.c.id.desc()))
    found = (Doubt(row.id, str(row.payload.get("text") or ""), row.unsure / 100) for row in rows)
    return [one for one, _ in zip((doubt for doubt in found if doubt.text), range(limit), strict=False)]


def looked_at(conn: Connection, ids: Iterable[int]) -> None:
    """These need not be shown again."""
    conn.execute(update(inbox).where(inbox.c.id.in_(list(ids))).values(unsure=None))
