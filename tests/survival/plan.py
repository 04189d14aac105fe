"""Who dies when: the plan of a run, the same for the same seed."""

from __future__ import annotations

import random
import signal
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

PLACES = {
    "web": ("acknowledge", "commit", "committed"),
    "worker": ("claimed", "commit", "committed"),
    "delivery": ("send", "sent", "record", "commit", "committed"),
    "clock": ("due",),
}
"""The failpoints a part of the program comes by."""
SERVER = -1  # stopped with -m immediate, which is a SIGQUIT, and started again
ALONE = ("web", "worker", "delivery", "clock")


@dataclass(frozen=True, slots=True)
class Plan:
    """For each process its failpoints one after the other, as LINLI_FAILPOINTS; and signals, each after so many
    acknowledged messages, to the process of that number; the database server is SERVER."""

    lives: tuple[tuple[str, ...], ...]
    signals: tuple[tuple[int, int, int], ...]

    def lines(self) -> Iterable[str]:
        for number, lives in enumerate(self.lives):
            yield f"process {number} dies at {' '.join(lives) or 'none'}"
        named = {SERVER: "server"}
        shots = (f"{signal.Signals(kind).name}:{named.get(part, part)}@{at}" for at, part, kind in self.signals)
        yield "signals " + " ".join(shots)


def plan(seed: int, messages: int, parts: Sequence[Sequence[str]]) -> Plan:
    """Every place of every process at least once, and signals at random times, spread over so many messages; where
    there are several processes there is a server, which stops as well."""
    dice = random.Random(seed)
    rounds = max(1, min(3, messages // 4000))
    shots = max(2, messages // 800)
    lives = tuple(_lives(dice, messages, roles or ALONE, rounds, shots / len(parts)) for roles in parts)
    kinds = (signal.SIGKILL, signal.SIGKILL, signal.SIGTERM)
    first, last = messages // 50, messages * 19 // 20
    signals = [(dice.randint(first, last), dice.randrange(len(parts)), int(dice.choice(kinds))) for _ in range(shots)]
    if len(parts) > 1:
        signals += [(dice.randint(first, last), SERVER, int(signal.SIGQUIT)) for _ in range(rounds)]
    return Plan(lives, tuple(sorted(signals)))


def _lives(dice: random.Random, messages: int, roles: Sequence[str], rounds: int, shots: float) -> tuple[str, ...]:
    places = list(dict.fromkeys(place for role in roles for place in PLACES[role]))
    share = messages / (rounds * len(places) + shots + 1)
    found = []
    for _ in range(rounds):
        dice.shuffle(places)
        found += [f"{place}={1 if place == 'due' else dice.randint(1, max(1, int(share)))}" for place in places]
    return tuple(found)
