"""How much a platform lets us send: token buckets for the whole bot and for each chat, fed with the time; no I/O."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Rate:
    """So many a second on average, so many at once. In any `t` seconds at most `burst + per_second * t`, and where
    `most` is given at most that in any `SECOND`."""

    per_second: float
    burst: int
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Rates:
    """What a platform allows: the bot as a whole, one chat, and on top of that one group. None: no limit known."""

    overall: Rate | None = None
    chat: Rate | None = None
    group: Rate | None = None


# Telegram's FAQ: about 30 a second, one a second in a chat (short bursts pass), 20 a minute in a group; edits count
# alike. The bot as a whole goes to the limit, evenly so that a reply finds its place; in a group the two stay below.
TELEGRAM = Rates(overall=Rate(29.2, 2, most=30), chat=Rate(1, 3), group=Rate(16 / 60, 4))
SECOND = timedelta(seconds=1.025)  # what leaves us so far apart arrives a second apart
NEARLY = 1e-4  # of a message: less than a clock of microseconds can tell


SET_BACK = timedelta(seconds=5)  # less is two looks at one clock
ALL = 3  # chats told to wait one after the other: as many as may be on their way at once anyway


@dataclass(slots=True)
class _Bucket:
    """Tokens that come back with time."""

    rate: Rate
    tokens: float
    at: datetime
    sent: deque[datetime] = field(default_factory=deque)  # in the last second, where the rate has a most

    def take(self, now: datetime) -> None:
        self.fill(now)
        self.tokens -= 1
        if self.rate.most is not None:
            self.sent.append(now)

    def left(self, now: datetime) -> float:
        """How many may go now."""
        tokens = self.fill(now)
        if self.rate.most is None:
            return tokens
        while self.sent and self.sent[0] + SECOND <= now:
            self.sent.popleft()
        return min(tokens, self.rate.most - len(self.sent))

    def fill(self, now: datetime) -> float:
        passed = (now - self.at).total_seconds()
        if passed > 0:  # a clock set back gives no tokens
            self.tokens = min(self.rate.burst, self.tokens + passed * self.rate.per_second)
            self.at = now
        return self.tokens

    def full(self, now: datetime) -> bool:
        return self.fill(now) >= self.rate.burst

    def ready_at(self, now: datetime) -> datetime:
        missing = 1 - self.fill(now)
        filled = now + timedelta(seconds=missing / self.rate.per_second) if missing > NEARLY else now
        full = self.rate.most is not None and len(self.sent) >= self.rate.most
        return max(filled, self.sent[0] + SECOND) if full else filled

    def back(self, by: timedelta) -> None:
        """The clock was set back."""
        self.at -= by
        self.sent = deque(at - by for at in self.sent)


@dataclass(slots=True)
class _Pause:
    channel: str
    until: datetime


@dataclass(slots=True)
class Limits:
    """What may be sent now. `rates` by channel name; a channel that is not there has none."""

    rates: Mapping[str, Rates] = field(default_factory=dict)
    _overall: dict[str, _Bucket] = field(default_factory=dict)
    _chats: dict[int, list[_Bucket]] = field(default_factory=dict)
    _paused: dict[int, _Pause] = field(default_factory=dict)
    _stopped: dict[str, datetime] = field(default_factory=dict)
    _seen: datetime | None = None
    _refused: dict[str, dict[int, datetime]] = field(default_factory=dict)  # chats told to wait since one was not

    def free(self, channel: str, now: datetime) -> int | None:
        """How many messages the platform takes from the whole bot now; None: any number."""
        self._notice(now)
        if self.stop_of(channel, now):
            return 0
        bucket = self._bucket(channel, now)
        return None if bucket is None else int(bucket.left(now) + NEARLY)

    def open(self, chat: int, now: datetime) -> bool:
        """Whether this chat may be written to now."""
        pause = self._paused.get(chat)
        if pause is not None and pause.until > now:
            return False
        return all(bucket.fill(now) >= 1 - NEARLY for bucket in self._chats.get(chat, ()))

    def take(self, channel: str, chat: int, *, group: bool, now: datetime) -> None:
        """Note that one message goes out."""
        rates = self.rates.get(channel)
        if rates is None:
            return
        overall = self._bucket(channel, now)
        for bucket in (*([overall] if overall else ()), *self._of_chat(rates, chat, group, now)):
            bucket.take(now)

    def slow_down(
        self, channel: str, chat: int, until: datetime, now: datetime, *, everywhere: bool = False, alone: bool = False
    ) -> None:
        """The platform asked us to wait. It does not say whether it means one chat or all: when so many chats one after
        the other are told so, and none is written to in between, it means all; unless the channel knows it `alone` is
        meant."""
        self._paused[chat] = _Pause(channel, until)
        if alone:
            return
        row = self._refused.setdefault(channel, {})
        row[chat] = until
        if everywhere or len([end for end in row.values() if end > now]) >= ALL:
            self.stop(channel, max(row.values()))
            row.clear()

    def stop(self, channel: str, until: datetime) -> None:
        """The platform takes nothing at all before then."""
        self._stopped[channel] = max(self._stopped.get(channel, until), until)

    def stop_of(self, channel: str, now: datetime) -> datetime | None:
        """Until when the platform takes nothing at all; None: it takes something."""
        until = self._stopped.get(channel, now)
        return until if until > now else None

    def went_out(self, channel: str) -> None:
        """The platform took something: what it refused to others was meant for them."""
        self._refused.pop(channel, None)

    def closed(self, now: datetime) -> frozenset[int]:
        """The chats that may not be written to now. Those at rest again are forgotten."""
        for chat in [c for c, buckets in self._chats.items() if all(b.full(now) for b in buckets)]:
            del self._chats[chat]
        for chat in [c for c, pause in self._paused.items() if pause.until <= now]:
            del self._paused[chat]
        return frozenset(chat for chat in (*self._chats, *self._paused) if not self.open(chat, now))

    def stopped(self, now: datetime) -> frozenset[str]:
        """The channels that take nothing at all now."""
        return frozenset(channel for channel in {*self.rates, *self._stopped} if self.free(channel, now) == 0)

    def next_at(self, now: datetime) -> datetime | None:
        """When something that is closed now opens; None: nothing is closed."""
        times = [until for until in self._stopped.values() if until > now]
        times += [pause.until for pause in self._paused.values() if pause.until > now]
        buckets = [*self._overall.values(), *(b for chat in self._chats.values() for b in chat)]
        times += [at for bucket in buckets if (at := bucket.ready_at(now)) > now]
        return min(times, default=None)

    def _notice(self, now: datetime) -> None:
        """A clock that was set back takes what is to be waited for with it."""
        back = self._seen - now if self._seen else timedelta()
        self._seen = now
        if back < SET_BACK:
            return
        for bucket in [*self._overall.values(), *(b for chat in self._chats.values() for b in chat)]:
            bucket.back(back)
        for pause in self._paused.values():
            pause.until -= back
        self._stopped = {channel: until - back for channel, until in self._stopped.items()}

    def _bucket(self, channel: str, now: datetime) -> _Bucket | None:
        rates = self.rates.get(channel)
        if rates is None or rates.overall is None:
            return None
        return self._overall.setdefault(channel, _Bucket(rates.overall, rates.overall.burst, now))

    def _of_chat(self, rates: Rates, chat: int, group: bool, now: datetime) -> list[_Bucket]:
        if chat not in self._chats:
            kinds = (rates.chat, rates.group if group else None)
            self._chats[chat] = [_Bucket(rate, rate.burst, now) for rate in kinds if rate is not None]
        return self._chats[chat]
