"""A chat platform with bad days: its own log is what the oracle believes, and it hands updates over badly."""

from __future__ import annotations

import asyncio
import random
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.channels.base import Abilities, Act, Choice, Inbound, Kind, Outbound, SendError, Sent

ALL = "*"


@dataclass
class Weather:
    """What the platform does to what it is sent, until when."""

    limited: dict[str, datetime] = field(default_factory=dict)  # by chat, ALL for everybody
    failing: int = 0  # so many of the next sends end in a 500
    silent: int = 0  # ... are delivered, and no answer comes
    blocked: set[str] = field(default_factory=set)


@dataclass
class Platform:
    """Implements Channel; `now` is the simulator's clock."""

    now: Callable[[], datetime]
    dice: random.Random
    name: str = "play"
    abilities: Abilities = field(default_factory=lambda: Abilities(True, True, 4096, writes_first=True))
    weather: Weather = field(default_factory=Weather)
    delivered: Counter[int] = field(default_factory=Counter)  # outbox row -> how often people saw it
    uncertain: Counter[int] = field(default_factory=Counter)  # ... of which the bot was not told
    order: dict[str, list[Outbound]] = field(default_factory=dict)  # what each chat saw first, in order
    shown: dict[str, Outbound] = field(default_factory=dict)
    told: dict[str, datetime] = field(default_factory=dict)  # chats the bot was told to leave alone, and until when
    flying: set[int] = field(default_factory=set)
    moved: dict[str, str] = field(default_factory=dict)  # a group became a supergroup: its old address and its new one
    left_behind: set[str] = field(default_factory=set)  # messages of a group that moved: nobody changes them any more
    wrong: list[str] = field(default_factory=list)
    meanwhile: Callable[[], Awaitable[None]] | None = None  # something that happens while a send hangs
    _messages: int = 0

    async def fetch(self, handle: str) -> bytes:
        raise SendError("no such photo", transient=False)

    async def send(self, out: Outbound) -> Sent:
        self._must_be_allowed(out)
        self.flying.add(out.outbox)
        try:
            await asyncio.sleep(0)
            if self.meanwhile is not None:
                happens, self.meanwhile = self.meanwhile, None
                await happens()
            return self._answer(out)
        finally:
            self.flying.discard(out.outbox)

    def _must_be_allowed(self, out: Outbound) -> None:
        now = self.now()
        if self.told.get(out.chat, now) > now:
            self.wrong.append(f"row {out.outbox} was sent to {out.chat} inside its retry_after")
        every = [until for chat, until in self.told.items() if until > now]
        if self.weather.limited.get(ALL, now) > now and len(every) > 3:
            self.wrong.append(f"row {out.outbox} was sent although {len(every)} chats were told to wait")

    def _answer(self, out: Outbound) -> Sent:
        weather, now = self.weather, self.now()
        until = max(weather.limited.get(out.chat, now), weather.limited.get(ALL, now))
        if until > now:
            self.told[out.chat] = until
            raise SendError("429", transient=True, retry_after=(until - now).total_seconds())
        if out.chat in self.moved:
            raise SendError("upgraded to a supergroup", transient=False, moved_to=self.moved[out.chat])
        if out.chat in weather.blocked:
            raise SendError("bot was blocked by the user", transient=False, gone="blocked")
        if weather.failing:
            weather.failing -= 1
            raise SendError("500", transient=True)
        sent = self._show(out)
        if weather.silent and out.act is not Act.NOTICE:
            weather.silent -= 1
            self.uncertain[out.outbox] += 1
            raise SendError("no answer", transient=True, uncertain=True)
        return sent

    def _show(self, out: Outbound) -> Sent:
        if out.act is Act.NOTICE:
            return Sent(None)
        if out.act is Act.EDIT and out.message in self.left_behind:
            raise SendError("message to edit not found", transient=False)
        out = replace(out, chat=self._known_as(out.chat))
        self.delivered[out.outbox] += 1
        if self.delivered[out.outbox] == 1:
            self.order.setdefault(out.chat, []).append(out)
        if out.act is Act.EDIT:
            if out.message not in self.shown:
                raise SendError("message to edit not found", transient=False)
            self.shown[str(out.message)] = out
            return Sent(out.message)
        self._messages += 1
        self.shown[f"m{self._messages}"] = out
        return Sent(f"m{self._messages}")

    def move(self, chat: str) -> None:
        """A group becomes a supergroup."""
        self.moved[chat] = f"{chat}+"
        self.left_behind |= {message for message, out in self.shown.items() if out.chat == chat}

    def _known_as(self, chat: str) -> str:
        """The name a chat had at first."""
        return next((old for old, new in self.moved.items() if new == chat), chat)

    def button(self, chat: str, label: str) -> tuple[str, Choice] | None:
        """The newest button of this label in a chat, with its message."""
        for message, out in reversed(self.shown.items()):
            for choice in (c for row in out.choices for c in row):
                if out.chat == chat and choice.label == label and choice.token:
                    return message, choice
        return None

    def forget(self, kept: Mapping[str, datetime]) -> None:
        """The bot died: of what it was told it knows what it wrote down."""
        self.told = {chat: until for chat, until in self.told.items() if kept.get(chat) == until}

    def clock_jumped(self) -> None:
        """How long it was to wait the bot has read off its own clock."""
        self.told.clear()


@dataclass
class Updates:
    """What people did, on its way to the bot: in order in each chat, presses in order by person, the two unordered."""

    dice: random.Random
    queues: dict[str, deque[Inbound]] = field(default_factory=dict)
    again: list[Inbound] = field(default_factory=list)  # acknowledged, and yet they come once more
    made: list[Inbound] = field(default_factory=list)
    _update: int = 5_000

    def add(self, who: str, *, text: str = "", chat: str = "", press: tuple[str, Choice] | None = None) -> Inbound:
        self._update += self.dice.choice((1, 1, 1, 7, 90_000, -4_000))  # the number jumps, backwards as well
        while any(said.key == str(self._update) for said in self.made):
            self._update += 1
        key = str(self._update)
        chat = chat or who
        said = Inbound(
            channel="play",
            key=key,
            kind=Kind.PRESS if press else Kind.MESSAGE,
            chat=chat,
            private=not chat.startswith("group:"),
            sender=who,
            sender_name=who,
            text=text,
            message=press[0] if press else key,
            addressed=True,
            choice=press[1].token if press else None,
            callback=f"cb{key}" if press else None,
        )
        self.made.append(said)
        self.queues.setdefault(f"{who} presses" if press else chat, deque()).append(said)
        return said

    def next(self) -> tuple[Inbound, Callable[[], None]] | None:
        """Some update that may come now, and what to call when it was acknowledged."""
        heads = [queue for queue in self.queues.values() if queue]
        if self.again and (not heads or self.dice.random() < 0.3):
            return self.again.pop(self.dice.randrange(len(self.again))), lambda: None
        if not heads:
            return None
        queue = self.dice.choice(heads)

        def acknowledged() -> None:
            said = queue.popleft()
            if self.dice.random() < 0.2:
                self.again.append(said)

        return queue[0], acknowledged

    @property
    def waiting(self) -> bool:
        return bool(self.again) or any(self.queues.values())


def later(now: datetime, dice: random.Random) -> datetime:
    """The end of a retry_after."""
    return now + timedelta(seconds=dice.choice((1, 5, 30, 60)))
