"""`linli nlu bench`: engines side by side on one labelled file, some messages each in turn, with what they cost."""

from __future__ import annotations

import os
import platform
import resource
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nlu.understanding import Engine, Understanding

EDGES = (0.5, 0.6, 0.7, 0.8, 0.9, 1.01)
COLUMNS = ("engine", "right (95% interval)", "messages/s", "p50 ms", "p99 ms", "start s", "memory MB")
OPENS, CLOSES = "<!-- bench: written by `linli nlu bench --write` -->", "<!-- /bench -->"
HEAD = f"| {' | '.join(COLUMNS)} |\n{'|---' * len(COLUMNS)}|"


@dataclass(slots=True)
class Run:
    """One engine under measurement; `memory` is what the process held after it was loaded and asked, in MB."""

    name: str
    engine: Engine
    start: float  # seconds
    memory: str = "–"
    times: list[float] = field(default_factory=list)
    answers: list[tuple[bool, float]] = field(default_factory=list)  # (right, confidence)


def engines() -> Iterator[Run]:
    """The engines that are here, loaded one after another."""
    from bot.commands.nlu import embedded_engine

    begun = time.perf_counter()
    first = embedded_engine(second=False)
    first.ready()
    yield warmed("embedded, first stage", first, time.perf_counter() - begun)
    begun = time.perf_counter()
    yield warmed("embedded, with the second", embedded_engine(), time.perf_counter() - begun)


def rate(run: Run) -> float:
    """Messages a second, one at a time."""
    return len(run.times) / sum(run.times)


def picture(runs: Sequence[Run]) -> str:
    """Accuracy and speed of the engines as SVG."""
    from bot.commands import nlu_chart

    right = []
    for run in runs:
        good = sum(found for found, _ in run.answers)
        right.append((run.name, good / len(run.times), *interval(good, len(run.times))))
    bars = (nlu_chart.accuracy(right), nlu_chart.speed([(run.name, rate(run)) for run in runs]))
    return nlu_chart.svg(bars, f"{len(runs[0].times)} messages on {machine()}")


def put(page: str, table: str) -> str:
    """The page with the table between its marks; raises ValueError when it has none."""
    before, opened, rest = page.partition(OPENS)
    _, closed, after = rest.partition(CLOSES)
    if not opened or not closed:
        raise ValueError(f"no {OPENS} … {CLOSES} in the page")
    return f"{before}{OPENS}\n{table.strip()}\n{CLOSES}{after}"


def with_all(run: Run) -> str:
    """The memory of this process with every optional model loaded (vectors, names of persons), in MB."""
    from nlu.persons import Persons

    Persons().named("王大妈和李建国住在幸福里")
    return f"With every optional model loaded this process held {resident():,.0f} MB after {run.name}."


def warmed(name: str, engine: Engine, start: float, *, here: bool = True) -> Run:
    """A run that has been asked once; `here`: the engine lives in this process."""
    for text in (
        "你好，楼道灯坏了怎么办",
        "那个怎么算",
        "积分的事法律上算不算志愿",
    ):  # the doubtful ones load all there is
        engine.understand(text)
    return Run(name, engine, start, f"{resident():,.0f}" if here else "–")


def interleaved(runs: Sequence[Run], rows: Sequence[tuple[str, str]], in_a_row: int) -> None:
    """Ask every engine so many messages in turn, one at a time, so that a busy moment hits all of them alike.

    One by one (`in_a_row` 1) each engine finds the processor's caches full of what the others needed: that measures how
    quickly they fill again, which is most of the time of an engine that needs a tenth of a millisecond.
    """
    for start in range(0, len(rows), in_a_row):
        for run in runs:
            for text, flow in rows[start : start + in_a_row]:
                begun = time.perf_counter()
                found = run.engine.understand(text)
                read(found)
                run.times.append(time.perf_counter() - begun)
                run.answers.append(((found.flow or "chatter") == flow, found.confidence))


def read(found: Understanding) -> None:
    """Ask for what a turn asks for: what a complaint is about and where, and of anything else neither."""
    if found.flow == "complaint":
        found.services, found.slots  # noqa: B018 (an engine may find them out now)


def line(run: Run) -> str:
    """One line of the table."""
    times = sorted(run.times)
    right = sum(good for good, _ in run.answers)
    low, high = interval(right, len(times))
    p50, p99 = times[len(times) // 2] * 1000, times[int(len(times) * 0.99)] * 1000
    return (
        f"| {run.name} | {right / len(times):.3f} ({low:.3f}–{high:.3f}) | {rate(run):,.0f} "
        f"| {p50:.2f} | {p99:.2f} | {run.start:.2f} | {run.memory} |"
    )


def reliability(run: Run) -> Iterator[str]:
    """How often it is right where it says how sure it is."""
    yield f"| {run.name} says | right | messages |\n|---|---|---|"
    for low, high in zip((0.0, *EDGES[:-1]), EDGES, strict=True):
        bucket = [good for good, sure in run.answers if low <= sure < high]
        if bucket:
            yield f"| {low:.1f}–{min(high, 1.0):.1f} | {sum(bucket) / len(bucket):.3f} | {len(bucket)} |"


def interval(right: int, count: int) -> tuple[float, float]:
    """Wilson's 95% interval of a share."""
    z, share = 1.96, right / count
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * (share * (1 - share) / count + z * z / (4 * count * count)) ** 0.5
    return max(0.0, middle - half), min(1.0, middle + half)


def resident() -> float:
    """The memory this process holds, in MB; at most what it ever held where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
    except (OSError, ValueError, IndexError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def machine() -> str:
    """The machine a table was made on, and how busy it was."""
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    return f"{platform.machine()}, {os.cpu_count()} cores{load}, {system}"
