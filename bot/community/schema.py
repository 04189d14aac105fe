"""The form of a community file, as pydantic models; `linli community schema` prints it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from bot.community.fields import (
    CHANNELS,
    TEXT,
    Address,
    Channel,
    Code,
    Day,
    Key,
    Name,
    Point,
    RoleName,
    Run,
    Span,
    TimeOfDay,
    Trade,
    Weekdays,
    Whole,
    named,
    some,
    zone,
)
from flows.domain.community import Level
from flows.domain.volunteering import SKILLS

SKILL_LABELS = tuple(label for label, _ in SKILLS.values())
Hours = Annotated[int, Field(ge=0, le=720)]


class Form(BaseModel):
    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True, strict=True)


class Quiet(Form):
    """Hours in which nothing but danger is pushed."""

    start: TimeOfDay = Field(alias="from")
    end: TimeOfDay = Field(alias="to")


class Building(Form):
    """A building, a village group, a yard; or with `numbers` a run of buildings: {numbers: 1-12} is 1号楼 to 12号楼."""

    name: Name | None = Field(None, description="3号楼; with `numbers` a pattern such as {}幢")
    key: Key | None = Field(None, description="left out: the grid's key, / and the name")
    estate: Name | None = Field(None, description="what stands before the number: 幸福里小区")
    numbers: Run | None = Field(None, description="1-12, or one number")
    aliases: list[Name] = []
    at: Point | None = None


class Group(Form):
    """One group chat, with its address on each channel it lives on."""

    role: Literal["residents", "staff", "leaders"]
    play: Address | None = None
    web: Address | None = None
    telegram: Address | None = None
    wechat: Address | None = None
    wecom: Address | None = None

    def addresses(self) -> list[tuple[str, str]]:
        named = [(name, value) for name in CHANNELS if (value := getattr(self, name)) is not None]
        # A play script calls groups and people alike by short names: its groups are kept as "group:g1".
        return [(name, f"group:{value}" if name == "play" else value) for name, value in named]


class Service(Form):
    """A service of this area's own (with `like`), or a default service routed another way here."""

    key: Key
    name: Name | None = None
    like: Key | None = Field(None, description="the default service it behaves like")
    phrases: list[Name] = []
    department: Name | None = None
    handlers: list[RoleName] = Field([], description="who gets it first, in this order")
    acknowledge_minutes: Whole | None = None
    resolve_hours: Whole | None = None
    follow_up_days: Annotated[int, Field(ge=0, le=365)] | None = Field(
        None, description="so long after it was settled the resident is asked whether it held; 0: never"
    )


class Department(Form):
    """A department at work in this area; `covers` are default departments it stands for."""

    name: Name
    covers: list[Name] = []


class Window(Form):
    """Something one makes an appointment for: 预约 at the counter, 延时 after hours, 上门 at home, 代办 by staff."""

    key: Key
    name: Name
    way: Literal["预约", "延时", "上门", "代办"]
    days: Weekdays = "12345"
    hours: list[Span] = Field([], description="left out (代办): it has no time of its own")
    minutes: Annotated[int, Field(ge=5, le=480)] = 30
    capacity: Whole = 1
    needs: Annotated[str, Field(max_length=120, description="what to bring")] = ""


class Law(Form):
    """A source of law of this area's own, such as a village charter."""

    title: Name
    kind: Literal["charter", "rule", "notice"] = "charter"
    articles: list[Annotated[str, Field(min_length=1, max_length=2000)]] = []


class Points(Form):
    """How the Moral Bank works in this area."""

    gifts_per_month: Whole | None = Field(None, description="points a household may give another; left out: none")


class Area(Form):
    """A city, subdistrict, community or grid with everything in it."""

    key: Key
    name: Name
    level: Level | None = Field(None, strict=False, description="left out: one below the area around it")
    kind: Literal["urban", "rural", "enterprise"] = "urban"
    aliases: list[Name] = []
    at: Point | None = None
    timezone: Annotated[str, AfterValidator(zone)] | None = None
    quiet: Quiet | None = None
    digest: TimeOfDay | None = None
    points: Points | None = None
    texts: dict[Literal["greeting", "help"], Annotated[str, Field(min_length=1, max_length=2000)]] = {}
    laws: list[Law] = []
    departments: list[Department] = []
    services: list[Service] = []
    windows: list[Window] = []
    groups: list[Group] = []
    buildings: list[Annotated[Building, BeforeValidator(named, json_schema_input_type=Building | str | int)]] = []
    areas: list[Area] = []


class StaffRole(Form):
    """A role in one area or several."""

    role: RoleName
    area: Key | None = None
    areas: list[Key] = []
    department: Name | None = None
    field: Trade | None = Field(None, description="what a mediator mediates; left out: everything")
    shop: Name | None = Field(None, description="of a shopkeeper; left out: every shop of the area")


class Staff(Form):
    """A member of staff; accounts may also be bound later with a one-time code."""

    key: Key
    name: Name
    accounts: dict[Channel, Address] = {}
    roles: list[StaffRole] = Field(min_length=1)


class Duty(Form):
    """Who is on duty when; `to` at or before `from` means the next morning."""

    area: Key
    role: RoleName
    staff: Key
    days: Weekdays = "1234567"
    start: TimeOfDay = Field(alias="from")
    end: TimeOfDay = Field(alias="to")


class Shift(Form):
    """A stretch of an activity: `start` like "2026-03-07 09:00" or, from the day of import, "下周六 09:00"."""

    key: Annotated[Key, Field(max_length=20)] | None = None
    start: str
    end: TimeOfDay
    capacity: Whole


class Activity(Form):
    """A volunteer activity."""

    key: Key
    area: Key
    title: Name
    place: Name
    about: Annotated[str, Field(max_length=1000)] = ""
    organiser: Key | None = None
    project: Name | None = Field(None, description="what several activities belong to")
    team: Key | None = Field(None, description="whose activity it is; its leader is the organiser unless one is named")
    skills: list[Literal[SKILL_LABELS]] = Field([], description="what it helps to be good at")  # type: ignore[valid-type]
    min_age: Annotated[int, Field(ge=0, le=100)] = 0
    risk: Annotated[str, Field(max_length=120)] = Field("", description="what can happen, and that it is insured")
    deadline_hours: Hours = Field(0, description="sign-up ends so long before the start")
    cancel_hours: Hours = Field(12, description="who leaves later is told to the organiser")
    shifts: list[Shift] = []


class Team(Form):
    """Volunteers who go together; its leader, a volunteer_organiser there, organises what it does."""

    key: Key
    area: Key
    name: Name
    leader: Key
    about: Annotated[str, Field(max_length=200)] = ""


class Need(Form):
    """What the community needs done, or a post it wants filled; volunteers promise it from a list."""

    key: Key
    area: Key
    kind: Literal["need", "post"] = "need"
    title: Name
    about: Annotated[str, Field(max_length=500)] = ""


class Rule(Form):
    """What a deed earns in the Moral Bank."""

    key: Key
    area: Key
    category: Literal["忠孝", "友善", "诚信", "勤劳", "节俭", "优美"]
    number: Annotated[str, TEXT, Field(max_length=16)] = Field("", description="as people cite it; left out: the key")
    title: Name
    points: Annotated[int, Field(ge=-10_000, le=10_000, description="below zero: a deduction"), AfterValidator(some)]
    per: Literal["deed", "hour"] = Field("deed", description="hour: of confirmed volunteering, booked by itself")
    evidence: Annotated[str, Field(max_length=120)] = ""
    yearly_cap: Whole | None = None
    since: Day | None = None
    until: Day | None = None


class Goods(Form):
    """Something points are exchanged for; `stock` counts at the first import only."""

    key: Key
    area: Key
    shop: Name
    title: Name
    price: Whole
    stock: Annotated[int, Field(ge=0, le=1_000_000)]
    monthly_limit: Whole | None = Field(None, description="how many one household gets in a month")


class Session(Form):
    """A day on which a shop hands things out; whoever has something waiting there is reminded the evening before."""

    key: Key
    area: Key
    shop: Name
    title: Name
    place: Name
    start: str
    end: TimeOfDay


class Household(Form):
    """A household with points; its members bind themselves with the one-time code."""

    key: Key
    area: Key
    name: Name
    code: Code | None = None
    opening: Annotated[int, Field(ge=0, le=1_000_000, description="points carried over from paper books, once")] = 0


class CommunityForm(Form):
    """A community file."""

    linli: Literal[1] = Field(description="the version of this form")
    areas: list[Area] = Field(min_length=1)
    staff: list[Staff] = []
    duty: list[Duty] = []
    teams: list[Team] = []
    activities: list[Activity] = []
    needs: list[Need] = []
    rules: list[Rule] = []
    goods: list[Goods] = []
    sessions: list[Session] = []
    households: list[Household] = []
