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
ALONE = ("web", "worker", "delivery", "clock")


@dataclass(frozen=True, slots=True)
class Plan:
    """For each process its failpoints one after the other, as LINLI_FAILPOINTS; and signals, each after so many
    acknowledged messages, to the process of that number."""

    lives: tuple[tuple[str, ...], ...]
    signals: tuple[tuple[int, int, int], ...]

    def lines(self) -> Iterable[str]:
        for number, lives in enumerate(self.lives):
            yield f"process {number} dies at {' '.join(lives) or 'none'}"
        yield "signals " + " ".join(f"{signal.Signals(kind).name}:{part}@{at}" for at, part, kind in self.signals)


def plan(seed: int, messages: int, parts: Sequence[Sequence[str]]) -> Plan:
    """Every place of every process at least once, and signals at random times, spread over so many messages."""
    dice = random.Random(seed)
    rounds = max(1, min(3, messages // 4000))
    shots = max(2, messages // 800)
    lives = tuple(_lives(dice, messages, roles or ALONE, rounds, shots / len(parts)) for roles in parts)
    kinds = (signal.SIGKILL, signal.SIGKILL, signal.SIGTERM)
    first, last = messages // 50, messages * 19 // 20
    times = sorted(dice.randint(first, last) for _ in range(shots))
    return Plan(lives, tuple((at, dice.randrange(len(parts)), int(dice.choice(kinds))) for at in times))


def _lives(dice: random.Random, messages: int, roles: Sequence[str], rounds: int, shots: float) -> tuple[str, ...]:
    places = list(dict.fromkeys(place for role in roles for place in PLACES[role]))
    share = messages / (rounds * len(places) + shots + 1)
    found = []
    for _ in range(rounds):
        dice.shuffle(places)
        found += [f"{place}={1 if place == 'due' else dice.randint(1, max(1, int(share)))}" for place in places]
    return tuple(found)
