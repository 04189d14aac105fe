"""Durable acknowledgements a second of the webhook, beside python-telegram-bot's own webhook that keeps nothing."""

from __future__ import annotations

import json
import os
import selectors
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from tests.bench.server import PATH, SECRET
from tests.bench.table import Row, spread

CONNECTIONS = 100  # as many as Telegram may use


def update(n: int) -> bytes:
    chat = {"id": 1000 + n % 500, "type": "private", "first_name": "邻居"}
    message = {"message_id": n, "date": 1767571200, "chat": chat, "from": {**chat, "is_bot": False}}
    return json.dumps({"update_id": n, "message": {**message, "text": f"3号楼楼道灯坏了，第{n}次说"}}).encode()


@contextmanager
def server(*args: str) -> Iterator[tuple[int, int]]:
    """The port and the process id of one that runs until the block ends."""
    process = subprocess.Popen([sys.executable, "-m", "tests.bench.server", *args], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        yield int(process.stdout.readline()), process.pid
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


def measure(folder: Path, rounds: int, count: int) -> list[Row]:
    """Ours and the peer, interleaved; how many acknowledged updates are not in our database; what a server spends."""
    mine, theirs, spent = list[float](), list[float](), dict[int, float]()
    with server("ours", str(folder)) as (ours, pid), server("peer") as (peer, other):
        post_all(ours, 1, 200)
        post_all(peer, 1, 200)
        before = {each: cpu(each) for each in (pid, other)}
        for turn in range(rounds):
            first = 1000 + turn * count
            mine.append(post_all(ours, first, count))
            theirs.append(post_all(peer, first, count))
        spent = {each: (cpu(each) - before[each]) / rounds / count * 1e6 for each in (pid, other)}
    with sqlite3.connect(folder / "bench.db") as found:
        kept = found.execute("SELECT count(*) FROM inbox").fetchone()[0]
    lost = 200 + rounds * count - kept
    note = (
        f"ours spends {spent[pid]:.0f} µs of a processor on an update, python-telegram-bot's own {spent[other]:.0f}; "
        "by perf three fifths of ours are Python (request, update, row), a fifth the kernel, a twelfth SQLite; "
        "before that the disk bounds it: every answer waits for a commit, which those of the moment share"
    )
    ratio = median([a / b for a, b in zip(mine, theirs, strict=True)])
    return [
        Row("durable acknowledgements/s of the webhook", "python-telegram-bot's own, which keeps nothing", 5, ratio,
            f"{spread(mine)} against {spread(theirs)}", note=note),
        Row("acknowledged, but not kept", "", 0, float(lost), f"{lost} of {200 + rounds * count}", most=True),
    ]  # fmt: skip


def cpu(pid: int) -> float:
    """Seconds of processor time a process has taken."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
