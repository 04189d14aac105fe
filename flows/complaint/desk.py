"""What follows when somebody does something with a case: the move is checked, the history grows, people are told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from flows.complaint import texts
from flows.complaint.around import Actor, Around
from flows.complaint.buttons import ASKS_MORE, LABELS, NO_WORD
from flows.complaint.card import card, pictures
from flows.complaint.clocks import REPORT_IN, acknowledge_due, dues, extended, going_on, keep_time
from flows.complaint.follows import FOLLOWS, nothing
from flows.complaint.news import tells
from flows.domain.calendar import add_working
from flows.domain.case import ALIVE, Action, Case, Ending, Event, Role, Status, apply, check, moves_for
from flows.domain.similar import AGAIN
from flows.effects import ChangeCase, Effect, Option, Say, StaffRoom
from flows.errors import NotAllowed

NUDGE_AGAIN = timedelta(hours=20)
LONGEST_EXTENSION = 30  # days, 信访工作条例 2022 art. 34

Given = Mapping[str, Any]


def act(case: Case, action: Action, actor: Actor, data: Given, around: Around) -> tuple[Effect, ...]:
    """Everything that follows from doing `action` with `data`; raises NotAllowed and changes nothing."""
    if action is Action.TAKE and case.owner is not None:
        name = around.names.get(case.owner, "同事")
        raise NotAllowed(
            "您已经接了这件，办完点「办结」。" if case.owner == actor.staff else texts.TAKEN_BY.format(name=name)
        )
    check(case, action, actor.roles)
    if (
        action is Action.NUDGE
        and _nudged_lately(around)
        and tells(said := str(data.get("note") or ""), case.description)
    ):
        return act(case, Action.ADD, actor, {"note": said, "photos": [], "nudged": True}, around)
    if action in REFUSES and (why := REFUSES[action](case, actor, data, around)):
        raise NotAllowed(why)
    if action in ASKS_MORE - NO_WORD and not str(data.get("note", "")).strip():
        raise NotAllowed("请写一句说明，居民要看得懂。")
    if action is Action.RATE and int(data["rating"]) < 2 and not data.get("final"):
        return (_really(case),)
    data = {**data, **FILLS[action](case, actor, data, around)} if action in FILLS else data
    event = Event(case.version + 1, action, around.now, actor.name, data)
    after = apply(case, event)
    change = ChangeCase(case.id, case.version, action, actor.name, data)
    told = FOLLOWS.get(action, nothing)(after, event, around)
    same = action is Action.SUPERVISE and int(data.get("step", 1)) > 1  # the card is late already, and red or orange
    shown = (card(after, around),) if after.area and not same else ()
    return (change, *shown, *told, *keep_time(case, after, around))  # what is said may become the card of its chat


def opened(case: Case, around: Around) -> tuple[Effect, ...]:
    """A new case: its card goes to the grid's staff group, and its clocks are set."""
    if case.area is None:
        return ()
    room = StaffRoom(case.area)
    return (card(case, around, room), *pictures(case, around.photos, room), *keep_time(Case(), case, around))


def possible(case: Case, roles: frozenset[Role]) -> tuple[Action, ...]:
    """What the staff page offers: what a button exists for."""
    return tuple(a for a in moves_for(case, roles) if a in LABELS)


def _really(case: Case) -> Say:
    """不满意: before it is closed over that, the ways on are shown."""
    args = {"case": case.id}
    rows = (
        (Option("没解决，重办", "case.reopen", args), Option("请上一级处理", "case.escalate", args)),
        (Option("就这样结案", "case.rate", {**args, "rating": 1, "final": True}),),
    )
    return Say(texts.UNHAPPY_WAYS, options=rows)


# -- what is refused, beyond the table of moves ----------------------------------------------------------------------

Refuse = Callable[[Case, Actor, Given, Around], str]


def _nudge(_case: Case, _actor: Actor, _data: Given, around: Around) -> str:
    return texts.NUDGED_TOO_OFTEN if _nudged_lately(around) else ""


def _nudged_lately(around: Around) -> bool:
    return around.nudged_at is not None and around.now - around.nudged_at < NUDGE_AGAIN


def _assign(case: Case, _actor: Actor, data: Given, around: Around) -> str:
    """Only to somebody who is there, and never to somebody who reported it (信访工作条例 art. 28)."""
    owner = int(data.get("owner") or 0)
    if owner not in around.names:
        return "请选一位同事；名单里没有的，可能已经调走了。"
    if owner == case.owner:
        return f"这件本来就在{around.names[owner]}手上。"
    return "这件不方便转给这位同事，请换一位。" if around.persons.get(owner) in around.parties else ""


def _invite(case: Case, _actor: Actor, data: Given, around: Around) -> str:
    helper = int(data.get("helper") or 0)
    if helper not in around.names:
        return "请选一位同事；名单里没有的，可能已经调走了。"
    if helper == case.owner or helper in case.helpers:
        return f"{around.names[helper]}已经在办这件了。"
    return "这件不方便请这位同事，请换一位。" if around.persons.get(helper) in around.parties else ""


def _resolve(_case: Case, _actor: Actor, data: Given, _around: Around) -> str:
    if data.get("ending") not in set(Ending):
        return "请选一种结果：已办结、已答复，或者客观无法解决。"
    if data["ending"] == Ending.IMPOSSIBLE and not str(data.get("next_step") or "").strip():
        return "客观无法解决的，请再写一句下一步怎么办，居民好有个去处。"
    return ""


def _tell(case: Case, _actor: Actor, data: Given, _around: Around) -> str:
    if not data.get("of") or not (data.get("note") or data.get("shown")):
        return "没有找到这条进展，请在卡片上重新写一条。"
    return "这条已经发给居民了。" if data["of"] in case.told else ""


def _report(case: Case, _actor: Actor, data: Given, _around: Around) -> str:
    if not data.get("department"):
        return "这件没有请你们部门到场，不用报到。"
    return "你们已经报到过了。" if data["department"] in case.reported_in else ""


def _ask_time(_case: Case, _actor: Actor, data: Given, _around: Around) -> str:
    days = data.get("days")
    right = isinstance(days, int) and 1 <= days <= LONGEST_EXTENSION
    return "" if right else f"延期最多{LONGEST_EXTENSION}天，请选一个天数。"


def _extend(case: Case, actor: Actor, _data: Given, _around: Around) -> str:
    return "自己申请的延期，要请别的同事来批。" if case.owner is not None and case.owner == actor.staff else ""


def _escalate(case: Case, _actor: Actor, _data: Given, around: Around) -> str:
    return "" if around.next_level(case) else texts.NO_HIGHER


def _reopen(case: Case, _actor: Actor, _data: Given, around: Around) -> str:
    late = case.status is Status.CLOSED and case.closed_at and around.now - case.closed_at > AGAIN
    return texts.CLOSED_LONG if late else ""


def _rate(case: Case, actor: Actor, _data: Given, around: Around) -> str:
    own = case.owner is not None and actor.name == f"person:{around.persons.get(case.owner)}"
    return "这件是您自己经办的，评价请留给别的居民。" if own else ""


def _follow(case: Case, actor: Actor, _data: Given, _around: Around) -> str:
    """Each neighbour says it once."""
    return "已经记下了，谢谢。要再反映什么，直接说就行。" if actor.name in case.followed else ""


REFUSES: dict[Action, Refuse] = {
    Action.NUDGE: _nudge,
    Action.ASSIGN: _assign,
    Action.INVITE: _invite,
    Action.RESOLVE: _resolve,
    Action.TELL: _tell,
    Action.REPORT_IN: _report,
    Action.ASK_TIME: _ask_time,
    Action.EXTEND: _extend,
    Action.ESCALATE: _escalate,
    Action.REOPEN: _reopen,
    Action.RATE: _rate,
    Action.CONFIRM: _follow,
    Action.RECUR: _follow,
}

# -- what an event holds beside what was said: the clocks it sets ----------------------------------------------------

Fill = Callable[[Case, Actor, Given, Around], dict[str, Any]]


def _fresh(case: Case, _actor: Actor, _data: Given, around: Around) -> dict[str, Any]:
    return dict(dues(around.offers[case.level], around))


def _back(case: Case, _actor: Actor, _data: Given, around: Around) -> dict[str, Any]:
    """Nobody has it any more: somebody has to take it; the time to finish goes on as it was."""
    return {"acknowledge_due": acknowledge_due(around.offers[case.level], around), **going_on(case, around)}


def _up(case: Case, actor: Actor, _data: Given, around: Around) -> dict[str, Any]:
    """The level above has to take it. A resident gets that level's own time; staff gain none by passing it up."""
    level = around.next_level(case)
    assert level
    service = around.offers[level]
    clocks = dues(service, around)
    if case.status in ALIVE and Role.RESIDENT not in actor.roles:
        clocks = {"acknowledge_due": clocks["acknowledge_due"], **going_on(case, around)}
    return {"level": level, **clocks}


def _call_out(case: Case, _actor: Actor, data: Given, around: Around) -> dict[str, Any]:
    """When those called have to be there, and which of them leads (信访工作条例 art. 24: one of several does)."""
    wait = timedelta(minutes=int(data["minutes"])) if data.get("minutes") else REPORT_IN
    named = tuple(data.get("departments", ()))
    lead = data.get("lead") or case.lead or (case.department if case.department in named else next(iter(named), ""))
    return {"report_due": add_working(around.hours, around.now, wait).isoformat(), "lead": lead}


def _granted(case: Case, actor: Actor, _data: Given, around: Around) -> dict[str, Any]:
    """What was asked for, as it was asked."""
    asked = {"departments": list(case.wanted), "note": case.wanted_for, "asker": case.wanted_by}
    return {**asked, **_call_out(case, actor, asked, around)}


FILLS: dict[Action, Fill] = {
    Action.REOPEN: _fresh,
    Action.SPLIT: lambda c, a, d, r: {} if c.status in ALIVE else _back(c, a, d, r),
    Action.RETURN: _back,
    Action.STEP_ASIDE: lambda c, a, d, r: _back(c, a, d, r) if c.owner else {},
    Action.RESUME: lambda c, _a, _d, r: dict(going_on(c, r)),
    Action.ADD: lambda c, _a, _d, r: {"asked": True, **going_on(c, r)} if c.suspended_at else {},
    Action.EXTEND: lambda c, _a, _d, r: {"resolve_due": extended(c, r), "note": c.asked_for},
    Action.ESCALATE: _up,
    Action.CALL_OUT: _call_out,
    Action.GRANT_CALL: _granted,
    Action.REFUSE_CALL: lambda c, _a, _d, _r: {"asker": c.wanted_by},
}
