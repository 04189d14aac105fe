"""The way in: an update is tidied and committed to the inbox; only then is its platform answered."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from bot.channels.base import MAX_TEXT, Inbound, Unavailable
from bot.clock import Clock
from storage import failpoints, inbox, people, windows
from storage.database import Away, Database

GROUP = 64  # updates a commit


def clean(text: str, longest: int = MAX_TEXT) -> str:
    """What a database can hold and a screen can show: no lone surrogates, no NUL, no end."""
    return text[:longest].replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def tidy(said: Inbound) -> Inbound:
    """The update with every string made safe to keep."""
    return replace(
        said,
        key=clean(said.key, 120),
        chat=clean(said.chat, 100),
        sender=clean(said.sender, 100),
        sender_name=clean(said.sender_name, 64),
        text=clean(said.text),
        reply_to=said.reply_to and clean(said.reply_to, 100),
        choice=said.choice and clean(said.choice, 100),
        token=said.token and clean(said.token, 200),
        photos=tuple(clean(p, 500) for p in said.photos[:10]),
    )


def keep(database: Database, said: Inbound, now: datetime) -> int | None:
    """Commit an update; its inbox row, or None when it was seen before. Raises storage.database.Away."""
    return keep_all(database, [(said, now)])[0]


def keep_all(database: Database, arrived: Sequence[tuple[Inbound, datetime]]) -> list[int | None]:
    """Commit updates in one go, all or none; for each its inbox row, or None when it was seen before. Raises Away."""
    rows: list[int | None] = [None] * len(arrived)
    with database.write() as conn:
        # Each holds its conversation's lock to the end: taken in one order, two groups never wait for each other.
        for n, (said, now) in sorted(enumerate(arrived), key=lambda one: one[1][0].conversation):
            rows[n] = _accept(conn, tidy(said), now)
    failpoints.reach("acknowledge")
    return rows


def _accept(conn: Connection, said: Inbound, now: datetime) -> int | None:
    row = inbox.accept(
        conn,
        channel=said.channel,
        key=said.key,
        conversation=said.conversation,
        payload=said.to_json(),
        now=now,
        lane=int(said.private and not people.known(conn, said.channel, said.sender)),
    )
    if row is not None and said.window:
        windows.opened(conn, said.channel, said.chat, *said.window, now)
    return row


@dataclass(frozen=True, slots=True)
class _Arrived:
    said: Inbound
    at: datetime
    kept: asyncio.Future[int | None]


class Intake:
    """Accept, as channels use it: what arrives while a commit is under way shares the next one; whoever takes the turns
    is woken. One a process, on one event loop."""

    def __init__(self, database: Database, clock: Clock, wake: Callable[[], None]) -> None:
        self.database = database
        self.clock = clock
        self.wake = wake
        self._waiting: deque[_Arrived] = deque()
        self._committing: asyncio.Task[None] | None = None

    async def __call__(self, said: Inbound) -> bool:
        """Whether it is new; returns after its commit. Raises Unavailable."""
        one = _Arrived(said, self.clock(), asyncio.get_running_loop().create_future())
        self._waiting.append(one)
        if self._committing is None:
            self._committing = asyncio.create_task(self._commit())
        return await one.kept is not None

    async def _commit(self) -> None:
        try:
            while self._waiting:
                group = [self._waiting.popleft() for _ in range(min(GROUP, len(self._waiting)))]
                if not await self._together(group) and len(group) > 1:  # one of them the database does not take
                    for one in group:
                        await self._together([one])
        finally:
            self._committing = None

    async def _together(self, group: list[_Arrived]) -> bool:
        try:
            rows = await asyncio.to_thread(keep_all, self.database, [(one.said, one.at) for one in group])
        except Away as error:
            for one in group:
                _fail(one, Unavailable(str(error)))
        except Exception as error:
            if len(group) > 1:
                return False
            _fail(group[0], error)
        else:
            for one, row in zip(group, rows, strict=True):
                if not one.kept.done():
                    one.kept.set_result(row)
            if any(row is not None for row in rows):
                self.wake()
        return True


def _fail(one: _Arrived, error: Exception) -> None:
    if not one.kept.done():  # whoever waited may have gone
        one.kept.set_exception(error)
