"""The trace of sensitive acts: who did what to which row, ids only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from storage.tables import audit


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One act."""

    id: int
    at: datetime
    actor: str
    action: str
    subject: Mapping[str, Any]


def record(conn: Connection, *, actor: str, action: str, subject: Mapping[str, Any], now: datetime) -> None:
    """Write an act down: `actor` like "staff:7", `subject` ids and words of ours, never what a resident said."""
    conn.execute(insert(audit), {"at": now, "actor": actor, "action": action, "subject": subject})


def trail(conn: Connection, limit: int, before: int | None = None) -> list[AuditRow]:
    """The newest acts first; `before` is the id of the last one already seen."""
    query = select(audit.c.id, audit.c.at, audit.c.actor, audit.c.action, audit.c.subject)
    if before is not None:
        query = query.where(audit.c.id < before)
    return [AuditRow(*row) for row in conn.execute(query.order_by(audit.c.id.desc()).limit(limit))]
