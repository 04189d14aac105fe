"""JSON as the database keeps it: one spelling a value."""

from __future__ import annotations

import json
import re

loads = json.JSONDecoder().decode
_SPELL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
_ESCAPED = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode
_LONE = re.compile("[\ud800-\udfff]")


def dumps(value: object) -> str:
    """JSON with one spelling a value, so that two equal values are equal text in the database."""
    spelt = _SPELL(value)
    # A lone surrogate (people send them) can be kept only as an escape.
    return spelt if _LONE.search(spelt) is None else _ESCAPED(value)
