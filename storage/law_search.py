"""Puts the law search together: articles from the library, what we wrote about them, vectors where there are any."""

from __future__ import annotations

import json
from collections.abc import Collection
from importlib.resources import files
from typing import Any

import yaml

from flows.legal.article import Article
from flows.legal.knowledge import Knowledge, parse_asked, parse_lexicon, parse_outside
from flows.legal.search import LawSearch
from storage.law_library import LawLibrary
from storage.law_vectors import Stored, load_meaning

_FOLDER = files("flows.legal")
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one reads the questions ten times faster


def load_knowledge(leave_out: Collection[str] = ()) -> Knowledge:
    """The lexicon, priors, questions, guides and weights that ship with Linli; some may be left out, to measure."""
    from storage.law_guides import read_guides  # which reads the rest to check it

    return Knowledge(
        weights=json.loads((_FOLDER / "tuned.json").read_text(encoding="utf-8")),
        lexicon={} if "lexicon" in leave_out else parse_lexicon(_yaml("lexicon.yml")),
        priors={} if "priors" in leave_out else {str(law): float(w) for law, w in _yaml("priors.yml").items()},
        asked={} if "asked" in leave_out else parse_asked(_asked()),
        outside=parse_outside(_yaml("outside.yml")),
        guides=() if "guides" in leave_out else read_guides(),
    )


def load_search(
    library: LawLibrary | None = None,
    *,
    meaning: bool = True,
    leave_out: Collection[str] = (),
    more: Stored | None = None,
) -> LawSearch:
    """A search over every article of the library; with `meaning` also by sentence vectors, if they are installed.

    `more`: the vectors of imported articles.
    """
    articles: tuple[Article, ...] = (library or LawLibrary.embedded()).all
    search = LawSearch(articles, load_knowledge(leave_out))
    found = load_meaning(search, more=more) if meaning else None
    return search.with_meaning(found) if found is not None else search


def _yaml(name: str) -> dict[Any, Any]:
    return yaml.load((_FOLDER / name).read_text(encoding="utf-8"), Loader=_Loader) or {}  # noqa: S506 - a safe loader


def _asked() -> dict[str, dict[int | str, str]]:
    """Every file of expansions, together; a law may stand in several."""
    together: dict[str, dict[int | str, str]] = {}
    for entry in sorted((_FOLDER / "expansions").iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".yml"):
            laws = yaml.load(entry.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader
            for law, articles in (laws or {}).items():
                own = together.setdefault(law, {})
                for number, questions in articles.items():
                    own[number] = f"{own[number]} | {questions}" if number in own else questions
    return together
