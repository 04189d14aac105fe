"""Durable acknowledgements a second of the webhook, beside python-telegram-bot's own webhook that keeps nothing."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.server import PATH, SECRET

CONNECTIONS = 32


def update(n: int) -> bytes:
    chat = {"id": 1000 + n % 500, "type": "private", "first_name": "邻居"}
    message = {"message_id": n, "date": 1767571200, "chat": chat, "from": {**chat, "is_bot": False}}
    return json.dumps({"update_id": n, "message": {**message, "text": f"3号楼楼道灯坏了，第{n}次说"}}).encode()


@contextmanager
def server(*args: str) -> Iterator[int]:
    process = subprocess.Popen([sys.executable, "-m", "tests.bench.server", *args], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait(10)


async def _post_all(port: int, first: int, count: int) -> float:
    """Post updates over a few connections; acknowledged a second. Raises AssertionError for any other answer."""
    waiting = iter(range(first, first + count))

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for n in waiting:
            body = update(n)
            head = (
                f"POST {PATH} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
                f"X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            writer.write(head.encode() + body)
            answer = await reader.readuntil(b"\r\n\r\n")
            assert answer.startswith(b"HTTP/1.1 200"), answer
            length = int(answer.lower().partition(b"content-length: ")[2].partition(b"\r")[0] or 0)
            await reader.readexactly(length)
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(CONNECTIONS)))
    return count / (time.perf_counter() - began)


def measure(folder: Path, rounds: int, count: int) -> tuple[list[float], list[float], int]:
    """Rates of ours and of the peer, interleaved, and how many acknowledged updates are not in our database."""
    mine, theirs = [], []
    with server("ours", str(folder)) as ours, server("peer") as peer:
        asyncio.run(_post_all(ours, 1, 200))
        asyncio.run(_post_all(peer, 1, 200))
        for turn in range(rounds):
            first = 1000 + turn * count
            mine.append(asyncio.run(_post_all(ours, first, count)))
            theirs.append(asyncio.run(_post_all(peer, first, count)))
    with sqlite3.connect(folder / "bench.db") as found:
        kept = found.execute("SELECT count(*) FROM inbox").fetchone()[0]
    return mine, theirs, 200 + rounds * count - kept
