"""`linli nlu bench`: engines side by side on one labelled file, message by message in turn, with what they cost."""

from __future__ import annotations

import os
import platform
import resource
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nlu.understanding import Engine

EDGES = (0.5, 0.6, 0.7, 0.8, 0.9, 1.01)
COLUMNS = ("engine", "right (95% interval)", "messages/s", "p50 ms", "p99 ms", "start s", "memory MB")
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


def warmed(name: str, engine: Engine, start: float, *, here: bool = True) -> Run:
    """A run that has been asked once; `here`: the engine lives in this process."""
    for text in (
        "你好，楼道灯坏了怎么办",
        "那个怎么算",
        "积分的事法律上算不算志愿",
    ):  # the doubtful ones load all there is
        engine.understand(text)
    return Run(name, engine, start, f"{resident():,.0f}" if here else "–")


def interleaved(runs: Sequence[Run], rows: Sequence[tuple[str, str]]) -> None:
    """Ask every engine each message in turn, so that a busy moment hits all of them alike."""
    for text, flow in rows:
        for run in runs:
            begun = time.perf_counter()
            found = run.engine.understand(text)
            run.times.append(time.perf_counter() - begun)
            run.answers.append(((found.flow or "chatter") == flow, found.confidence))


def line(run: Run) -> str:
    """One line of the table."""
    times = sorted(run.times)
    right = sum(good for good, _ in run.answers)
    low, high = interval(right, len(times))
    p50, p99 = times[len(times) // 2] * 1000, times[int(len(times) * 0.99)] * 1000
    return (
        f"| {run.name} | {right / len(times):.3f} ({low:.3f}–{high:.3f}) | {len(times) / sum(times):,.0f} "
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
