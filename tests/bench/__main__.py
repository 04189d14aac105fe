"""Measure and print: ratios within one run, with the machine named; neighbours on it change seconds, hardly ratios.

python -m tests.bench [--quick] [--write docs/speed.md]
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from pathlib import Path
from statistics import median

from tests.bench import acks, turns


def machine() -> str:
    """The processor, its cores, the Python."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        lines = []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    load = f", load {os.getloadavg()[0]:.1f} when it began" if hasattr(os, "getloadavg") else ""
    return (
        f"{named[0] if named else platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}{load}"
    )


def spread(values: list[float]) -> str:
    return f"{median(values):,.0f} ({min(values):,.0f}-{max(values):,.0f})"


def main() -> None:
    """Run every part and print the table."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--quick", action="store_true", help="a tenth of it")
    wanted.add_argument("--write", type=Path, help="put the table into this file as well")
    given = wanted.parse_args()
    less = 10 if given.quick else 1
    head = machine()
    rows = ["| what | measured | against | ratio |", "|---|---|---|---|"]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        mine, theirs, lost = acks.measure(folder, 5, 2000 // less)
        rows.append(
            f"| webhook acknowledgements/s, after the commit (SQLite FULL), {lost} lost | {spread(mine)} "
            f"| python-telegram-bot behind the same server, nothing kept: {spread(theirs)} "
            f"| {median([a / b for a, b in zip(mine, theirs, strict=True)]):.2f} |"
        )
        found = turns.measure(folder, 60 // less)
    took, n = found["took"], len(found["took"])
    rows += [
        f"| turns/s, claimed, understood (first stage), written, committed | {n / sum(took):,.0f} "
        f"| the same rows written bare by sqlite3: {n / found['bare']:,.0f} | {found['bare'] / sum(took):.2f} |",
        f"| milliseconds a turn, p50 / p99 | {took[n // 2] * 1000:.1f} / {took[int(n * 0.99)] * 1000:.1f} | | |",
        f"| a message of 4,096 characters | | one of 15 | {found['worst']:.1f} |",
    ]
    text = f"{head}\n\n" + "\n".join(rows) + "\n"
    sys.stdout.write(text)
    if given.write:
        given.write.write_text(f"# Speed\n\nOne run of `make bench`: {text}", "utf-8")


if __name__ == "__main__":
    main()
