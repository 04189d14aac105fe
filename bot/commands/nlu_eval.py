"""`linli nlu eval`: what an engine makes of a labelled file, as a report, and what became of it since other weights."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.commands.labelled import rows

if TYPE_CHECKING:
    from nlu.embedded import EmbeddedEngine


def judged(engine: EmbeddedEngine, file: Path) -> dict[str, list[tuple[str, str]]]:
    """(gold, guess) of every line, by kind of label."""
    pairs: dict[str, list[tuple[str, str]]] = {}
    for row in rows(file, dict, '{"text":…} and one of "flow", "category", "label7"'):
        for kind, gold, guess in _compare(engine, row):
            pairs.setdefault(kind, []).append((gold, guess))
    return pairs


def compared(before: list[tuple[str, str]], after: list[tuple[str, str]]) -> str:
    """What became right and what became wrong."""
    changes = Counter((old[0] == old[1], new[0] == new[1]) for old, new in zip(before, after, strict=True))
    right = sum(gold == guess for gold, guess in before) / len(before)
    return f"  before: accuracy {right:.4f}; now right {changes[False, True]}, now wrong {changes[True, False]}"


def _compare(engine: EmbeddedEngine, row: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(kind, gold, guess) for every label the row carries."""
    text = row.get("text") or row.get("short") or row.get("title")
    if not isinstance(text, str):
        return
    found = engine.understand(text)
    if "flow" in row:
        yield "flow", row["flow"] or "chatter", found.flow or "chatter"
    if "label7" in row:
        yield "label7", row["label7"], found.label7
    if row.get("category"):
        gold = str(row["category"])
        twenty = gold in {category for category, _ in engine.services.labels.values()}
        yield ("category", gold, found.category) if twenty else ("label7", gold, found.label7)


def report(kind: str, pairs: list[tuple[str, str]]) -> list[str]:
    """The lines of a report: a class each, then the whole, then what is confused most."""
    gold, guess, both = (
        Counter(g for g, _ in pairs),
        Counter(p for _, p in pairs),
        Counter(g for g, p in pairs if g == p),
    )
    lines, scores = [f"{kind}: {len(pairs)} lines"], []
    for name in sorted(gold):
        precision, recall = both[name] / max(guess[name], 1), both[name] / gold[name]
        scores.append(2 * precision * recall / max(precision + recall, 1e-9))
        lines.append(f"  {name}\tP {precision:.3f}\tR {recall:.3f}\tF1 {scores[-1]:.3f}\tn {gold[name]}")
    lines.append(f"  macro-F1 {sum(scores) / len(scores):.4f}  accuracy {sum(both.values()) / len(pairs):.4f}")
    confused = Counter((g, p) for g, p in pairs if g != p).most_common(10)
    return lines + [f"  {g} taken for {p}: {n}" for (g, p), n in confused]
