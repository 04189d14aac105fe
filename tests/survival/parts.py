"""One process of the program: started again whenever it dies, each life ending where the plan says."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Part:
    """`linli run` with these roles (none: all), until it is let go."""

    folder: Path
    settings: dict[str, str]
    roles: tuple[str, ...] = ()
    lives: list[str] = field(default_factory=list)  # failpoints, the next first
    number: int = 0
    deaths: Counter[str] = field(default_factory=Counter)
    up: threading.Event = field(default_factory=threading.Event)
    ending: bool = False
    process: subprocess.Popen[str] | None = None
    on_death: Callable[[], None] = lambda: None

    @property
    def log(self) -> Path:
        return self.folder / f"log-{self.number}-{'-'.join(self.roles) or 'all'}"

    def run(self) -> None:
        while not self.ending:
            size = self.log.stat().st_size if self.log.exists() else 0
            self._start()
            assert self.process
            code = self.process.wait()
            self.up.clear()
            if not self.ending:
                self.deaths[self._died(code, size)] += 1
                self.on_death()

    def _died(self, code: int, size: int) -> str:
        with self.log.open("rb") as log:
            log.seek(size)
            found = re.search(rb"^died at (\w+)$", log.read(), re.M)
        if not found:
            return "killed" if code == -signal.SIGKILL else f"exit {code}"
        place = found[1].decode()
        if self.lives and self.lives[0].startswith(f"{place}="):
            self.lives.pop(0)
        return f"at {place}"

    def _start(self) -> None:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("LINLI_")}
        failing = {"LINLI_FAILPOINTS": self.lives[0]} if self.lives else {}
        command = [str(Path(sys.executable).with_name("linli")), "run"]
        command += [word for role in self.roles for word in ("--role", role)]
        with self.log.open("a") as log:
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
