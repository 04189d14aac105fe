"""How near the limit of a platform we run, on a simulated clock: alerts, replies meanwhile, limited chats, outages.

`python -m tests.simulator.pace [GROUPS]` measures it whole; the tests hold a smaller form.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import time
from collections import Counter, deque
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from bot.channels.base import Abilities, Outbound, SendError, Sent
from bot.delivery import Delivery
from bot.limits import TELEGRAM, Limits
from bot.playing import quiet_logs
from flows.effects import Lane
from storage import broadcasts, outbox
from storage.database import Database
from storage.tables import chat
from tests.simulator.clockwork import Clock, play

START = datetime(2026, 3, 2, 1, tzinfo=UTC)
PER_SECOND = 30  # of the whole bot, as Telegram's FAQ has it
LATENCY = 0.1  # seconds of an answer, half to one and a half of it


@dataclass
class Platform:
    """Telegram's limits as a sliding second and minute, and whatever else it refuses; its log is what is believed."""

    now: Clock
    dice: random.Random
    name: str = "telegram"
    abilities: Abilities = field(default_factory=lambda: Abilities(True, True, 4096, writes_first=True))
    random_429: float = 0.0
    limited: Callable[[str], bool] = lambda chat: False
    down: Callable[[], bool] = lambda: False
    shown: list[tuple[float, str, str]] = field(default_factory=list)  # second, chat, text
    told: dict[str, datetime] = field(default_factory=dict)
    inside: int = 0  # sent in spite of a retry_after
    over: int = 0  # sent in spite of the limit
    _all: deque[datetime] = field(default_factory=deque)
    _chats: dict[str, deque[datetime]] = field(default_factory=dict)

    async def fetch(self, handle: str) -> bytes:
        raise SendError("no such photo", transient=False)

    async def send(self, out: Outbound) -> Sent:
        await asyncio.sleep(LATENCY * self.dice.uniform(0.4, 0.6))
        refusal = self._refusal(out.chat)
        if refusal is None:
            self.shown.append(((self.now() - START).total_seconds(), out.chat, out.text))
        await asyncio.sleep(LATENCY * self.dice.uniform(0.4, 0.6))
        if refusal is not None:
            raise refusal
        return Sent(str(len(self.shown)))

    def _refusal(self, where: str) -> SendError | None:
        if self.down():
            return SendError("no connection", transient=True, everywhere=True)
        now = self.now()
        self.inside += self.told.get(where, now) > now
        if self.limited(where):
            return self._wait(where, 5)
        if self.dice.random() < self.random_429:
            return self._wait(where, 1)
        theirs = self._chats.setdefault(where, deque())
        minute = [at for at in theirs if at > now - timedelta(minutes=1)]
        while self._all and self._all[0] <= now - timedelta(seconds=1):
            self._all.popleft()
        if len(self._all) >= PER_SECOND or (where.startswith("g") and len(minute) >= 20):
            self.over += 1
            return self._wait(where, 1)
        self._all.append(now)
        theirs.append(now)
        return None

    def _wait(self, where: str, seconds: int) -> SendError:
        self.told[where] = self.now() + timedelta(seconds=seconds)
        return SendError("429", transient=True, retry_after=seconds)


@dataclass
class Post:
    """The outbox of a story, the platform it goes to, and the loop between them."""

    database: Database
    platform: Platform
    delivery: Delivery
    now: Clock

    def chats(self, count: int, kind: str = "private", name: str = "u") -> dict[str, int]:
        rows = [{"channel": "telegram", "address": f"{name}{n}", "kind": kind, "heard_at": START} for n in range(count)]
        with self.database.write() as conn:
            conn.execute(insert(chat), rows)
            found = conn.execute(select(chat.c.address, chat.c.id).where(chat.c.address.like(f"{name}%")))
            return {row.address: row.id for row in found}

    def say(self, texts: list[tuple[int, str]], lane: Lane = Lane.REPLY) -> None:
        with self.database.write() as conn:
            for id, text in texts:
                outbox.put(conn, chat_id=id, kind="say", lane=int(lane), payload={"text": text}, now=self.now())
        self.delivery.wake()

    def alert(self, groups: dict[str, int]) -> None:
        rows = [{"chat_id": id, "payload": {"text": "大风"}, "not_before": START} for id in groups.values()]
        common = {"lane": int(Lane.BROADCAST), "created_at": START, "not_after": START + timedelta(hours=3)}
        with self.database.write() as conn:
            broadcasts.put(conn, "alert.1.tell", rows, common)
        self.delivery.wake()

    async def shown(self, count: int, most: float) -> None:
        """Until so many were shown, `most` seconds at the longest."""
        until = self.now() + timedelta(seconds=most)
        while len(self.platform.shown) < count and self.now() < until:
            await asyncio.sleep(0.05)

    def seconds(self, of: str = "") -> list[float]:
        return [at for at, where, _ in self.platform.shown if where.startswith(of)]


Story = Callable[[Post], Coroutine[Any, Any, None]]


def played(story: Story, *, seed: int = 1, **weather: Any) -> Post:
    """A story over an empty outbox, with delivery running as in production; what there was in the end."""
    quiet_logs()
    kept: list[Post] = []

    async def run(clock: Clock) -> None:
        dice = random.Random(seed)
        platform = Platform(clock, dice, **weather)
        limits = Limits({"telegram": TELEGRAM})
        channels = {"telegram": platform}
        delivery = Delivery(database, channels, limits, clock=clock, chance=dice.random, threads=False)
        kept.append(Post(database, platform, delivery, clock))
        stop = asyncio.Event()
        running = asyncio.create_task(delivery.run(stop))
        await story(kept[0])
        stop.set()
        await running

    with tempfile.TemporaryDirectory(prefix="linli-pace-") as folder:
        database = Database.open(f"sqlite:///{Path(folder) / 'linli.db'}", durable=False)
        database.upgrade()
        with suppress(asyncio.CancelledError):
            play(run, START)
        database.close()
    return kept[0]


# -- what is measured ------------------------------------------------------------------------------------------------


def alert(groups: int, random_429: float = 0.0) -> tuple[float, Post]:
    """An alert to so many groups; as a multiple of the shortest time the platform allows."""

    async def story(post: Post) -> None:
        post.alert(post.chats(groups, "group", "g"))
        await post.shown(groups, 3 * groups / PER_SECOND + 60)

    post = played(story, random_429=random_429)
    assert Counter(where for _, where, _ in post.platform.shown) == Counter(f"g{n}" for n in range(groups))
    return max(post.seconds()) / (groups / PER_SECOND), post


def replies(groups: int, count: int) -> tuple[float, float]:
    """(p99 of a reply while nothing else goes on, p99 during an alert), in seconds from the outbox to the chat."""

    def told(busy: bool) -> Story:
        async def story(post: Post) -> None:
            people = list(post.chats(count).items())
            if busy:
                post.alert(post.chats(groups, "group", "g"))
            for name, id in people:
                await asyncio.sleep(0.9 * groups / PER_SECOND / count)
                written[name] = (post.now() - START).total_seconds()
                post.say([(id, "您好")])
            await asyncio.sleep(5)

        return story

    found = []
    for busy in (False, True):
        written: dict[str, float] = {}
        post = played(told(busy))
        waits = sorted(at - written[where] for at, where, _ in post.platform.shown if where in written)
        assert len(waits) == count
        found.append(waits[-1 - count // 100])
    return found[0], found[1]


def tenth_limited(seconds: int) -> tuple[float, Post]:
    """A tenth of the chats is refused with a 429 again and again: what the others get of what they got before."""

    def told(limited: bool) -> Story:
        async def story(post: Post) -> None:
            people = post.chats(60)
            if limited:
                post.platform.limited = lambda where: where.endswith("3")
            for second in range(seconds):
                mine = [id for n, id in enumerate(people.values()) if (n + second) % 2]  # as many as the limit allows
                post.say([(id, f"{second}") for id in mine])
                await asyncio.sleep(1)

        return story

    got, posts = [], []
    for limited in (False, True):
        post = played(told(limited))
        got.append(sum(not where.endswith("3") for _, where, _ in post.platform.shown))
        posts.append(post)
    return got[1] / got[0], posts[1]


def after_outage(messages: int, minutes: float) -> tuple[float, float, Post]:
    """Nothing gets through for a while, then all of it: the share of the limit at which the backlog drains, and how
    many seconds passed before it began."""

    messages -= messages % 3

    async def story(post: Post) -> None:
        back = START + timedelta(minutes=minutes)
        post.platform.down = lambda: post.now() < back
        people = post.chats(messages // 3)
        post.say([(id, f"{n}") for n in range(3) for id in people.values()])
        await asyncio.sleep(minutes * 60)
        await post.shown(messages, 120 + messages / 10)

    post = played(story)
    at = post.seconds()
    assert len(at) == messages
    return (messages - 1) / (at[-1] - at[0]) / PER_SECOND, at[0] - minutes * 60, post


def main() -> None:
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("groups", nargs="?", type=int, default=10_000)
    groups = args.parse_args().groups
    begun = time.monotonic()
    for chance, most in ((0.0, 1.05), (0.01, 1.10)):
        ratio, post = alert(groups, chance)
        refused = f"{post.platform.over} by our own fault, {post.platform.inside} sends inside a retry_after"
        print(f"alert to {groups} groups, {chance:.0%} random 429: {ratio:.3f} of N/30 s (wanted {most}); {refused}")
    idle, busy = replies(groups, 100)
    print(f"replies meanwhile: p99 {busy * 1000:.0f} ms, idle {idle * 1000:.0f} ms: {busy / idle:.2f} (wanted 2)")
    share, post = tenth_limited(60)
    print(f"a tenth limited: the others keep {share:.1%} (wanted 95%), {post.platform.inside} inside a retry_after")
    share, wait, post = after_outage(groups // 10, 10)
    print(f"after 10 minutes' outage: {share:.1%} of the limit (wanted 95%), begun {wait:.0f} s after its end")
    print(f"{time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    main()
