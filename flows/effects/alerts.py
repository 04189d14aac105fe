"""The effects on alerts that go down the tree, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flows.effects.recipients import Lane, Option, Privately, Room


@dataclass(frozen=True, slots=True)
class DraftAlert:
    """A draft of an alert; whoever of staff acts in this turn is its drafter, and others are asked to approve it."""

    kind: str
    text: str
    area: int
    danger: bool
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ActOnAlert:
    """Do something with an alert: loaded as it stands now, decided by flows/alert/desk.py."""

    alert: int
    action: str
    areas: tuple[int, ...] = ()  # the branches it is about


@dataclass(frozen=True, slots=True)
class ChangeAlert:
    """An alert that stands at `version` comes to another state."""

    alert: int
    version: int
    state: str
    approver: int | None = None  # staff


@dataclass(frozen=True, slots=True)
class MarkBranches:
    """Branches of an alert were asked, have received it, passed it on, or were named to the level above."""

    alert: int
    areas: tuple[int, ...]
    mark: str  # asked, received, passed, named
    staff: int | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """One message of a broadcast."""

    to: Room | Privately
    text: str
    branches: tuple[int, ...]  # the areas that are told with it
    purpose: str  # ask, tell
    options: tuple[Option, ...] = ()
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Broadcast:
    """Many messages about an alert, written in one go; none is sent after `not_after`."""

    alert: int
    posts: tuple[Post, ...]
    lane: Lane
    not_after: datetime
    branches: tuple[int, ...] = ()  # areas that are to acknowledge it from now on


@dataclass(frozen=True, slots=True)
class CallOff:
    """What is not sent yet of an alert is not sent any more."""

    alert: int


AlertEffect = DraftAlert | ActOnAlert | ChangeAlert | MarkBranches | Broadcast | CallOff
