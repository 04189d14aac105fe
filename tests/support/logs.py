"""What the program logs meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bot import logs


@contextmanager
def capture_logs() -> Iterator[list[dict[str, Any]]]:
    """The events of the block, whatever is printed."""
    lines: list[dict[str, Any]] = []
    before = logs.listen(lambda _logger, method, event: lines.append({**event, "log_level": method}))
    try:
        yield lines
    finally:
        logs.listen(before)
