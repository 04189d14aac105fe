"""Regular expressions, compiled when they are first used: at start all of them would take a quarter of a second."""

from __future__ import annotations

import re
from collections import deque
from typing import Any, AnyStr, cast

from nlu.pieces import opening

METHODS = ("search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split")
_uncompiled: deque[Late] = deque()


class Regex:
    """Looks like the pattern it has become."""

    def __init__(self, source: Any, flags: int, *, long: bool) -> None:
        self.pattern = source
        self._flags = flags
        self._long = long


class Late(Regex):
    """Becomes one when it is first used; a class of its own, since what it then has is found quicker without this."""

    def __getattr__(self, name: str) -> Any:
        if name not in METHODS:
            raise AttributeError(name)
        compiled = re.compile(_looked_ahead(self.pattern) if self._long else self.pattern, self._flags)
        self.__dict__.update({each: getattr(compiled, each) for each in METHODS})
        self.__class__ = Regex  # type: ignore[assignment]
        return getattr(compiled, name)


def _late(source: Any, flags: int, *, long: bool) -> Any:
    _uncompiled.append(Late(source, flags, long=long))
    return _uncompiled[-1]


def regex(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """The pattern of `source`; a mistake in it shows at its first use: tests/test_patterns.py uses each."""
    return cast("re.Pattern[AnyStr]", _late(source, flags, long=False))


def late(source: str) -> re.Pattern[str]:
    """The same for a long one, which looks at the next character before it tries a hundred alternatives in vain."""
    return cast("re.Pattern[str]", _late(source, 0, long=True))


def compile_next() -> bool:
    """Compile one that nobody has used yet, for a moment when nobody waits; False: there is none left."""
    if not _uncompiled:
        return False
    _uncompiled.popleft().search  # noqa: B018 - asked for, so that it is compiled
    return True


def _looked_ahead(source: str) -> str:
    """The same pattern behind a look at what it may begin with."""
    try:
        opens = opening(source)
    except ValueError:
        return source
    return f"(?={opens})(?:{source})" if opens else source
