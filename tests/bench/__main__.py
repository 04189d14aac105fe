"""Measure and print: ratios within one run, with the machine named; neighbours on it change seconds, hardly ratios.

python -m tests.bench [--quick] [--write] [--only acks,turns,lists,program,workers,rasa]
"""

from __future__ import annotations

import argparse
import gc
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench import acks, lists, program, rasa, turns, workers
from tests.bench.table import Row, machine, picture, table

DOCS = Path(__file__).resolve().parents[2] / "docs"
INTRO = """# Speed

One run of `make bench BENCH="{how}"`: each part beside its peer in the same run, interleaved, medians with least
and most. {machine}. `want` is what was set as the goal; where it is not reached, the lines below say what bounds it.

![How far each figure is from what is wanted](speed.svg)

"""


def postgresql() -> tuple[Callable[[], str], Callable[[str], None]] | None:
    """A way to a fresh PostgreSQL database, and one to be rid of it."""
    from tests.support.databases import drop_postgresql, fresh_postgresql

    try:
        drop_postgresql(fresh_postgresql())
    except BaseException as error:
        sys.stdout.write(f"SKIPPED: no PostgreSQL here ({type(error).__name__})\n")
        return None
    return fresh_postgresql, drop_postgresql


def parts(folder: Path, less: int) -> dict[str, Callable[[], list[Row]]]:
    """Every part; `less` divides how much is done."""
    sizes = {1: (1_000, 100_000, 1_000_000), 10: (1_000, 100_000)}.get(less, (300, 600))

    def listed() -> list[Row]:
        urls: dict[str, Callable[[int], str]] = {"SQLite": lists.files(folder)}
        dropped: list[str] = []
        if less < 100 and (there := postgresql()):
            fresh, drop = there
            urls["PostgreSQL"] = lambda _size: dropped.append(fresh()) or dropped[-1]
        rows = lists.measure(urls, sizes, max(5, 200 // less))
        for url in dropped:
            drop(url)
        return rows

    def worked() -> list[Row]:
        there = postgresql() if less < 100 else None
        return workers.measure(*there, max(4, 100 // less)) if there else []

    return {
        "acks": lambda: acks.measure(folder, *((5, 4000) if less < 100 else (1, 64))),  # quick enough as a whole
        "turns": lambda: turns.measure(folder, 60 if less < 100 else 3, second=less < 100),
        "lists": listed,
        "program": lambda: program.measure(max(50, 10_000 // less), max(1, 5 // less)),
        "workers": worked,
        "rasa": lambda: rasa.measure(folder, max(2, 30 // less)) if less < 100 else [],
    }


def run(less: int, only: list[str]) -> Iterator[Row]:
    """The parts one after the other, each told when it begins."""
    with tempfile.TemporaryDirectory() as place:
        for name, part in parts(Path(place), less).items():
            if not only or name in only:
                sys.stderr.write(f"{name} …\n")
                yield from part()


def main() -> None:
    """Run the parts and print the table."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--quick", action="store_true", help="a tenth of it")
    wanted.add_argument("--write", action="store_true", help="put the table into docs/speed.md and the plot beside it")
    wanted.add_argument("--only", default="", help="these parts, with commas between")
    given = wanted.parse_args()
    gc.disable()  # as `linli run` begins, and `starting.stands` goes on; as ever it cost a tenth of a turn
    head = machine()
    rows = list(run(10 if given.quick else 1, [name for name in given.only.split(",") if name]))
    sys.stdout.write(f"{head}\n\n{table(rows)}")
    if given.write:
        (DOCS / "speed.md").write_text(INTRO.format(machine=head, how=" ".join(sys.argv[1:])) + table(rows), "utf-8")
        (DOCS / "speed.svg").write_text(picture(rows), "utf-8")


if __name__ == "__main__":
    main()
