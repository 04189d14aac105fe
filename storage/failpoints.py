"""Places at which a test stops the program (LINLI_FAILPOINTS); off, each costs one look at a name."""

from __future__ import annotations

import os
import random
import signal
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


def dying(spec: str) -> Callable[[str], None]:
    """A watcher that ends the process as kill -9 does: "sent=0.01,commit=0.002,seed=7" is the chance at each place, "*"
    stands for all others. Raises ValueError for anything else."""
    chances = {name: float(chance) for name, _, chance in (part.partition("=") for part in spec.split(","))}
    dice = random.Random(chances.pop("seed", None))

    def watcher(place: str) -> None:
        if dice.random() < chances.get(place, chances.get("*", 0.0)):
            os.kill(os.getpid(), signal.SIGKILL)

    return watcher
