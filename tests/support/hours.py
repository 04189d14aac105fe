"""A clock that goes only when told, with a sleep that follows it: what waits wakes in order, and no second passes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta


@dataclass
class Hours:
    """`clock` for what asks the time, `sleep` for what waits, `advance` for the test."""

    now: datetime = datetime(2026, 3, 2, 1, tzinfo=UTC)
    _sleeping: list[tuple[datetime, asyncio.Future[None]]] = field(default_factory=list)

    def clock(self) -> datetime:
        return self.now

    async def sleep(self, seconds: float) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleeping.append((self.now + timedelta(seconds=seconds), future))
        await future

    async def advance(self, seconds: float) -> None:
        """Let so much time pass, stopping at each moment at which somebody wakes."""
        until = self.now + timedelta(seconds=seconds)
        await self.settle()
        while due := [each for each in self._sleeping if each[0] <= until and not each[1].done()]:
            at, future = min(due, key=lambda each: each[0])
            self.now = max(self.now, at)
            self._sleeping.remove((at, future))
            future.set_result(None)
            await self.settle()
        self.now = until

    async def settle(self) -> None:
        """Everything that can happen without time passing."""
        for _ in range(60):
            await asyncio.sleep(0)
