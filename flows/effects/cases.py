"""The effects on cases and the people who share them, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flows.domain.units import Unit


@dataclass(frozen=True, slots=True)
class OpenCase:
    """Open a case. `receipt` is said privately to the reporter with "{number}" filled in."""

    service: str
    act: str
    description: str
    place: str
    area: int | None
    building: int | None
    person: int
    photos: tuple[int, ...]
    acknowledge_due: datetime
    resolve_due: datetime
    receipt: str
    department: str | None = None
    joins: int | None = None  # the neighbours' case it goes on within
    hazard: str | None = None  # why somebody may get hurt: what the understanding heard, or "standing"
    when: str | None = None  # it happened, in the resident's own words
    happened: str | None = None  # and as they confirmed that it was meant
    happened_at: datetime | None = None  # where it has a beginning
    earlier: str | None = None  # the number of the closed case it follows
    behalf: str | None = None  # filed by staff for somebody without a chat: "code" (who gets one) or "tell"
    reachable: bool = False  # the reporter left a phone for this case
    about: tuple[Unit, ...] = ()  # who is complained about: the case is kept from them


@dataclass(frozen=True, slots=True)
class ActOnCase:
    """Do something with a case: the shell loads it as it stands now, and flows/complaint/desk.py decides."""

    case: int
    action: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChangeCase:
    """Append one event to a case that stands at `version`; the projection is what replaying gives."""

    case: int
    version: int
    kind: str
    actor: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Join:
    """A neighbour joins a case as co-complainant; `via` is the neighbour's own case, which is merged into it."""

    case: int
    person: int
    via: int | None = None


@dataclass(frozen=True, slots=True)
class KeepFrom:
    """Keep a case from a member of staff, who has declared an interest in it."""

    case: int
    staff: int


@dataclass(frozen=True, slots=True)
class ShowCase:
    """Draw the card of a case anew, as it stands when all before is written."""

    case: int


@dataclass(frozen=True, slots=True)
class Part:
    """Those who came to these cases by way of `via` belong to them no more."""

    cases: tuple[int, ...]
    via: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Leave:
    """A person's own report is taken back; the case goes on for the others."""

    case: int
    person: int


@dataclass(frozen=True, slots=True)
class Vote:
    """What one of several reporters says of the result (1 to 5); None for everybody: asked anew."""

    case: int
    person: int | None
    rating: int | None


CaseEffect = OpenCase | ActOnCase | ChangeCase | Join | KeepFrom | ShowCase | Part | Leave | Vote
