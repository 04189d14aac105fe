"""What `linli nlu export-rasa` writes and `bench` reads, apart from the command line."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import yaml

from bot.commands.labelled import rows
from nlu.understanding import Example

CONFIG = Path(__file__).resolve().parents[2] / "nlu" / "rasa" / "config.yml"


def gold_rows(file: Path) -> list[tuple[str, str]]:
    """(text, flow) of every labelled line of a JSON-lines file."""
    found = rows(file, dict, '{"text":…,"flow":…}')
    return [(row["text"], row["flow"] or "chatter") for row in found if "text" in row and "flow" in row]


def rasa_project(examples: Iterable[Example], folder: Path) -> None:
    """Writes a project Rasa accepts: domain, training data and pipeline; services are a retrieval intent."""
    by_intent: dict[str, list[str]] = {}
    for example in examples:
        by_intent.setdefault(example.intent, []).append(example.text)
    names = sorted({intent.split("/")[0] for intent in by_intent})
    services = [intent for intent in by_intent if "/" in intent]
    domain = {
        "version": "3.1",
        "intents": names,
        "responses": {f"utter_{intent}": [{"text": intent.split("/")[1]}] for intent in services},
    }
    blocks = [
        {"intent": intent, "examples": _Block("".join(f"- {text}\n" for text in dict.fromkeys(texts)))}
        for intent, texts in by_intent.items()
    ]
    (folder / "data").mkdir(parents=True, exist_ok=True)
    _write(folder / "domain.yml", domain)
    (folder / "config.yml").write_bytes(CONFIG.read_bytes())
    _write(folder / "data" / "nlu.yml", {"version": "3.1", "nlu": blocks})


class _Block(str):
    """Text that is written as a YAML block, one example a line."""


class _Dumper(yaml.SafeDumper):
    """Knows blocks."""


_Dumper.add_representer(_Block, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", str(text), "|"))


def _write(path: Path, value: object) -> None:
    path.write_text(yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1000), "utf-8")
