"""Accept: what arrives together is committed together, acknowledged after it, and one bad update spoils no other."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from bot.channels.base import Inbound, Kind, Unavailable
from bot.flood import BURST
from bot.intake import Intake
from storage.database import Away, Database
from storage.tables import inbox
from tests.support.databases import database

__all__ = ["database"]

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def update(n: int, chat: str = "c1", **other: Any) -> Inbound:
    return Inbound("play", f"k{n}", Kind.MESSAGE, chat, private=True, sender=chat, text=f"第{n}句", **other)


def kept(database: Database) -> list[str]:
    with database.read() as conn:
        return list(conn.execute(select(inbox.c.key).order_by(inbox.c.id)).scalars())


class Counted:
    """A database that counts its transactions, and may be away."""

    def __init__(self, database: Database) -> None:
        self.database, self.commits, self.away = database, 0, False

    @contextmanager
    def write(self) -> Iterator[Connection]:
        if self.away:
            raise Away("gone")
        with self.database.write() as conn:
            yield conn
        self.commits += 1


def held(database: Database) -> dict[str, int]:
    """Of each chat, how many lines wait."""
    with database.read() as conn:
        wait = select(inbox.c.conversation, func.count()).where(inbox.c.not_before > NOW)
        return dict(conn.execute(wait.group_by(inbox.c.conversation)).all())


async def together(intake: Intake, updates: list[Inbound]) -> list[bool | BaseException]:
    return await asyncio.gather(*(intake(one) for one in updates), return_exceptions=True)


def test_a_hundred_at_once_take_few_commits_in_their_order_and_once_each(database: Database) -> None:
    counted, woken = Counted(database), list[int]()
    intake = Intake(counted, lambda: NOW, lambda: woken.append(1))  # type: ignore[arg-type]
    updates = [update(n, f"c{n % 3}") for n in range(100)]
    assert asyncio.run(together(intake, [*updates, update(7)])) == [True] * 100 + [False]
    assert counted.commits <= 4 and len(woken) <= counted.commits
    keys = kept(database)
    for chat in range(3):
        of_chat = [k for k in keys if int(k[1:]) % 3 == chat]
        assert of_chat == [f"k{n}" for n in range(100) if n % 3 == chat]


def test_what_the_database_does_not_take_is_refused_alone(database: Database) -> None:
    intake = Intake(database, lambda: NOW, lambda: None)
    unreadable = update(2, choice=object())
    first, second, third = asyncio.run(together(intake, [update(1), unreadable, update(3)]))
    assert (first, third) == (True, True) and isinstance(second, Exception)
    assert sorted(kept(database)) == ["k1", "k3"]


def test_nobody_is_acknowledged_while_the_database_is_away(database: Database) -> None:
    counted = Counted(database)
    intake = Intake(counted, lambda: NOW, lambda: pytest.fail("nothing is there to be taken"))  # type: ignore[arg-type]
    counted.away = True
    outcomes = asyncio.run(together(intake, [update(1), update(2)]))
    assert all(isinstance(one, Unavailable) for one in outcomes) and kept(database) == []
    counted.away = False
    intake.wake = lambda: None
    assert asyncio.run(together(intake, [update(1)])) == [True]


def test_more_than_anybody_types_waits_a_moment_in_its_own_chat_only(database: Database) -> None:
    intake = Intake(database, lambda: NOW, lambda: None)
    lines = [update(n) for n in range(30)]
    group = [Inbound("play", f"g{n}", Kind.MESSAGE, "g", private=False, sender="c3", text="在吗") for n in range(30)]
    asyncio.run(together(intake, [*lines, *lines, *group, update(99, "c2")]))
    assert held(database) == {"play:c1": 30 - int(BURST)}, "what came twice counts once"


def test_who_has_written_fast_writes_as_ever_after_a_while(database: Database) -> None:
    clock = [NOW - timedelta(minutes=1)]
    intake = Intake(database, lambda: clock[0], lambda: None)
    asyncio.run(together(intake, [update(n) for n in range(100)]))
    clock[0] = NOW
    asyncio.run(together(intake, [update(100 + n) for n in range(5)]))
    assert held(database) == {}
