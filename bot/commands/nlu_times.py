"""The times of messages as they are meant: what `linli nlu predict` shows of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from nlu.dates.spoken import spoken_when
from nlu.dates.told import when_told
from nlu.dates.values import When
from nlu.normalize import normalize


def meant(text: str, now: datetime) -> dict[str, Any] | None:
    """The time as it is meant, the past before the future; in doubt: why, and what it may mean."""
    told = when_told(normalize(text), now)
    if told is None:
        return None
    if isinstance(told.found, When):
        return {"words": told.words, "said": spoken_when(told.found, now), **told.found.to_json()}
    readings = [{"said": spoken_when(one, now), **one.to_json()} for one in told.found.readings]
    return {"words": told.words, "unclear": told.found.why, "readings": readings}
