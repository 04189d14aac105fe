"""What can be done with a case: its states, the moves between them, and who may make each, by level and role."""

from __future__ import annotations

from enum import StrEnum


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
    STEP_ASIDE = "step_aside"  # 回避: an interest is declared, somebody else has to do it
    CALL_OUT = "call_out"  # 吹哨: departments called out together, by the subdistrict
    ASK_CALL = "ask_call"  # 申请吹哨: whoever has the case asks the subdistrict for it
    GRANT_CALL = "grant_call"  # … which calls those asked for
    REFUSE_CALL = "refuse_call"  # … or does not
    INVITE = "invite"  # 请专员一起办: a colleague comes along, the owner stays
    REPORT_IN = "report_in"  # 报到
    NOTE = "note"  # progress, for colleagues
    TELL = "tell"  # 发给居民: one of those notes
    ADD = "add"  # 居民补充: it answers what the clock stands still for
    NUDGE = "nudge"  # 催办
    SUSPEND = "suspend"  # waiting for the resident: the clock stands still
    RESUME = "resume"
    ASK_TIME = "ask_time"  # 申请延期, with the reason and for how long
    EXTEND = "extend"  # 同意延期: once
    DENY = "deny"  # 不同意延期
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
    CONFIRM = "confirm"  # 回访: weeks later it still holds
    RECUR = "recur"  # 回访: it is broken again, a new case follows


class Role(StrEnum):
    """What somebody is to a case. Who serves a higher level has the roles of the lower ones too."""

    RESIDENT = "resident"  # its reporter or a co-complainant
    OWNER = "owner"  # the one who took it
    GRID = "grid"  # grid worker, building or household-group leader there, or the grid leader
    LEADER = "grid_leader"
    DEPARTMENT = "department"  # of the responsible or a called-out department
    COMMUNITY = "community"  # community staff, or the leader on duty there
    SUBDISTRICT = "subdistrict"
    CITY = "city"
    SUPERVISOR = "supervisor"  # watches over an area, handles nothing
    CLOCK = "clock"


LEVELS = ("grid", "community", "subdistrict", "city")  # from the lowest to the highest
LEVEL_OF = {R: LEVELS.index(R) for R in (Role.GRID, Role.COMMUNITY, Role.SUBDISTRICT, Role.CITY)} | {
    Role.LEADER: 0,
    Role.DEPARTMENT: 2,
}

S, A, R = Status, Action, Role
DESK = frozenset({R.COMMUNITY, R.SUBDISTRICT, R.CITY})
HANDLERS = frozenset({R.GRID, R.LEADER, R.DEPARTMENT}) | DESK
OWNERS = frozenset({R.OWNER}) | DESK
LEADING = OWNERS | {R.LEADER}
CALLERS = frozenset({R.SUBDISTRICT, R.CITY})  # or whoever is highest here: bot/casework.py gives them the role
RESIDENT = frozenset({R.RESIDENT})
CLOCK = frozenset({R.CLOCK})
WAITING = (S.SUBMITTED, S.ACCEPTED)
WORKING = (S.ASSIGNED, S.CALLED_OUT)
ALIVE = (*WAITING, *WORKING)

# Once a case has gone up, those below its level give way: these moves are then for its level and the ones above.
BY_LEVEL = frozenset({A.ACCEPT, A.TAKE, A.ASSIGN, A.REJECT, A.EXTEND, A.DENY, A.MERGE})

FREED = frozenset({A.RETURN, A.STEP_ASIDE, A.ESCALATE})  # nobody has it then, and somebody has to take it anew

Moves = dict[tuple[Status, Action], tuple[Status, frozenset[Role]]]


def _table() -> Moves:
    moves: Moves = {(S.SUBMITTED, A.ACCEPT): (S.ACCEPTED, DESK)}
    for s in WAITING:
        moves |= {
            (s, A.TAKE): (S.ASSIGNED, HANDLERS),
            (s, A.ASSIGN): (S.ASSIGNED, DESK | {R.GRID, R.LEADER}),
            (s, A.REJECT): (S.REJECTED, DESK),
            (s, A.STEP_ASIDE): (s, HANDLERS),
        }
    for s in WORKING:
        moves |= _working(s)
    moves[S.CALLED_OUT, A.TAKE] = (S.CALLED_OUT, HANDLERS)  # once its owner has let it go
    moves[S.CALLED_OUT, A.REPORT_IN] = (S.CALLED_OUT, frozenset({R.DEPARTMENT}))
    for s in ALIVE:
        moves |= _alive(s)
    for freed in FREED:  # departments go on with what they were called to, whoever has the case
        moves[S.CALLED_OUT, freed] = (S.CALLED_OUT, moves[S.CALLED_OUT, freed][1])
    moves[S.MERGED, A.SPLIT] = (S.ACCEPTED, OWNERS | RESIDENT)
    moves[S.MERGED, A.WITHDRAW] = (S.WITHDRAWN, RESIDENT)
    moves[S.RESOLVED, A.RATE] = (S.CLOSED, RESIDENT)
    moves[S.RESOLVED, A.LAPSE] = (S.CLOSED, CLOCK)
    for s in (S.RESOLVED, S.REJECTED):
        moves[s, A.REOPEN] = (S.ACCEPTED, RESIDENT)
        moves[s, A.ESCALATE] = (S.ACCEPTED, RESIDENT)
    moves[S.CLOSED, A.REOPEN] = (S.ACCEPTED, RESIDENT)  # soon after: 同一件事
    moves[S.CLOSED, A.CONFIRM] = (S.CLOSED, RESIDENT)
    moves[S.CLOSED, A.RECUR] = (S.CLOSED, RESIDENT)
    return moves


def _working(s: Status) -> Moves:
    """Somebody has it."""
    return {
        (s, A.ASSIGN): (s, LEADING),
        (s, A.RETURN): (S.ACCEPTED, frozenset({R.OWNER, R.CLOCK})),
        (s, A.STEP_ASIDE): (S.ACCEPTED, frozenset({R.OWNER})),
        (s, A.CALL_OUT): (S.CALLED_OUT, CALLERS),
        (s, A.ASK_CALL): (s, frozenset({R.OWNER, R.LEADER, R.COMMUNITY})),
        (s, A.GRANT_CALL): (S.CALLED_OUT, CALLERS),
        (s, A.REFUSE_CALL): (s, CALLERS),
        (s, A.INVITE): (s, LEADING),
        (s, A.RESOLVE): (S.RESOLVED, OWNERS),
        (s, A.SUSPEND): (s, OWNERS),
        (s, A.RESUME): (s, OWNERS | CLOCK),
        (s, A.ASK_TIME): (s, frozenset({R.OWNER})),
        (s, A.EXTEND): (s, DESK),
        (s, A.DENY): (s, DESK),
    }


def _alive(s: Status) -> Moves:
    """It is not over yet. An escalated case waits for the level above to take it."""
    return {
        (s, A.NOTE): (s, HANDLERS | OWNERS | {R.SUPERVISOR}),
        (s, A.TELL): (s, HANDLERS | OWNERS),
        (s, A.ADD): (s, RESIDENT),
        (s, A.NUDGE): (s, RESIDENT),
        (s, A.ESCALATE): (S.ACCEPTED, RESIDENT | LEADING),
        (s, A.SUPERVISE): (s, DESK | CLOCK | {R.SUPERVISOR}),
        (s, A.WITHDRAW): (S.WITHDRAWN, RESIDENT),
        (s, A.MERGE): (S.MERGED, OWNERS | RESIDENT),
        (s, A.SPLIT): (s, OWNERS | RESIDENT),
    }


MOVES = _table()


def mighty(action: Action, roles: frozenset[Role], level: str) -> frozenset[Role]:
    """Those of the roles that count for a move on a case of this level."""
    if action not in BY_LEVEL or level not in LEVELS:
        return roles
    return frozenset(r for r in roles if LEVEL_OF.get(r, len(LEVELS)) >= LEVELS.index(level))


def diagram() -> str:
    """The table as a Mermaid state diagram (docs/case-life.md is this text)."""
    lines = ["stateDiagram-v2", "    [*] --> submitted: open"]
    for (source, action), (target, roles) in MOVES.items():
        if source != target:
            lines.append(f"    {source} --> {target}: {action} ({', '.join(sorted(roles))})")
    ends = (Status.CLOSED, Status.WITHDRAWN, Status.MERGED)
    return "\n".join(lines + [f"    {s} --> [*]" for s in ends]) + "\n"


def permissions() -> str:
    """The table of who may do what, as Markdown: a row for each move and the states it is made from."""
    rows: dict[tuple[Action, frozenset[Role]], list[Status]] = {}
    for (source, action), (_, roles) in MOVES.items():
        rows.setdefault((action, roles), []).append(source)
    lines = [f"| move | from | {' | '.join(Role)} |", "|---|---|" + "---|" * len(Role)]
    for (action, roles), sources in sorted(rows.items(), key=lambda row: list(Action).index(row[0][0])):
        marks = ("✓" if role in roles else "" for role in Role)
        star = "*" if action in BY_LEVEL else ""
        lines.append(f"| {action}{star} | {', '.join(sources)} | {' | '.join(marks)} |")
    return "\n".join(lines) + "\n"
