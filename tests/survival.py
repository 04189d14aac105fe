"""`make torture`, first part: the real program dies at failpoints, by kill -9 and by SIGTERM while people write to it.

Messages stream in over Telegram's webhook, its polling and the web chat, on SQLite and on PostgreSQL with a second
process; the platform fails, limits and repeats itself. What was counted is printed; the exit code says if all is well.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import func, select

from storage.database import Database
from storage.tables import case, chat, inbox, outbox
from storage.verify import verify
from tests.support.databases import drop_postgresql, fresh_postgresql
from tests.support.server import free_port
from tests.support.telegram_api import TOKEN, Refused, TelegramApi

CASE = ("幸福里小区3号楼楼上半夜总吵得睡不着", "不留", "没有", "确认")  # then these two, again and again
REST = ("我的诉求", "帮助")
HOOK_SECRET = "a-secret-of-the-torture"
PATIENCE = 600
SENDERS = 16


@dataclass
class Part:
    """One process, started again whenever it dies, until it is let go."""

    folder: Path
    settings: dict[str, str]
    roles: tuple[str, ...] = ()
    chance: float = 0.0
    seed: int = 0
    deaths: Counter[str] = field(default_factory=Counter)
    up: threading.Event = field(default_factory=threading.Event)
    ending: bool = False
    process: subprocess.Popen[str] | None = None
    on_death: Callable[[], None] = lambda: None

    def run(self) -> None:
        while not self.ending:
            self._start()
            assert self.process
            code = self.process.wait()
            self.up.clear()
            if not self.ending:
                self.deaths["killed" if code == -signal.SIGKILL else f"exit {code}"] += 1
                self.on_death()

    def _start(self) -> None:
        self.seed += 1
        clean = {name: value for name, value in os.environ.items() if not name.startswith("LINLI_")}
        failing = {"LINLI_FAILPOINTS": f"*={self.chance},seed={self.seed}"} if self.chance else {}
        command = [str(Path(sys.executable).with_name("linli")), "run"]
        command += [word for role in self.roles for word in ("--role", role)]
        with (self.folder / f"log{'-'.join(self.roles)}").open("a") as log:
            self.process = subprocess.Popen(
                command,
                env=clean | self.settings | failing | {"PYTHONUNBUFFERED": "1"},
                cwd=self.folder,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self.process.stdout
        for line in self.process.stdout:
            if "Stop with" in line:
                self.up.set()
                break
        threading.Thread(target=self.process.stdout.read, daemon=True).start()

    def kill(self, number: int) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)


@dataclass
class Crowd:
    """People who write, each in order, and say it again until they hear that it is kept."""

    base: str
    dice: random.Random
    telegram: TelegramApi
    acknowledged: list[str] = field(default_factory=list)
    again: int = 0

    def lines(self, count: int) -> Iterator[str]:
        yield from CASE[:count]
        yield from (REST[n % 2] for n in range(count - len(CASE)))

    def web(self, number: int, count: int) -> None:
        jar = dict(self._until_ok("GET", "/chat", {}).cookies)
        for step, words in enumerate(self.lines(count)):
            key = f"w{number:04d}-{step:04d}"
            body = {"id": key, "chat": "private", "text": words}
            self._until_ok("POST", "/chat/send", jar, json=body)
            if self.dice.random() < 0.03:
                self._until_ok("POST", "/chat/send", jar, json=body)
            self.acknowledged.append(key)

    def webhook(self, number: int, count: int) -> None:
        headers = {"X-Telegram-Bot-Api-Secret-Token": HOOK_SECRET}
        for words in self.lines(count):
            update = self.telegram.says(number, words)
            del self.telegram.pending[update["update_id"]]
            self._until_ok("POST", "/telegram/webhook", {}, json=update, headers=headers)
            if self.dice.random() < 0.03:
                self._until_ok("POST", "/telegram/webhook", {}, json=update, headers=headers)
            self.acknowledged.append(str(update["update_id"]))

    def polled(self, number: int, count: int) -> None:
        for words in self.lines(count):
            key = self.telegram.says(number, words)["update_id"]
            self._wait(lambda key=key: key not in self.telegram.pending)  # type: ignore[misc]
            self.acknowledged.append(str(key))

    def _wait(self, done: Callable[[], bool]) -> None:
        until = time.monotonic() + PATIENCE
        while not done():
            if time.monotonic() > until:
                raise AssertionError("nobody fetches updates any more")
            time.sleep(0.05)

    def _until_ok(self, method: str, path: str, jar: dict[str, str], **more: Any) -> httpx.Response:
        until = time.monotonic() + PATIENCE
        last = ""
        headers = {"x-linli": "1"} | more.pop("headers", {})
        while time.monotonic() < until:
            try:
                answer = httpx.request(method, self.base + path, cookies=jar, headers=headers, timeout=60, **more)
                if answer.is_success:
                    return answer
                if answer.status_code < 500 and answer.status_code != 429:
                    raise AssertionError(f"{path}: {answer.status_code} {answer.text[:200]}")
                last = f"{answer.status_code} {answer.text[:100]}"
            except httpx.TransportError as error:
                last = type(error).__name__
            self.again += 1
            time.sleep(0.2)
        raise AssertionError(f"{path} is not answered any more: {last}")


class BadDays:
    """What Telegram does to one call in a hundred, and to a tenth of the chats every now and then."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.limited: dict[int, float] = {}
        self.told: dict[int, float] = {}
        self.inside = 0

    def __call__(self, method: str, given: dict[str, Any]) -> Any:
        if method not in ("sendMessage", "editMessageText"):
            return None
        where, now, luck = int(given["chat_id"]), time.monotonic(), self.dice.random()
        if self.told.get(where, 0) > now + 0.3:
            self.inside += 1
        if self.limited.get(where, 0) > now:
            wait = int(self.limited[where] - now) + 1
            self.told[where] = now + wait
            return Refused(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
        if luck < 0.002:
            self.limited |= dict.fromkeys(range(1, 10000, 10), now + 5)
        if luck < 0.01:
            return Refused(500, "Internal Server Error")
        return None


def torture(url: str, folder: Path, mode: str, given: argparse.Namespace) -> list[str]:
    """One run; what is wrong."""
    dice, telegram, port = random.Random(given.seed), TelegramApi(), free_port()
    days = BadDays(dice)
    telegram.faults.append(days)
    with telegram.running() as root:
        settings = {
            "LINLI_DATA_DIR": str(folder / "data"),
            "LINLI_DATABASE_URL": url,
            "LINLI_SECRET": "the secret of the torture",
            "LINLI_PORT": str(port),
            "LINLI_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "LINLI_TELEGRAM_TOKEN": TOKEN,
            "LINLI_TELEGRAM_BASE_URL": root,
            "LINLI_TELEGRAM_MODE": mode,
            "LINLI_TELEGRAM_WEBHOOK_SECRET": HOOK_SECRET,
        }
        crowd = Crowd(f"http://127.0.0.1:{port}", dice, telegram)
        parts = [Part(folder, settings, chance=given.chance, seed=given.seed)]
        if url.startswith("postgresql"):
            parts.append(Part(folder, settings, ("worker", "delivery"), given.chance, given.seed + 10_000))
        database = Database.open(url)
        lost: list[str] = []
        parts[0].on_death = lambda: lost.extend(missing(database, list(crowd.acknowledged)))
        running = [threading.Thread(target=part.run, daemon=True) for part in parts[:1]]
        running[0].start()
        assert parts[0].up.wait(PATIENCE)
        for part in parts[1:]:
            running.append(threading.Thread(target=part.run, daemon=True))
            running[-1].start()
        begun = time.monotonic()
        speak(crowd, mode, given, parts, dice)
        spoken = time.monotonic() - begun
        for part in parts:
            part.chance = 0.0
        wrong = until_quiet(database)
        took = time.monotonic() - begun
        for part in parts:
            part.ending = True
            part.kill(signal.SIGTERM)
        for each in running:
            each.join(60)
    deaths = sum((part.deaths for part in parts), Counter[str]())
    where = url.partition(":")[0]
    print(f"{mode} on {where}: {len(crowd.acknowledged)} messages in {spoken:.0f} s, at rest after {took:.0f} s")
    print(f"  deaths {dict(deaths)}; {crowd.again} times asked again; {telegram.limited} 429s by our own fault")
    wrong += [f"{key} was acknowledged and is not there" for key in lost]
    wrong += [f"{days.inside} sends inside a retry_after"] if days.inside else []
    wrong += judge(database, crowd, telegram, deaths, given)
    database.close()
    return wrong


def speak(crowd: Crowd, mode: str, given: argparse.Namespace, parts: list[Part], dice: random.Random) -> None:
    each, people = given.messages // given.chats, given.chats
    over = crowd.webhook if mode == "webhook" else crowd.polled
    with ThreadPoolExecutor(SENDERS) as pool:
        speaking = [
            pool.submit(over if n % 2 else crowd.web, n, each + (n <= given.messages % given.chats))
            for n in range(1, people + 1)
        ]
        while not all(one.done() for one in speaking):
            time.sleep(dice.uniform(5, 2 * given.life))
            dice.choice(parts).kill(dice.choice((signal.SIGKILL, signal.SIGKILL, signal.SIGTERM)))
        for one in speaking:
            one.result()


def missing(database: Database, acknowledged: list[str]) -> list[str]:
    """Of what was acknowledged, what the inbox has not."""
    with database.read() as conn:
        there = {str(key).rpartition(":")[2] for key in conn.execute(select(inbox.c.key)).scalars()}
    return [key for key in acknowledged if key not in there]


def until_quiet(database: Database) -> list[str]:
    until = time.monotonic() + PATIENCE
    left = 1
    while left and time.monotonic() < until:
        time.sleep(1)
        with database.read() as conn:
            left = conn.execute(select(func.count()).where(inbox.c.state == "new")).scalar_one()
            unsaid = select(func.count()).join(chat, chat.c.id == outbox.c.chat_id)
            unsaid = unsaid.where(outbox.c.state == "new", chat.c.kind == "private", chat.c.heard_at.is_not(None))
            left += conn.execute(unsaid).scalar_one()
    return [f"{left} rows never came to rest"] if left else []


def judge(
    database: Database, crowd: Crowd, telegram: TelegramApi, deaths: Counter[str], given: argparse.Namespace
) -> list[str]:
    with database.read() as conn:
        wrong = verify(conn)
        states = dict(conn.execute(select(inbox.c.state, func.count()).group_by(inbox.c.state)).all())
        if states != {"done": len(crowd.acknowledged)}:
            wrong.append(f"{len(crowd.acknowledged)} messages, and the inbox has {states}")
        cases = conn.execute(select(func.count(), func.count(case.c.person_id.distinct())).select_from(case)).one()
        if tuple(cases) != (given.chats, given.chats):
            wrong.append(f"{given.chats} people, {cases[0]} cases of {cases[1]} people")
        answers = select(outbox.c.cause, func.count()).join(chat, chat.c.id == outbox.c.chat_id)
        answers = answers.where(chat.c.kind == "private", outbox.c.kind == "say", outbox.c.cause.is_not(None))
        heard = Counter(count for _, count in conn.execute(answers.group_by(outbox.c.cause)))
        silent = len(crowd.acknowledged) - sum(heard.values())
        print(f"  answers a message: {dict(heard)}, none: {silent}")
        wrong += [f"{silent} messages have no answer"] if silent else []
        wrong += [f"answers a message: {dict(heard)}"] if set(heard) - {1, 2} else []
        rows = conn.execute(
            select(chat.c.address, outbox.c.lane, outbox.c.message)
            .join(chat, chat.c.id == outbox.c.chat_id)
            .where(chat.c.channel == "telegram", outbox.c.state == "sent", outbox.c.kind == "say")
            .order_by(outbox.c.id)
        ).all()
    last: dict[tuple[str, int], int] = {}
    for row in rows:
        if int(row.message) < last.get((row.address, row.lane), 0):
            wrong.append(f"out of order in chat {row.address}")
        last[row.address, row.lane] = int(row.message)
    twice, most = len(telegram.shown) - len(rows), 32 * sum(deaths.values())
    print(f"  {len(rows)} sent over Telegram, {twice} shown twice (at most {most} were under way when something died)")
    return wrong + ([f"{twice} shown twice"] if not 0 <= twice <= most else [])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--chats", type=int, default=200)
    parser.add_argument("--life", type=float, default=30, help="seconds a process lives, more or less")
    parser.add_argument("--chance", type=float, default=0.00005, help="of dying at a failpoint")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--only", default="", help="sqlite or postgresql, webhook or polling")
    given = parser.parse_args()
    print(f"seed {given.seed}", flush=True)
    wrong: list[str] = []
    for kind in ("sqlite", "postgresql"):
        for mode in ("webhook", "polling"):
            if given.only not in f"{kind} {mode}":
                continue
            with tempfile.TemporaryDirectory(prefix="linli-torture-") as name:
                url = f"sqlite:///{name}/linli.db" if kind == "sqlite" else fresh_postgresql()
                found = torture(url, Path(name), mode, given)
                if kind == "postgresql":
                    drop_postgresql(url)
            for line in found[:20]:
                print(f"  WRONG: {line}", flush=True)
            wrong += found
    print("all is well" if not wrong else f"{len(wrong)} things are wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
