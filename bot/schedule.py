"""APScheduler ticks that call jobs.py; no logic and no job store: what is due lives in rows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot import casejobs, clock, digests, filestore, jobs
from bot.logs import Log
from bot.world import World
from storage import leading, retention, setback
from storage.database import Away

log = Log()
TICK_SECONDS = 1
TIDY_SECONDS = 300
TOLD_SECONDS = 15  # so often a tick is written down, for `linli status`


async def ticking(world: World, stop: asyncio.Event, wake: Callable[[], None]) -> None:
    """Tick until `stop`; `wake` tells delivery that there may be something to send."""

    seen = clock.now()
    told = seen - timedelta(seconds=TOLD_SECONDS)

    async def due() -> None:
        nonlocal seen, told
        try:
            if (now := clock.now()) < seen - setback.SLACK:
                await asyncio.to_thread(_bring_back, world, now)
            seen = now
            if not timedelta() <= now - told < timedelta(seconds=TOLD_SECONDS):
                await asyncio.to_thread(_tell, world, now)
                told = now
            while await asyncio.to_thread(jobs.run_due, world, clock.now()):
                wake()
        except Away as error:
            log.outage("clock.database_away", str(error))

    async def tidy() -> None:
        try:
            await asyncio.to_thread(_tidy, world)
        except Away as error:
            log.outage("clock.database_away", str(error))

    scheduler = AsyncIOScheduler(timezone="UTC")
    options = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
    scheduler.add_job(due, "interval", seconds=TICK_SECONDS, **options)
    scheduler.add_job(tidy, "interval", seconds=TIDY_SECONDS, **options)
    scheduler.start()
    await stop.wait()
    scheduler.shutdown(wait=False)


def _tell(world: World, now: datetime) -> None:
    with world.database.write() as conn:
        leading.tick(conn, now)


def _tidy(world: World) -> None:
    """Each step by itself: what fails in one keeps none of the others."""
    for step in TIDY:
        try:
            step(world, clock.now())
        except Away:
            raise
        except Exception as error:
            log.exception("tidy failed", step=step.__name__, error=type(error).__name__)


def _bring_back(world: World, now: datetime) -> None:
    with world.database.write() as conn:
        if found := setback.bring_back(conn, now):
            log.warning("clock.set_back", rows=found)


def _sweep(world: World, now: datetime) -> None:
    with world.database.write() as conn:
        retention.sweep(conn, now)


def _forget_uploads(world: World, now: datetime) -> None:
    filestore.forget_uploads(world.data_dir, now - retention.Retention().loose)


TIDY: tuple[Callable[[World, datetime], object], ...] = (
    _bring_back,
    digests.keep_digests,
    casejobs.return_orphans,
    casejobs.wind_up,
    jobs.try_again,
    _sweep,
    _forget_uploads,
)
