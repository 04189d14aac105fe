"""The way in: an update is tidied and committed to the inbox; only then is its platform answered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.channels.base import MAX_TEXT, Inbound, Unavailable
from bot.clock import Clock
from storage import inbox, windows
from storage.database import Away, Database


def clean(text: str, longest: int = MAX_TEXT) -> str:
    """What a database can hold and a screen can show: no lone surrogates, no NUL, no end."""
    return text[:longest].replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def tidy(said: Inbound) -> Inbound:
    """The update with every string made safe to keep."""
    return replace(
        said,
        key=clean(said.key, 120),
        chat=clean(said.chat, 100),
        sender=clean(said.sender, 100),
        sender_name=clean(said.sender_name, 64),
        text=clean(said.text),
        reply_to=said.reply_to and clean(said.reply_to, 100),
        choice=said.choice and clean(said.choice, 100),
        token=said.token and clean(said.token, 200),
        photos=tuple(clean(p, 500) for p in said.photos[:10]),
    )


def keep(database: Database, said: Inbound, now: datetime) -> int | None:
    """Commit an update; its inbox row, or None when it was seen before. Raises storage.database.Away."""
    said = tidy(said)
    with database.write() as conn:
        row = inbox.accept(
            conn,
            channel=said.channel,
            key=said.key,
            conversation=said.conversation,
            payload=said.to_json(),
            now=now,
        )
        if row is not None and said.window:
            windows.opened(conn, said.channel, said.chat, *said.window, now)
        return row


class Intake:
    """Accept, as channels use it: commits in a thread, then wakes whoever takes the turns."""

    def __init__(self, database: Database, clock: Clock, wake: Callable[[], None]) -> None:
        self.database = database
        self.clock = clock
        self.wake = wake

    async def __call__(self, said: Inbound) -> bool:
        try:
            row = await asyncio.to_thread(keep, self.database, said, self.clock())
        except Away as error:
            raise Unavailable(str(error)) from error
        if row is not None:
            self.wake()
        return row is not None
