"""JSON as the database keeps it: one spelling a value."""

from __future__ import annotations

import json
from json.encoder import c_make_encoder, encode_basestring  # type: ignore[attr-defined]
from typing import Any

_DECODER = json.JSONDecoder()
_read = _DECODER.scan_once  # type: ignore[attr-defined]
_ESCAPED = json.JSONEncoder(sort_keys=True, separators=(",", ":"))
# What JSONEncoder makes anew for every value, and that takes longer than to spell a short one.
_spelt = c_make_encoder(None, _ESCAPED.default, encode_basestring, None, ":", ",", True, False, True)


def loads(text: str) -> Any:
    """What the text says; raises ValueError when it is no JSON."""
    try:
        value, end = _read(text, 0)
    except StopIteration:
        end = -1
    return value if end == len(text) else _DECODER.decode(text)  # blanks around it, or it tells what is wrong


def dumps(value: object) -> str:
    """JSON with one spelling a value, so that two equal values are equal text in the database."""
    spelt = "".join(_spelt(value, 0))
    try:
        spelt.encode()
    except UnicodeEncodeError:  # a lone surrogate (people send them) can be kept only as an escape
        return _ESCAPED.encode(value)
    return spelt
