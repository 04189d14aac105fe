"""`make torture`, first part: the real program dies at each failpoint, by kill -9 and by SIGTERM under many messages.

They stream in over Telegram's webhook or its polling, and over the web chat; on SQLite in one process, on PostgreSQL in
several with a role each. What was counted is printed; the exit code says if all is well. A seed makes one plan.
"""

from __future__ import annotations

import argparse
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from bot.clock import now
from storage.database import Away, Database
from tests.support.server import free_port
from tests.support.telegram_api import TOKEN, TelegramApi
from tests.survival.crowd import HOOK_SECRET, PATIENCE, BadDays, Crowd
from tests.survival.judge import fullest, judge, missing, pause_told, queued, until_quiet
from tests.survival.parts import Part
from tests.survival.plan import SERVER, Plan, plan
from tests.survival.server import Server
from tests.survival.town import bring_forward, build, let_go, lines

SENDERS = 16
MOST_WAITING = 12  # messages a person
MOST_IN_ONE = 25  # of one person: with some forty the assistant would take them for a flood, and not answer all
REMINDERS = 40
ONE: tuple[tuple[str, ...], ...] = ((),)
SEVERAL = (("web",), ("worker",), ("worker", "clock"), ("delivery",))


@dataclass
class Run:
    """One run on one database."""

    database: Database
    given: argparse.Namespace
    telegram: TelegramApi
    days: BadDays
    crowd: Crowd
    parts: list[Part]
    plan: Plan
    server: Any = None
    stops: int = 0
    wrong: list[str] = field(default_factory=list)
    over: bool = False

    def died(self) -> None:
        """A process is dead, and not yet another there; or the server came back."""
        heard = list(self.crowd.acknowledged)
        lost = self._surely(lambda: missing(self.database, heard))
        self.wrong += [f"{key} was acknowledged and is not there" for key in lost]
        self.days.forget(self._surely(lambda: pause_told(self.database)))
        self._surely(lambda: let_go(self.database, now()))

    def _surely(self, work: Callable[[], Any]) -> Any:
        """However often the server is away meanwhile."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return work()
            except Away:
                if time.monotonic() > until:
                    raise
                time.sleep(0.5)

    def watch(self) -> None:
        """Signals and reminders at their times; the crowd waits while too much is to be done."""
        signals, reminders, shown, begun = list(self.plan.signals), 0, 0, time.monotonic()
        while not self.over:
            time.sleep(0.2)
            heard = len(self.crowd.acknowledged)
            if heard >= shown + self.given.messages / 20:
                dead, shown = sum(part.deaths.total() for part in self.parts), heard
                print(f"  {heard} messages after {time.monotonic() - begun:.0f} s, {dead} deaths", flush=True)
            calm = self._surely(lambda: queued(self.database)) < MOST_WAITING * self.given.chats
            calm = calm and self._surely(lambda: fullest(self.database)) < MOST_IN_ONE
            self.crowd.may.set() if calm else self.crowd.may.clear()
            while signals and signals[0][0] <= heard:
                _, part, kind = signals.pop(0)
                self.stop_server() if part == SERVER else self.parts[part].kill(kind)
            if reminders < REMINDERS * heard / self.given.messages:
                self._surely(lambda: bring_forward(self.database, now()))
                reminders += 1

    def stop_server(self) -> None:
        self.server.stop()
        self.stops += 1
        self.died()

    def speak(self, over: str) -> None:
        people, most = self.given.chats, self.given.messages
        each = partial(lines, messages=most, people=people)
        with ThreadPoolExecutor(SENDERS) as pool:
            mine = [list(range(first, people + 1, SENDERS)) for first in range(1, SENDERS + 1)]
            for one in [pool.submit(self.crowd.speak, some, getattr(self.crowd, over), each) for some in mine]:
                one.result()

    def start(self) -> list[threading.Thread]:
        threads = [threading.Thread(target=part.run, daemon=True) for part in self.parts]
        for thread in threads:
            thread.start()
        assert self.parts[0].up.wait(PATIENCE)
        return threads

    def end(self, threads: list[threading.Thread]) -> None:
        for part in self.parts:
            part.ending = True
            part.kill(signal.SIGTERM)
        for thread in threads:
            thread.join(60)


def prepared(url: str, folder: Path, mode: str, given: argparse.Namespace, root: str, telegram: TelegramApi) -> Run:
    port, roles = free_port(), SEVERAL if url.startswith("postgresql") else ONE
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
    database = Database.open(url, secret=settings["LINLI_SECRET"].encode())
    build(database, given.chats)
    dice, chosen = random.Random(given.seed), plan(given.seed, given.messages, roles)
    parts = [Part(folder, settings, each, list(chosen.lives[n]), n) for n, each in enumerate(roles)]
    days = BadDays(dice)
    telegram.faults.append(days)
    run = Run(database, given, telegram, days, Crowd(settings["LINLI_PUBLIC_URL"], dice, telegram), parts, chosen)
    for part in parts:
        part.on_death = run.died
    return run


def torture(url: str, folder: Path, mode: str, given: argparse.Namespace, server: Server | None) -> list[str]:
    """One run; what is wrong."""
    telegram = TelegramApi()
    with telegram.running() as root:
        run = prepared(url, folder, mode, given, root, telegram)
        run.server = server
        print(f"{mode} and web chat on {url.partition(':')[0]}", *run.plan.lines(), sep="\n  ", flush=True)
        threads = run.start()
        watching = threading.Thread(target=run.watch, daemon=True)
        watching.start()
        begun = time.monotonic()
        run.speak("webhook" if mode == "webhook" else "polled")
        spoken = time.monotonic() - begun
        run.over = True
        watching.join()
        left = [life for part in run.parts for life in part.lives]
        for part in run.parts:
            part.lives.clear()
        run.wrong += until_quiet(run.database)
        took = time.monotonic() - begun
        run.end(threads)
    deaths = sum((part.deaths for part in run.parts), Counter[str]())
    print(f"  {len(run.crowd.acknowledged)} messages in {spoken:.0f} s, at rest after {took:.0f} s")
    print(f"  the server was stopped {run.stops} times" if server else "  one process")
    print(f"  deaths {dict(sorted(deaths.items()))}, planned and not reached: {left or 'none'}")
    print(
        f"  {run.crowd.again} times asked again; {telegram.limited} 429s by our own fault, {run.days.inside} inside one"
    )
    run.wrong += [f"{run.days.inside} sends inside a retry_after"] if run.days.inside else []
    run.wrong += judge(run.database, run.crowd.acknowledged, telegram, given.chats)
    run.database.close()
    return run.wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--chats", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--only", default="", help="sqlite or postgresql, webhook or polling")
    parser.add_argument("--keep", action="store_true", help="leave the folder with logs where it is")
    given = parser.parse_args()
    print(f"seed {given.seed}", flush=True)
    wrong: list[str] = []
    for kind in ("sqlite", "postgresql"):
        for mode in ("webhook", "polling"):
            if given.only not in f"{kind} {mode}":
                continue
            folder = Path(tempfile.mkdtemp(prefix="linli-torture-"))
            server = Server(folder) if kind == "postgresql" else None
            try:
                found = torture(server.url if server else f"sqlite:///{folder}/linli.db", folder, mode, given, server)
            finally:
                if server:
                    server.end()
                if not given.keep:
                    shutil.rmtree(folder, ignore_errors=True)
            for line in found[:20]:
                print(f"  WRONG: {line}", flush=True)
            print(f"  logs in {folder}" if given.keep else "", flush=True)
            wrong += found
    print("all is well" if not wrong else f"{len(wrong)} things are wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
