"""`python -m tests.simulator SEED [COUNT]`: plays these seeds and says what went wrong."""

from __future__ import annotations

import sys
import time
from collections import Counter

from tests.simulator.run import simulate


def main() -> int:
    first, count = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
    begun, failed = time.monotonic(), 0
    deaths: Counter[str] = Counter()
    for seed in range(first, first + count):
        wrong, died = simulate(seed)
        deaths += died
        failed += bool(wrong)
        for line in wrong:
            print(f"seed {seed}: {line}", flush=True)
    print(f"{count} seeds, {failed} failed, {time.monotonic() - begun:.0f} s; died at {dict(deaths)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
