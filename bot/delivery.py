"""Empties the outbox: takes rows with a lease, sends them through their channels, notes what became of each."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from bot import aside
from bot.channels.base import Abilities, Act, Channel, SendError, Sent
from bot.clock import Clock
from bot.clock import now as real_now
from bot.letters import TWICE, Fate, backoff, maybe_twice, reason_of
from bot.limits import Limits
from bot.logs import Log
from bot.picking import LEASE, Wish, claim, stopped, stops, to_send, wait
from bot.sending import SEND_SECONDS, Letter, Refusal, by_chat, log_line, send
from flows.effects import Lane
from storage import failpoints, outbox, outbox_partly, reach
from storage.database import Away, Database
from storage.outbox import OutboxRow

LAST_START = LEASE - timedelta(seconds=SEND_SECONDS)  # of a letter's sending, counted from the claim
SLOTS = 32  # chats of one channel written to at once
SLOTS_FOR_BROADCAST = 24  # the others are kept for replies
BALKS = timedelta(seconds=5)  # what no open request takes is not tried with one again meanwhile
IDLE_SECONDS = 0.5  # rows of other processes are found by looking
LONGEST_PAUSE = timedelta(seconds=60)  # between tries to reach a channel

Note = Callable[[Connection], object]
"""One line of the record: what became of a row."""

_log = Log()


@dataclass(slots=True)
class _Line:
    """What is known of one channel while the program runs."""

    channel: Channel
    flying: dict[int, asyncio.Task[None]] = field(default_factory=dict)  # by chat
    serves: bool = False  # whether it was ours to write to when we looked last
    misses: int = 0  # failures to reach it, one after the other
    balked: dict[int, datetime] = field(default_factory=dict)  # by chat: when something of it was put back


class Delivery:
    """Sends what the outbox holds, in order in each chat, to many chats at once, within what each platform allows.

    `threads=False`: the database is used on the event loop's own thread, quicker where nobody else waits for the loop.
    `serves`: whether a channel is this process's to write to now.
    """

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel],
        limits: Limits | None = None,
        *,
        clock: Clock = real_now,
        chance: Callable[[], float] = random.random,
        threads: bool = True,
        serves: Callable[[str], bool] = lambda channel: True,
    ) -> None:
        self._database = database
        self._lines = {name: _Line(channel) for name, channel in channels.items()}
        self._limits = limits or Limits()
        self._clock = clock
        self._chance = chance
        self._threads = threads
        self._serves = serves
        self._notes: list[Note] = []
        self._wake = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def wake(self) -> None:
        """There may be something to send; may be called from any thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._wake.set)

    async def run_once(self, now: datetime) -> int:
        """Send all that may go at this moment and write down what became of it; says how many rows that were."""
        moved = 0
        while taken := await self._step(lambda: now):
            moved += taken
            if flying := self._flying():
                await asyncio.wait(flying)
        return moved

    async def run(self, stop: asyncio.Event) -> None:
        """Go on sending until `stop`; what is on its way then is still waited for and written down."""
        self._loop = asyncio.get_running_loop()
        while not stop.is_set():
            self._wake.clear()
            try:
                await self._step(self._clock)
            except Away as error:
                _log.outage("delivery.database_away", str(error))
            except Exception:
                _log.exception("delivery.bug")  # whatever it was, the next messages are to go
            await self._rest(stop)
        self._loop = None
        if flying := self._flying():
            await asyncio.wait(flying)
        await self._exchange([], self._clock())

    # -- rows in and out --------------------------------------------------------------------------------------------

    async def _step(self, clock: Clock) -> int:
        """Write down what is settled, take new rows, start sending them; says how many rows were taken."""
        now = clock()
        await self._recall(now)
        taken, letters = await self._exchange(self._wishes(now), now)
        for chat, theirs in by_chat(letters).items():
            line = self._lines[theirs[0].row.channel]
            line.flying[chat] = asyncio.create_task(self._send_all(line, theirs, clock, now))
        return taken

    async def _recall(self, now: datetime) -> None:
        """What becomes ours to write to may have told whoever wrote before us to wait. Raises Away."""
        ours = {name for name in self._lines if self._serves(name)}
        new = [name for name in ours if not self._lines[name].serves]
        if new:
            ask = partial(stops, self._database, new, now)
            found = await asyncio.to_thread(ask) if self._threads else ask()
            for name, until in found.items():
                self._limits.stop(name, until)
        for name, line in self._lines.items():
            line.serves = name in ours

    def _wishes(self, now: datetime) -> list[Wish]:
        closed = self._limits.closed(now)
        wishes = []
        for name, line in self._lines.items():
            free, busy = self._limits.free(name, now), len(line.flying)
            crowded = busy >= SLOTS_FOR_BROADCAST
            slots = (SLOTS if crowded else SLOTS_FOR_BROADCAST) - busy
            room = slots if free is None else min(slots, free)
            if room > 0 and line.serves:
                last_lane = Lane.PUSH if crowded else Lane.BROADCAST
                wishes.append(Wish(name, room, last_lane, closed | line.flying.keys()))
            if answers := self._answers(name, line, now):
                wishes.append(answers)
        return wishes

    def _answers(self, name: str, line: _Line, now: datetime) -> Wish | None:
        """What goes back with the requests that are open goes also while the platform takes nothing else."""
        awaited = line.channel.abilities.awaited
        if awaited is None or not (chats := awaited()):
            return None
        line.balked = {chat: at for chat, at in line.balked.items() if now - at < BALKS}
        return Wish(name, len(chats), Lane.BROADCAST, frozenset(line.flying.keys() | line.balked.keys()), chats)

    async def _exchange(self, wishes: Sequence[Wish], now: datetime) -> tuple[int, list[Letter]]:
        """One transaction: the record of what was sent, and what is to be sent next. Raises Away."""
        notes, self._notes = self._notes, []
        if not notes and not wishes:
            return 0, []
        try:
            if self._threads:
                taken, letters = await asyncio.to_thread(self._transact, notes, wishes, now)
            else:
                taken, letters = self._transact(notes, wishes, now)
        except Away:
            self._notes = notes + self._notes
            raise
        except Exception:
            # One note that can't be written must not lose the rest.
            self._notes = await asyncio.to_thread(self._record_singly, notes) + self._notes
            raise
        return taken, letters

    def _transact(self, notes: Sequence[Note], wishes: Sequence[Wish], now: datetime) -> tuple[int, list[Letter]]:
        with self._database.write() as conn:
            for note in notes:
                failpoints.reach("record")
                note(conn)
            rows = [row for wish in wishes for row in claim(conn, wish, now)]
            return len(rows), to_send(conn, rows, self._abilities, now)

    def _abilities(self, channel: str) -> Abilities:
        return self._lines[channel].channel.abilities

    def _record_singly(self, notes: Sequence[Note]) -> list[Note]:
        """Write down each by itself; the notes left when the database went away are to be written later."""
        for at, note in enumerate(notes):
            try:
                with self._database.write() as conn:
                    note(conn)
            except Away:
                return list(notes[at:])
            except Exception:
                _log.exception("delivery.not_recorded")
        return []

    # -- sending ----------------------------------------------------------------------------------------------------

    async def _send_all(self, line: _Line, letters: list[Letter], clock: Clock, claimed: datetime) -> None:
        """Send one chat's letters in order; when one is stopped by the chat or the channel, the others go back."""
        chat, goes_on = letters[0].row.chat_id, True
        group = letters[0].row.chat_kind == "group"

        def count() -> None:
            self._limits.take(line.channel.name, chat, group=group, now=clock())

        try:
            for letter in letters:
                if goes_on and clock() - claimed <= LAST_START:
                    result = await send(line.channel, letter, count, self._chance)
                    goes_on = self._settle(line, letter, result, clock())
                else:
                    row = letter.row
                    mine = {"tries": row.tries, "chat": row.chat_id}
                    self._note(outbox.back, row.id, reason=reason_of(row, "waits for its turn"), **mine)
        finally:
            del line.flying[chat]

    def _settle(self, line: _Line, letter: Letter, result: Sent | Refusal, now: datetime) -> bool:
        """Note what became of a letter; says whether the next one of the chat may be tried."""
        if isinstance(result, Refusal):
            return self._refused(line, letter, result, now)
        self._took(line, letter.row, result, now)
        return True

    def _took(self, line: _Line, row: OutboxRow, sent: Sent, now: datetime) -> None:
        line.misses = 0
        self._limits.went_out(line.channel.name)
        twice = TWICE if maybe_twice(row) else None
        self._note(outbox.sent, row.id, message=sent.message, now=now, reason=twice, chat=row.chat_id)
        for address, reason in sent.missed.items():
            self._note(outbox_partly.missed, row, address, reason, now)
            log_line(row, "missed", reason)
        if row.kind == Act.EDIT and row.target_id is not None and sent.message not in (None, row.target):
            self._note(reach.replace, row.target_id, sent.message)
        log_line(row, "sent", twice)

    def _refused(self, line: _Line, letter: Letter, refusal: Refusal, now: datetime) -> bool:
        row, verdict, error = letter.row, refusal.verdict, refusal.error
        reason = reason_of(row, verdict.reason)
        if letter.parts_sent != row.parts:
            self._note(outbox_partly.went, row, letter.parts_sent)
        match verdict.fate:
            case Fate.AGAIN:
                at, mine = now + verdict.wait, {"tries": row.tries, "chat": row.chat_id}
                self._note(outbox.later, row.id, not_before=at, reason=reason, **mine)
            case Fate.BACK:
                line.balked[row.chat_id] = now
                self._pause(line, row, error, verdict.wait, now)
                self._note(outbox.back, row.id, reason=reason, tries=row.tries, chat=row.chat_id)
            case Fate.MOVED:
                self._note(outbox.later, row.id, not_before=now, reason=reason, tries=row.tries, chat=row.chat_id)
                self._note(reach.move, row.chat_id, error.moved_to, renumbered=True)
            case Fate.CLOSED:
                self._note(reach.close, row.chat_id, state=error.gone, reason=reason)
                self._note(aside.waits, row.chat_id, now)
            case Fate.WAITS:
                self._note(wait, row, reason, now)
            case Fate.FAILED | Fate.ANEW:
                self._note(outbox.failed, row.id, reason=reason, tries=row.tries, chat=row.chat_id)
        log_line(row, verdict.fate.value, reason)
        return verdict.fate is Fate.FAILED

    def _pause(self, line: _Line, row: OutboxRow, error: SendError, wait: timedelta, now: datetime) -> None:
        """Write to the chat no more for a while, or to nobody when the channel cannot be reached."""
        if error.retry_after is None:
            line.misses += 1
            wait = min(backoff(line.misses, self._chance()), LONGEST_PAUSE)
        else:
            self._note(reach.pause, row.chat_id, now + wait, now)
        until, everywhere, alone = now + wait, error.everywhere, error.alone
        self._limits.slow_down(line.channel.name, row.chat_id, until, now, everywhere=everywhere, alone=alone)
        stop = self._limits.stop_of(line.channel.name, now)
        if stop and error.retry_after is not None:
            self._note(stopped, line.channel.name, stop, now)

    def _note(self, write: Callable[..., object], *args: object, **kwargs: object) -> None:
        self._notes.append(lambda conn: write(conn, *args, **kwargs))

    # -- waiting ----------------------------------------------------------------------------------------------------

    def _flying(self) -> set[asyncio.Task[None]]:
        return {task for line in self._lines.values() for task in line.flying.values()}

    async def _rest(self, stop: asyncio.Event) -> None:
        """Until something was sent, something is to be sent, a limit opens, or it is time to look again."""
        await asyncio.sleep(0)  # what was begun just now is counted
        now = self._clock()
        opens = self._limits.next_at(now)
        seconds = IDLE_SECONDS if opens is None else min(IDLE_SECONDS, max(0.01, (opens - now).total_seconds()))
        waits = {asyncio.ensure_future(self._wake.wait()), asyncio.ensure_future(stop.wait())}
        await asyncio.wait(waits | self._flying(), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for each in waits:
            each.cancel()
