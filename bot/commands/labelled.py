"""Labelled files that understanding and law search are measured on: JSON lines, each of one form."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from bot.errors import Wrong

T = TypeVar("T")


def rows(file: Path, take: Callable[[Mapping[str, Any]], T], form: str) -> list[T]:
    """What `take` makes of each line. Raises Wrong, with the number of the line, where one is not of this form."""
    found = []
    for number, line in enumerate(file.read_bytes().split(b"\n"), start=1):
        if line.strip():
            try:
                found.append(take(dict(json.loads(line.decode("utf-8", "replace")))))
            except (ValueError, TypeError, KeyError, AttributeError):
                raise Wrong(f"{file}, line {number}: needs {form}") from None
    return found
