"""What the shell loads of volunteering before a turn: shifts, the person as a volunteer, needs, the board."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta


@dataclass(frozen=True, slots=True)
class ShiftView:
    """A shift one can sign up for, or has. `mine`: confirmed, waiting or None."""

    id: int
    title: str
    place: str
    about: str
    starts_at: datetime
    ends_at: datetime
    capacity: int
    taken: int
    waiting: int
    mine: str | None
    activity: int
    area: int
    organiser: int | None = None  # staff
    min_age: int = 0
    risk: str = ""
    deadline_hours: int = 0  # sign-up ends so long before the start
    cancel_hours: int = 12  # later than this the organiser is told
    state: str = "open"
    came_at: datetime | None = None  # the person's own
    left_at: datetime | None = None
    skills: Sequence[str] | None = None  # what it helps to be good at

    @property
    def deadline(self) -> datetime:
        """Until when one may sign up."""
        return self.starts_at - timedelta(hours=self.deadline_hours)


@dataclass(frozen=True, slots=True)
class VolunteerView:
    """The person as a registered volunteer. `board`: off, masked or shown; `born` as given."""

    name: str
    born: date | None
    skills: tuple[str, ...]
    times: tuple[str, ...]
    board: str


@dataclass(frozen=True, slots=True)
class NeedView:
    """Something a community needs, a post, or a neighbour's request."""

    id: int
    kind: str
    title: str
    about: str
    state: str
    area: int
    promised: bool  # by the person
    asked: bool  # by the person


@dataclass(frozen=True, slots=True)
class StandIn:
    """A place somebody offers to whoever has the code that was said."""

    code: int
    giver: int
    shift: ShiftView
    skills: tuple[str, ...] = ()  # of the one who leaves


@dataclass(frozen=True, slots=True)
class HoursView:
    """One entry of the hours of a person; negative: taken back."""

    title: str
    on: datetime
    minutes: int
    note: str


@dataclass(frozen=True, slots=True)
class TeamView:
    """A team; `people`: the names of its members, for its leader only."""

    id: int
    name: str
    about: str
    area: int
    leader: int  # staff
    leader_name: str
    members: int
    mine: bool
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Volunteering:
    """What is known of the person as a volunteer, and of those who organise, what they look after."""

    me: VolunteerView | None = None
    paper: tuple[int, str] | None = None  # the code that was said, and the masked name on the form it stands for
    minutes: int = 0
    latest: tuple[HoursView, ...] = ()
    here: frozenset[int] = frozenset()  # the shifts whose number, as shown at the place, stands in what was said
    stand_in: StandIn | None = None
    staff: int | None = None
    organises: tuple[int, ...] = ()  # areas
    organised: tuple[ShiftView, ...] = ()
    teams: tuple[TeamView, ...] = ()
    needs: tuple[NeedView, ...] = ()
    resources: tuple[tuple[str, str], ...] = ()  # unit, what it offers
    unit: str | None = None  # with which the person checked in to the community
    board: tuple[tuple[int, int, str], ...] = ()  # rank, minutes, name as it may be shown
