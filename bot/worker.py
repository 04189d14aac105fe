"""Takes the turns: claims inbox rows, fetches what they carry, hands each to bot/turn.py."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from bot import albums, flood, taking, turn
from bot.channels.base import Channel, Kind, SendError
from bot.clock import Clock
from bot.filestore import NotAPhoto, keep_photo, keep_voice
from bot.logs import Log
from bot.starting import over
from bot.world import World
from nlu.frozen import replace
from storage import failpoints, inbox, present, returned
from storage.database import Away
from storage.inbox_waiting import CROWD

log = Log()
BATCH = 32
IDLE_SECONDS = 0.5
REQUESTS = 32  # photos fetched at once
MOST_FETCHING = 64  # rows that wait for photos; then no more are claimed
FETCHES = 4  # tries to get a photo from a platform that is away; then the words go on without it


class Worker:
    """One loop over the inbox. `threads=False` takes turns on the event loop's own thread (play); `comes`: seconds in
    which the pictures of an album follow the first one."""

    def __init__(
        self,
        world: World,
        channels: Mapping[str, Channel],
        clock: Clock,
        *,
        threads: bool = True,
        comes: float = albums.COMES,
    ) -> None:
        self.world = world
        self.channels = channels
        self.clock = clock
        self._threads = threads
        self._comes = comes
        self.taken = asyncio.Event()  # turns, for the first time: what can wait until then begins now
        self._wake = asyncio.Event()
        self._fetching: set[asyncio.Task[None]] = set()
        self._owed: list[inbox.InboxRow] = []
        self._after: Any = None
        self._crowds = flood.Crowds()
        # The newest row when we began, or when turns ended badly last: what is there by then is claimed.
        self._since: int | None = None
        self._one_turn = asyncio.Lock()
        self._requests = asyncio.Semaphore(REQUESTS)
        self._loop: asyncio.AbstractEventLoop | None = None

    def wake(self) -> None:
        """Something came in; may be called from any thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._wake.set)

    async def run_once(self, now: datetime) -> int:
        """Take every row that may be taken now; says how many."""
        rows: list[inbox.InboxRow] = await self._away(self._claim, now)
        with self._in_hand(rows):
            await self._take_in_order(rows, now)
        return len(rows)

    @contextmanager
    def _in_hand(self, rows: Sequence[inbox.InboxRow]) -> Iterator[None]:
        """What the database has no turns for is given back as soon as it takes anything; photos come in their time."""
        try:
            yield
        except Away:
            self._owed = [row for row in rows if row.counted and not albums.slow(row)]
            raise

    async def _take_in_order(self, rows: Sequence[inbox.InboxRow], now: datetime) -> None:
        """Those with photos each when it has come, those without together."""
        for with_photos, some in groupby(rows, albums.slow):
            group = list(some)
            for row in group:
                await self._begin(row, now)
            if with_photos:
                for row in group:
                    await self._take(row, now)
            else:
                await self._take_plain(group, now)

    async def _take_plain(self, rows: Sequence[inbox.InboxRow], now: datetime) -> None:
        since, self._since = self._since, None
        async with self._one_turn:
            await self._away(taking.take_all, self.world, [(row, ()) for row in rows], now)
        self._since = since

    async def _take_all(self, now: datetime) -> int:
        """The same, but rows with photos are taken as these arrive, and hold up nobody."""
        rows: list[inbox.InboxRow] = await self._away(self._claim, now)
        with self._in_hand(rows):
            for row in rows:
                await self._begin(row, now)
                if albums.slow(row):  # they are fetched while the others have their turns
                    task = asyncio.create_task(self._take(row, now))
                    self._fetching.add(task)
                    task.add_done_callback(self._arrived)
            await self._take_plain([row for row in rows if not albums.slow(row)], now)
        return len(rows)

    async def _begin(self, row: inbox.InboxRow, now: datetime) -> None:
        failpoints.reach("claimed")
        if row.waits > CROWD:
            await self._away(self._crowds.ease, self.world.database, row, now)

    def _arrived(self, task: asyncio.Task[None]) -> None:
        self._fetching.discard(task)
        self._wake.set()
        if self._after:
            self._after()
        if not task.cancelled() and (error := task.exception()) is not None:  # its lease runs out, and it comes again
            log.error("worker.bug", error=type(error).__name__, exc_info=error)

    async def _take(self, row: inbox.InboxRow, now: datetime) -> None:
        if row.payload.get("album"):
            await asyncio.sleep(self._comes)
            row = await self._away(self._whole, row)
        try:
            stored, missing = await self._photos(row)
        except SendError as error:  # the platform is away: the message waits for its photo
            await self._away(self._later, row, now, error.reason)
            return
        async with self._one_turn:
            await self._away(taking.take, self.world, _marked(row, missing), stored, now)

    async def run(self, stop: asyncio.Event, after: Any = None) -> None:
        """Go on until `stop`; `after` is called when turns have left something to send."""
        self._loop, self._after = asyncio.get_running_loop(), after
        try:
            await self._away(self.world.warm)
            gc.freeze()  # what is loaded stays, and no collection has to look at it again
        except Exception as error:  # the first turn will tell, and try again
            log.warning("worker.cold", error=type(error).__name__)
        while not stop.is_set():
            self._wake.clear()
            taken = 0
            try:
                if len(self._fetching) < MOST_FETCHING:
                    taken = await self._take_all(self.clock())
            except Away as error:
                log.outage("worker.database_away", str(error))
            except Exception:
                log.exception("worker.bug")
            if taken:
                self.taken.set()
            if taken and after:
                after()
            if not taken:
                await over(stop, IDLE_SECONDS, self._wake)
        if self._fetching:
            await asyncio.wait(self._fetching)
        self._loop = None

    async def _away(self, work: Any, *args: Any) -> Any:
        return await asyncio.to_thread(work, *args) if self._threads else work(*args)

    def _claim(self, now: datetime) -> list[inbox.InboxRow]:
        if (seen := self._seen(now)) is not None:
            return seen
        # What a loss of power takes back is a lease and a try of a turn that it has ended as well.
        with self.world.database.write(durable=False) as conn:
            if self._since is None and conn.dialect.name == "sqlite":
                self._since = inbox.newest(conn)
            returned.give_back(conn, self._owed, now)
            rows = inbox.claim(conn, now, lease=turn.LEASE, limit=BATCH)
        self._owed = []
        return rows

    def _seen(self, now: datetime) -> list[inbox.InboxRow] | None:
        """On SQLite, where hardly anybody else is at work, what may be taken without being claimed; None: not all."""
        database = self.world.database
        if self._since is None or self._owed:
            return None
        with database.look() as conn:
            rows = inbox.look(conn, now, limit=BATCH, after=self._since)
        return None if rows is None or any(map(albums.slow, rows)) else rows

    def _later(self, row: inbox.InboxRow, now: datetime, reason: str) -> None:
        with self.world.database.write() as conn:
            if inbox.held(conn, row.id, row.tries, row.conversation):
                inbox.later(
                    conn, row.id, not_before=now + timedelta(seconds=5 * row.tries), error=reason, of=row.conversation
                )

    def _whole(self, row: inbox.InboxRow) -> inbox.InboxRow:
        with self.world.database.read() as conn:
            return albums.whole(conn, row)

    async def _photos(self, row: inbox.InboxRow) -> tuple[turn.Stored, bool]:
        """The photos of a row, or its voice, in the store; whether one of them was none."""
        if not await self._away(self._ours, row):
            return (), False
        keep = keep_voice if row.payload.get("kind") == Kind.VOICE else keep_photo
        handles = row.payload.get("photos") or ()
        found = await asyncio.gather(
            *(self._photo(row, str(handle), keep) for handle in handles), return_exceptions=True
        )
        for one in found:
            if isinstance(one, BaseException):
                raise one
        stored = tuple(one for one in found if isinstance(one, dict))
        return stored, len(stored) < len(handles)

    def _ours(self, row: inbox.InboxRow) -> bool:
        """Whether what was sent is meant for us: of what people show each other in a group nothing is kept."""
        said = row.payload
        if said.get("private"):
            return True
        if said.get("kind") == Kind.VOICE:
            return False
        if said.get("addressed"):
            return True
        with self.world.database.read() as conn:
            return present.role_of(conn, row.channel, str(said.get("chat"))) != "residents"

    async def _photo(self, row: inbox.InboxRow, handle: str, keep: Any) -> dict[str, Any] | None:
        try:
            async with self._requests:
                data = await self.channels[row.channel].fetch(handle)
            kept: dict[str, Any] = await self._kept(keep, data)
        except (SendError, NotAPhoto, KeyError) as error:
            if isinstance(error, SendError) and error.transient and row.tries < FETCHES:
                raise
            log.info("photo refused", inbox=row.id, reason=type(error).__name__)
            return None
        return kept

    async def _kept(self, keep: Any, data: bytes) -> dict[str, Any]:
        try:
            kept: dict[str, Any] = await self._away(keep, self.world.data_dir, data)
        except OSError as error:  # the disk is full, say: the platform may be asked again
            raise SendError(f"not stored: {type(error).__name__}", transient=True) from error
        return kept


def _marked(row: inbox.InboxRow, missing: bool) -> inbox.InboxRow:
    """A row one of whose photos could not be had says so, and the person is told."""
    if not missing:
        return row
    return replace(row, payload={**row.payload, "photo_refused": True})
