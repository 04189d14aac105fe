"""What the program hears of danger in a message: as the engine it runs on says it, not the model alone."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from bot.commands.nlu import embedded_engine
from nlu.embedded import EmbeddedEngine
from nlu.understanding import Hazard

APART = Path(__file__).parents[1] / "nlu" / "apart"  # lines of ours that nothing was trained on


def apart(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (APART / f"{name}.jsonl").read_text("utf-8").splitlines()]


@cache
def engine(*, overheard: bool, second: bool) -> EmbeddedEngine:
    told = embedded_engine(second=second)
    return told.quick() if overheard else told


def heard(text: str, *, overheard: bool = False, second: bool = False) -> tuple[Hazard | None, Hazard | None]:
    """(alarm, concern); `second`: with the second stage, where it is installed."""
    seen = engine(overheard=overheard, second=second).understand(text)
    return seen.danger, seen.concern


def measured(rows: Iterable[dict[str, Any]], *, second: bool = False) -> tuple[float, float]:
    """Which part of what is danger is heard, and which of the near misses."""
    alarms = [(heard(row["text"], second=second)[0] is not None, row["danger"]) for row in rows]
    recall = sum(alarm for alarm, gold in alarms if gold) / sum(gold for _, gold in alarms)
    false = sum(alarm for alarm, gold in alarms if not gold) / sum(not gold for _, gold in alarms)
    print(f"heard {recall:.3f}, near misses {false:.3f}")
    return recall, false
