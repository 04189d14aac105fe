"""One webhook in a process of its own: ours (kept durably, then acknowledged) or python-telegram-bot's own way.

python -m tests.bench.server ours FOLDER | peer        prints the port it listens on
"""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

PATH = "/telegram/webhook"
SECRET = "bench"


def ours(folder: Path) -> Starlette:
    """The door of `linli run --role web`: parse, commit to SQLite with synchronous=FULL, answer."""
    from bot.channels.telegram import TelegramChannel
    from bot.channels.telegram_parse import Me
    from bot.channels.telegram_receive import webhook_routes
    from bot.clock import now
    from bot.intake import Intake
    from storage.database import Database

    database = Database.open(f"sqlite:///{folder / 'bench.db'}", secret="bench")
    database.upgrade()
    channel = TelegramChannel("1:bench", base_url="http://127.0.0.1:9")
    channel.me = Me(1, "bench_bot")
    intake = Intake(database, now, lambda: None)
    return Starlette(routes=list(webhook_routes(channel, intake, SECRET)))


def peer() -> Starlette:
    """python-telegram-bot behind a webhook of one's own, as documented: parsed, queued in memory, answered."""
    from telegram import Update
    from telegram.ext import Application, MessageHandler, filters

    async def nothing(_update: Update, _context: Any) -> None:
        """The peer does nothing with a message."""

    application = Application.builder().token("1:bench").updater(None).build()
    application.add_handler(MessageHandler(filters.TEXT, nothing))

    async def receive(request: Request) -> Response:
        await application.update_queue.put(Update.de_json(await request.json(), application.bot))
        return Response()

    async def take() -> None:
        while True:
            update = await application.update_queue.get()
            assert isinstance(update, Update)
            for handlers in application.handlers.values():
                for handler in handlers:
                    if handler.check_update(update):
                        await nothing(update, None)

    @asynccontextmanager
    async def running(_app: Starlette) -> AsyncIterator[None]:
        taker = asyncio.create_task(take())
        yield
        taker.cancel()

    return Starlette(routes=[Route(PATH, receive, methods=["POST"])], lifespan=running)


def main() -> None:
    app = ours(Path(sys.argv[2])) if sys.argv[1] == "ours" else peer()
    listening = socket.create_server(("127.0.0.1", 0))
    print(listening.getsockname()[1], flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False)).run(sockets=[listening])


if __name__ == "__main__":
    main()
