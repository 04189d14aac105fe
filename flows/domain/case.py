"""The life of a case: a table of moves, who may make them, and the case that replaying its events gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from flows.errors import NotAllowed


class Status(StrEnum):
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    ASSIGNED = "assigned"
    CALLED_OUT = "called_out"
    RESOLVED = "resolved"
    CLOSED = "closed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


class Action(StrEnum):
    OPEN = "open"
    ACCEPT = "accept"  # 受理: the community answers for it
    TAKE = "take"  # 接单: the presser becomes the owner
    ASSIGN = "assign"  # 派单 / 转派
    RETURN = "return"  # 退回 with a reason
    CALL_OUT = "call_out"  # 吹哨: departments called out together
    REPORT_IN = "report_in"  # 报到
    NOTE = "note"  # progress
    ADD = "add"  # 居民补充
    NUDGE = "nudge"  # 催办
    SUSPEND = "suspend"  # waiting for the resident: the clock stands still
    RESUME = "resume"
    EXTEND = "extend"  # one extension, with a reason
    ESCALATE = "escalate"  # 申请上级处理
    SUPERVISE = "supervise"  # 督办: an overlay, the status stays
    RESOLVE = "resolve"
    RATE = "rate"
    LAPSE = "lapse"  # seven days of silence
    REOPEN = "reopen"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    MERGE = "merge"  # 并案: into the case that data names
    SPLIT = "split"  # 拆案: a merged case stands for itself again, or somebody leaves a case of several


class Ending(StrEnum):
    """Three end states a resident can tell apart (domain.md)."""

    ANSWERED = "answered"  # 已答复
    SETTLED = "settled"  # 已办结, with evidence
    IMPOSSIBLE = "impossible"  # 客观无法解决, with reason and next step


class Role(StrEnum):
    """What somebody is to this case."""

    RESIDENT = "resident"  # its reporter or a co-complainant
    GRID = "grid"  # grid worker or leader of its grid
    OWNER = "owner"  # the one who took it
    COMMUNITY = "community"  # community staff, or the leader on duty there
    SUBDISTRICT = "subdistrict"
    DEPARTMENT = "department"  # of the responsible or a called-out department
    CLOCK = "clock"


S, A, R = Status, Action, Role
DESK = frozenset({R.COMMUNITY, R.SUBDISTRICT})
HANDLERS = frozenset({R.GRID, R.DEPARTMENT}) | DESK
OWNERS = frozenset({R.OWNER}) | DESK
RESIDENT = frozenset({R.RESIDENT})
CLOCK = frozenset({R.CLOCK})
WAITING = (S.SUBMITTED, S.ACCEPTED)
WORKING = (S.ASSIGNED, S.CALLED_OUT)
ALIVE = (*WAITING, *WORKING)


def _table() -> dict[tuple[Status, Action], tuple[Status, frozenset[Role]]]:
    moves: dict[tuple[Status, Action], tuple[Status, frozenset[Role]]] = {(S.SUBMITTED, A.ACCEPT): (S.ACCEPTED, DESK)}
    for s in WAITING:
        moves[s, A.TAKE] = (S.ASSIGNED, HANDLERS)
        moves[s, A.ASSIGN] = (S.ASSIGNED, DESK | {R.GRID})
        moves[s, A.REJECT] = (S.REJECTED, DESK)
    for s in WORKING:
        moves[s, A.ASSIGN] = (S.ASSIGNED, OWNERS)
        moves[s, A.RETURN] = (S.ACCEPTED, frozenset({R.OWNER}))
        moves[s, A.CALL_OUT] = (S.CALLED_OUT, OWNERS)
        moves[s, A.RESOLVE] = (S.RESOLVED, OWNERS)
        moves[s, A.SUSPEND] = (s, OWNERS)
        moves[s, A.RESUME] = (s, OWNERS | RESIDENT)
        moves[s, A.EXTEND] = (s, DESK)
    moves[S.CALLED_OUT, A.REPORT_IN] = (S.CALLED_OUT, frozenset({R.DEPARTMENT}))
    for s in ALIVE:
        moves[s, A.NOTE] = (s, HANDLERS | OWNERS)
        moves[s, A.ADD] = (s, RESIDENT)
        moves[s, A.NUDGE] = (s, RESIDENT)
        moves[s, A.ESCALATE] = (s, RESIDENT | OWNERS)
        moves[s, A.SUPERVISE] = (s, DESK | CLOCK)
        moves[s, A.WITHDRAW] = (S.WITHDRAWN, RESIDENT)
        moves[s, A.MERGE] = (S.MERGED, OWNERS | RESIDENT)
        moves[s, A.SPLIT] = (s, OWNERS | RESIDENT)
    moves[S.MERGED, A.SPLIT] = (S.ACCEPTED, OWNERS | RESIDENT)
    moves[S.MERGED, A.WITHDRAW] = (S.WITHDRAWN, RESIDENT)
    moves[S.RESOLVED, A.RATE] = (S.CLOSED, RESIDENT)
    moves[S.RESOLVED, A.LAPSE] = (S.CLOSED, CLOCK)
    for s in (S.RESOLVED, S.REJECTED):
        moves[s, A.REOPEN] = (S.ACCEPTED, RESIDENT)
        moves[s, A.ESCALATE] = (S.ACCEPTED, RESIDENT)
    return moves


MOVES = _table()


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a case's history. `actor` is "staff:7", "person:12" or "clock"."""

    seq: int
    kind: str
    at: datetime
    actor: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """What replaying the events gives. `version` is the number of events."""

    id: int = 0
    number: str = ""
    status: Status = Status.SUBMITTED
    service: str = ""
    act: str = "complaint"
    description: str = ""
    place: str = ""
    area: int | None = None
    building: int | None = None
    level: str = "grid"
    person: int = 0
    owner: int | None = None  # staff
    department: str | None = None
    ending: Ending | None = None
    note: str = ""  # the last thing a handler wrote for the resident
    opened_at: datetime | None = None
    acknowledge_due: datetime | None = None
    resolve_due: datetime | None = None
    acknowledged_at: datetime | None = None
    closed_at: datetime | None = None
    rating: int | None = None
    nudges: int = 0
    extended: bool = False
    reopened: int = 0
    called: tuple[str, ...] = ()
    reported_in: tuple[str, ...] = ()
    supervised: int = 0
    merged_into: int | None = None  # the case that goes on for it
    version: int = 0


def _when(data: Mapping[str, Any], key: str) -> datetime | None:
    return datetime.fromisoformat(data[key]) if data.get(key) else None


def _opened(case: Case, event: Event) -> Case:
    d = event.data
    known: dict[str, Any] = {
        k: d[k] for k in ("number", "service", "act", "description", "place", "area", "building", "person") if k in d
    }
    known |= {"department": d.get("department"), "level": d.get("level", "grid")}
    known |= {k: _when(d, k) for k in ("acknowledge_due", "resolve_due")}
    return replace(case, **known, opened_at=event.at)


def apply(case: Case, event: Event) -> Case:
    """The case after one more event; an event that the table does not allow raises ValueError."""
    if event.kind == Action.OPEN:
        return replace(_opened(case, event), version=event.seq)
    action = Action(event.kind)
    if (case.status, action) not in MOVES:
        raise ValueError(f"case {case.number}: no {action} from {case.status}")
    status = MOVES[case.status, action][0]
    changed = _changes(case, action, event)
    return replace(case, **{"status": status, "version": event.seq, **changed})


def _changes(case: Case, action: Action, event: Event) -> dict[str, Any]:
    d = event.data
    staff = int(event.actor.split(":")[1]) if event.actor.startswith("staff:") else None
    first = case.acknowledged_at or event.at
    match action:
        case Action.TAKE:
            return {"owner": staff, "acknowledged_at": first}
        case Action.ASSIGN:
            owner, department = d.get("owner"), d.get("department", case.department)
            return {"owner": owner, "department": department, "acknowledged_at": first}
        case Action.ACCEPT:
            return {"acknowledged_at": first}
        case Action.RETURN:
            return {"owner": None, "note": d.get("note", "")}
        case Action.CALL_OUT:
            return {"called": tuple(d.get("departments", ())), "reported_in": ()}
        case Action.REPORT_IN:
            return {"reported_in": (*case.reported_in, d["department"])}
        case Action.NOTE | Action.SUSPEND:
            return {"note": d.get("note", case.note)}
        case Action.NUDGE:
            return {"nudges": case.nudges + 1}
        case Action.EXTEND:
            return {"extended": True, "resolve_due": _when(d, "resolve_due"), "note": d.get("note", "")}
        case Action.RESOLVE:
            return {"ending": Ending(d["ending"]), "note": d.get("note", ""), "acknowledged_at": first}
        case Action.MERGE:
            return {"closed_at": event.at, "merged_into": d.get("into")}
        case Action.SPLIT:
            return {"closed_at": None, "merged_into": None}
        case Action.REJECT | Action.WITHDRAW | Action.LAPSE:
            return {"closed_at": event.at, "note": d.get("note", case.note)}
        case Action.RATE:
            return {"closed_at": event.at, "rating": int(d["rating"])}
        case Action.REOPEN:
            return {"reopened": case.reopened + 1, "ending": None, "closed_at": None, "owner": None}
        case Action.ESCALATE:
            return {"level": d["level"], "owner": None, "ending": None, "closed_at": None}
        case Action.SUPERVISE:
            return {"supervised": case.supervised + 1}
        case _:
            return {}


def replay(events: Iterable[Event]) -> Case:
    """The case that a history tells of, from its first event on."""
    case = Case()
    for event in events:
        case = apply(case, event)
    return case


WHY = {
    A.RESOLVE: "要先有人接单，才能办结。",
    A.RATE: "这件诉求还没办完，办完了会请您评价。",
    A.NUDGE: "这件诉求已经办完了，不用再催啦。",
    A.TAKE: "这件诉求已经有人接了。",
}


def check(case: Case, action: Action, roles: Iterable[Role]) -> None:
    """Raises NotAllowed, with a sentence a person can read, unless one of the roles may do this now."""
    move = MOVES.get((case.status, action))
    if move is None:
        raise NotAllowed(WHY.get(action, "这件诉求现在的状态做不了这一步，请看最新的卡片。"))
    if not move[1] & set(roles):
        raise NotAllowed("这一步要由经办人或社区来做，您这边没有权限。")
    if action is Action.EXTEND and case.extended:
        raise NotAllowed("已经延期过一次了，不能再延。")


def allowed(status: Status, action: Action) -> bool:
    """Whether anybody may do this to a case of this status."""
    return (status, action) in MOVES


def moves_for(case: Case, roles: Iterable[Role]) -> tuple[Action, ...]:
    """What somebody with these roles may do with the case now, in the order of the table."""
    mine = set(roles)
    return tuple(a for (s, a), (_, who) in MOVES.items() if s == case.status and who & mine)


def diagram() -> str:
    """The table as a Mermaid state diagram (docs/case-life.md is this text)."""
    lines = ["stateDiagram-v2", "    [*] --> submitted: open"]
    for (source, action), (target, roles) in MOVES.items():
        if source != target:
            lines.append(f"    {source} --> {target}: {action} ({', '.join(sorted(roles))})")
    ends = (Status.CLOSED, Status.WITHDRAWN, Status.MERGED)
    return "\n".join(lines + [f"    {s} --> [*]" for s in ends]) + "\n"
