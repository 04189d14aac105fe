"""The way in: an update is tidied and committed to the inbox; only then is its platform answered."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection

from bot.channels.base import MAX_TEXT, Answered, Inbound, Outcome, Unavailable
from bot.clock import Clock
from bot.flood import Budgets
from bot.logs import Log
from flows.called import called
from storage import arrivals, failpoints, inbox, windows
from storage.database import Away, Database
from storage.types import storable

log = Log()
GROUP = 64  # updates a commit
LENGTHS = (("key", 120), ("chat", 100), ("sender", 100), ("sender_name", 64), ("text", MAX_TEXT), ("reply_to", 100),
           ("choice", 100), ("token", 200))  # fmt: skip
_TEXTS = attrgetter(*(name for name, _ in LENGTHS))
SHORT = 64  # all but the text together: then none is too long


def clean(text: str, longest: int = MAX_TEXT) -> str:
    """What a database can hold and a screen can show: no lone surrogates, no NUL, no end."""
    if len(text) <= longest and storable(text) is text:
        return text
    return text[:longest].replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def tidy(said: Inbound) -> Inbound:
    """The update with every string made safe to keep; who calls us by name in a group speaks to us."""
    changed: dict[str, Any] = {}
    whole = "".join(filter(None, _TEXTS(said)))
    if len(whole) - len(said.text) > SHORT or clean(whole) is not whole:
        for name, longest in LENGTHS:
            value = getattr(said, name)
            if value and (cleaned := clean(value, longest)) is not value:
                changed[name] = cleaned
    if said.photos:
        changed["photos"] = tuple(clean(p, 500) for p in said.photos[:10])
    if not (said.private or said.addressed or said.mentions_other or said.reply_to) and called(said.text):
        changed["addressed"] = True
    return said._replace(**changed) if changed else said


def keep(database: Database, said: Inbound, now: datetime) -> int | None:
    """Commit an update; its inbox row, or None when it was seen before. Raises storage.database.Away."""
    return keep_all(database, [said], now)[0]


def keep_all(
    database: Database, arrived: Sequence[Inbound], now: datetime, budgets: Budgets | None = None
) -> list[int | None]:
    """Commit updates in one go, all or none; for each its inbox row, or None when it was seen before. Raises Away.

    `budgets`: how much each private chat may send; the rest waits a moment.
    """
    tidied = [tidy(said) for said in arrived]
    with database.write() as conn:
        known = _known(conn, [said for said in tidied if said.private])
        rows = arrivals.accept_all(conn, [_arrival(said, known) for said in tidied], now)
        for said, row in zip(tidied, rows, strict=True):
            if row is not None and said.window:
                windows.opened(conn, said.channel, said.chat, *said.window, now)
        if budgets is not None:
            _slow_down(conn, tidied, rows, budgets, now)
    failpoints.reach("acknowledge")
    return rows


def _slow_down(
    conn: Connection, arrived: Sequence[Inbound], rows: Sequence[int | None], budgets: Budgets, now: datetime
) -> None:
    """What is more than its chat may send waits a moment."""
    held = {
        row: said.conversation
        for said, row in zip(arrived, rows, strict=True)
        if row is not None and said.private and budgets.spent(said.conversation, now)
    }
    if held:
        inbox.hold(conn, held, now)


def _known(conn: Connection, private: Sequence[Inbound]) -> Mapping[str, frozenset[str]]:
    """Of each channel, who of these has a person behind the account."""
    senders: dict[str, list[str]] = {}
    for said in private:
        senders.setdefault(said.channel, []).append(said.sender)
    return {channel: arrivals.known(conn, channel, each) for channel, each in senders.items()}


def _arrival(said: Inbound, known: Mapping[str, frozenset[str]]) -> arrivals.Arrival:
    new = said.private and said.sender not in known[said.channel]
    return arrivals.Arrival(said.channel, said.key, said.conversation, said.to_json(), int(new))


class _Arrived(NamedTuple):
    said: Inbound
    answered: Answered


class Intake:
    """Accept, as channels use it: what arrives while a commit is under way shares the next one; whoever takes the turns
    is woken. One a process, on one event loop."""

    def __init__(self, database: Database, clock: Clock, wake: Callable[[], None]) -> None:
        self.database = database
        self.clock = clock
        self.wake = wake
        self._budgets = Budgets()
        self._waiting: deque[_Arrived] = deque()
        self._committing: asyncio.Task[None] | None = None

    async def __call__(self, said: Inbound) -> bool:
        """Whether it is new; returns after its commit. Raises Unavailable."""
        kept: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self.put(said, lambda outcome: _settle(kept, outcome))
        return await kept

    def put(self, said: Inbound, answered: Answered) -> None:
        """Have it kept; `answered` hears after its commit whether it is new, or why it was not kept."""
        self._waiting.append(_Arrived(said, answered))
        if self._committing is None:
            self._committing = asyncio.get_running_loop().create_task(self._commit())

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
            rows = await asyncio.to_thread(
                keep_all, self.database, [one.said for one in group], self.clock(), self._budgets
            )
        except Away as error:
            _tell(group, [Unavailable(str(error))] * len(group))
        except Exception as error:
            if len(group) > 1:
                return False
            _tell(group, [error])
        else:
            if any(row is not None for row in rows):
                self.wake()
            _tell(group, [row is not None for row in rows])
        return True


def _tell(group: list[_Arrived], outcomes: Sequence[Outcome]) -> None:
    for one, outcome in zip(group, outcomes, strict=True):
        try:
            one.answered(outcome)
        except Exception as error:  # of one connection: the others are answered all the same
            log.error("intake.unanswered", error=type(error).__name__)


def _settle(kept: asyncio.Future[bool], outcome: Outcome) -> None:
    if kept.done():  # whoever waited may have gone
        return
    if isinstance(outcome, BaseException):
        kept.set_exception(outcome)
    else:
        kept.set_result(outcome)
