"""JSON as the database keeps it: one spelling a value."""

from __future__ import annotations

import json
import re
from _json import encode_basestring, make_encoder, make_scanner
from typing import Any, cast

# What JSONEncoder.encode and json.loads make anew for every value, made once: a turn writes seven and reads four.
_SPELL = make_encoder(None, json.JSONEncoder().default, encode_basestring, None, ":", ",", True, False, True)
_SCAN: Any = make_scanner(cast("Any", json.JSONDecoder()))
_LONE = re.compile("[\ud800-\udfff]")


def dumps(value: Any) -> str:
    """JSON with one spelling a value, so that two equal values are equal text in the database."""
    spelt = "".join(_SPELL(value, 0))
    # A lone surrogate (people send them) can be kept only as an escape.
    return spelt if _LONE.search(spelt) is None else json.dumps(value, sort_keys=True, separators=(",", ":"))


def loads(text: str) -> Any:
    """What `dumps` wrote, or what somebody put there by hand."""
    try:
        return _SCAN(text, 0)[0]
    except StopIteration:
        return json.loads(text)
