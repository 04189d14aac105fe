"""What this process alone may do for now, such as polling Telegram; rows say who, so that another follows."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from datetime import datetime, timedelta
from pathlib import Path

from bot.clock import Clock
from bot.logs import Log
from storage import leading
from storage.database import Away, Database

log = Log()
LIFETIME = timedelta(seconds=15)  # so long nobody does it when the process that did is gone
AGAIN_SECONDS = 4


class Leads:
    """The names this process would like to lead, and until when it does."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._house = f"{socket.gethostname()[:24]}:{_namespace()}"
        self.me = f"{self._house}:{os.getpid()}"
        self._until: dict[str, datetime] = {}
        self._changed = asyncio.Event()

    def want(self, *names: str) -> None:
        """Try to lead these from now on."""
        for name in names:
            self._until.setdefault(name, datetime.min.replace(tzinfo=self._clock().tzinfo))
        self._changed.set()

    def holds(self, name: str) -> bool:
        """Whether this process leads `name` now; not any more when it could not say so again in time."""
        until = self._until.get(name)
        return until is not None and self._clock() < until

    async def keep(self, stop: asyncio.Event) -> None:
        """Until `stop`, say again and again what this process leads; then let go of it."""
        while not stop.is_set():
            self._changed.clear()
            try:
                await asyncio.to_thread(self.renew)
            except Away as error:
                log.outage("leads.database_away", str(error))
            waits = {asyncio.ensure_future(self._changed.wait()), asyncio.ensure_future(stop.wait())}
            await asyncio.wait(waits, timeout=AGAIN_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            for each in waits:
                each.cancel()
        with contextlib.suppress(Away):
            await asyncio.to_thread(self._let_go)

    def renew(self) -> None:
        """Take what is free of what is wanted, and keep what is held. Raises Away."""
        if not self._until:
            return
        now = self._clock()
        with self._database.write() as conn:
            for other in leading.holders(conn):
                house, _, pid = other.rpartition(":")
                if house == self._house and not _lives(int(pid)):  # killed here: nobody need wait for it to run out
                    leading.let_go(conn, other)
            held = {name for name in self._until if leading.hold(conn, name, self.me, now, LIFETIME)}
        for name in self._until:  # what another holds now is not held any more, whatever a clock set back says
            self._until[name] = now + LIFETIME if name in held else now

    def _let_go(self) -> None:
        if self._until:
            with self._database.write() as conn:
                leading.let_go(conn, self.me)


def _namespace() -> int:
    """Which numbering of processes this one lives in: containers of one name have each their own."""
    try:
        return Path("/proc/self/ns/pid").stat().st_ino
    except OSError:
        return 0


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
