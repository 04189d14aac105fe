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
from tools.train_nlu import SEED, WEIGHTS, danger_texts, intent_head, read_examples, teach
from tools.train_second import sentence_vectors, train_second

SHARES = (0.05, 0.1, 0.25, 0.5, 1.0)
HEAD = "| examples | stage | right (95% interval) | macro-F1 |\n|---|---|---|---|"


def engine_of(found: list[tuple[str, Example]], folder: Path, cache: Path) -> EmbeddedEngine:
    """The shipped engine, its flow learned from these examples only."""
    shutil.copytree(WEIGHTS, folder, dirs_exist_ok=True)
    vectors = sentence_vectors([*(example.text for _, example in found), *danger_texts()], cache)
    made = intent_head(found, random.Random(SEED))
    if vectors is not None:
        teach("intent", made, found, vectors)
    pack(folder / "intent.npz", *(np.asarray(made[part]) for part in ("hashes", "weights", "bias")))
    engine = embedded_engine(weights=folder)
    if vectors is None or engine.second is None:
        return replace(engine, second=None)
    train_second(found, folder / "second.npz", vectors)
    services = sorted({e.intent.split("/")[1] for _, e in found if e.intent.startswith("report_problem/")})
    mixed = load_second(folder / "second.npz", list(made["classes"]), services)  # type: ignore[call-overload]
    return replace(engine, second=mixed and replace(engine.second, mean=mixed.mean, intent=mixed.intent))


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
    rows, found = gold_rows(chosen.file), read_examples()
    flow_of = {example: flow for flow, example in found}
    chosen.work.mkdir(parents=True, exist_ok=True)
    print(json.dumps({"messages": len(rows)}), HEAD, sep="\n", flush=True)
    for share in chosen.shares:
        part = [(flow_of[example], example) for example in share_of([e for _, e in found], share)]
        engine = engine_of(part, chosen.work / f"{share:g}", chosen.work / "vectors.npz")
        for stage, one in (("first", engine.quick()), ("both", engine)):
            seen = [(flow, one.understand(text).flow or "chatter") for text, flow in rows]
            print(line(len(part), stage, seen), flush=True)


if __name__ == "__main__":
    main()
