"""The effects on the Moral Bank, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


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


PointsEffect = (
    PostTransfer
    | Reserve
    | EndRedemption
    | Propose
    | ActOnProposal
    | ChangeProposal
    | TakeBack
    | CreditHours
    | TakeBackHours
    | ShowNotice
    | PublishNotice
)
HouseholdEffect = (
    GiveHouseholdCode
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
)
