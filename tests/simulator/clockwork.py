"""An event loop whose time is simulated: where nothing is to be done, the clock goes on to the next thing at once."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any


class _NeverWaits(selectors.DefaultSelector):
    """Adds up the time that would have been waited."""

    waited = 0.0

    def select(self, timeout: float | None = None) -> Any:
        found = super().select(0)
        if not found and timeout is None:
            raise AssertionError("everybody waits for nothing")
        if not found and timeout:
            self.waited += timeout
        return found


class Clockwork(asyncio.SelectorEventLoop):
    """Its time begins at nought and is nobody's."""

    def __init__(self) -> None:
        self._never = _NeverWaits()
        super().__init__(self._never)

    def time(self) -> float:
        return self._never.waited


Clock = Callable[[], datetime]


def play(story: Callable[[Clock], Coroutine[Any, Any, None]], start: datetime) -> float:
    """Run a story that is given the simulated clock; how many simulated seconds it took."""
    loop = Clockwork()
    try:
        loop.run_until_complete(story(lambda: start + timedelta(seconds=loop.time())))
        return loop.time()
    finally:
        loop.close()
