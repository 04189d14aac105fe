"""`make torture`: 100,000 random steps of people who say what no group may hear; prints seed, pace and every leak.

Every thousand steps are a neighbourhood and a seed of their own: a leak comes again with the seed printed before it and
`--steps 1000`, and a run that was stopped goes on with what its last line says.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from concurrent.futures import ProcessPoolExecutor

from tests.support.canaries import Walk
from tests.support.stage import on_stage

STRETCH = 1_000  # steps in one neighbourhood, then a fresh one


def stretch(seed: int) -> tuple[int, int, list[str]]:
    """(the seed, how many lines groups were shown, the leaks) of one neighbourhood."""
    leaks: list[str] = []
    with on_stage() as stage:
        walk = Walk(stage, seed)
        for found in walk.steps(STRETCH):
            leaks += found
        return seed, walk.shown, leaks


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=None, help="the seed a run printed, to repeat it")
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    seed = random.SystemRandom().randrange(10**6) if given.seed is None else given.seed
    print(f"seed {seed}", flush=True)
    begun, done, shown, leaks = time.monotonic(), 0, 0, 0
    seeds = range(seed, seed + -(-given.steps // STRETCH))
    with ProcessPoolExecutor(given.jobs) as pool:
        for one, lines, found in pool.map(stretch, seeds):
            done, shown, leaks = done + STRETCH, shown + lines, leaks + len(found)
            for leak in found:
                print(f"seed {one}: {leak}", flush=True)
            said = f"{done} steps, {time.monotonic() - begun:.0f} s, {shown} lines to groups, {leaks} leaks"
            if done < given.steps:
                said += f"; to go on from here: --seed {one + 1} --steps {given.steps - done}"
            print(said, flush=True)
    print(f"{done} steps, {time.monotonic() - begun:.0f} s, {shown} lines to groups, {leaks} leaks")
    return 1 if leaks else 0


if __name__ == "__main__":
    sys.exit(main())
