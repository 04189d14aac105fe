"""Points that somebody wants given, taken or corrected: who may decide, what becomes of it when; values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from flows.errors import NotAllowed, Suspicious

APPEAL = timedelta(days=7)  # from the day a deduction is announced


class Kind(StrEnum):
    AWARD = "award"
    DEDUCTION = "deduction"
    CORRECTION = "correction"


class State(StrEnum):
    PROPOSED = "proposed"
    ANNOUNCED = "announced"  # a deduction the household was told of; nothing has been taken
    APPEALED = "appealed"
    POSTED = "posted"
    REFUSED = "refused"  # the second person said no
    DROPPED = "dropped"  # the appeal was upheld: nothing is taken
    WITHDRAWN = "withdrawn"


class Action(StrEnum):
    APPROVE = "approve"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    APPEAL = "appeal"
    POST = "post"
    DISMISS = "dismiss"  # the appeal is turned down
    UPHOLD = "uphold"  # the household is right


class Side(StrEnum):
    """What whoever acts is to a proposal."""

    SECOND = "second"  # a second person of the panel or the community, without a tie
    PANEL = "panel"  # of the 道德评议会, without a tie
    PROPOSER = "proposer"
    MEMBER = "member"  # of the household
    CLOCK = "clock"


MOVES: dict[tuple[State, Action], tuple[State, Side]] = {
    (State.PROPOSED, Action.APPROVE): (State.POSTED, Side.SECOND),  # a deduction: ANNOUNCED, see after()
    (State.PROPOSED, Action.REFUSE): (State.REFUSED, Side.SECOND),
    (State.PROPOSED, Action.WITHDRAW): (State.WITHDRAWN, Side.PROPOSER),
    (State.ANNOUNCED, Action.APPEAL): (State.APPEALED, Side.MEMBER),
    (State.ANNOUNCED, Action.POST): (State.POSTED, Side.CLOCK),
    (State.APPEALED, Action.DISMISS): (State.POSTED, Side.PANEL),
    (State.APPEALED, Action.UPHOLD): (State.DROPPED, Side.PANEL),
}
ENDED = frozenset({State.POSTED, State.REFUSED, State.DROPPED, State.WITHDRAWN})

OVER = {
    State.PROPOSED: "这一条还在等第二个人批，轮不到这一步。",
    State.ANNOUNCED: "这一条已经批过了，正在告知那一户。他们不服可以申诉，由道德评议会来定。",
    State.APPEALED: "这一条已经批过了，那一户申诉了，由道德评议会来定。",
    State.POSTED: "这一条已经办过了，积分已经记上。记得不对就发「更正积分」。",
    State.REFUSED: "这一条已经办过了，第二个人没有同意，积分没有动。要再提就重新提一条。",
    State.DROPPED: "这一条已经办过了，申诉成立，积分没有扣。",
    State.WITHDRAWN: "这一条提的人已经收回了，不用再批。",
}
OWN_HOUSE = "这是您自己家的积分，要由别人来定。"
OWN_WORD = "这一条是您自己提的，要由第二个人来定。"
SAME_HOUSE = "您和提这一条的人是一家，要由别人来定。"
NOT_YOURS = "这一条不归您定，要由道德评议会或社区的人来办。"
ONLY_PANEL = "申诉由道德评议会来定。"
NOT_AGAIN = "这一条是您批的，申诉要由没经手的人来定。"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal as it stands. `points` are what it is about, always above zero."""

    id: int
    kind: Kind
    state: State
    version: int
    household: int
    account: str  # "household:h1"
    name: str  # of the household
    area: int
    rule: int | None
    title: str  # of the rule
    category: str
    number: str
    points: int
    note: str
    appeal: str
    proposer: str
    proposer_person: int | None
    approver: int | None  # staff
    transfer: int | None
    transfer_key: str
    at: datetime
    appeal_until: datetime | None
    photos: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Decider:
    """Whoever acts on a proposal. `roles`: those that reach the household's area."""

    actor: str  # "staff:7", "person:12", "clock"
    staff: int | None = None
    person: int | None = None
    roles: frozenset[str] = frozenset()
    member: bool = False  # of the household
    housemate: bool = False  # lives with the proposer


SECONDS = ("points_panel", "community_staff")
OFFICE = frozenset(  # who looks after the points of households
    {
        *("grid_worker", "grid_leader", "building_leader", "household_leader"),
        *("community_staff", "duty_leader", "administrator", "points_panel"),
    }
)


def after(proposal: Proposal, action: Action, by: Decider) -> State:
    """The state a step leads to. Raises NotAllowed (Suspicious where somebody decides in their own matter)."""
    found = MOVES.get((proposal.state, action))
    if found is None:
        raise Suspicious(OVER[proposal.state], "points.replayed", {"proposal": proposal.id, "step": action.value})
    state, side = found
    _check(proposal, side, by)
    return State.ANNOUNCED if (proposal.kind, action) == (Kind.DEDUCTION, Action.APPROVE) else state


def check_open(proposal: Proposal, action: Action) -> None:
    """Raises NotAllowed, before a reason is asked for, where nobody can take this step any more."""
    if (proposal.state, action) not in MOVES:
        raise NotAllowed(OVER[proposal.state])


def _check(proposal: Proposal, side: Side, by: Decider) -> None:
    match side:
        case Side.CLOCK:
            allowed = by.actor == "clock"
        case Side.MEMBER:
            allowed = by.member
        case Side.PROPOSER:
            allowed = _proposed(proposal, by)
        case Side.SECOND:
            _untied(proposal, by)
            allowed = bool(by.roles.intersection(SECONDS))
        case Side.PANEL:
            _untied(proposal, by)
            if by.staff == proposal.approver:
                raise Suspicious(NOT_AGAIN, "points.same_hand", {"proposal": proposal.id})
            if "points_panel" not in by.roles:
                raise NotAllowed(ONLY_PANEL)
            allowed = True
    if not allowed:
        raise NotAllowed(NOT_YOURS)


def _proposed(proposal: Proposal, by: Decider) -> bool:
    """Whether it is their own word: staff may speak from a page without an account, or as a member of a household."""
    return by.actor == proposal.proposer or (by.person is not None and by.person == proposal.proposer_person)


def _untied(proposal: Proposal, by: Decider) -> None:
    """Nobody decides on their own household, on their own word, or on that of somebody they live with."""
    tied = {"proposal": proposal.id}
    if by.staff is None:
        raise NotAllowed(NOT_YOURS)
    if by.member:
        raise Suspicious(OWN_HOUSE, "points.own_household", tied)
    if _proposed(proposal, by):
        raise Suspicious(OWN_WORD, "points.own_word", tied)
    if by.housemate:
        raise Suspicious(SAME_HOUSE, "points.housemate", tied)


def within_cap(points: int, cap: int | None, earned: int) -> int:
    """How many points a rule still gives this year; 0 when its yearly cap is reached."""
    return points if cap is None else max(0, min(points, cap - earned))
