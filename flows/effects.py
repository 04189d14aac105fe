"""Every effect a decision may have, as frozen values; bot/effects.py writes each of them in one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from flows.domain.units import Unit
from flows.volunteer_effects import VolunteerEffect

# -- who hears it ----------------------------------------------------------------------------------------------------


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
    whoever the message was said to. `private`: a link that opens the private chat and goes on there.
    """

    label: str
    action: str
    args: Mapping[str, Any] = field(default_factory=dict)
    roles: tuple[str, ...] = ()
    area: int | None = None
    person: int | None = None
    private: bool = False


# -- effects ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Say:
    """Say something. With `card`, the message becomes that card in its chat, or edits the one that is there;
    with `about`, it replies to that card (a change that asks somebody to act). `key`: written twice, sent once."""

    text: str
    to: Recipient = field(default_factory=Here)
    options: tuple[tuple[Option, ...], ...] = ()  # rows of buttons
    card: CardKey | None = None
    about: CardKey | None = None
    key: str | None = None
    lane: Lane = Lane.REPLY
    not_before: datetime | None = None
    photo: int | None = None  # file row
    neutral: str | None = None  # not None: when it can't go privately now, the person's group hears one neutral line
    named: tuple[int, ...] = ()  # persons whose names it holds: in groups only with their live consent


@dataclass(frozen=True, slots=True)
class Notice:
    """The short answer to a press."""

    text: str


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
    earlier: str | None = None  # the number of the closed case it follows
    behalf: str | None = None  # filed by staff for somebody without a chat: "code" (who gets one) or "tell"
    about: tuple[Unit, ...] = ()  # who is complained about: the case is kept from them


@dataclass(frozen=True, slots=True)
class ActOnCase:
    """Do something with a case: the shell loads it as it stands now, and flows/complaint/desk.py decides."""

    case: int
    action: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ActOnThread:
    """Do something with a thread (claim, pass, reply, close, rate): loaded now, decided by flows/assistant/desk.py."""

    thread: int
    action: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BeginFlow:
    """Start asking somebody of staff (in the chat of the turn): a flow, and what is known already."""

    flow: str
    given: Mapping[str, Any] = field(default_factory=dict)


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


@dataclass(frozen=True, slots=True)
class OpenThread:
    """Start a thread between a resident and staff (kind legal, handover, alarm). `receipt` may hold "{number}"."""

    kind: str
    person: int
    area: int | None
    role: str
    subject: Mapping[str, Any]
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class ChangeThread:
    """Move a thread that stands at `version`: claim, pass on, close, rate."""

    thread: int
    version: int
    state: str
    owner: int | None
    role: str
    area: int | None
    rating: int | None = None
    aside: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class AddLine:
    """Keep a line said in a thread."""

    thread: int
    author: str  # asker, staff, bot
    text: str


@dataclass(frozen=True, slots=True)
class DraftGuide:
    """Make a draft of a guide from what was answered in a thread; nothing personal is in it."""

    thread: int
    question: str
    answer: str
    role: str
    author: int  # staff
    area: int | None


@dataclass(frozen=True, slots=True)
class ActOnGuide:
    """Do something with a draft of a guide: loaded now, decided by flows/legal/guide_desk.py."""

    guide: int
    action: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChangeGuide:
    """Move a draft that stands at `version`; None leaves as it is."""

    guide: int
    version: int
    state: str
    question: str | None = None
    answer: str | None = None
    reviewer: int | None = None
    cited: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class SignUp:
    """A person takes a place in a shift, or waits for one: `state` confirmed or waiting."""

    shift: int
    person: int
    state: str


@dataclass(frozen=True, slots=True)
class CancelSignUp:
    """A person gives a place back."""

    shift: int
    person: int


@dataclass(frozen=True, slots=True)
class PostTransfer:
    """Move points between two accounts of the ledger, by account keys; the key makes it happen once."""

    key: str
    source: str
    target: str
    points: int
    by: str
    memo: str = ""
    rule: int | None = None


@dataclass(frozen=True, slots=True)
class Reserve:
    """Reserve goods for a household: stock and points are set aside; `receipt` holds "{code}"."""

    goods: int
    household: int
    person: int
    points: int
    expires_at: datetime
    receipt: str


@dataclass(frozen=True, slots=True)
class EndRedemption:
    """A reservation ends: collected, cancelled or expired (the last two give points and stock back)."""

    redemption: int
    state: str
    by: str


@dataclass(frozen=True, slots=True)
class Propose:
    """Points are to be given, taken (kind deduction) or corrected; whoever acts is the proposer, a second decides."""

    kind: str
    household: int
    note: str
    rule: int | None = None
    photos: tuple[int, ...] = ()
    transfer: int | None = None  # what a correction takes back


@dataclass(frozen=True, slots=True)
class ActOnProposal:
    """Do something with a proposal: the shell loads it as it stands now, and flows/points/panel.py decides."""

    proposal: int
    action: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class ChangeProposal:
    """Move a proposal that stands at `version`; `note` is the appeal or the reason, as `state` says."""

    proposal: int
    version: int
    state: str
    staff: int | None
    note: str = ""
    appeal_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Take a transfer of the ledger back by a correcting one."""

    original: str  # its key
    key: str
    by: str
    memo: str


@dataclass(frozen=True, slots=True)
class CreditHours:
    """Confirmed hours of volunteering become points of the person's household, by rule; `key` makes it happen once."""

    key: str
    person: int
    minutes: int
    memo: str


@dataclass(frozen=True, slots=True)
class TakeBackHours:
    """The hours credited under this key were corrected: their points go back as far as they are still there."""

    key: str


@dataclass(frozen=True, slots=True)
class GiveHouseholdCode:
    """A new one-time code for one more member of a household; `receipt` holds "{code}"."""

    household: int
    receipt: str


@dataclass(frozen=True, slots=True)
class LeaveHousehold:
    """A person leaves their household; the points stay with it."""

    person: int


@dataclass(frozen=True, slots=True)
class MoveHousehold:
    """A household moves to an area of another community: its points are carried over by transfers."""

    household: int
    area: int


@dataclass(frozen=True, slots=True)
class ShowEntries:
    """The latest entries of a household that can be corrected, each with a button, for the member of staff here."""

    household: int


@dataclass(frozen=True, slots=True)
class ShowPending:
    """What waits for a second person or for the panel, for the member of staff here."""


@dataclass(frozen=True, slots=True)
class ShowCodes:
    """The pick-up codes a household still has, for the member here."""

    household: int


@dataclass(frozen=True, slots=True)
class ShowStatement:
    """Earlier entries of a household than the one with this id, for the member here."""

    household: int
    before: int


@dataclass(frozen=True, slots=True)
class JoinRanking:
    """A household is counted in the ranking of its community from now on, or no more."""

    household: int
    on: bool


@dataclass(frozen=True, slots=True)
class ShowRanking:
    """The ranking of those who take part, for the member here."""

    household: int


@dataclass(frozen=True, slots=True)
class GiveGiftCode:
    """A one-time code by which another household may send points to this one."""

    household: int


@dataclass(frozen=True, slots=True)
class SendGift:
    """Points for the household whose gift code this is, where the community allows it."""

    household: int
    code: str
    points: int


@dataclass(frozen=True, slots=True)
class ShowNotice:
    """The public notice of last month's points, names masked, of the community an area lies in, for a person."""

    area: int
    person: int


@dataclass(frozen=True, slots=True)
class PublishNotice:
    """The notice goes to the residents' groups of a community; pressed by its staff."""

    community: int
    month: str  # "2026-03"


@dataclass(frozen=True, slots=True)
class UseCode:
    """Use a one-time code that was found valid: bind the person to what it stands for."""

    code: int
    person: int


@dataclass(frozen=True, slots=True)
class Consent:
    """The person agreed to a purpose as described by a version of its text."""

    person: int
    purpose: str
    text_version: str


@dataclass(frozen=True, slots=True)
class WithdrawConsent:
    person: int
    purpose: str


@dataclass(frozen=True, slots=True)
class KeepPersonal:
    """Keep a personal field (name, phone, room), encrypted under the person's key."""

    person: int
    field: str
    value: str


@dataclass(frozen=True, slots=True)
class DropPersonal:
    """Keep a personal field no longer."""

    person: int
    field: str


@dataclass(frozen=True, slots=True)
class ErasePersonal:
    """Delete everything a person said or left: every table is emptied of it, the key goes, what was open ends."""

    person: int


class Late(StrEnum):
    """What becomes of a due thing that is found late."""

    FINE = "fine"  # still done
    COALESCE = "coalesce"  # only the newest of its kind and subject is done
    EXPIRE = "expire"  # not done after `expires_at`


@dataclass(frozen=True, slots=True)
class Schedule:
    """Something falls due; the same key again moves it."""

    kind: str
    key: str
    at: datetime
    subject: Mapping[str, Any]
    late: Late = Late.FINE
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Unschedule:
    """What was due under this key is not any more (a trailing * takes all that begin so)."""

    key: str


@dataclass(frozen=True, slots=True)
class DraftAlert:
    """A draft of an alert; whoever of staff acts in this turn is its drafter, and others are asked to approve it."""

    kind: str
    text: str
    area: int
    danger: bool
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ActOnAlert:
    """Do something with an alert: loaded as it stands now, decided by flows/alert/desk.py."""

    alert: int
    action: str
    areas: tuple[int, ...] = ()  # the branches it is about


@dataclass(frozen=True, slots=True)
class ChangeAlert:
    """An alert that stands at `version` comes to another state."""

    alert: int
    version: int
    state: str
    approver: int | None = None  # staff


@dataclass(frozen=True, slots=True)
class MarkBranches:
    """Branches of an alert were asked, have received it, passed it on, or were named to the level above."""

    alert: int
    areas: tuple[int, ...]
    mark: str  # asked, received, passed, named
    staff: int | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """One message of a broadcast."""

    to: Room | Privately
    text: str
    branches: tuple[int, ...]  # the areas that are told with it
    purpose: str  # ask, tell
    options: tuple[Option, ...] = ()
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Broadcast:
    """Many messages about an alert, written in one go; none is sent after `not_after`."""

    alert: int
    posts: tuple[Post, ...]
    lane: Lane
    not_after: datetime
    branches: tuple[int, ...] = ()  # areas that are to acknowledge it from now on


@dataclass(frozen=True, slots=True)
class CallOff:
    """What is not sent yet of an alert is not sent any more."""

    alert: int


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


@dataclass(frozen=True, slots=True)
class Audit:
    """A trace that something sensitive was done; ids only."""

    actor: str
    action: str
    subject: Mapping[str, Any]


AlertEffect = DraftAlert | ActOnAlert | ChangeAlert | MarkBranches | Broadcast | CallOff
MediationEffect = OpenMediation | ActOnMediation | ChangeMediation
BookingEffect = Book | ActOnBooking | ChangeBooking
Effect = (
    Say
    | Notice
    | OpenCase
    | ActOnCase
    | ActOnThread
    | BeginFlow
    | ChangeCase
    | Join
    | ShowCase
    | KeepFrom
    | Part
    | Leave
    | Vote
    | OpenThread
    | ChangeThread
    | AddLine
    | DraftGuide
    | ActOnGuide
    | ChangeGuide
    | SignUp
    | CancelSignUp
    | PostTransfer
    | Reserve
    | EndRedemption
    | Propose
    | ActOnProposal
    | ChangeProposal
    | TakeBack
    | CreditHours
    | TakeBackHours
    | GiveHouseholdCode
    | LeaveHousehold
    | MoveHousehold
    | ShowEntries
    | ShowPending
    | ShowCodes
    | ShowStatement
    | JoinRanking
    | ShowRanking
    | GiveGiftCode
    | SendGift
    | ShowNotice
    | PublishNotice
    | UseCode
    | Consent
    | WithdrawConsent
    | KeepPersonal
    | DropPersonal
    | ErasePersonal
    | Schedule
    | Unschedule
    | AlertEffect
    | MediationEffect
    | BookingEffect
    | Audit
    | VolunteerEffect
)
