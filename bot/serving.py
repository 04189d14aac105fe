"""The web server as one task among others: listens, serves until it is told to stop."""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bot.errors import Wrong

if TYPE_CHECKING:
    from bot.doors import Door


def listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        named, hint = (
            ("LINLI_PORT", "set another port, or 0 for any")
            if error.errno in (errno.EADDRINUSE, errno.EACCES)
            else ("LINLI_HOST", "set an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all it has")
        )
        raise Wrong(f"{named}: cannot listen on {host}:{port}: {error.strerror}; {hint}") from None
    listener.listen(1024)
    return listener


async def serve(asgi: Any, listener: socket.socket, stop: asyncio.Event, doors: Sequence[Door] = ()) -> None:
    """Serve until `stop`: then no new request, a few seconds for those that go on."""
    import uvicorn

    from bot.doors import protocol

    config = uvicorn.Config(
        asgi,
        http=protocol(doors),
        log_config=None,  # its lines go where all others do, and tell no words either: bot/logs.py
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=3,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    await serving
    stop.set()
    stopping.cancel()
