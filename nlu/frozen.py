"""A frozen value with some of its fields changed, for what every turn does some six times."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import replace as replace  # what the types are checked by
else:

    def replace(value: Any, /, **changes: Any) -> Any:
        """As dataclasses.replace, which looks at the description of each field anew."""
        names, values = _fields(type(value))
        return type(value)(**{**dict(zip(names, values(value), strict=True)), **changes})


@cache
def _fields(kind: type) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    names = tuple(field.name for field in fields(kind) if field.init)
    return names, attrgetter(*names) if len(names) > 1 else lambda value: (getattr(value, names[0]),)
