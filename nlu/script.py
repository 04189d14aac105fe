"""Which script somebody writes, and our words in it; names and people's own words stay as they are written."""

from __future__ import annotations

from functools import cache
from typing import Any

from nlu.normalize import written_otherwise

_KEPT = "\u2060"  # around what is not ours to rewrite; taken away before anybody reads it


@cache
def _converter(name: str) -> Any:
    from opencc import OpenCC

    return OpenCC(name)


def kept(text: str) -> str:
    """The text marked as a name or as somebody's own words: 幸福里 is not 幸福裏 in any script."""
    return f"{_KEPT}{text.replace(_KEPT, '')}{_KEPT}"


def unmarked(text: str) -> str:
    """The text as it is read, without the marks of `kept`."""
    return text.replace(_KEPT, "")


def traditional(text: str) -> str:
    """The text in traditional characters, but for what is marked as kept."""
    parts = text.split(_KEPT)
    return "".join(part if i % 2 else str(_converter("s2hk").convert(part)) for i, part in enumerate(parts))


def script(text: str, before: str) -> str:
    """hans or hant: what the text is written in; what it was before when the text does not tell."""
    if text.isascii():
        return before
    sample = text[:200]
    if before == "hans" and not written_otherwise().search(sample):  # nothing that is written otherwise
        return before
    simple = str(_converter("t2s").convert(sample))
    changed = sum(a != b for a, b in zip(sample, simple, strict=False))
    if changed >= 2 or (changed and len(sample) < 12):
        return "hant"
    return "hans" if traditional(sample) != sample else before
