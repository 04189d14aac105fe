"""An alert: drafted by one member of staff, approved by another, told down the tree, acknowledged by each branch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flows.errors import NotAllowed


class State(StrEnum):
    DRAFTED = "drafted"
    RUNNING = "running"  # approved and told
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"  # called off
    EXPIRED = "expired"


class Step(StrEnum):
    APPROVE = "approve"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    RECEIVE = "receive"  # 已收到
    PASS_ON = "pass_on"  # noqa: S105  (已传达: no password)
    REACH = "reach"  # how far it has come
    REMIND = "remind"  # nobody has approved it yet
    CHECK = "check"  # who is silent
    END = "end"
    EXPIRE = "expire"


class Part(StrEnum):
    """What somebody is to an alert."""

    DRAFTER = "drafter"
    APPROVER = "approver"  # may approve for its area, and did not draft it
    LEADER = "leader"  # answers for a branch below
    CLOCK = "clock"


S, P = State, Part
WATCHERS = frozenset({P.DRAFTER, P.APPROVER})
MOVES: dict[tuple[State, Step], tuple[State, frozenset[Part]]] = {
    (S.DRAFTED, Step.APPROVE): (S.RUNNING, frozenset({P.APPROVER})),
    (S.DRAFTED, Step.REFUSE): (S.REFUSED, frozenset({P.APPROVER})),
    (S.DRAFTED, Step.WITHDRAW): (S.WITHDRAWN, frozenset({P.DRAFTER})),
    (S.DRAFTED, Step.REMIND): (S.DRAFTED, frozenset({P.CLOCK})),
    (S.DRAFTED, Step.EXPIRE): (S.EXPIRED, frozenset({P.CLOCK})),
    (S.RUNNING, Step.RECEIVE): (S.RUNNING, frozenset({P.LEADER})),
    (S.RUNNING, Step.PASS_ON): (S.RUNNING, frozenset({P.LEADER})),
    (S.RUNNING, Step.REACH): (S.RUNNING, WATCHERS),
    (S.RUNNING, Step.CHECK): (S.RUNNING, frozenset({P.CLOCK})),
    (S.RUNNING, Step.END): (S.ENDED, WATCHERS),
    (S.RUNNING, Step.EXPIRE): (S.EXPIRED, frozenset({P.CLOCK})),
    (S.ENDED, Step.REACH): (S.ENDED, WATCHERS),
    (S.EXPIRED, Step.REACH): (S.EXPIRED, WATCHERS),
}
OVER = frozenset({S.REFUSED, S.WITHDRAWN, S.ENDED, S.EXPIRED})

# Who may draft and approve, by the level of the alert's area; the role is held there or above.
DRAFTERS = frozenset({"community_staff", "grid_leader", "duty_leader", "supervisor", "administrator"})
HIGH = frozenset({"duty_leader", "supervisor", "administrator"})
APPROVERS = {
    "city": HIGH,
    "subdistrict": HIGH,
    "community": HIGH | {"community_staff"},
    "grid": HIGH | {"community_staff"},
}
# Who answers for a branch.
LEADERS = {
    "city": ("duty_leader", "supervisor", "administrator"),
    "subdistrict": ("duty_leader", "supervisor", "administrator"),
    "community": ("community_staff", "duty_leader"),
    "grid": ("grid_leader", "grid_worker"),
    "building": ("household_leader", "building_leader"),  # a household group, or a building with a group of its own
}


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert as its row says it. `drafter` and `approver` are staff ids."""

    id: int
    number: str
    kind: str  # fraud, storm, other
    danger: bool  # told at night too
    text: str
    area: int
    drafter: int
    approver: int | None
    state: State
    expires_at: datetime
    approved_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class AreaRooms:
    """An area and its open groups."""

    id: int
    name: str
    level: str
    path: str
    staff: tuple[int, ...]
    others: tuple[int, ...]  # residents' and leaders' groups


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who holds a role in an area."""

    area: int
    role: str
    staff: int
    person: int | None
    name: str
    department: str | None = None


@dataclass(frozen=True, slots=True)
class Branch:
    """How far an alert has come in one branch."""

    area: int
    name: str
    level: str
    path: str
    asked: int
    received_at: datetime | None
    passed_at: datetime | None
    named_at: datetime | None
    groups: int  # messages for it
    sent: int
    failed: int
    asking: int  # requests to acknowledge still on their way
    heard: int  # of how many times it was asked one request at least was sent
    queued: datetime | None  # when it was asked last
    last: datetime | None  # when the last request was sent

    @property
    def place(self) -> tuple[int, ...]:
        """Its place in the tree: the ids from the top down."""
        return tuple(int(part) for part in self.path.strip("/").split("/"))


def check(alert: Alert, step: Step, parts: Iterable[Part]) -> State:
    """The state after a step; raises NotAllowed with a sentence a person can read."""
    move = MOVES.get((alert.state, step))
    if move is None:
        raise NotAllowed(WHY.get(alert.state, "这条预警现在做不了这一步。"))
    if not move[1] & set(parts):
        raise NotAllowed(WHO.get(step, "这条预警不归您管。"))
    return move[0]


WHY = {
    S.DRAFTED: "这条预警还没有批准，批准后才会发出去。",
    S.RUNNING: "这条预警已经批准发出了。",
    S.REFUSED: "这条预警没有批准，要发请重新拟一条。",
    S.WITHDRAWN: "这条预警已经撤回了。",
    S.ENDED: "这条预警已经解除，不用再确认了。",
    S.EXPIRED: "这条预警已经过了有效期，不用再确认了。",
}
WHO = {
    Step.APPROVE: "预警要由另一位有权限的同事批准，起草的人自己不能批。",
    Step.REFUSE: "预警要由另一位有权限的同事批准，起草的人自己不能批。",
    Step.WITHDRAW: "只有起草的人能撤回。",
    Step.RECEIVE: "这里要由本级负责人来确认。",
    Step.PASS_ON: "这里要由本级负责人来确认。",
    Step.END: "解除要由起草人或者批准人来做。",
}
