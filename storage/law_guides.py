"""The guides that ship with Linli: only those whose every citation holds on the day are handed out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import yaml

from flows.legal.citations import citations
from flows.legal.guides import Guide, parse_guides, problems
from storage.law_library import LawLibrary
from storage.law_search import load_knowledge

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is ten times faster
_FOLDER = files("flows.legal") / "guides"
_READ_BY_HAND = frozenset({("志愿服务条例", "第十九条")})  # laws that are not among those we ship: held by their text


def read_guides() -> tuple[Guide, ...]:
    """Every guide in the files, checked or not."""
    rows: list[dict[str, Any]] = []
    for entry in sorted(_FOLDER.iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".yml"):
            rows.extend(yaml.load(entry.read_text(encoding="utf-8"), Loader=_Loader))  # noqa: S506 - a safe loader
    return parse_guides(rows)


def load_guides(library: LawLibrary, on: date) -> tuple[Guide, ...]:
    """The guides that may be shown on that day: a guide whose article changed or left force is left out."""
    lookup = partial(library.article, on=on)
    return tuple(guide for guide in read_guides() if not problems(guide, lookup))


def check_all(on: date, library: LawLibrary | None = None, texts: Traversable | None = None) -> tuple[list[str], int]:
    """What is wrong with any citation we ship on that day (guides, texts, questions), and how many were looked at."""
    library, guides = library or LawLibrary.embedded(), read_guides()
    failures: list[str] = []
    for guide in guides:
        failures.extend(problems(guide, partial(library.article, on=on)))
    named = [*_named_in_texts(texts), *(("expansions", law, number) for law, number in load_knowledge().asked)]
    failures.extend(
        f"{where}: 《{law}》{number} does not exist or is not in force"
        for where, law, number in named
        if library.article(law, number, on) is None
    )
    return failures, sum(len(guide.law_sentences) for guide in guides) + len(named)


def _named_in_texts(folder: Traversable | None = None) -> Iterator[tuple[str, str, str]]:
    """Articles named in what the flows say (every module of texts): the file, the law, the number."""
    for path, entry in _texts(folder or files("flows"), "flows"):
        for citation in citations(entry.read_text(encoding="utf-8")):
            if citation.law and (citation.law, citation.number) not in _READ_BY_HAND:
                yield path, citation.law, citation.number


def _texts(folder: Traversable, path: str) -> Iterator[tuple[str, Traversable]]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _texts(entry, f"{path}/{entry.name}")
        elif entry.name.endswith(".py") and "texts" in entry.name:
            yield f"{path}/{entry.name}", entry
