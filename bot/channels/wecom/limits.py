"""WeCom's limits, kept by us: what is over them it drops and says 0. Counted in the database, for every process."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import Any

from bot.channels.base import SendError
from storage import allowance, sliding
from storage.allowance import Rate
from storage.sliding import Window

SLACK = 3.0  # seconds that one message may be on its way longer than another: so far apart ours count as a minute's
# From WeCom's documents (90312, 91770): to a member 30 a minute and 1,000 an hour, by a robot 20 a minute. Nobody says
# when its minutes begin: in no minute at all is it more.
TO_MEMBER = (Window(30, 60 + SLACK), Window(1000, 3600 + SLACK))
BY_ROBOT = (Window(20, 60 + SLACK),)
# To all groups of the app together, in persons times messages: 20,000 a minute, 300,000 an hour. Spread evenly, so that
# an alarm never finds the hour spent; at most 16,800 in any minute and 299,500 in any hour.
TO_GROUPS = Rate(12_000, (299_500 - 12_000) / 3600)
LARGEST_GROUP = 500  # persons, where nobody said how many
LONGEST_WAIT = 12.0  # seconds a message waits on its way; then the others go back to the queue
TOO_MANY = "as many as WeCom takes went out"

Rows = Callable[..., Awaitable[Any]]
"""Calls a function with a connection that writes, and what else it is given."""


class Quotas:
    """The limits of one app. `sizes`: how many persons a group has, by chat id."""

    def __init__(self, rows: Rows, agent_id: int) -> None:
        self._rows = rows
        self._app = f"wecom:{agent_id}"
        self.sizes: dict[str, int] = {}

    async def members(self, members: Iterable[str], now: datetime) -> None:
        """The app writes to these members; raises SendError with the wait when that is too often."""
        await self._take({f"{self._app}:member:{one}": TO_MEMBER for one in members}, now)

    async def robot(self, name: str, now: datetime) -> None:
        """A robot says something; raises SendError with the wait."""
        await self._take({f"{self._app}:robot:{name}": BY_ROBOT}, now)

    async def group(self, chat: str, now: datetime) -> float:
        """A message goes to a group: after how many seconds. Raises SendError when that is too long."""
        persons = self.sizes.get(chat, LARGEST_GROUP)
        took: allowance.Took = await self._rows(
            allowance.take, {f"{self._app}:groups": TO_GROUPS}, now, persons, LONGEST_WAIT
        )
        if not took.taken:
            raise SendError(TOO_MANY, transient=True, retry_after=took.wait - LONGEST_WAIT / 2, alone=True)
        return took.wait

    async def _take(self, wanted: dict[str, tuple[Window, ...]], now: datetime) -> None:
        took: allowance.Took = await self._rows(sliding.take, wanted, now)
        if not took.taken:
            raise SendError(TOO_MANY, transient=True, retry_after=took.wait, alone=True)
