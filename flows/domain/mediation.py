"""The life of a mediation: a table of moves, who may make them, and what replaying its events gives.

人民调解法: it is voluntary and free (art. 3, 4), there is none when a side refuses (art. 17), the parties may turn a
mediator down (art. 23), when it fails they are told of the other ways (art. 26), an oral agreement is recorded
(art. 28), and both may ask a court within 30 days to confirm it (art. 33).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from flows.errors import NotAllowed


class State(StrEnum):
    ASKED = "asked"  # waiting for both sides' consent
    CONSENTED = "consented"  # waiting for a mediator
    TAKEN = "taken"  # a mediator without an interest has it
    PROPOSED = "proposed"  # a time was proposed
    ARRANGED = "arranged"  # both sides come
    RECORDED = "recorded"  # an oral agreement was written down and is being read back
    SETTLED = "settled"  # both sides say it is right
    FAILED = "failed"
    REFUSED = "refused"  # a side does not want it
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"  # a side never answered


class Step(StrEnum):
    OPEN = "open"
    CONSENT = "consent"
    REFUSE = "refuse"
    TAKE = "take"  # the mediator, who says that there is no interest
    RECUSE = "recuse"  # 回避
    OBJECT = "object"  # a side wants another mediator
    ASK_PLAN = "ask_plan"  # the subdistrict is asked to assess
    PLAN = "plan"  # its plan comes back
    PROPOSE = "propose"
    ACCEPT_TIME = "accept_time"
    DECLINE_TIME = "decline_time"
    RECORD = "record"
    CONFIRM = "confirm"
    CORRECT = "correct"
    FAIL = "fail"
    RATE = "rate"
    OFFER_HAND_OVER = "offer_hand_over"  # 两所联动: both sides are asked
    ALLOW = "allow"
    DENY = "deny"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"


class Part(StrEnum):
    """What somebody is to a mediation."""

    SIDE = "side"
    MEDIATOR = "mediator"  # who has taken it
    CANDIDATE = "candidate"  # a mediator of its area and field who has not stepped aside
    DESK = "desk"  # community staff and leaders on duty of its area, and whoever of the grid opened it
    SUBDISTRICT = "subdistrict"
    OFFICE = "office"  # the police station or justice office it was handed to
    CLOCK = "clock"


S, T, P = State, Step, Part
SIDES = ("a", "b")
NAMES = {"a": "甲方", "b": "乙方"}
BEFORE = (S.ASKED, S.CONSENTED, S.TAKEN, S.PROPOSED, S.ARRANGED)
MEETING = (S.TAKEN, S.PROPOSED, S.ARRANGED)
ALIVE = (*BEFORE, S.RECORDED)
OWNERS = frozenset({P.MEDIATOR, P.OFFICE})
SIDE, DESK = frozenset({P.SIDE}), frozenset({P.DESK, P.SUBDISTRICT})


def _table() -> dict[tuple[State, Step], tuple[State, frozenset[Part]]]:
    """Where a step of one side needs the other's too, the state is the one after both."""
    moves: dict[tuple[State, Step], tuple[State, frozenset[Part]]] = {
        (S.ASKED, T.CONSENT): (S.CONSENTED, SIDE),
        (S.ASKED, T.REFUSE): (S.REFUSED, SIDE),
        (S.ASKED, T.LAPSE): (S.LAPSED, frozenset({P.CLOCK})),
        (S.CONSENTED, T.TAKE): (S.TAKEN, frozenset({P.CANDIDATE, P.OFFICE})),
        (S.CONSENTED, T.RECUSE): (S.CONSENTED, frozenset({P.CANDIDATE})),
        (S.PROPOSED, T.ACCEPT_TIME): (S.ARRANGED, SIDE),
        (S.RECORDED, T.CONFIRM): (S.SETTLED, SIDE),
        (S.RECORDED, T.CORRECT): (S.TAKEN, SIDE),
    }
    for s in MEETING:
        moves[s, T.RECUSE] = (S.CONSENTED, frozenset({P.MEDIATOR}))
        moves[s, T.OBJECT] = (S.CONSENTED, SIDE)
        moves[s, T.PROPOSE] = (S.PROPOSED, OWNERS)
        moves[s, T.RECORD] = (S.RECORDED, OWNERS)
        moves[s, T.FAIL] = (S.FAILED, OWNERS)
    for s in (S.PROPOSED, S.ARRANGED):
        moves[s, T.DECLINE_TIME] = (S.TAKEN, SIDE)
    for s in BEFORE:
        moves[s, T.ASK_PLAN] = (s, DESK | OWNERS)
        moves[s, T.PLAN] = (s, frozenset({P.SUBDISTRICT}))
    for s in (S.CONSENTED, *MEETING):
        moves[s, T.OFFER_HAND_OVER] = (s, DESK | OWNERS)
        moves[s, T.ALLOW] = (S.CONSENTED, SIDE)
        moves[s, T.DENY] = (s, SIDE)
    for s in ALIVE:
        moves[s, T.WITHDRAW] = (S.WITHDRAWN, SIDE)
    for s in (S.SETTLED, S.FAILED):
        moves[s, T.RATE] = (s, SIDE)
    return moves


MOVES = _table()
TOGETHER = {T.CONSENT: "agreed", T.ACCEPT_TIME: "coming", T.CONFIRM: "confirmed", T.ALLOW: "allowed"}


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the history: ids, sides and times, never anybody's words."""

    seq: int
    kind: str
    at: datetime
    actor: str  # "staff:7", "person:12", "clock"
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mediation:
    """What replaying the events gives. The sets hold the sides that have said yes to what is asked now."""

    id: int = 0
    number: str = ""
    kind: str = ""
    area: int = 0
    case: int | None = None
    opener: int | None = None  # staff who opened it for others
    state: State = State.ASKED
    mediator: int | None = None  # staff
    office: str = ""  # whom it was handed to
    offered: str = ""  # whom it is to be handed to, when both sides allow it
    recused: tuple[int, ...] = ()
    agreed: frozenset[str] = frozenset()
    coming: frozenset[str] = frozenset()
    confirmed: frozenset[str] = frozenset()
    allowed: frozenset[str] = frozenset()
    meets_at: datetime | None = None
    settled_at: datetime | None = None
    ratings: Mapping[str, int] = field(default_factory=dict)
    version: int = 0


def apply(mediation: Mediation, event: Event) -> Mediation:
    """The mediation after one more event; one that the table does not allow raises ValueError."""
    d = event.data
    if event.kind == Step.OPEN:
        known = {k: d[k] for k in ("number", "kind", "area", "case", "opener") if k in d}
        return replace(mediation, **known, version=event.seq)
    step = Step(event.kind)
    if (mediation.state, step) not in MOVES:
        raise ValueError(f"mediation {mediation.number}: no {step} from {mediation.state}")
    changed = _changes(mediation, step, event)
    if step in TOGETHER and len(changed[TOGETHER[step]]) < len(SIDES):
        state = mediation.state  # the other side is still to answer
    else:
        state = MOVES[mediation.state, step][0]
        if step is Step.ALLOW:
            changed |= {"office": mediation.offered, "offered": "", "mediator": None}
        if step is Step.CONFIRM:
            changed |= {"settled_at": event.at}
    return replace(mediation, **{"state": state, "version": event.seq, **changed})


def _changes(mediation: Mediation, step: Step, event: Event) -> dict[str, Any]:
    d = event.data
    staff = int(event.actor.split(":")[1]) if event.actor.startswith("staff:") else None
    if step in TOGETHER:
        name = TOGETHER[step]
        return {name: getattr(mediation, name) | {str(d["side"])}}
    match step:
        case Step.TAKE:
            return {"mediator": staff}
        case Step.RECUSE:
            return {"mediator": None, "recused": (*mediation.recused, staff)}
        case Step.OBJECT:
            return {"mediator": None, "recused": (*mediation.recused, mediation.mediator)}
        case Step.PROPOSE:
            return {"meets_at": datetime.fromisoformat(d["at"]), "coming": frozenset()}
        case Step.DECLINE_TIME:
            return {"meets_at": None, "coming": frozenset()}
        case Step.RECORD | Step.CORRECT:
            return {"confirmed": frozenset()}
        case Step.OFFER_HAND_OVER:
            return {"offered": str(d["office"]), "allowed": frozenset()}
        case Step.DENY:
            return {"offered": "", "allowed": frozenset()}
        case Step.RATE:
            return {"ratings": {**mediation.ratings, str(d["side"]): int(d["rating"])}}
        case _:
            return {}


def replay(events: Iterable[Event]) -> Mediation:
    mediation = Mediation()
    for event in events:
        mediation = apply(mediation, event)
    return mediation


WHY = {
    T.CONSENT: "这件调解已经不用再表态了，谢谢。",
    T.REFUSE: "这件调解已经不用再表态了，谢谢。",
    T.TAKE: "这件调解现在不用接，可能已经有人接了，或者双方还没都同意。",
    T.PROPOSE: "要先接下这件调解，双方都同意了才能约时间。",
    T.RECORD: "要先接下这件调解，才能记约定。",
    T.RATE: "调解还没结束，结束后会请您评价。",
}


def check(mediation: Mediation, step: Step, parts: Iterable[Part], side: str = "") -> None:
    """Raises NotAllowed, with a sentence a person can read, unless this may be done now."""
    move = MOVES.get((mediation.state, step))
    if move is None:
        raise NotAllowed(WHY.get(step, "这件调解现在做不了这一步，请看最新的一条消息。"))
    if not move[1] & set(parts):
        raise NotAllowed("这一步要由调解员或社区来做，您这边没有权限。")
    if step in TOGETHER and side in getattr(mediation, TOGETHER[step]):
        raise NotAllowed("您已经回答过了，在等另一方。")
    if step in (Step.ALLOW, Step.DENY) and not mediation.offered:
        raise NotAllowed("现在没有要转交的事。")
    if step is Step.RATE and side in mediation.ratings:
        raise NotAllowed("您已经评价过了，谢谢。")


def diagram() -> str:
    """The table as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", "    [*] --> asked: open"]
    for (source, step), (target, parts) in MOVES.items():
        if source != target:
            lines.append(f"    {source} --> {target}: {step} ({', '.join(sorted(parts))})")
    ends = (S.SETTLED, S.FAILED, S.REFUSED, S.WITHDRAWN, S.LAPSED)
    return "\n".join(lines + [f"    {s} --> [*]" for s in ends]) + "\n"
