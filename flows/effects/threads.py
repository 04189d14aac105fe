"""The effects on conversations with a person, and the guides that come of them, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class OpenThread:
    """Start a thread between a resident and staff (kind legal, handover, alarm). `receipt` may hold "{number}"."""

    kind: str
    person: int
    area: int | None
    role: str
    subject: Mapping[str, Any]
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class ActOnThread:
    """Do something with a thread (claim, pass, reply, close, rate): loaded now, decided by flows/assistant/desk.py."""

    thread: int
    action: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChangeThread:
    """Move a thread that stands at `version`: claim, pass on, close, rate."""

    thread: int
    version: int
    state: str
    owner: int | None
    role: str
    area: int | None
    rating: int | None = None
    aside: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class AddLine:
    """Keep a line said in a thread."""

    thread: int
    author: str  # asker, staff, bot
    text: str
    photo: int | None = None


@dataclass(frozen=True, slots=True)
class Strike:
    """Mark an answer of a thread (the first is 0) as wrong: another one stands in its place."""

    thread: int
    answer: int


@dataclass(frozen=True, slots=True)
class DraftGuide:
    """Make a draft of a guide from what was answered in a thread; nothing personal is in it."""

    thread: int
    question: str
    answer: str
    role: str
    author: int  # staff
    area: int | None


@dataclass(frozen=True, slots=True)
class ActOnGuide:
    """Do something with a draft of a guide: loaded now, decided by flows/legal/guide_desk.py."""

    guide: int
    action: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChangeGuide:
    """Move a draft that stands at `version`; None leaves as it is."""

    guide: int
    version: int
    state: str
    question: str | None = None
    answer: str | None = None
    reviewer: int | None = None
    cited: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class TakeLeave:
    """A legal guide or adviser is away from `since` to `until`: questions go past them. `until` None: they are back."""

    person: int
    since: datetime
    until: datetime | None


ThreadEffect = (
    OpenThread | ActOnThread | ChangeThread | AddLine | Strike | DraftGuide | ActOnGuide | ChangeGuide | TakeLeave
)
