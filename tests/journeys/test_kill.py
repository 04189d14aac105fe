"""Kill -9 at 20 random points of 500 messages: what the client was told is kept has exactly one effect.

The real program runs (`linli run`, its web door, its database); the oracle is the client's own log of 2xx answers. A
client that got no answer says the same again under the same id, as the chat page does.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select, text, update

from storage.database import Database
from storage.tables import case, case_event, chat, due, inbox, outbox, web_line
from storage.verify import verify
from tests.support.databases import drop_postgresql, fresh_postgresql

pytestmark = pytest.mark.journey

WORDS = ("幸福里小区3号楼楼上半夜总吵得睡不着", "不留", "没有", "确认", "帮助")  # one case a resident
RESIDENTS = 100
KILLS = 20
SENDERS = 8
PATIENCE = 180  # seconds a start, an answer or the last row may take on a busy machine
SECRET = "the secret of a program that is killed"


class Program:
    """`linli run`, started, killed and started again on one database."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url
        self.up = threading.Event()
        self.base = ""
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        settings = {
            "LINLI_DATA_DIR": str(self.folder / "data"),
            "LINLI_DATABASE_URL": self.url,
            "LINLI_PORT": "0",
            "LINLI_SECRET": SECRET,
            "PYTHONUNBUFFERED": "1",
        }
        rest = {name: value for name, value in os.environ.items() if not name.startswith("LINLI_")}
        with (self.folder / "log").open("a") as log:
            self.process = subprocess.Popen(
                [str(Path(sys.executable).with_name("linli")), "run"],
                env=rest | settings,
                cwd=self.folder,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self.process.stdout
        for line in self.process.stdout:
            if line.startswith("Residents' chat"):
                self.base = line.split()[-1]
            if line.startswith("Stop with"):
                self.up.set()
                return
        raise AssertionError(f"it did not start: {(self.folder / 'log').read_text()[-2000:]}")

    def kill(self, number: int = signal.SIGKILL) -> None:
        assert self.process and self.process.stdout
        self.up.clear()
        self.process.send_signal(number)
        self.process.wait(PATIENCE)
        self.process.stdout.close()


class Residents:
    """A hundred residents who say five things each, and the log of what they were told is kept."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.kept: list[str] = []
        self.retries = 0
        self.changed = threading.Condition()

    def speak(self, number: int) -> None:
        cookies = dict(self._ask("GET", "", {}).cookies)
        for step, words in enumerate(WORDS):
            key = f"resident-{number:03d}-{step}"
            self._ask("POST", "/send", cookies, {"id": key, "chat": "private", "text": words})
            with self.changed:
                self.kept.append(key)
                self.changed.notify_all()

    def _ask(self, method: str, path: str, cookies: dict[str, str], body: object = None) -> httpx.Response:
        for _ in range(200):
            assert self.program.up.wait(PATIENCE)
            try:
                with httpx.Client(cookies=cookies, headers={"x-linli": "1"}, timeout=PATIENCE) as client:
                    answer = client.request(method, self.program.base + path, json=body)
                if answer.is_success:
                    return answer
                assert answer.status_code >= 500 or answer.status_code == 429, answer.text
            except httpx.TransportError:
                pass
            self.retries += 1
        raise AssertionError("the program does not come back")

    def wait_for(self, count: int) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.kept) >= count, PATIENCE), f"stuck before message {count}"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'linli.db'}"
        return
    address = fresh_postgresql()
    yield address
    drop_postgresql(address)


def test_each_message_that_was_acknowledged_has_one_effect(url: str, tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")
    points = sorted(random.Random(seed).sample(range(1, RESIDENTS * len(WORDS)), KILLS))
    program = Program(tmp_path, url)
    program.start()
    database = Database.open(url)
    residents = Residents(program)
    try:
        with ThreadPoolExecutor(SENDERS) as pool:
            speaking = [pool.submit(residents.speak, number) for number in range(RESIDENTS)]
            done = 0
            for point in points:
                residents.wait_for(point)
                wait_for_progress(database, done)
                program.kill()
                done = turns_done(database)
                let_leases_run_out(database)
                print(f"killed after {len(residents.kept)}", flush=True)
                program.start()
            for each in speaking:
                each.result(PATIENCE)
        wait_until_quiet(database)
    finally:
        program.kill(signal.SIGTERM)
    print(f"killed after {points}; {residents.retries} retries")
    check(database, residents.kept)
    database.close()


def turns_done(database: Database) -> int:
    with database.read() as conn:
        return int(conn.execute(select(func.count()).where(inbox.c.state == "done")).scalar_one())


def wait_for_progress(database: Database, before: int) -> None:
    """Until one turn was done in this life: a message in hand at five deaths in a row is taken for what kills it."""
    pause = threading.Event()
    for _ in range(PATIENCE * 20):
        if turns_done(database) > before:
            return
        pause.wait(0.05)
    raise AssertionError("no turn was done")


def let_leases_run_out(database: Database) -> None:
    """What two minutes would do, while nobody works."""
    with database.write() as conn:
        for table in (inbox, outbox, due):
            conn.execute(
                update(table)
                .where(table.c.lease_until.is_not(None))
                .values(lease_until=datetime(2000, 1, 1, tzinfo=UTC))
            )


def wait_until_quiet(database: Database) -> None:
    """Until everything that came in had its turn and every answer was shown."""
    pause = threading.Event()
    for _ in range(PATIENCE * 4):
        with database.read() as conn:
            left = conn.execute(select(func.count()).where(inbox.c.state == "new")).scalar_one()
            unsaid = select(func.count()).join(chat, chat.c.id == outbox.c.chat_id)
            left += conn.execute(unsaid.where(outbox.c.state == "new", chat.c.kind == "private")).scalar_one()
        if left == 0:
            return
        pause.wait(0.25)
    raise AssertionError(f"{left} rows were left over")


def check(database: Database, kept: list[str]) -> None:
    """One inbox row, one turn and the same answers for every message; one case for every resident."""
    assert sorted(kept) == sorted(f"resident-{r:03d}-{s}" for r in range(RESIDENTS) for s in range(len(WORDS)))
    with database.read() as conn:
        assert verify(conn) == []
        rows = conn.execute(select(inbox.c.id, inbox.c.key, inbox.c.state, inbox.c.error)).all()
        assert [row for row in rows if row.state != "done"] == []
        said = {row.id: row.key[-len("resident-000-0") :] for row in rows}
        assert Counter(said.values()) == Counter(kept)
        caused: dict[str, list[tuple[str, str]]] = {key: [] for key in kept}
        answers = select(outbox.c.cause, outbox.c.kind, outbox.c.state, chat.c.kind.label("where")).join(
            chat, chat.c.id == outbox.c.chat_id
        )
        for row in conn.execute(answers.where(outbox.c.cause.is_not(None)).order_by(outbox.c.id)):
            caused[said[row.cause]].append((row.where, row.kind))
            assert row.where == "group" or row.state == "sent", row
        for step in range(len(WORDS)):
            found = Counter(str(caused[f"resident-{r:03d}-{step}"]) for r in range(RESIDENTS))
            assert len(found) == 1, f"after {WORDS[step]!r}: {found}"
            assert all(caused[f"resident-{r:03d}-{step}"] for r in range(RESIDENTS)), "nobody is left without an answer"
        cases = conn.execute(select(func.count(), func.count(case.c.person_id.distinct())).select_from(case)).one()
        assert tuple(cases) == (RESIDENTS, RESIDENTS)
        assert conn.execute(select(func.count()).where(case_event.c.kind == "open")).scalar_one() == RESIDENTS
        shown = select(func.count()).where(web_line.c.author == "", text("chat LIKE '%.0'"))
        answered = sum(1 for each in caused.values() for where, _ in each if where == "private")
        assert conn.execute(shown).scalar_one() == answered, "each answer is shown once"
