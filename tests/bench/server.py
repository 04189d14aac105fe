"""One webhook in a process of its own: ours (kept durably, then acknowledged) or python-telegram-bot's own way.

python -m tests.bench.server ours FOLDER | peer        prints the port it listens on
"""

from __future__ import annotations

import asyncio
import gc
import socket
import sys
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette

PATH = "/telegram/webhook"
SECRET = "bench"


def ours(folder: Path) -> tuple[Any, type[asyncio.Protocol]]:
    """The doors of `linli run --role web`: parse, commit to SQLite with synchronous=FULL, answer."""
    from bot.channels.telegram import TelegramChannel
    from bot.channels.telegram_addressed import Me
    from bot.channels.telegram_receive import before, door, webhook
    from bot.clock import now
    from bot.doors import protocol
    from bot.intake import Intake
    from storage.database import Database

    database = Database.open(f"sqlite:///{folder / 'bench.db'}", secret="bench")
    database.upgrade()
    channel = TelegramChannel("1:bench", base_url="http://127.0.0.1:9")
    channel.me = Me(1, "bench_bot")
    intake = Intake(database, now, lambda: None)
    doors = protocol([door(channel, intake.put, SECRET)])
    return before(webhook(channel, intake, SECRET), Starlette()), doors


async def peer() -> None:
    """python-telegram-bot's own webhook (tornado), as documented: parsed, queued in memory, answered."""
    from telegram import Update, User
    from telegram.ext import Application, MessageHandler, filters
    from telegram.ext._utils.webhookhandler import WebhookAppClass, WebhookServer

    async def nothing(_update: Update, _context: Any) -> None:
        """The peer does nothing with a message."""

    application = Application.builder().token("1:bench").build()
    application.add_handler(MessageHandler(filters.TEXT, nothing))
    application.bot._bot_user = User(1, "bench", is_bot=True, username="bench_bot")  # else it would ask Telegram
    application._initialized = True
    await application.start()
    webhook = WebhookAppClass(PATH, application.bot, application.update_queue, SECRET)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = WebhookServer("127.0.0.1", port, webhook, None)
    await server.serve_forever()
    print(port, flush=True)
    await asyncio.Event().wait()


def main() -> None:
    if sys.argv[1] == "peer":
        asyncio.run(peer())
        return
    from bot import starting

    gc.disable()  # as `linli run` begins, and goes on
    app, doors = ours(Path(sys.argv[2]))
    starting.stands()
    listening = socket.create_server(("127.0.0.1", 0))
    print(listening.getsockname()[1], flush=True)
    uvicorn.Server(uvicorn.Config(app, http=doors, log_level="error", access_log=False)).run(sockets=[listening])


if __name__ == "__main__":
    main()
