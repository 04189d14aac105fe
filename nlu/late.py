"""Long regular expressions, compiled when they are first used: at start they would cost a third of a second."""

from __future__ import annotations

import re
from typing import Any, cast

METHODS = ("search", "match", "fullmatch", "finditer", "sub")


class _Late:
    """Looks like the pattern it becomes."""

    def __init__(self, source: str) -> None:
        self._source = source

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(self._source)
        self.__dict__.update({each: getattr(compiled, each) for each in METHODS})
        return getattr(compiled, name)


def late(source: str) -> re.Pattern[str]:
    """The pattern of `source`; a mistake in it shows at its first use, so each needs a test that uses it."""
    return cast("re.Pattern[str]", _Late(source))
