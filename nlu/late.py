"""Long regular expressions, compiled when they are first used: at start they would cost a third of a second."""

from __future__ import annotations

import re
from typing import Any, cast

from nlu.pieces import opening

METHODS = ("search", "match", "fullmatch", "finditer", "sub")


class _Late:
    """Looks like the pattern it becomes."""

    def __init__(self, source: str) -> None:
        self._source = source

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(_looked_ahead(self._source))
        self.__dict__.update({each: getattr(compiled, each) for each in METHODS})
        return getattr(compiled, name)


def late(source: str) -> re.Pattern[str]:
    """The pattern of `source`; a mistake in it shows at its first use, so each needs a test that uses it."""
    return cast("re.Pattern[str]", _Late(source))


def _looked_ahead(source: str) -> str:
    """The same pattern, which looks at the next character before it tries a hundred alternatives in vain."""
    try:
        opens = opening(source)
    except ValueError:
        return source
    return f"(?={opens})(?:{source})" if opens else source
