"""The effects of volunteering, as frozen values; bot/volunteering/writing.py writes each of them in one place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class VolunteerEffect:
    """What all of them are, so that the one writer can hand them on."""


@dataclass(frozen=True, slots=True)
class SignUp(VolunteerEffect):
    """A person takes a place in a shift, or waits for one: `state` confirmed or waiting."""

    shift: int
    person: int
    state: str


@dataclass(frozen=True, slots=True)
class CancelSignUp(VolunteerEffect):
    """A person gives a place back."""

    shift: int
    person: int


@dataclass(frozen=True, slots=True)
class Register(VolunteerEffect):
    """A person is a volunteer with these skills and times; again: changed. The name is a personal field."""

    person: int
    area: int | None
    skills: tuple[str, ...]
    times: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BindVolunteer(VolunteerEffect):
    """What somebody signed on paper is this person's from now on; the code counts once."""

    code: int
    person: int


@dataclass(frozen=True, slots=True)
class Unregister(VolunteerEffect):
    """A person is no volunteer any more: places are given back, name and birth date go; hours stay, without a name."""

    person: int


@dataclass(frozen=True, slots=True)
class ShowOnBoard(VolunteerEffect):
    """How a person stands on the leaderboard: off, masked or shown."""

    person: int
    board: str


@dataclass(frozen=True, slots=True)
class FindStandIn(VolunteerEffect):
    """A person looks for somebody to take over a place; `receipt` holds "{code}"."""

    shift: int
    person: int
    receipt: str


@dataclass(frozen=True, slots=True)
class TakeOver(VolunteerEffect):
    """A person takes another's place in a shift, by the code that one gave."""

    code: int
    shift: int
    giver: int
    person: int


@dataclass(frozen=True, slots=True)
class AskSwap(VolunteerEffect):
    """A person offers the own place `other` for the one behind a code; the giver is asked."""

    code: int
    shift: int
    giver: int
    other: int
    person: int


@dataclass(frozen=True, slots=True)
class Swap(VolunteerEffect):
    """The giver's answer: both places change hands, decided as they stand then; `agreed` False: nothing does."""

    ask: AskSwap
    agreed: bool


@dataclass(frozen=True, slots=True)
class RecordHours(VolunteerEffect):
    """Time served, confirmed by somebody: a row that stays. With `reverses` it takes an earlier row back."""

    key: str
    person: int
    area: int
    minutes: int
    on: datetime
    by: str
    shift: int | None = None
    need: int | None = None
    note: str = ""
    reverses: int | None = None


@dataclass(frozen=True, slots=True)
class OpenActivity(VolunteerEffect):
    """A new activity with its shifts (start, end), told to the residents' groups of the area when `announce`."""

    area: int
    title: str
    place: str
    about: str
    organiser: int | None
    times: tuple[tuple[datetime, datetime], ...]
    capacity: int
    min_age: int = 0
    risk: str = ""
    skills: tuple[str, ...] = ()
    deadline_hours: int = 0
    announce: bool = False
    team: int | None = None  # whose it is: every member hears of it


@dataclass(frozen=True, slots=True)
class OpenShifts(VolunteerEffect):
    """More shifts of an activity, the first told to the residents' groups of its area when `announce`."""

    activity: int
    times: tuple[tuple[datetime, datetime], ...]
    capacity: int
    announce: bool = False


@dataclass(frozen=True, slots=True)
class JoinTeam(VolunteerEffect):
    """A volunteer is of a team from now on; its leader hears the name."""

    team: int
    person: int


@dataclass(frozen=True, slots=True)
class LeaveTeam(VolunteerEffect):
    team: int
    person: int


@dataclass(frozen=True, slots=True)
class Certify(VolunteerEffect):
    """A certificate of the hours confirmed so far; `receipt` holds "{number}" and "{link}"."""

    person: int
    name: str
    minutes: int
    receipt: str


@dataclass(frozen=True, slots=True)
class NoteNear(VolunteerEffect):
    """A person was told that a commendation is near (once)."""

    person: int
    hours: int


@dataclass(frozen=True, slots=True)
class Commend(VolunteerEffect):
    """A commendation is granted by a member of staff."""

    person: int
    hours: int
    staff: int


@dataclass(frozen=True, slots=True)
class OfferOneself(VolunteerEffect):
    """A unit or party member checks in to a community (双报到) with what it can offer."""

    person: int
    area: int
    unit: str
    offer: str


@dataclass(frozen=True, slots=True)
class OpenNeed(VolunteerEffect):
    """Something is needed: kind need or post (for the list), or help (a neighbour's own, offered to few)."""

    kind: str
    area: int
    title: str
    about: str = ""
    skill: str = ""
    asker: int | None = None
    wanted_at: datetime | None = None
    address: str = ""  # personal: kept encrypted, told to the one who accepts
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class ActOnNeed(VolunteerEffect):
    """A step of a need (promise, give_up, done, confirm, refuse, withdraw, decline), decided as it stands then."""

    need: int
    action: str
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class ActOnShift(VolunteerEffect):
    """A step of an organiser or volunteer on a shift: loaded as it stands, decided by flows/volunteer/roll.py."""

    shift: int
    action: str
    person: int | None = None
    minutes: int = 0
    reason: str = ""
    span: tuple[datetime, datetime] | None = None  # to when it moves
