"""The morning digest of a grid's staff group: one message, not many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flows.complaint.rules import spoken

TITLE = "早上好，今天的诉求："
NOTHING = "早上好，现在没有在办的诉求。"
COUNTS = "在办{open}件，其中新的{new}件，超时{overdue}件。"
SOON = "快到时限："
LINE = "· {number} {title}，{due}"
MORE = "……还有{more}件"
SHOWN = 5


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case that is being worked on, as the digest counts it."""

    number: str
    title: str
    opened_at: datetime
    due: datetime | None
    owned: bool


def digest(cases: Sequence[OpenCase], now: datetime, since: datetime, zone: ZoneInfo) -> str | None:
    """The digest's text; None when there is nothing to tell."""
    if not cases:
        return None
    overdue = [c for c in cases if c.due and c.due < now]
    counts = COUNTS.format(open=len(cases), new=sum(c.opened_at >= since for c in cases), overdue=len(overdue))
    first = sorted((c for c in cases if c.due), key=lambda c: (c.due, c.number))
    lines = [LINE.format(number=c.number, title=c.title, due=_due(c, now, zone)) for c in first[:SHOWN]]
    more = [MORE.format(more=len(cases) - SHOWN)] if len(cases) > SHOWN else []
    return "\n".join([TITLE, counts, *([SOON] if lines else []), *lines, *more])


def _due(case: OpenCase, now: datetime, zone: ZoneInfo) -> str:
    assert case.due
    word = "已超时" if case.due < now else f"{spoken(case.due, now, zone)}前"
    return word if case.owned else f"{word}，还没有人接"
