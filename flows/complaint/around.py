"""What a decision about a case is handed beside the case: who acts, and what surrounds it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from flows.domain.calendar import WorkingHours
from flows.domain.case import LEVELS, Case, Role
from flows.facts import ServiceView


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does it, and what they are to the case. `name` is "staff:7", "person:12" or "clock"."""

    name: str
    roles: frozenset[Role]
    staff: int | None = None


@dataclass(frozen=True, slots=True)
class Around:
    """What surrounds a case: how its service is called, whose it is, who has it, when it last was nudged."""

    title: str
    parties: tuple[int, ...]  # reporter and co-complainants
    now: datetime
    zone: ZoneInfo
    nudged_at: datetime | None = None
    photos: tuple[int, ...] = ()  # that came with the report
    again: int | None = None  # the new case of a neighbour, who has said already that it broke again
    names: Mapping[int, str] = field(default_factory=dict)  # staff id -> name
    persons: Mapping[int, int] = field(default_factory=dict)  # staff id -> person
    phone: str | None = None  # of the reporter, who agreed that the owner may have it
    hours: WorkingHours = field(default_factory=lambda: WorkingHours(ZoneInfo("Asia/Shanghai")))
    first: tuple[str, str] = ("", "")  # who takes a new case first, and who of its department may come along
    about: str = ""  # the colleague it complains of, who does not see it
    above: Mapping[str, int] = field(default_factory=dict)  # level -> the area of it that holds the case
    offers: Mapping[str, ServiceView] = field(default_factory=dict)  # level -> the service as that area offers it

    def owner_person(self, case: Case) -> int | None:
        return self.persons.get(case.owner or 0)

    def next_level(self, case: Case) -> str | None:
        """The next level above the case's that there is here."""
        here = LEVELS.index(case.level) if case.level in LEVELS else 0
        return next((level for level in LEVELS[here + 1 :] if level in self.above), None)

    def room(self, case: Case) -> int:
        """The area that has to act."""
        found = self.above.get(case.level) or case.area
        assert found is not None
        return found
