"""Two web processes behind one address are upgraded one after the other while people write: what was acknowledged is
there, once, and answered."""

from __future__ import annotations

import itertools
import signal
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from sqlalchemy import exists, select

from storage.database import Database
from storage.tables import inbox, outbox
from storage.verify import verify
from tests.journeys.test_roles import PATIENCE, Part, url, wait_until_taken

__all__ = ["url"]
pytestmark = pytest.mark.journey

RESIDENTS, PAUSE = 32, 1.2  # seconds between two messages of one: nobody is asked to write more slowly
BETWEEN = 60  # messages kept between two changes


class Street:
    """Residents who write one after another through whichever door is open, and the same again until it is kept."""

    def __init__(self, doors: list[Part]) -> None:
        self.doors = doors
        self.kept: list[str] = []
        self.refused = 0  # tries that met a closed door
        self._over = threading.Event()
        self._more = threading.Condition()

    def live(self, number: int) -> None:
        with httpx.Client(headers={"x-linli": "1"}, timeout=PATIENCE) as client:
            client.get(f"{self.doors[number % 2].base}/chat").raise_for_status()
            for n in itertools.count():
                if self._over.wait(PAUSE):
                    return
                self._say(client, number + n, f"r{number:02}-{n:05}", f"第{number}户说的第{n}句")

    def _say(self, client: httpx.Client, first: int, id: str, text: str) -> None:
        for turn in itertools.count(first):
            try:
                door = self.doors[turn % 2]
                done = client.post(f"{door.base}/chat/send", json={"id": id, "chat": "private", "text": text})
                if done.is_success:
                    break
                assert done.status_code >= 500, done.text  # as a proxy sees it: not this door, not now
            except httpx.TransportError:
                pass
            self.refused += 1
            self._over.wait(0.02)
        with self._more:
            self.kept.append(text)
            self._more.notify_all()

    def waits(self) -> None:
        """Until so many more were kept."""
        with self._more:
            wanted = len(self.kept) + BETWEEN
            assert self._more.wait_for(lambda: len(self.kept) >= wanted, PATIENCE), "nobody gets through"

    def over(self) -> None:
        self._over.set()


def test_web_processes_restarted_under_load_lose_nothing_acknowledged(url: str, tmp_path: Path) -> None:
    Part(tmp_path, url, "clock").ready().end()  # makes the tables and loads the demo community
    doors = [Part(tmp_path, url, "web").ready() for _ in range(2)]
    rest = [Part(tmp_path, url, "worker").ready(), Part(tmp_path, url, "delivery", "clock").ready()]
    street = Street(doors)
    try:
        with ThreadPoolExecutor(RESIDENTS) as pool:
            lives = [pool.submit(street.live, number) for number in range(RESIDENTS)]
            try:
                for which, how in ((0, signal.SIGTERM), (1, signal.SIGTERM), (0, signal.SIGKILL)):
                    street.waits()
                    doors[which].end(how)
                    street.waits()  # the other one carries on alone
                    doors[which] = Part(tmp_path, url, "web").ready()
                street.waits()
            finally:
                street.over()
            for life in lives:
                life.result()
        assert street.refused, "every door was always open: nothing was shown"
        database = Database.open(url)
        wait_until_taken(database)
        with database.read() as conn:
            told = exists().where(outbox.c.cause == inbox.c.id)
            rows = conn.execute(select(inbox.c.payload, inbox.c.state, told)).all()
            assert verify(conn) == []
        database.close()
        there = Counter(str(payload["text"]) for payload, _, _ in rows)
        assert [text for text in street.kept if there[text] != 1] == []
        assert [payload["key"] for payload, state, told in rows if state != "done" or not told] == []
    finally:
        for part in (*doors, *rest):
            part.end()
