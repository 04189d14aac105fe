"""The whole program as its users start it: `linli run` in a folder of its own, and what it prints."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Condition, Thread

LINLI = Path(sys.executable).with_name("linli")


@dataclass
class Program:
    """A running `linli run`."""

    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)
    _changed: Condition = field(default_factory=Condition)

    def hear(self) -> None:
        """Keep what it prints."""
        assert self.process.stdout
        for line in self.process.stdout:
            with self._changed:
                self.lines.append(line.rstrip())
                self._changed.notify_all()

    def waits(self, words: str, *, seconds: float = 60) -> str:
        """The first line with these words, once it is printed."""
        until = time.monotonic() + seconds
        with self._changed:
            while not (found := [line for line in self.lines if words in line]):
                left = until - time.monotonic()
                if left <= 0 or self.process.poll() is not None:
                    raise AssertionError(f"never printed {words!r}:\n" + "\n".join(self.lines[-40:]))
                self._changed.wait(min(left, 0.5))
        return found[0]

    def kill(self) -> None:
        """As a power cut would."""
        self.process.kill()
        self.process.wait(30)


@contextmanager
def linli_run(folder: Path, **settings: str) -> Iterator[Program]:
    """`linli run` with its data in `folder`; settings by their names in small letters. Ended politely."""
    given = {f"LINLI_{name.upper()}": value for name, value in settings.items()}
    clean = {name: value for name, value in os.environ.items() if not name.startswith("LINLI_")}
    process = subprocess.Popen(
        [str(LINLI), "run"],
        cwd=folder,
        env=clean | {"LINLI_DATA_DIR": str(folder / "data"), "PYTHONUNBUFFERED": "1"} | given,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    program = Program(process)
    listener = Thread(target=program.hear, daemon=True)
    listener.start()
    try:
        yield program
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                program.kill()
        listener.join(5)
