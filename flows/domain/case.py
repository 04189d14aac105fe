"""A case: its history of events, the case that replaying them gives, and whether a move may be made now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from flows.domain.case_values import Case, Ending, Event
from flows.domain.moves import ALIVE, FREED, LEVELS, MOVES, WAITING, WORKING, Action, Role, Status, mighty
from flows.errors import NotAllowed

__all__ = [  # the table of moves comes with the case
    "ALIVE",
    "LEVELS",
    "MOVES",
    "WAITING",
    "WORKING",
    "Action",
    "Case",
    "Ending",
    "Event",
    "Role",
    "Status",
    "allowed",
    "apply",
    "check",
    "moves_for",
    "replay",
]


LOGGED = 3


def _when(data: Mapping[str, Any], key: str) -> datetime | None:
    return datetime.fromisoformat(data[key]) if data.get(key) else None


def _dues(data: Mapping[str, Any]) -> dict[str, Any]:
    """The clocks an event sets; those it says nothing of go on as they are."""
    return {k: _when(data, k) for k in ("acknowledge_due", "resolve_due") if data.get(k)}


def _opened(event: Event) -> Case:
    d = event.data
    names = (
        "number",
        "service",
        "act",
        "description",
        "place",
        "area",
        "building",
        "person",
        "department",
        "earlier",
        "hazard",
        "reachable",
        "when",
        "happened",
    )
    known: dict[str, Any] = {k: d[k] for k in names if k in d}
    known |= {"level": d.get("level", "grid"), "opened_at": event.at, "since": event.at, "version": event.seq}
    known |= {"happened_at": _when(d, "happened_at")}
    return Case(**known, **_dues(d))


def apply(case: Case, event: Event) -> Case:
    """The case after one more event; an event that the table does not allow raises ValueError."""
    if event.kind == Action.OPEN:
        return _opened(event)
    action = Action(event.kind)
    if (case.status, action) not in MOVES:
        raise ValueError(f"case {case.number}: no {action} from {case.status}")
    target = MOVES[case.status, action][0]
    changed = FOLD[action](case, event) if action in FOLD else {}
    if action in FREED or (target in WAITING and case.status not in WAITING):  # somebody has to take it anew
        changed |= {"owner": None, "suspended_at": None, "asked_days": 0}
    if target not in WORKING and case.wanted_by is not None:
        changed |= NOBODY_ASKS
    if case.status not in ALIVE and target in ALIVE:
        changed |= {"ending": None, "closed_at": None, "called": ()}
        if action is not Action.SPLIT:  # which goes on where it stood
            changed |= {"since": event.at, "extended": False}
    return replace(case, **{"status": target, "version": event.seq, **_dues(event.data), **changed})


Changes = dict[str, Any]
NOBODY_ASKS: Mapping[str, Any] = {"wanted": (), "wanted_by": None, "wanted_for": ""}


def _staff(event: Event) -> int | None:
    return int(event.actor.split(":")[1]) if event.actor.startswith("staff:") else None


def _first(case: Case, event: Event) -> datetime:
    return case.acknowledged_at or event.at


def _noted(case: Case, event: Event) -> Changes:
    note = str(event.data.get("note") or case.note)
    if case.status is not Status.CALLED_OUT:
        return {"note": note}
    who = str(event.data.get("department") or "")
    return {"note": note, "log": (*case.log, f"{who}：{note}" if who else note)[-LOGGED:]}


def _called(case: Case, event: Event) -> Changes:
    again = case.status is Status.CALLED_OUT
    called = tuple(dict.fromkeys((*(case.called if again else ()), *event.data.get("departments", ()))))
    more = {"report_due": _when(event.data, "report_due"), "lead": str(event.data.get("lead") or case.lead)}
    fresh = {} if again else {"reported_in": (), "log": ()}
    return {"called": called, **more, **fresh, **NOBODY_ASKS}


def _wanted(_case: Case, event: Event) -> Changes:
    d = event.data
    lead = {"lead": str(d["lead"])} if d.get("lead") else {}
    by = {"wanted_by": _staff(event), "wanted_for": str(d.get("note") or "")}
    return {"wanted": tuple(d.get("departments", ())), **by, **lead}


def _ended(case: Case, event: Event) -> Changes:
    return {"closed_at": event.at, "note": event.data.get("note") or case.note}


def _resolved(case: Case, event: Event) -> Changes:
    d = event.data
    told = {"note": d.get("note", ""), "next_step": d.get("next_step", "")}
    return {"ending": Ending(d["ending"]), "acknowledged_at": _first(case, event), "suspended_at": None, **told}


FOLD: Mapping[Action, Callable[[Case, Event], Changes]] = {
    Action.TAKE: lambda c, e: {"owner": _staff(e), "acknowledged_at": _first(c, e)},
    Action.ASSIGN: lambda c, e: {
        "owner": e.data.get("owner"),
        "department": e.data.get("department", c.department),
        "acknowledged_at": _first(c, e),
    },
    Action.ACCEPT: lambda c, e: {"acknowledged_at": _first(c, e)},
    Action.RETURN: lambda _c, e: {"note": e.data.get("note", "")},
    Action.CALL_OUT: _called,
    Action.ASK_CALL: _wanted,
    Action.GRANT_CALL: _called,
    Action.REFUSE_CALL: lambda _c, _e: dict(NOBODY_ASKS),
    Action.INVITE: lambda c, e: {"helpers": (*c.helpers, int(e.data["helper"]))},
    Action.REPORT_IN: lambda c, e: {"reported_in": (*c.reported_in, e.data["department"])},
    Action.NOTE: _noted,
    Action.TELL: lambda c, e: {"told": (*c.told, int(e.data["of"]))},
    Action.SUSPEND: lambda _c, e: {"suspended_at": e.at, "question": e.data.get("note", "")},
    Action.RESUME: lambda c, e: {"suspended_at": None, "note": e.data.get("note") or c.note},
    Action.ADD: lambda _c, _e: {"suspended_at": None},
    Action.NUDGE: lambda c, _e: {"nudges": c.nudges + 1},
    Action.ASK_TIME: lambda _c, e: {"asked_days": int(e.data["days"]), "asked_for": e.data.get("note", "")},
    Action.EXTEND: lambda _c, _e: {"extended": True, "asked_days": 0},
    Action.DENY: lambda _c, _e: {"asked_days": 0},
    Action.RESOLVE: _resolved,
    Action.REJECT: _ended,
    Action.WITHDRAW: _ended,
    Action.LAPSE: _ended,
    Action.MERGE: lambda _c, e: {"closed_at": e.at, "merged_into": e.data.get("into")},
    Action.SPLIT: lambda _c, _e: {"closed_at": None, "merged_into": None},
    Action.RATE: lambda _c, e: {
        "closed_at": e.at,
        "rating": int(e.data["rating"]),
        "confirmed": int(e.data["rating"]) > 1,
    },
    Action.REOPEN: lambda c, _e: {
        "reopened": c.reopened + 1,
        "confirmed": False,
        "followed": (),
        "recurred": False,
        "rating": None,
    },
    Action.ESCALATE: lambda _c, e: {"level": e.data["level"], "owner": None},
    Action.SUPERVISE: lambda c, _e: {"supervised": c.supervised + 1},
    Action.CONFIRM: lambda c, e: {"confirmed": not c.recurred, "followed": (*c.followed, e.actor)},
    Action.RECUR: lambda c, e: {"confirmed": False, "recurred": True, "followed": (*c.followed, e.actor)},
}


def replay(events: Iterable[Event]) -> Case:
    """The case that a history tells of, from its first event on."""
    case = Case()
    for event in events:
        case = apply(case, event)
    return case


WHY = {
    Action.RESOLVE: "要先有人接单，才能办结。",
    Action.RATE: "这件诉求还没办完，办完了会请您评价。",
    Action.NUDGE: "这件诉求已经办完了，不用再催啦。",
    Action.TAKE: "这件诉求已经有人接了。",
    Action.REOPEN: "这件诉求已经结案，要再反映，直接说就行。",
    Action.RESUME: "这件诉求现在不需要补充了。",
}
HIGHER = {"community": "社区", "subdistrict": "街道", "city": "市里"}


def barred(case: Case, action: Action) -> str:
    """Why the case as it stands does not let anybody do this, whatever its state; "" when nothing is against it."""
    if action is Action.TAKE and case.owner is not None:
        return WHY[Action.TAKE]
    if action is Action.SUSPEND and case.suspended_at:
        return "已经在等居民补充了，收到会马上告诉您。"
    if action is Action.RESUME and not case.suspended_at:
        return "这件诉求现在不需要补充了。"
    if action in (Action.ASK_TIME, Action.EXTEND) and case.extended:
        return "已经延期过一次了，不能再延。"
    if action is Action.ASK_TIME and case.asked_days:
        return "延期已经申请了，等上一级同意。"
    if action in (Action.EXTEND, Action.DENY) and not case.asked_days:
        return "没有等着同意的延期，可能别人已经处理了。"
    if action is Action.REPORT_IN and set(case.called) <= set(case.reported_in):
        return "请到场的部门都报到过了。"
    if action is Action.ASK_CALL and case.wanted_by is not None:
        return "吹哨已经申请了，等街道定。"
    if action in (Action.GRANT_CALL, Action.REFUSE_CALL) and case.wanted_by is None:
        return "没有等着定的吹哨，可能别人已经处理了。"
    return ""


def check(case: Case, action: Action, roles: Iterable[Role]) -> None:
    """Raises NotAllowed, with a sentence a person can read, unless one of the roles may do this now."""
    move = MOVES.get((case.status, action))
    if move is None:
        if action is Action.RATE and case.status is Status.CLOSED:
            raise NotAllowed("这件已经结案了，谢谢您。您那里还没好的话，直接跟我说。")
        raise NotAllowed(WHY.get(action, "这件诉求现在的状态做不了这一步，请看最新的卡片。"))
    able = move[1] & set(roles)
    if not able:
        may_note = MOVES.get((case.status, Action.NOTE), (case.status, frozenset[Role]()))[1] & set(roles)
        raise NotAllowed(
            "这一步要由经办人或社区来做，您这边没有权限。" + ("有话点「写进展」，他们看得到。" if may_note else "")
        )
    if not mighty(action, able, case.level):
        raise NotAllowed(f"这件已经请{HIGHER[case.level]}来办，这一步要由{HIGHER[case.level]}来做。")
    if why := barred(case, action):
        raise NotAllowed(why)


def allowed(status: Status, action: Action) -> bool:
    """Whether anybody may do this to a case of this status."""
    return (status, action) in MOVES


def moves_for(case: Case, roles: Iterable[Role]) -> tuple[Action, ...]:
    """What somebody with these roles may do with the case now, in the order of the table."""
    mine = set(roles)
    return tuple(
        action
        for (status, action), (_, who) in MOVES.items()
        if status == case.status and mighty(action, who & mine, case.level) and not barred(case, action)
    )
