"""Plays JSON lines through the whole assistant on a simulated clock (`linli play`, `linli demo`)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot import digests, jobs
from bot.channels.base import Channel
from bot.channels.play import AFTER, BadLine, PlayChannel, moment
from bot.delivery import Delivery
from bot.intake import keep
from bot.worker import Worker
from bot.world import World
from storage import due, inbox, outbox

SECOND = ("wechat",)  # platforms a play may have beside its own
LONGEST_LINE = 8 * 1024 * 1024
STEPS = 100_000  # due moments between two lines; more is a bug
STILL = 150  # seconds the clock creeps on while something is due that nobody takes; more is a bug
LONGEST_JUMP = timedelta(days=3660)


class Player:
    """One run. `out` takes each output line as a dict."""

    def __init__(self, world: World, out: Callable[[dict[str, Any]], None]) -> None:
        self.world = world
        self.out = out
        self.channel = PlayChannel(out)
        self.channels = {"play": self.channel, **{name: PlayChannel(out, name) for name in SECOND}}
        channels: Mapping[str, Channel] = self.channels
        self.worker = Worker(world, channels, self._now, threads=False)
        self.delivery = Delivery(world.database, channels, clock=self._now, threads=False)

    def _now(self) -> datetime:
        return self.channel.now

    async def play(self, lines: Iterable[bytes]) -> None:
        """Every line in turn, then ten minutes more."""
        self.begin()
        for number, line in enumerate(lines, start=1):
            await self.take(number, line)
        await self.end()

    def begin(self) -> None:
        """What a start of the assistant does: every staff group has its next digest."""
        digests.keep_digests(self.world, self._now())

    async def take(self, number: int, line: bytes) -> None:
        """One input line: everything it causes is out before its `done`."""
        if line.strip():
            for channel in self.channels.values():
                channel.event = number
            await self._line(number, line)
            self.out({"type": "done", "event": number})

    async def end(self) -> None:
        """The clock runs on after the last line."""
        await self._until(self._now() + AFTER)

    async def _line(self, number: int, line: bytes) -> None:
        try:
            row = _parse(line)
            at = moment(row)
            said = None if row.get("type") == "tick" else self._channel(row).inbound(row, number)
            if at is not None and at > self._now():
                if at - self._now() > LONGEST_JUMP:
                    raise BadLine('"at" is more than ten years later')
                await self._until(at)
                said = said and self.channel.inbound(row, number)  # a label may be of a button shown meanwhile
        except BadLine as error:
            self.out({"type": "error", "event": number, "message": str(error)})
            return
        if said is not None:
            id = keep(self.world.database, said, self._now())
            if id is not None:
                self.channels[said.channel].causes[id] = number
        await self._settle()

    def _channel(self, row: Mapping[str, Any]) -> PlayChannel:
        """The platform a line comes from; `"channel": "wechat"` is a second one, for who has accounts on both."""
        name = row.get("channel", "play")
        if name not in self.channels:
            raise BadLine(f'"channel" must be one of {", ".join(self.channels)}')
        return self.channels[name]

    def _turn_to(self, at: datetime) -> None:
        for channel in self.channels.values():
            channel.now = at

    async def _settle(self) -> None:
        """Everything that may happen at this moment."""
        while await self.worker.run_once(self._now()):
            pass
        await self.delivery.run_once(self._now())

    async def _until(self, at: datetime) -> None:
        """Let the clock run, stopping at every moment at which something is due. Raises RuntimeError if it stands."""
        still = 0
        for _ in range(STEPS):
            step = self._next()
            if step is None or step > at:
                break
            self._turn_to(max(step, self._now()))
            while jobs.run_due(self.world, self._now()):
                pass
            await self._settle()
            after = self._next()
            still = still + 1 if after is not None and after <= step else 0
            if still > STILL:
                raise RuntimeError(f"due at {after} and taken by nobody")
            if still:  # due, but not to be taken now: do not stand still
                self._turn_to(self._now() + timedelta(seconds=1))
        self._turn_to(max(at, self._now()))

    def _next(self) -> datetime | None:
        with self.world.database.read() as conn:
            found = (due.next_at(conn), inbox.next_at(conn), *(outbox.next_at(conn, name) for name in self.channels))
        return min((at for at in found if at is not None), default=None)


def _parse(line: bytes) -> dict[str, Any]:
    if len(line) > LONGEST_LINE:
        raise BadLine("the line is longer than 8 MB")
    try:
        row = json.loads(line.decode("utf-8", "replace"))
    except (ValueError, RecursionError) as error:
        raise BadLine(f"not JSON: {str(error)[:120]}") from None
    if not isinstance(row, dict):
        raise BadLine('a line is an object such as {"type":"message",…}')
    return row
