"""Reads examples from Rasa's own YAML text, without opening any file."""

from __future__ import annotations

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
