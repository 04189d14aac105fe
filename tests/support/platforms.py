"""Platforms to send to in tests: they log what reached people, refuse on request, and hold to their limits."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from bot.channels.base import Abilities, Act, Outbound, SendError, Sent

Answer = Callable[[Outbound], SendError | None]
"""What the platform says to a message before it takes it."""


def rich() -> Abilities:
    """Like Telegram: edits, buttons, 4,096 characters."""
    return Abilities(edits=True, buttons=True, longest=4096, writes_first=True)


@dataclass
class Platform:
    """A platform in the process. `shown` is what people see, `asked` every request in order."""

    name: str = "play"
    abilities: Abilities = field(default_factory=rich)
    answers: list[Answer] = field(default_factory=list)
    shown: dict[str, Outbound] = field(default_factory=dict)  # by message id
    asked: list[Outbound] = field(default_factory=list)
    notices: list[Outbound] = field(default_factory=list)
    gate: asyncio.Event | None = None  # while it is not set, requests hang
    _number: int = 0

    async def send(self, out: Outbound) -> Sent:
        self.asked.append(out)
        if self.gate is not None:
            await self.gate.wait()
        await asyncio.sleep(0)
        for answer in self.answers:
            error = answer(out)
            if error is not None:
                if error.uncertain:
                    self._show(out)
                raise error
        return self._show(out)

    async def fetch(self, handle: str) -> bytes:
        raise SendError("no such photo", transient=False)

    def _show(self, out: Outbound) -> Sent:
        if out.act is Act.NOTICE:
            self.notices.append(out)
            return Sent(None)
        if out.act is Act.EDIT:
            if out.message not in self.shown:
                raise SendError("message to edit not found", transient=False)
            assert out.message is not None
            self.shown[out.message] = out
            return Sent(out.message)
        self._number += 1
        self.shown[f"m{self._number}"] = out
        return Sent(f"m{self._number}")

    def texts(self, chat: str | None = None) -> list[str]:
        """What is shown, in the order in which it came."""
        return [out.text for out in self.shown.values() if chat in (None, out.chat)]


def first(times: int, error: Callable[[], SendError], *, chat: str | None = None) -> Answer:
    """Refuses the first so many requests (to a chat)."""
    left = Counter({chat: times})

    def answer(out: Outbound) -> SendError | None:
        if left[chat] <= 0 or (chat is not None and out.chat != chat):
            return None
        left[chat] -= 1
        return error()

    return answer


def repeated(texts: Iterable[str]) -> list[str]:
    """Those that are there more than once."""
    return [text for text, times in Counter(texts).items() if times > 1]
