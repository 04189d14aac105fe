"""The part of a file whose form is right, so that what is wrong across the file is found in the same go."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from bot.community.reading import Document, Where
from bot.community.schema import CommunityForm

ROUNDS = 20


def prune(document: Document, error: ValidationError) -> tuple[CommunityForm | None, frozenset[str]]:
    """Take out of the document what has the wrong form; what is left, and the keys that went.

    A key that went is not unknown to those who refer to it. None: nothing usable is left. Changes the document.
    """
    gone: set[str] = set()
    for _ in range(ROUNDS):
        paths = {_path(document.data, e["loc"], whole=e["type"] == "missing") for e in error.errors(include_url=False)}
        if () in paths:
            return None, frozenset(gone)
        # Later entries of a list first, so that the places of the earlier ones stay what they are.
        for path in sorted(paths, key=_place, reverse=True):
            if not any(path[:n] in paths for n in range(1, len(path))):
                _remove(document, path, gone)
        try:
            return CommunityForm.model_validate(document.data), frozenset(gone)
        except ValidationError as another:
            error = another
    return None, frozenset(gone)


def _place(path: Where) -> list[int]:
    return [step if isinstance(step, int) else -1 for step in path]


def _path(data: Any, where: Where, *, whole: bool) -> Where:
    """The value at fault as it stands in the data; with `whole`, the list entry around it."""
    path: list[str | int] = []
    for step in where:
        known = isinstance(data, dict) and step in data
        if not known and not (isinstance(data, list) and isinstance(step, int) and step < len(data)):
            continue
        data = data[step]
        path.append(step)
    while whole and path and not isinstance(path[-1], int):
        path.pop()
    return tuple(path)


def _remove(document: Document, path: Where, gone: set[str]) -> None:
    around = document.data
    for step in path[:-1]:
        around = around[step]
    last = path[-1]
    gone |= _keys({last: around[last]})
    del around[last]
    if isinstance(around, list) and isinstance(last, int):
        lines = document.lines[id(around)]
        document.lines[id(around)] = {at - (at > last): line for at, line in lines.items() if at != last}


def _keys(value: Any) -> set[str]:
    """Every key named in what goes."""
    if isinstance(value, list):
        return {key for one in value for key in _keys(one)}
    if not isinstance(value, dict):
        return set()
    found = {key for one in value.values() for key in _keys(one)}
    return found | ({str(value["key"])} if "key" in value else set())
