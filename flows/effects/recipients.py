"""Who hears something, what is pressed, and who goes first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any


@dataclass(frozen=True, slots=True)
class CardKey:
    """What a card shows; one card a chat and subject, edited in place."""

    kind: str  # case, thread, shift
    subject: int


@dataclass(frozen=True, slots=True)
class Here:
    """The chat in which the turn takes place (in a group: only what anybody may read)."""


@dataclass(frozen=True, slots=True)
class Privately:
    """The person's private chat: now if the platform lets us, else as soon as the person opens it."""

    person: int


@dataclass(frozen=True, slots=True)
class Room:
    """A chat by its row id."""

    chat: int


@dataclass(frozen=True, slots=True)
class StaffRoom:
    """The staff groups of an area; where it has none, of the area above (never lost)."""

    area: int


@dataclass(frozen=True, slots=True)
class Shown:
    """Every chat that shows a card; none does yet: the staff groups of the area."""

    card: CardKey
    area: int


@dataclass(frozen=True, slots=True)
class Department:
    """The private chats of a department's people for an area; nobody is to be had: the leader on duty there."""

    area: int
    name: str


@dataclass(frozen=True, slots=True)
class OnDuty:
    """The private chats of those who hold a role in an area and are on duty; nobody there: the area above."""

    area: int
    role: str
    without: tuple[int, ...] = ()  # staff it goes past
    stand_ins: bool = True  # whether others hear it where nobody holds the role


Recipient = Here | Privately | Room | StaffRoom | Shown | Department | OnDuty


class Lane(IntEnum):
    """Who goes first when a platform lets only so many through."""

    DANGER = 0
    REPLY = 1
    PUSH = 2
    BROADCAST = 3


@dataclass(frozen=True, slots=True)
class Option:
    """A button: what it shows and the action a press of it asks for.

    `roles`: pressed by staff of these roles in `area` (or above it) only; `person`: by this person only; neither: by
    whoever the message was said to. `private`: a link that opens the private chat and goes on there; `anybody`: for
    everybody in the group, as long as it counts.
    """

    label: str
    action: str
    args: Mapping[str, Any] = field(default_factory=dict)
    roles: tuple[str, ...] = ()
    area: int | None = None
    person: int | None = None
    private: bool = False
    anybody: bool = False
