"""Which script somebody writes, and our words in it."""

from __future__ import annotations

from functools import cache
from typing import Any


@cache
def _converter(name: str) -> Any:
    from opencc import OpenCC

    return OpenCC(name)


def traditional(text: str) -> str:
    """The text in traditional characters."""
    return str(_converter("s2hk").convert(text))


def script(text: str, before: str) -> str:
    """hans or hant: what the text is written in; what it was before when the text does not tell."""
    if text.isascii():
        return before
    sample = text[:200]
    simple = str(_converter("t2s").convert(sample))
    changed = sum(a != b for a, b in zip(sample, simple, strict=False))
    if changed >= 2 or (changed and len(sample) < 12):
        return "hant"
    return "hans" if traditional(sample) != sample else before
