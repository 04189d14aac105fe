"""WeCom's limits, kept by us: what is over them it drops and says 0. Counted here, once for the whole program; pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.channels.base import SendError

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
# (time, messages) that go in each stretch of that length, from WeCom's documents.
TO_MEMBER = ((MINUTE, 30), (HOUR, 1_000))
BY_ROBOT = ((MINUTE, 20),)
# To all groups of the app together, in persons times messages: 20,000 a minute, 300,000 an hour. Spread evenly, so that
# an alarm never finds the hour spent: at once, and then a second; together at most 299,500 in any hour.
GROUPS_AT_ONCE, GROUPS_A_SECOND = 5_000, (299_500 - 5_000) / 3600
LARGEST_GROUP = 500  # persons, where nobody said how many
LONGEST_WAIT = 12.0  # seconds a message waits on its way; then the others go back to the queue
TOO_MANY = "as many as WeCom takes went out"


class Spent:
    """What went lately: in no stretch of `within` more than `most`."""

    def __init__(self, within: timedelta, most: int) -> None:
        self.within = within
        self.most = most
        self.times: deque[datetime] = deque()

    def wait(self, now: datetime) -> timedelta:
        """How long until one more may go."""
        while self.times and self.times[0] <= now - self.within:
            self.times.popleft()
        return timedelta() if len(self.times) < self.most else self.times[0] + self.within - now


@dataclass(slots=True)
class Quotas:
    """The limits of one app. `sizes`: how many persons a group has, by chat id."""

    sizes: dict[str, int] = field(default_factory=dict)
    _spent: dict[str, tuple[Spent, ...]] = field(default_factory=dict)
    _tokens: float = GROUPS_AT_ONCE  # below zero: what waits on its way
    _at: datetime | None = None

    def members(self, members: Iterable[str], now: datetime) -> None:
        """The app writes to these members; raises SendError with the wait when that is too often."""
        self._take([self._of(f"member:{one}", TO_MEMBER) for one in members], now)

    def robot(self, name: str, now: datetime) -> None:
        """A robot says something; raises SendError with the wait."""
        self._take([self._of(f"robot:{name}", BY_ROBOT)], now)

    def group(self, chat: str, now: datetime) -> float:
        """A message goes to a group: after how many seconds. Raises SendError when that is too long."""
        passed = 0.0 if self._at is None else max(0.0, (now - self._at).total_seconds())
        self._at = now if self._at is None else max(now, self._at)
        self._tokens = min(GROUPS_AT_ONCE, self._tokens + passed * GROUPS_A_SECOND)
        left = self._tokens - self.sizes.get(chat, LARGEST_GROUP)
        wait = max(0.0, -left / GROUPS_A_SECOND)
        if wait > LONGEST_WAIT:
            raise SendError(TOO_MANY, transient=True, retry_after=wait - LONGEST_WAIT / 2, everywhere=True)
        self._tokens = left
        return wait

    def _take(self, wanted: list[tuple[Spent, ...]], now: datetime) -> None:
        wait = max((spent.wait(now) for of in wanted for spent in of), default=timedelta())
        if wait > timedelta():
            raise SendError(TOO_MANY, transient=True, retry_after=wait.total_seconds(), alone=True)
        for of in wanted:
            for spent in of:
                spent.times.append(now)

    def _of(self, name: str, limits: tuple[tuple[timedelta, int], ...]) -> tuple[Spent, ...]:
        if name not in self._spent:
            self._spent[name] = tuple(Spent(within, most) for within, most in limits)
        return self._spent[name]
