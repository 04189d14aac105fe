"""Which of many patterns a text holds: each branch of one is tried only where words it cannot do without are there."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import cache
from operator import add
from typing import Any

from nlu.pieces import COMMON, branches, piece

compiled = cache(re.compile)


def keys_of(text: str) -> set[str]:
    """The characters of a text, and its pairs of neighbours."""
    return {*text, *map(add, text, text[1:])}


class Spotter:
    """Finds the names of the patterns that a text holds; made from what `index` says of them."""

    def __init__(self, stored: Mapping[str, Any]) -> None:
        self._stored = stored
        self._names: Sequence[str] = stored["names"]
        self._sources: Sequence[str] = stored["sources"]
        self._tries: Mapping[Hashable, Sequence[tuple[int, str, int]]] = stored["tries"]
        self.keys: Iterable[str] = stored["tries"].keys()

    def found(self, text: str, keys: Iterable[Hashable]) -> tuple[str, ...]:
        """The names, in the order they were given; `keys` are those of the text, or more."""
        seen, tries = set[int](), self._tries
        for key in keys:
            for name, word, source in tries.get(key, ()):
                if name not in seen and (word in text if word else compiled(self._sources[source]).search(text)):
                    seen.add(name)
        return tuple([self._names[number] for number in sorted(seen)]) if seen else ()

    def numbered(self, keys_at: Sequence[Sequence[str]]) -> Spotter:
        """The same, asked by numbers: of each the keys it stands for."""
        tries = {n: [each for key in keys for each in self._tries.get(key, ())] for n, keys in enumerate(keys_at)}
        return Spotter({**self._stored, "tries": {n: some for n, some in tries.items() if some}})

    def ready(self) -> None:
        """Compile now what would be compiled when it is first tried (a tenth of a second in all)."""
        for source in self._sources:
            compiled(source)


def index(patterns: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """What a `Spotter` needs to know of (name, pattern): by key, what is tried where the key is in a text, which is a
    word that is enough, or a branch by its number. Raises ValueError for a pattern of which nothing is known."""
    names: list[str] = []
    sources: list[str] = []
    tries: dict[str, list[tuple[int, str, int]]] = {}
    for name, source in patterns:
        names += [] if name in names else [name]
        for branch in branches(source):
            known = piece(branch)
            if known.exact and known.words:
                found = [(_key(word), word, -1) for word in sorted(known.words)]
            else:
                sources += [] if branch in sources else [branch]
                needs = sorted({_key(word) for word in known.needs or known.words or [""]})
                found = [(key, "", sources.index(branch)) for key in needs]
            for key, word, number in found:
                if not key:
                    raise ValueError(f"anything may match: {branch}")
                tries.setdefault(key, []).append((names.index(name), word, number))
    return {"names": names, "sources": sources, "tries": tries}


def _key(word: str) -> str:
    """The rarest pair of characters in a word, or the one it consists of."""
    pairs = [word[i : i + 2] for i in range(len(word) - 1)] or [word]
    return min(pairs, key=lambda pair: sum(c in COMMON for c in pair))
