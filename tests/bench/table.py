"""What a run found, as a table and as a picture."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from os import cpu_count, getloadavg
from pathlib import Path
from statistics import median


@dataclass(frozen=True, slots=True)
class Row:
    """One line: `score` is what is compared with `want`; at least it, or with `most` at most."""

    what: str
    against: str
    want: float | None
    score: float | None
    measured: str
    most: bool = False
    note: str = ""

    @property
    def reached(self) -> str:
        if self.score is None:
            return "not measured"
        if self.want is None:
            return ""
        good = self.score <= self.want if self.most else self.score >= self.want
        return "yes" if good else "**no**"


def machine() -> str:
    """The processor, its cores, the Python, the load."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        lines = []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    load = f"load {getloadavg()[0]:.1f} when it began"
    name = named[0] if named else platform.machine()
    return f"{name}, {cpu_count()} cores, Python {platform.python_version()}, {load}"


def spread(values: Sequence[float], digits: int = 0) -> str:
    return f"{median(values):,.{digits}f} ({min(values):,.{digits}f}-{max(values):,.{digits}f})"


def table(rows: Sequence[Row]) -> str:
    """A table in Markdown, with what bounds a figure below it."""
    lines = ["| what | against | want | found | measured | reached |", "|---|---|---|---|---|---|"]
    for row in rows:
        want = "" if row.want is None else f"{'≤' if row.most else '≥'} {row.want:g}"
        found = "" if row.score is None else f"{row.score:.2f}"
        lines.append(f"| {row.what} | {row.against} | {want} | {found} | {row.measured} | {row.reached} |")
    notes = [f"- {row.what}: {row.note}" for row in rows if row.note]
    return "\n".join([*lines, "", *notes]).rstrip() + "\n"


def picture(rows: Sequence[Row]) -> str:
    """Bars of how far each figure is from what is wanted (1 is just reached, to the right is better), as SVG."""
    shown = [row for row in rows if row.want and row.score]
    height, left, wide = 26, 420, 360
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + wide + 80}" height="{height * len(shown) + 30}" '
        'font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="white"/>'
    ]
    for n, row in enumerate(shown):
        assert row.want and row.score
        share = row.want / row.score if row.most else row.score / row.want
        long, y = wide * min(share, 4) / 4, 8 + n * height
        colour = "#2e7d32" if share >= 1 else "#c62828"
        parts.append(f'<text x="{left - 8}" y="{y + 13}" text-anchor="end">{escape(row.what[:66])}</text>')
        parts.append(f'<rect x="{left}" y="{y}" width="{long:.0f}" height="18" fill="{colour}"/>')
        parts.append(f'<text x="{left + long + 5:.0f}" y="{y + 13}">{share:.1f}</text>')
    line = left + wide / 4
    parts.append(f'<line x1="{line}" y1="0" x2="{line}" y2="{height * len(shown) + 8}" stroke="black"/>')
    parts.append(f'<text x="{line}" y="{height * len(shown) + 22}" text-anchor="middle">wanted</text></svg>')
    return "\n".join(parts) + "\n"
