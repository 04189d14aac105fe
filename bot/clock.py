"""The only place that asks the time."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]

HOME = ZoneInfo("Asia/Shanghai")  # where a community says nothing else


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The date in Asia/Shanghai."""
    return now().astimezone(HOME).date()


def ticks() -> float:
    """Seconds since some moment, for measuring how long something took."""
    return time.perf_counter()
