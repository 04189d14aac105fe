"""What flows are shown of cases: services, a resident's own cases, who a case can be given to or called out for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ServiceView:
    """A service as this community offers it: the catalogue's, changed by the community's own file."""

    key: str
    name: str
    category: str
    department: str
    acknowledge_minutes: int
    resolve_hours: int
    follow_up_days: int = 0  # after which the resident is asked whether it held; 0: never


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as its reporter sees it."""

    id: int
    number: str
    service: str
    title: str
    place: str
    status: str
    version: int
    opened_at: datetime
    resolve_due: datetime | None
    owner: str | None
    nudges: int
    note: str | None
    own: int = 0  # the person's own case, where it goes on within `id`, which neighbours reported as well
    people: int = 1  # how many report it together
    asked: str = ""  # what the person is asked, while the clock stands still for the answer
    missing: tuple[str, ...] = ()  # of the departments called out, who has not reported in
    there: tuple[str, ...] = ()
    closed_at: datetime | None = None
    at: int | None = None  # the building it is about, where one is known


@dataclass(frozen=True, slots=True)
class ColleagueView:
    """Somebody a case can be given to. `group`: grid, community, department or subdistrict."""

    id: int
    name: str
    post: str
    group: str
    distance: int = 0


@dataclass(frozen=True, slots=True)
class DepartmentView:
    """A department at work around a place: `covers` are the default ones it stands for, `where` the area listing it."""

    name: str
    covers: tuple[str, ...] = ()
    where: str = ""
