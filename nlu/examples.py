"""Reads examples from Rasa's own YAML text, without opening any file."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable

import yaml

from nlu.understanding import Example


def parse_examples(text: str) -> tuple[Example, ...]:
    """The examples of one nlu.yml; `intent` is kept as written, such as `report_problem/street_light`."""
    found = []
    for block in yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))["nlu"]:  # noqa: S506 (both loaders are safe)
        for line in str(block.get("examples", "")).splitlines():
            if line.startswith("- ") and line[2:].strip():
                found.append(Example(line[2:].strip(), str(block["intent"])))
    return tuple(found)


def share_of(examples: Iterable[Example], share: float) -> list[Example]:
    """The same part (0..1) of every intent's examples each time, in their order; smaller parts lie in larger ones."""
    found = list(examples)
    by_intent: dict[str, list[Example]] = {}
    for example in dict.fromkeys(found):
        by_intent.setdefault(example.intent, []).append(example)
    kept: set[Example] = set()
    for same in by_intent.values():
        same.sort(key=lambda example: hashlib.sha256(example.text.encode("utf-8", "replace")).digest())
        kept.update(same[: math.ceil(len(same) * share)])
    return [example for example in found if example in kept]
