"""Draws sentences of danger, and what only sounds like it, from nlu/danger_grammar/.

`python -m tools.danger_grammar fire 100` prints a hundred of fire.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from nlu.examples import parse_examples

FOLDER = Path(__file__).resolve().parent.parent / "nlu" / "danger_grammar"
_TOKEN = re.compile(r"\(|\)\?|\)|\||<[^>]*>|[^()|<>]+")
_STOPS = ("，", "，", "，", " ", " ", "", "。", ",")
OPTIONAL = 0.5  # how often "(…)?" is there
BEFORE, AFTER = 0.12, 0.15  # how often something unrelated stands before and after
# A part of a sentence: text, a name, or a choice with how often it is there at all.
Part = str | tuple[float, list[list["Part"]]]


class Grammar:
    """Templates read once, sentences drawn with one generator of random numbers."""

    def __init__(self, words: Mapping[str, str], rng: random.Random) -> None:
        self.words = {name: parsed(f"({choices})") for name, choices in words.items()}
        self.rng = rng

    def draw(self, template: str) -> str:
        """One sentence as somebody may type it."""
        text = self._said(parsed(template))
        before, after = (
            ("<前>，" if self.rng.random() < BEFORE else ""),
            ("，<后>" if self.rng.random() < AFTER else ""),
        )
        whole = self._said(parsed(before)) + text + self._said(parsed(after))
        stop = self.rng.choice(_STOPS)
        return re.sub("，+", stop, whole).strip(" ，。,")

    def several(self, template: str, count: int) -> list[str]:
        """Up to `count` different sentences of one template."""
        return sorted({self.draw(template) for _ in range(count)})

    def _said(self, parts: list[Part]) -> str:
        return "".join(self._part(part) for part in parts)

    def _part(self, part: Part) -> str:
        if isinstance(part, str):
            return self._said(self.words[part[1:-1]]) if part.startswith("<") else part
        often, choices = part
        return self._said(self.rng.choice(choices)) if self.rng.random() < often else ""


def parsed(template: str) -> list[Part]:
    """`a(b|c)?<d>` as its parts."""
    tokens = _TOKEN.findall(template)
    tokens.reverse()
    parts = _sequence(tokens)
    if tokens:
        raise ValueError(f"too many brackets: {template}")
    return parts


def _sequence(tokens: list[str]) -> list[Part]:
    parts: list[Part] = []
    while tokens and tokens[-1] not in ("|", ")", ")?"):
        token = tokens.pop()
        parts.append(_choice(tokens) if token == "(" else token)
    return parts


def _choice(tokens: list[str]) -> Part:
    choices = [_sequence(tokens)]
    while tokens and tokens[-1] == "|":
        tokens.pop()
        choices.append(_sequence(tokens))
    if not tokens:
        raise ValueError("a bracket is not closed")
    return (OPTIONAL if tokens.pop() == ")?" else 1.0), choices


def templates() -> list[tuple[str, str, str]]:
    """(file, class, template) of every line, in a fixed order."""
    return [
        (path.stem, example.intent, example.text)
        for path in sorted(FOLDER.glob("*.yml"))
        if path.stem not in ("words", "frames")
        for example in parse_examples(path.read_text("utf-8"))
    ]


def frames() -> list[str]:
    return [example.text for example in parse_examples((FOLDER / "frames.yml").read_text("utf-8"))]


def words() -> dict[str, str]:
    loaded: dict[str, str] = yaml.safe_load((FOLDER / "words.yml").read_text("utf-8"))["words"]
    return loaded


def drawn(seed: float, count: int = 10, framed: int = 40) -> Iterator[tuple[str, str, str]]:
    """(file, class, sentence), the same each time: up to `count` of a template, `framed` of a frame."""
    rng = random.Random(seed)
    grammar = Grammar(words(), rng)
    every = templates()
    for file, hazard, template in every:
        for text in grammar.several(template, count):
            yield file, hazard, text
    dangers = [template for _, hazard, template in every if hazard != "none"]
    for frame in frames():
        for _ in range(framed):
            yield "frames", "none", grammar.draw(frame.replace("<险>", rng.choice(dangers)))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("hazard")
    options.add_argument("count", type=int, nargs="?", default=100)
    asked = options.parse_args()
    rng = random.Random()
    found = [text for _, hazard, text in drawn(rng.random()) if hazard == asked.hazard]
    print("\n".join(rng.sample(found, min(asked.count, len(found)))))


if __name__ == "__main__":
    main()
