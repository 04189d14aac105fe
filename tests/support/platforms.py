"""Platforms to send to in tests: they log what reached people, refuse on request, and hold to their limits."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.channels.base import Abilities, Act, Inbound, Kind, Outbound, SendError, Sent
from bot.render import utf8

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


@dataclass
class MessageKeeper:
    """Like a WeChat official account: no edits, no buttons, 2,048 bytes a text; an answer within five seconds goes back
    with the request itself, later ones only for 48 hours after the person's last message, five at most."""

    name: str = "wechat"
    abilities: Abilities = field(
        default_factory=lambda: Abilities(
            edits=False,
            buttons=False,
            longest=2048,
            measure=utf8,
            window=timedelta(hours=48),
            window_messages=5,
            passive_reply=timedelta(seconds=5),
            link=lambda code: f"https://linli.example/c/{code}",
        )
    )
    heard: dict[str, datetime] = field(default_factory=dict)
    log: list[tuple[str, str, str]] = field(default_factory=list)  # how ("passive", "pushed"), chat, text
    _open: dict[str, asyncio.Future[str]] = field(default_factory=dict)
    _pushed: Counter[str] = field(default_factory=Counter)
    now: datetime | None = None

    async def post(
        self, inbound: Inbound, accept: Callable[[Inbound], object], now: datetime, *, patience: float = 5
    ) -> str:
        """A person's message, as the platform posts it: the answer to the request is the passive reply, or empty."""
        waiting: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._open[inbound.chat] = waiting
        self.heard[inbound.chat], self.now = now, now
        self._pushed[inbound.chat] = 0
        accept(inbound)
        try:
            return await asyncio.wait_for(waiting, patience)
        except TimeoutError:
            return ""
        finally:
            self._open.pop(inbound.chat, None)

    async def send(self, out: Outbound) -> Sent:
        if out.act is not Act.SAY or out.choices:
            raise SendError("40008 invalid message type", transient=False)
        if utf8(out.text) > 2048:
            raise SendError("45002 content size out of limit", transient=False)
        waiting = self._open.pop(out.chat, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(out.text)
            self.log.append(("passive", out.chat, out.text))
            return Sent(None)
        return self._push(out)

    def _push(self, out: Outbound) -> Sent:
        heard = self.heard.get(out.chat)
        assert self.now is not None
        if heard is None or self.now - heard >= timedelta(hours=48):
            raise SendError("45015 response out of time limit", transient=False)
        if self._pushed[out.chat] >= 5:
            raise SendError("45047 out of response count limit", transient=False)
        self._pushed[out.chat] += 1
        self.log.append(("pushed", out.chat, out.text))
        return Sent(str(len(self.log)))

    async def fetch(self, handle: str) -> bytes:
        raise SendError("no such media", transient=False)


def said(chat: str, text: str, *, key: str = "k", channel: str = "wechat") -> Inbound:
    """A private message."""
    return Inbound(
        channel=channel, key=key, kind=Kind.MESSAGE, chat=chat, private=True, sender=chat, text=text, addressed=True
    )


def repeated(texts: Iterable[str]) -> list[str]:
    """Those that are there more than once."""
    return [text for text, times in Counter(texts).items() if times > 1]
