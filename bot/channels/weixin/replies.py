"""Requests of a platform that still wait for their answer: a message to that person may go back with one of them."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.channels.base import Accept, Inbound

Sleep = Callable[[float], Awaitable[None]]
Sent = Callable[[], Awaitable[None]]
KEPT = 200  # answers kept for a platform that did not get them and asks again
HANDED_SECONDS = 2.0  # so long the next message waits for this one to be on its way
ARRIVES_SECONDS = 0.3  # then it has surely come before a message sent on its own


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back with a request."""

    text: str
    picture: bytes | None = None
    card: Mapping[str, Any] | None = None  # instead of the text, where the platform takes one


@dataclass(slots=True, eq=False)
class Waiting:
    """One open request."""

    chat: str
    answer: asyncio.Future[Reply]
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    async def on_its_way(self) -> None:
        """The answer was sent."""
        self.gone.set()


class Replies:
    """The open requests by chat, oldest first. `patience`: seconds a request is kept open, 0 for never."""

    def __init__(self, patience: float, sleep: Sleep = asyncio.sleep) -> None:
        self.patience = patience
        self._sleep = sleep
        self._open: dict[str, deque[Waiting]] = {}
        self._keys: dict[str, Waiting] = {}
        self._given: OrderedDict[str, Reply] = OrderedDict()

    async def answer(
        self, inbound: Inbound, accept: Accept, passed: Callable[[], float]
    ) -> tuple[Reply | None, Sent | None]:
        """Commit what came in; the answer to go back with the request, if one comes in time, and what is to be called
        when it was sent. `passed`: seconds since the request came, which are of the platform's patience too."""
        if not await accept(inbound):
            return await self._again(inbound.key), None
        left = self.patience - max(0.0, passed())
        if left <= 0:
            return None, None  # perhaps nobody listens any more
        waiting = Waiting(inbound.chat, asyncio.get_running_loop().create_future())
        self._open.setdefault(waiting.chat, deque()).append(waiting)
        self._keys[inbound.key] = waiting
        return await self._wait(waiting, inbound.key, left), waiting.on_its_way

    async def _wait(self, waiting: Waiting, key: str, seconds: float) -> Reply | None:
        """The answer, if one comes in time; from then on nothing is answered with this request."""
        timer: asyncio.Future[Any] = asyncio.ensure_future(self._sleep(seconds))
        both: set[asyncio.Future[Any]] = {waiting.answer, timer}
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        finally:
            timer.cancel()
            self._end(waiting, key)
        if waiting.answer.cancelled():
            return None
        self._given[key] = waiting.answer.result()
        while len(self._given) > KEPT:
            self._given.popitem(last=False)
        return self._given[key]

    async def _again(self, key: str) -> Reply | None:
        """What is answered to a request that the platform makes once more: the same as to the first one, which it may
        have given up."""
        first = self._keys.get(key)
        if first is not None:
            await asyncio.wait({first.answer})
            return None if first.answer.cancelled() else first.answer.result()
        return self._given.get(key)

    def _end(self, waiting: Waiting, key: str) -> None:
        """The request is no longer open."""
        waiting.answer.cancel()
        self._keys.pop(key, None)
        queue = self._open.get(waiting.chat)
        if queue and waiting in queue:
            queue.remove(waiting)
        if not queue:
            self._open.pop(waiting.chat, None)

    def awaited(self) -> frozenset[str]:
        """The chats with a request that waits for its answer."""
        return frozenset(self._open)

    async def give(
        self, chat: str, text: str, picture: bytes | None = None, card: Mapping[str, Any] | None = None
    ) -> bool:
        """Answer the oldest open request of a chat; False when there is none."""
        queue = self._open.get(chat)
        if not queue:
            return False
        waiting = queue.popleft()
        if waiting.answer.done():
            return False
        waiting.answer.set_result(Reply(text, picture, card))
        timer: asyncio.Future[Any] = asyncio.ensure_future(self._sleep(HANDED_SECONDS))
        gone: asyncio.Future[Any] = asyncio.ensure_future(waiting.gone.wait())
        await asyncio.wait({timer, gone}, return_when=asyncio.FIRST_COMPLETED)
        timer.cancel()
        gone.cancel()
        await self._sleep(ARRIVES_SECONDS)
        return True
