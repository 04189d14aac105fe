"""The effects of what falls due, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class Late(StrEnum):
    """What becomes of a due thing that is found late."""

    FINE = "fine"  # still done
    COALESCE = "coalesce"  # only the newest of its kind and subject is done
    EXPIRE = "expire"  # not done after `expires_at`


@dataclass(frozen=True, slots=True)
class Schedule:
    """Something falls due; the same key again moves it."""

    kind: str
    key: str
    at: datetime
    subject: Mapping[str, Any]
    late: Late = Late.FINE
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Unschedule:
    """What was due under this key is not any more (a trailing * takes all that begin so)."""

    key: str


ClockEffect = Schedule | Unschedule
