"""`make soak`: half load for an hour or as long as is said; resident memory and open files must stay flat."""

from __future__ import annotations

import argparse
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from storage.database import Database
from tests.support.server import free_port
from tests.support.telegram_api import TelegramApi
from tests.survival.crowd import HOOK_SECRET, PATIENCE, Crowd
from tests.survival.judge import until_quiet, waiting
from tests.survival.parts import Part
from tests.survival.town import build

PEOPLE, SENDERS = 100, 4
MEASURED = 20  # seconds in which the load is found that it bears
GROWTH, SLACK_MB, SLACK_FILES = 1.05, 8, 8


@dataclass
class Samples:
    """What a process holds, time after time."""

    megabytes: list[float] = field(default_factory=list)
    files: list[int] = field(default_factory=list)

    def take(self, pid: int) -> None:
        status = Path(f"/proc/{pid}/status").read_text()
        [kilobytes] = [line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")]
        self.megabytes.append(int(kilobytes) / 1024)
        self.files.append(len(list(Path(f"/proc/{pid}/fd").iterdir())))

    def grown(self) -> list[str]:
        """What the last quarter has more of than the second."""
        before, after = quarters(self.megabytes)
        wrong = [f"memory grew from {before:.0f} to {after:.0f} MB"] if after > GROWTH * before + SLACK_MB else []
        opened, still = quarters(self.files)
        return wrong + ([f"open files grew from {opened:.0f} to {still:.0f}"] if still > opened + SLACK_FILES else [])


def quarters(values: Sequence[float]) -> tuple[float, float]:
    """The medians of the second quarter (the first is for warming up) and of the last."""
    quarter = max(1, len(values) // 4)
    return median(values[quarter : 2 * quarter] or values), median(values[-quarter:])


@dataclass
class Load:
    """People who write at a rate; none: as fast as it bears."""

    crowd: Crowd
    rate: float | None = None
    ending: bool = False
    said: int = 0

    def run(self, first: int) -> None:
        step = 0
        while not self.ending:
            for number in range(first, PEOPLE + 1, SENDERS):
                if self.ending:
                    return
                begun = time.monotonic()
                self.crowd.may.wait(PATIENCE)
                (self.crowd.webhook if number % 2 else self.crowd.web)(number, step)
                self.said += 1
                if self.rate:
                    time.sleep(max(0.0, SENDERS / self.rate - (time.monotonic() - begun)))
            step += 1


def soak(folder: Path, minutes: float, rate: float | None) -> list[str]:
    telegram, port = TelegramApi(per_second=10_000), free_port()
    telegram.burst_in_chat = 10_000
    with telegram.running() as root:
        url = f"sqlite:///{folder}/linli.db"
        settings = {
            "LINLI_DATA_DIR": str(folder / "data"),
            "LINLI_DATABASE_URL": url,
            "LINLI_SECRET": "the secret of the soak",
            "LINLI_PORT": str(port),
            "LINLI_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "LINLI_TELEGRAM_TOKEN": "1234567:a-token-of-the-tests",
            "LINLI_TELEGRAM_BASE_URL": root,
            "LINLI_TELEGRAM_MODE": "webhook",
            "LINLI_TELEGRAM_WEBHOOK_SECRET": HOOK_SECRET,
        }
        database = Database.open(url, secret=settings["LINLI_SECRET"].encode())
        build(database, PEOPLE)
        part = Part(folder, settings)
        living = threading.Thread(target=part.run, daemon=True)
        living.start()
        assert part.up.wait(PATIENCE)
        load = Load(Crowd(settings["LINLI_PUBLIC_URL"], random.Random(1), telegram))
        speaking = [threading.Thread(target=load.run, args=(n,), daemon=True) for n in range(1, SENDERS + 1)]
        samples = watched(part, load, speaking, database, minutes, rate)
        wrong = [*until_quiet(database), *samples.grown()]
        wrong += [f"it died: {dict(part.deaths)}"] if part.deaths else []
        part.ending = True
        part.kill(signal.SIGTERM)
        living.join(60)
        database.close()
    return wrong


def watched(
    part: Part, load: Load, speaking: list[threading.Thread], database: Database, minutes: float, rate: float | None
) -> Samples:
    """Let them speak, at half of what it bears unless a rate is said, and look on."""
    samples, begun = Samples(), time.monotonic()
    every = max(0.5, minutes * 60 / 400)
    load.rate = rate
    for each in speaking:
        each.start()
    until, shown = begun + (0 if rate else MEASURED) + minutes * 60, 0.0
    while (now := time.monotonic()) < until:
        with database.read() as conn:
            (load.crowd.may.set if waiting(conn) < 8 * PEOPLE else load.crowd.may.clear)()
            if load.rate is None and now - begun > MEASURED:
                load.rate = max(1.0, (load.said - waiting(conn)) / (now - begun) / 2)
                print(f"  bears {2 * load.rate:.0f} messages a second; half of it from now on", flush=True)
        if load.rate and part.process:
            samples.take(part.process.pid)
            if now - shown > minutes * 6:
                print(f"  {load.said} messages, {samples.megabytes[-1]:.0f} MB, {samples.files[-1]} files", flush=True)
                shown = now
        time.sleep(every)
    load.ending = True
    load.crowd.may.set()
    for each in speaking:
        each.join(60)
    before, after = quarters(samples.megabytes)
    opened, still = quarters(samples.files)
    print(f"  {load.said} messages in {minutes:.0f} minutes")
    print(f"  {before:.0f} MB in the second quarter, {after:.0f} in the last; {opened:.0f} and {still:.0f} files")
    return samples


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--rate", type=float, help="messages a second; default: half of what it bears")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="linli-soak-"))
    try:
        wrong = soak(folder, given.minutes, given.rate)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for line in wrong:
        print(f"WRONG: {line}")
    print("flat" if not wrong else f"{len(wrong)} things are wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
