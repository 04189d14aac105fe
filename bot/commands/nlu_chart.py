"""The picture of `linli nlu bench`: how right and how quick each engine is, two rows of bars as plain SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDE, BAR, LEFT, RIGHT = 720, 26, 210, 110
COLOURS = ("#2f6f8f", "#4c9a8a", "#b0b7bd", "#c9a35b")


@dataclass(frozen=True, slots=True)
class Bars:
    """One row of bars: a title, and (engine, length 0..1, what is written beside it, interval 0..1 or None)."""

    title: str
    rows: tuple[tuple[str, float, str, tuple[float, float] | None], ...]


def accuracy(measured: Sequence[tuple[str, float, float, float]]) -> Bars:
    """(engine, right, low, high) as bars."""
    rows = tuple((name, right, f"{right:.3f}", (low, high)) for name, right, low, high in measured)
    return Bars("right on private messages, with the 95% interval", rows)


def speed(measured: Sequence[tuple[str, float]]) -> Bars:
    """(engine, messages a second) as bars of a logarithmic scale from 1."""
    most = math.log10(max(10.0, *(rate for _, rate in measured)))
    rows = tuple((name, max(0.0, math.log10(max(1.0, rate))) / most, f"{rate:,.0f}/s", None) for name, rate in measured)
    return Bars("messages a second, one at a time (logarithmic)", rows)


def svg(parts: Sequence[Bars], caption: str) -> str:
    """The whole picture; readable on light and dark pages."""
    y, out = 16, []
    for part in parts:
        out.append(_text(8, y + 10, part.title, weight="600"))
        y += 24
        for number, row in enumerate(part.rows):
            out.append(_bar(row, y, COLOURS[number % len(COLOURS)]))
            y += BAR + 8
        y += 14
    out.append(_text(8, y + 6, caption, size=11))
    body = "\n".join(out)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDE}" height="{y + 18}" viewBox="0 0 {WIDE} {y + 18}"'
    return (
        f'{head} font-family="sans-serif">\n<rect width="100%" height="100%" rx="8" fill="#ffffff"/>\n{body}\n</svg>\n'
    )


def _bar(row: tuple[str, float, str, tuple[float, float] | None], y: int, colour: str) -> str:
    name, share, label, interval = row
    room = WIDE - LEFT - RIGHT
    parts = [
        _text(LEFT - 8, y + BAR - 8, name, anchor="end"),
        f'<rect x="{LEFT}" y="{y}" width="{room * share:.1f}" height="{BAR}" rx="3" fill="{colour}"/>',
    ]
    end = LEFT + room * share
    if interval:
        low, high = (LEFT + room * edge for edge in interval)
        middle = y + BAR / 2
        parts.append(f'<path d="M{low:.1f} {middle}H{high:.1f}" stroke="#1b1f23" stroke-width="2"/>')
        end = high
    parts.append(_text(end + 8, y + BAR - 8, label))
    return "\n".join(parts)


def _text(x: float, y: float, words: str, *, anchor: str = "start", weight: str = "400", size: int = 13) -> str:
    style = f'font-size="{size}" font-weight="{weight}" text-anchor="{anchor}" fill="#1b1f23"'
    return f'<text x="{x:.1f}" y="{y:.1f}" {style}>{escape(words)}</text>'
