"""What a community file says, as frozen values: bot/community makes them, storage/community_file.py writes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Level(StrEnum):
    """The levels of the tree of areas, broadest first."""

    CITY = "city"
    SUBDISTRICT = "subdistrict"
    COMMUNITY = "community"
    GRID = "grid"
    BUILDING = "building"


class Role(StrEnum):
    """What a member of staff may be in an area."""

    GRID_WORKER = "grid_worker"
    GRID_LEADER = "grid_leader"
    BUILDING_LEADER = "building_leader"
    HOUSEHOLD_LEADER = "household_leader"
    COMMUNITY_STAFF = "community_staff"
    DEPARTMENT = "department"
    DUTY_LEADER = "duty_leader"
    MEDIATOR = "mediator"
    LEGAL_GUIDE = "legal_guide"
    LEGAL_ADVISER = "legal_adviser"
    VOLUNTEER_ORGANISER = "volunteer_organiser"
    SHOPKEEPER = "shopkeeper"
    POINTS_PANEL = "points_panel"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class AreaEntry:
    """One area; `options` holds what only this area says of itself (time zone, quiet hours, texts …)."""

    key: str
    parent: str | None
    level: Level
    kind: str  # urban, rural, enterprise
    name: str
    aliases: tuple[str, ...] = ()
    lat: float | None = None
    lon: float | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GroupEntry:
    """A group chat of an area on one channel."""

    area: str
    role: str  # residents, staff, leaders
    channel: str
    address: str


@dataclass(frozen=True, slots=True)
class ServiceEntry:
    """A service an area adds, or (key == like) a default service it routes its own way."""

    area: str
    key: str
    name: str
    like: str
    phrases: tuple[str, ...] = ()
    department: str | None = None
    acknowledge_minutes: int | None = None
    resolve_hours: int | None = None
    follow_up_days: int | None = None  # 0: never


@dataclass(frozen=True, slots=True)
class RoleEntry:
    """A role of a member of staff in an area."""

    role: Role
    area: str
    department: str | None = None  # of a shopkeeper: the shop


@dataclass(frozen=True, slots=True)
class StaffEntry:
    """A member of staff; `accounts` are (channel, address)."""

    key: str
    name: str
    roles: tuple[RoleEntry, ...]
    accounts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class DutyEntry:
    """Who is on duty when; `weekdays` like "12345" (Monday first), times local, end <= start ends the next day."""

    area: str
    role: Role
    staff: str
    weekdays: str
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class ShiftEntry:
    key: str
    starts_at: datetime
    ends_at: datetime
    capacity: int


@dataclass(frozen=True, slots=True)
class ActivityEntry:
    key: str
    area: str
    title: str
    place: str
    about: str
    organiser: str | None
    shifts: tuple[ShiftEntry, ...]
    project: str | None = None
    skills: tuple[str, ...] = ()
    min_age: int = 0
    risk: str = ""
    deadline_hours: int = 0  # sign-up ends so long before the start
    cancel_hours: int = 12  # later than this the organiser is told
    team: str | None = None


@dataclass(frozen=True, slots=True)
class TeamEntry:
    key: str
    area: str
    name: str
    leader: str  # key of a member of staff
    about: str = ""


@dataclass(frozen=True, slots=True)
class NeedEntry:
    """What a community needs done (need), or wants somebody for (post)."""

    key: str
    area: str
    kind: str
    title: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """What one kind of deed earns."""

    area: str
    key: str
    category: str  # 忠孝 友善 诚信 勤劳 节俭 优美
    title: str
    points: int  # below zero: a deduction
    evidence: str = ""
    yearly_cap: int | None = None
    number: str = ""
    per: str = "deed"  # or "hour" of confirmed volunteering
    since: str | None = None  # local dates, both included
    until: str | None = None


@dataclass(frozen=True, slots=True)
class GoodsEntry:
    key: str
    area: str
    shop: str
    title: str
    price: int
    stock: int
    monthly_limit: int | None = None  # for one household


@dataclass(frozen=True, slots=True)
class SessionEntry:
    """A day on which a shop hands things out."""

    key: str
    area: str
    shop: str
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class HouseholdEntry:
    """A household with points; `code` is the one-time code its members bind themselves with."""

    key: str
    area: str
    name: str
    code: str | None = None
    opening: int = 0  # points carried over from paper books


@dataclass(frozen=True, slots=True)
class CommunityFile:
    """A whole community file, checked: every reference in it resolves. Areas stand parents first."""

    areas: tuple[AreaEntry, ...]
    groups: tuple[GroupEntry, ...] = ()
    services: tuple[ServiceEntry, ...] = ()
    staff: tuple[StaffEntry, ...] = ()
    duty: tuple[DutyEntry, ...] = ()
    teams: tuple[TeamEntry, ...] = ()
    activities: tuple[ActivityEntry, ...] = ()
    needs: tuple[NeedEntry, ...] = ()
    rules: tuple[RuleEntry, ...] = ()
    goods: tuple[GoodsEntry, ...] = ()
    sessions: tuple[SessionEntry, ...] = ()
    households: tuple[HouseholdEntry, ...] = ()
