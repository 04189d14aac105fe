"""The parts in processes of their own on one PostgreSQL: what is said at one door is answered at another, and who is
killed is followed by the next."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from storage.database import Database
from storage.tables import case, inbox
from storage.verify import verify
from tests.support.databases import drop_postgresql, fresh_postgresql

pytestmark = pytest.mark.journey

PATIENCE = 120
RESIDENTS = 12
WORDS = ("幸福里小区3号楼楼上半夜总吵得睡不着", "不留", "没有", "确认")


class Part:
    """One `linli run --role …`."""

    def __init__(self, folder: Path, url: str, *roles: str) -> None:
        settings = {
            "LINLI_DATA_DIR": str(folder / "data"),
            "LINLI_DATABASE_URL": url,
            "LINLI_PORT": "0",
            "LINLI_SECRET": "the secret of many processes",
            "PYTHONUNBUFFERED": "1",
        }
        rest = {name: value for name, value in os.environ.items() if not name.startswith("LINLI_")}
        chosen = [word for role in roles for word in ("--role", role)]
        self.log = folder / f"{'-'.join(roles)}.log"
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [str(Path(sys.executable).with_name("linli")), "run", *chosen],
                env=rest | settings,
                cwd=folder,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self.base = ""

    def ready(self) -> Part:
        assert self.process.stdout
        for line in self.process.stdout:
            if line.startswith("Residents' chat"):
                self.base = line.split()[-1].removesuffix("/chat")
            if "Stop with" in line:
                return self
        raise AssertionError(f"it did not start: {self.log.read_text()[-2000:]}")

    def end(self, number: int = signal.SIGTERM) -> None:
        if self.process.poll() is None:
            self.process.send_signal(number)
            self.process.wait(PATIENCE)
        if self.process.stdout:
            self.process.stdout.close()


@pytest.fixture
def url() -> Iterator[str]:
    address = fresh_postgresql()
    yield address
    drop_postgresql(address)


def answers(base: str, cookies: dict[str, str], count: int) -> list[str]:
    """The first `count` lines of the assistant in a visitor's private chat, as the stream of a page shows them."""
    found: dict[str, str] = {}
    stream = f"{base}/chat/stream?since=private%3D0"
    with httpx.Client(cookies=cookies, timeout=PATIENCE) as client, client.stream("GET", stream) as events:
        for line in events.iter_lines():
            if not line.startswith("data:"):
                continue
            shown = json.loads(line[5:])["line"]
            if shown["by"] == "bot":
                found[shown["id"]] = shown["text"]
            if len(found) >= count:
                return list(found.values())
    raise AssertionError("the stream ended")


def test_many_processes_are_one_assistant(url: str, tmp_path: Path) -> None:
    Part(tmp_path, url, "clock").ready().end()  # makes the tables and loads the demo community
    parts = [
        Part(tmp_path, url, *roles) for roles in (("web",), ("web",), ("worker",), ("worker",), ("delivery", "clock"))
    ]
    try:
        for part in parts:
            part.ready()
        first, second, worker = parts[0], parts[1], parts[2]
        jars: list[dict[str, str]] = []
        for number in range(RESIDENTS):
            with httpx.Client(headers={"x-linli": "1"}, timeout=PATIENCE) as client:
                client.get(f"{first.base}/chat")
                jars.append(dict(client.cookies))
                for step, words in enumerate(WORDS):
                    body = {"id": f"resident-{number:03d}-{step}", "chat": "private", "text": words}
                    door = (first, second)[(number + step) % 2]
                    assert client.post(f"{door.base}/chat/send", json=body).is_success
            if number == RESIDENTS // 2:
                worker.end(signal.SIGKILL)
        for jar in (jars[0], jars[-1]):
            said = answers(second.base, jar, len(WORDS))
            assert any("编号" in text for text in said), said
        database = Database.open(url)
        wait_until_taken(database)
        with database.read() as conn:
            states = dict(conn.execute(select(inbox.c.state, func.count()).group_by(inbox.c.state)).all())
            assert states == {"done": RESIDENTS * len(WORDS)}
            assert conn.execute(select(func.count()).select_from(case)).scalar_one() == RESIDENTS
            assert verify(conn) == []
        database.close()
        figures = httpx.get(f"{second.base}/metrics").text
        assert 'linli_inbox{state="new"} 0.0' in figures
        assert f'linli_cases{{state="open"}} {RESIDENTS}.0' in figures
    finally:
        for part in parts:
            part.end()


def wait_until_taken(database: Database) -> None:
    pause = threading.Event()
    for _ in range(PATIENCE * 4):
        with database.read() as conn:
            left = conn.execute(select(func.count()).where(inbox.c.state == "new")).scalar_one()
        if not left:
            return
        pause.wait(0.25)
    raise AssertionError(f"{left} messages were not taken")


def test_an_unknown_role_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    linli = Path(sys.executable).with_name("linli")
    done = subprocess.run(
        [str(linli), "run", "--role", "waiter"], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert done.returncode == 2
    assert "waiter" in done.stderr
    assert "delivery" in done.stderr
