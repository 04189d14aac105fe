"""`linli nlu curve FILE`: how right the flow is with parts of the examples, with and without the second stage."""

from __future__ import annotations

import argparse
import json
import random
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np

from bot.commands.nlu import embedded_engine
from bot.commands.nlu_bench import interval
from bot.commands.nlu_eval import report
from bot.commands.nlu_tools import gold_rows
from nlu.embedded import EmbeddedEngine
from nlu.examples import share_of
from nlu.linear import pack
from nlu.second import load_second
from nlu.understanding import Example
from tools.train_nlu import SEED, WEIGHTS, intent_head, read_examples
from tools.train_second import train_second

SHARES = (0.05, 0.1, 0.25, 0.5, 1.0)
HEAD = "| examples | stage | right (95% interval) | macro-F1 |\n|---|---|---|---|"


def engine_of(found: list[tuple[str, Example]], shipped: EmbeddedEngine, folder: Path, cache: Path) -> EmbeddedEngine:
    """The shipped engine, its flow learned from these examples only."""
    folder.mkdir(parents=True, exist_ok=True)
    made = intent_head(found, random.Random(SEED))
    pack(folder / "intent.npz", *(np.asarray(made[part]) for part in ("hashes", "weights", "bias")))
    for name in ("local", "service"):
        shutil.copy(WEIGHTS / f"{name}.npz", folder)
    meta = json.loads((WEIGHTS / "heads.json").read_text("utf-8")) | {"intent": made["classes"]}
    (folder / "heads.json").write_text(json.dumps(meta), "utf-8")
    engine = EmbeddedEngine.load(folder, shipped.services.labels, second=False)
    services = sorted({e.intent.split("/")[1] for _, e in found if e.intent.startswith("report_problem/")})
    second = None
    if train_second(found, folder / "second.npz", cache):
        mixed = load_second(folder / "second.npz", engine.intents.names, services)
        second = replace(shipped.second, mean=mixed.mean, intent=mixed.intent) if shipped.second and mixed else None
    return replace(engine, second=second)


def line(count: int, stage: str, pairs: list[tuple[str, str]]) -> str:
    right = sum(gold == guess for gold, guess in pairs)
    low, high = interval(right, len(pairs))
    macro = next(part for part in report("flow", pairs) if "macro-F1" in part).split()[1]
    return f"| {count:,} | {stage} | {right / len(pairs):.3f} ({low:.3f}–{high:.3f}) | {macro} |"


def main() -> None:
    options = argparse.ArgumentParser(prog="linli nlu curve", description=__doc__)
    options.add_argument("file", type=Path, help='JSON lines with "text" and "flow"')
    options.add_argument("--shares", type=float, nargs="*", default=SHARES)
    options.add_argument("--work", type=Path, default=Path(".linli/curve"), help="where vectors are kept between runs")
    chosen = options.parse_args()
    rows, found, shipped = gold_rows(chosen.file), read_examples(), embedded_engine()
    flow_of = {example: flow for flow, example in found}
    chosen.work.mkdir(parents=True, exist_ok=True)
    print(json.dumps({"messages": len(rows)}), HEAD, sep="\n", flush=True)
    for share in chosen.shares:
        part = [(flow_of[example], example) for example in share_of([e for _, e in found], share)]
        engine = engine_of(part, shipped, chosen.work / f"{share:g}", chosen.work / "vectors.npz")
        for stage, one in (("first", engine.quick()), ("both", engine)):
            seen = [(flow, one.understand(text).flow or "chatter") for text, flow in rows]
            print(line(len(part), stage, seen), flush=True)


if __name__ == "__main__":
    main()
