"""The effects on mediations and appointments, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class OpenMediation:
    """Begin a mediation: for a resident who is side a, or (no person given) by staff for two others.

    `sides`: for each side the person, if known, and the words that only the mediator reads; `intake`: what staff wrote
    instead. `case`: a case's number.
    """

    kind: str
    area: int
    sides: Mapping[str, tuple[int | None, str]]
    case: str = ""
    intake: str = ""


@dataclass(frozen=True, slots=True)
class ActOnMediation:
    """Do something with a mediation: loaded as it stands now, decided by flows/mediation/desk.py."""

    mediation: int
    action: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChangeMediation:
    """Append one event to a mediation that stands at `version`; `written` are the words kept beside the history."""

    mediation: int
    version: int
    step: str
    actor: str
    data: Mapping[str, Any]
    written: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Book:
    """Ask for an appointment; the address is kept for the one who takes it. `receipt` holds "{number}"."""

    window: str
    area: int
    person: int
    starts_at: datetime | None
    proxy: str
    note: str
    address: str
    receipt: str


@dataclass(frozen=True, slots=True)
class ActOnBooking:
    """Do something with an appointment: loaded as it stands now, decided by flows/appointment/desk.py."""

    booking: int
    action: str


@dataclass(frozen=True, slots=True)
class ChangeBooking:
    """An appointment that stands at `version` comes to another state or owner (staff)."""

    booking: int
    version: int
    state: str
    owner: int | None


MediationEffect = OpenMediation | ActOnMediation | ChangeMediation
BookingEffect = Book | ActOnBooking | ChangeBooking
