"""Whatever somebody repeats, every pattern we read words with answers: none tries each way of reading it."""

from __future__ import annotations

import importlib
import itertools
import json
import pkgutil
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

import pytest

import bot
import flows
import nlu
from nlu.danger import WORDS
from nlu.late import Regex
from nlu.times import TIME

LONG = 120  # characters; words, answers and clauses are cut there or sooner
SHORTER = {"nlu.dates.told.BESIDE": 24, "flows.complaint.locate.AROUND": 20}  # what they are given is no longer
SOUGHT = (TIME,)  # never asked whether it is the whole of a text
PATIENCE = 20.0  # seconds: another way for each of forty words would take a year
MOST = 150  # fragments of a pattern
pytestmark = pytest.mark.journey


def patterns(package: ModuleType) -> Iterator[tuple[str, re.Pattern[str] | Regex]]:
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if found.name.endswith("__main__"):
            continue
        for name, value in vars(importlib.import_module(found.name)).items():
            yield from ((f"{found.name}.{name}", pattern) for pattern in _within(value))


def stored(value: object) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Those of danger, compiled when they are first tried (nlu/spotting.py)."""
    for name, part in value.items() if isinstance(value, dict) else ():
        yield from ((source, re.compile(source)) for source in part) if name == "sources" else stored(part)


def _within(value: object) -> Iterator[re.Pattern[str] | Regex]:
    """The patterns that a module's value is or holds."""
    if isinstance(value, re.Pattern | Regex) and isinstance(value.pattern, str):
        yield value
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _within(one)
    elif isinstance(value, dict):
        yield from _within(list(value.values()))


def fragments(source: str) -> list[str]:
    """Words that the pattern is made of, and pairs that stand side by side in it."""
    words = list(dict.fromkeys(re.findall(r"[一-龥]{1,4}", source)))
    words += [chars[0] for chars in re.findall(r"\[([^\]^\\][^\]]*)\]", source)]
    return [*words[:MOST], *map("".join, itertools.pairwise(words[:MOST])), "，", "1", "a", " "]


@contextmanager
def at_once(name: str, text: str) -> Iterator[None]:
    def late(_signal: int, _frame: object) -> None:
        raise AssertionError(f"{name} does not come to an end with {text[:12]!r} …")

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("package", [nlu, flows, bot], ids=lambda package: package.__name__)
def test_no_pattern_hangs_on_what_is_said_again_and_again(package: ModuleType) -> None:
    seen = 0
    made = stored(json.loads(WORDS.read_bytes())) if package is nlu else ()
    for name, pattern in (*patterns(package), *made):
        for said in fragments(pattern.pattern):
            text = said * (SHORTER.get(name, LONG) // len(said)) + "吃"
            with at_once(name, text):
                if pattern not in SOUGHT:
                    pattern.fullmatch(text)
                pattern.search(text)
            seen += 1
    assert seen > 100
