"""What the shell loads before a turn and hands to the flows: plain views of rows, and answers to queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flows.case_facts import CaseView as CaseView
from flows.case_facts import ColleagueView as ColleagueView
from flows.case_facts import DepartmentView as DepartmentView
from flows.case_facts import ServiceView as ServiceView
from flows.catalogue import Catalogue
from flows.domain.booking import Booking, Window
from flows.domain.calendar import WorkingHours
from flows.domain.mediation import Mediation
from flows.domain.places import Places
from flows.domain.units import NOBODY, Units
from flows.volunteer_facts import ShiftView as ShiftView
from flows.volunteer_facts import Volunteering as Volunteering


@dataclass(frozen=True, slots=True)
class RuleView:
    id: int
    number: str
    category: str
    title: str
    points: int  # below zero: a deduction
    evidence: str
    yearly_cap: int | None = None
    per: str = "deed"  # or "hour" of confirmed volunteering


@dataclass(frozen=True, slots=True)
class GoodsView:
    id: int
    key: str
    title: str
    price: int
    stock: int
    shop: str
    area: int
    limit: int | None = None  # for one household in a month
    had: int = 0  # by this household this month


@dataclass(frozen=True, slots=True)
class SessionView:
    """A day on which a shop hands things out."""

    id: int
    area: int
    shop: str
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class StatementLine:
    at: datetime
    points: int  # negative: went out
    memo: str
    id: int = 0


@dataclass(frozen=True, slots=True)
class RedemptionView:
    id: int
    title: str
    points: int
    state: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ShelfView:
    """Goods on a shop's shelf: how many can still be redeemed, how many wait to be collected."""

    shop: str
    title: str
    stock: int
    waiting: int


@dataclass(frozen=True, slots=True)
class HouseholdView:
    """The household a person is bound to."""

    id: int
    key: str
    name: str
    area: int
    balance: int
    by_category: Mapping[str, int]
    statement: tuple[StatementLine, ...]
    redemptions: tuple[RedemptionView, ...]
    ranked: bool = False  # a member agreed to be on the ranking
    announced: tuple[int, ...] = ()  # deductions that may still be appealed against
    gifts: int | None = None  # points it may give others in a month; None: its community has no gifts


@dataclass(frozen=True, slots=True)
class HouseholdLine:
    """A household as staff find it by its name."""

    id: int
    name: str
    place: str


@dataclass(frozen=True, slots=True)
class OfficeView:
    """What a member of staff may do with points: the rules of their areas, the households named in what was said."""

    rules: tuple[RuleView, ...] = ()
    found: tuple[HouseholdLine, ...] = ()


@dataclass(frozen=True, slots=True)
class ThreadView:
    """A thread the person has open, or closed lately."""

    id: int
    kind: str
    number: str
    state: str
    version: int
    owner: int | None
    role: str
    area: int | None
    question: str
    unasked: bool = False  # called because the assistant did not understand


@dataclass(frozen=True, slots=True)
class ConsultationView:
    """A legal question of the person's that people answer, or answered lately: where it stands."""

    id: int
    number: str
    state: str
    role: str  # of who has it, or is to take it
    question: str
    opened_at: datetime
    claimed_at: datetime | None = None
    asked_at: datetime | None = None  # last, after it was opened
    answered_at: datetime | None = None  # last
    closed_at: datetime | None = None
    rating: int | None = None
    begins: datetime | None = None  # when somebody on duty looks at it; None: now, no roster tells, or it is taken
    ahead: int = 0  # questions that wait before it
    place: str = ""  # whose people answer: the community's name


@dataclass(frozen=True, slots=True)
class MediationView:
    """A mediation as one of its sides sees it: never what the other side wrote."""

    mediation: Mediation
    side: str
    place: str
    agreement: str


@dataclass(frozen=True, slots=True)
class ArticleView:
    law: str
    number: str
    text: str
    score: float
    version: str = ""  # the day this version was adopted, ISO; "" is unknown
    kind: str = "law"  # law, regulation, interpretation, local, charter, notice
    begins: date | None = None  # told where it ends
    until: date | None = None  # the first day it no longer holds


@dataclass(frozen=True, slots=True)
class FindArticles:
    """Query: the articles in force on a day that fit a question, for people of an area. Answered by `Articles`.

    `then`: a past day the question speaks of; what held then and does not any more is found too.
    """

    text: str
    on: date
    area: int | None = None
    then: date | None = None


@dataclass(frozen=True, slots=True)
class Guide:
    """A plain-language answer that fits the question."""

    key: str
    title: str
    paragraphs: tuple[str, ...]
    deadline: str | None = None


@dataclass(frozen=True, slots=True)
class Articles:
    confident: bool
    articles: tuple[ArticleView, ...]
    guide: Guide | None = None
    outside: str = ""  # the regulation that settles the matter where the library does not hold it
    past: tuple[ArticleView, ...] = ()  # what held at the time asked about


@dataclass(frozen=True, slots=True)
class FindSimilar:
    """Query: cases that may be the same matter as the one being told. Answered by tuple[Similar, ...]."""

    service: str
    area: int
    building: int | None
    place: str
    person: int
    offered: bool  # neighbours' cases too


Query = FindArticles | FindSimilar


@dataclass(frozen=True, slots=True)
class Held:
    """What is held of a person, as they are shown it."""

    fields: Mapping[str, str] = field(default_factory=dict)
    consents: tuple[tuple[str, str], ...] = ()  # (purpose, since), those that stand
    cases: int = 0
    threads: int = 0
    sign_ups: int = 0
    alone: tuple[str, ...] = ()  # open cases of their own, by number
    shared: tuple[str, ...] = ()  # open cases with neighbours
    upcoming: int = 0  # shifts signed up for that have not begun
    bookings: tuple[str, ...] = ()  # appointments that nobody has ended, by number
    mediations: tuple[str, ...] = ()  # under way, by number
    household: bool = False
    accounts: int = 1  # on however many channels
    works: bool = False  # is a member of staff


NOTHING_OFFERED, NOWHERE, NO_VOLUNTEERING = Catalogue(()), Places(()), Volunteering()
USUAL_HOURS = WorkingHours(ZoneInfo("Asia/Shanghai"))


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a decision may look at. What a flow did not name in `needs` is empty."""

    community: int | None = None
    community_name: str = ""
    area: int | None = None  # the grid of the group, or where the person was last placed
    texts: Mapping[str, str] = field(default_factory=dict)
    catalogue: Catalogue = NOTHING_OFFERED
    services: Mapping[str, ServiceView] = field(default_factory=dict)
    places: Places = NOWHERE
    communities: tuple[tuple[int, str], ...] = ()  # (area, name): asked for when a place could be in any of them
    units: Units = field(default=NOBODY)  # who residents may complain about
    top: int | None = None  # the smallest area that holds all communities: who acts when nobody knows where
    staffed: bool = False  # somebody stands behind this place: a community with staff
    held: Held | None = None
    child: bool = False  # said to be under 14
    guarded: bool = False  # ... and a guardian has agreed
    phone: str | None = None
    hours: WorkingHours = USUAL_HOURS
    colleagues: tuple[ColleagueView, ...] = ()  # who a case can be given to, nearest first
    departments: tuple[DepartmentView, ...] = ()  # who can be called out, nearest first
    my_cases: tuple[CaseView, ...] = ()
    shifts: tuple[ShiftView, ...] = ()
    volunteering: Volunteering = NO_VOLUNTEERING
    household: HouseholdView | None = None
    rules: tuple[RuleView, ...] = ()
    goods: tuple[GoodsView, ...] = ()
    sessions: tuple[SessionView, ...] = ()
    office: OfficeView | None = None  # for staff who look after households
    threads: tuple[ThreadView, ...] = ()
    consultations: tuple[ConsultationView, ...] = ()  # the newest first
    code: int | None = None  # a valid household code found in what was said
    code_name: str | None = None  # the household it stands for
    windows: tuple[Window, ...] = ()  # what appointments are made for
    booked: tuple[tuple[int, str, datetime, int], ...] = ()  # (community, window, time, how many): what is taken
    bookings: tuple[Booking, ...] = ()  # the person's own
    mediations: tuple[MediationView, ...] = ()  # the person's own, the newest first
    work_areas: tuple[tuple[int, str], ...] = ()  # (area, name): where a member of staff holds a role
    alert_areas: tuple[tuple[int, str], ...] = ()  # (area, name): where a member of staff may send an alert
    answers: Mapping[Query, Any] = field(default_factory=dict)  # what each query is answered by, its class says
