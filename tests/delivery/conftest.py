"""A database with chats in it, and an outbox to fill."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from storage import outbox, people
from storage.database import Database
from storage.tables import chat
from storage.tables import outbox as rows
from tests.support.databases import SECRET, database, database_url

__all__ = ["Post", "any_post", "database", "database_url", "post"]

START = datetime(2026, 3, 2, 1, tzinfo=UTC)


@dataclass
class Post:
    """Verbs for what a test writes into the outbox and finds there."""

    database: Database
    now: datetime = START

    def after(self, seconds: float) -> datetime:
        return START + timedelta(seconds=seconds)

    def chat(self, address: str = "u1", *, kind: str = "private", channel: str = "play", **more: Any) -> int:
        row = {"channel": channel, "address": address, "kind": kind, "heard_at": START} | more
        with self.database.write() as conn:
            return int(conn.execute(insert(chat).returning(chat.c.id), row).scalar_one())

    def put(self, chat_id: int, text: str, *, kind: str = "say", lane: int = 1, **more: Any) -> int:
        payload = {"text": text} | more.pop("payload", {})
        with self.database.write() as conn:
            id = outbox.put(conn, chat_id=chat_id, kind=kind, lane=lane, payload=payload, now=self.now, **more)
        assert id is not None
        return id

    def row(self, id: int) -> Any:
        with self.database.read() as conn:
            return conn.execute(select(rows).where(rows.c.id == id)).one()

    def states(self) -> list[str]:
        with self.database.read() as conn:
            return list(conn.execute(select(rows.c.state).order_by(rows.c.id)).scalars())

    def chat_row(self, id: int) -> Any:
        with self.database.read() as conn:
            return conn.execute(select(chat).where(chat.c.id == id)).one()

    def hear(self, chat_id: int, now: datetime) -> None:
        """The person writes: what the turn does about the outbox."""
        with self.database.write() as conn:
            people.heard(conn, chat_id, now)
            outbox.release(conn, chat_id, now)


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    opened = Database.open(f"sqlite:///{tmp_path / 'linli.db'}", durable=False, secret=SECRET)
    opened.upgrade()
    yield Post(opened)
    opened.close()


@pytest.fixture
def any_post(database: Database) -> Post:
    """The same on each kind of database in turn."""
    return Post(database)
