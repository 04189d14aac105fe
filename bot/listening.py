"""Hears what other processes did: PostgreSQL tells at each commit what is new (storage/schema.py), SQLite is silent."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from bot.logs import Log
from storage.database import Database

log = Log()
AGAIN_SECONDS = 5  # after the connection was lost; meanwhile every loop looks for itself twice a second


async def listening(database: Database, heard: Callable[[str, str], None], stop: asyncio.Event) -> None:
    """Until `stop`, call `heard` with the table and, for the web chat, the chat in which something is new."""
    if database.dialect != "postgresql":
        return
    while not stop.is_set():
        listening = asyncio.create_task(_listen(database, heard))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({listening, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        listening.cancel()
        [error] = await asyncio.gather(listening, return_exceptions=True)
        if isinstance(error, Exception):
            log.warning("listening.lost", error=type(error).__name__)
        if not stop.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), AGAIN_SECONDS)


async def _listen(database: Database, heard: Callable[[str, str], None]) -> None:
    from psycopg import AsyncConnection

    address = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    async with await AsyncConnection.connect(address, autocommit=True) as conn:
        await conn.execute("LISTEN linli")
        async for notice in conn.notifies():
            table, _, chat = notice.payload.partition(" ")
            heard(table, chat)
