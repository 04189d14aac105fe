"""Places at which a test stops the program (LINLI_FAILPOINTS); off, each costs one look at a name."""

from __future__ import annotations

import os
import random
import signal
from collections import Counter
from collections.abc import Callable

_watch: Callable[[str], None] | None = None


def reach(place: str) -> None:
    """The program comes by this place."""
    if _watch is not None:
        _watch(place)


def watch(watcher: Callable[[str], None] | None) -> None:
    """Have `watcher` called with each place the program comes by; None: nobody any more."""
    global _watch
    _watch = watcher


def dying(spec: str, die: Callable[[str], None] | None = None) -> Callable[[str], None]:
    """A watcher that ends the process as kill -9 does: "sent=0.01,commit=37,seed=7" is the chance at a place, or from 1
    on the how manieth time there, "*" stands for all others. Raises ValueError for anything else."""
    wanted = {name: float(number) for name, _, number in (part.partition("=") for part in spec.split(","))}
    dice = random.Random(wanted.pop("seed", None))
    passed: Counter[str] = Counter()

    def watcher(place: str) -> None:
        number = wanted.get(place, wanted.get("*", 0.0))
        passed[place] += 1
        if passed[place] == number if number >= 1 else dice.random() < number:
            (die or _die)(place)

    return watcher


def _die(place: str) -> None:
    os.write(2, f"\ndied at {place}\n".encode())
    os.kill(os.getpid(), signal.SIGKILL)
