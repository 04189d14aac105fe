"""Durable acknowledgements a second of the webhook, beside python-telegram-bot's own webhook that keeps nothing."""

from __future__ import annotations

import json
import selectors
import socket
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


def post_all(port: int, first: int, count: int) -> float:
    """Post updates over a few connections, each waiting for its answer; acknowledged a second. The driver has to cost
    less than what it drives: plain sockets and requests made beforehand. Raises AssertionError for any other answer."""
    waiting = [request(n) for n in range(first + count - 1, first - 1, -1)]
    with selectors.DefaultSelector() as ready:
        for _ in range(min(CONNECTIONS, count)):
            one = socket.create_connection(("127.0.0.1", port))
            ready.register(one, selectors.EVENT_READ)
        began = time.perf_counter()
        for key in ready.get_map().values():
            _socket(key).sendall(waiting.pop())
        left = count
        while left:
            for key, _ in ready.select():
                answer = _socket(key).recv(4096)
                assert answer and answer.count(b"HTTP/1.1 ") == answer.count(b"HTTP/1.1 200"), answer
                if not answer.count(b"HTTP/1.1 "):  # the rest of one
                    continue
                left -= 1
                if waiting:
                    _socket(key).sendall(waiting.pop())
        took = time.perf_counter() - began
        for key in list(ready.get_map().values()):
            _socket(key).close()
    return count / took


def request(n: int) -> bytes:
    body = update(n)
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
        f"X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _socket(key: selectors.SelectorKey) -> socket.socket:
    assert isinstance(key.fileobj, socket.socket)
    return key.fileobj


def measure(folder: Path, rounds: int, count: int) -> tuple[list[float], list[float], int]:
    """Rates of ours and of the peer, interleaved, and how many acknowledged updates are not in our database."""
    mine, theirs = [], []
    with server("ours", str(folder)) as ours, server("peer") as peer:
        post_all(ours, 1, 200)
        post_all(peer, 1, 200)
        for turn in range(rounds):
            first = 1000 + turn * count
            mine.append(post_all(ours, first, count))
            theirs.append(post_all(peer, first, count))
    with sqlite3.connect(folder / "bench.db") as found:
        kept = found.execute("SELECT count(*) FROM inbox").fetchone()[0]
    return mine, theirs, 200 + rounds * count - kept
