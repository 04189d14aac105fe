"""The buttons of a work card: what they are called, which stand on it when, who may press them."""

from __future__ import annotations

from flows.domain.case import Action, Case, Status, barred

PRESSERS = (
    *("grid_worker", "grid_leader", "building_leader", "household_leader", "community_staff", "duty_leader"),
    *("department", "supervisor", "administrator"),
)
LABELS = {
    Action.TAKE: "接单",
    Action.ASSIGN: "转派",
    Action.RESOLVE: "办结",
    Action.RETURN: "退回",
    Action.STEP_ASIDE: "回避",
    Action.MERGE: "合并",
    Action.SPLIT: "拆开",
    Action.CALL_OUT: "吹哨",
    Action.ASK_CALL: "申请吹哨",
    Action.GRANT_CALL: "同意吹哨",
    Action.REFUSE_CALL: "不吹哨",
    Action.INVITE: "请专员一起办",
    Action.REPORT_IN: "报到",
    Action.ACCEPT: "受理",
    Action.REJECT: "不予受理",
    Action.NOTE: "写进展",
    Action.TELL: "发给居民",
    Action.SUSPEND: "等居民补充",
    Action.RESUME: "继续办理",
    Action.ASK_TIME: "延期",
    Action.EXTEND: "同意延期",
    Action.DENY: "不同意",
    Action.ESCALATE: "请上级办",
    Action.SUPERVISE: "督办",
}
ASKS_MORE = frozenset(
    {
        *(Action.RESOLVE, Action.ASSIGN, Action.RETURN, Action.REJECT, Action.CALL_OUT, Action.NOTE),
        *(Action.SUSPEND, Action.ASK_TIME, Action.ASK_CALL, Action.INVITE),
    }
)
NO_WORD = frozenset({Action.ASSIGN, Action.INVITE})  # asks for something else than a word
A = Action
LATER = (A.SUSPEND, A.RESUME, A.ASK_TIME, A.STEP_ASIDE)
ON_CARD = {
    Status.SUBMITTED: ((A.TAKE, A.ASSIGN), (A.REJECT,)),
    Status.ACCEPTED: ((A.TAKE, A.ASSIGN), (A.REJECT,)),
    Status.ASSIGNED: ((A.RESOLVE, A.NOTE), (A.ASSIGN, A.CALL_OUT, A.RETURN), LATER),
    Status.CALLED_OUT: ((A.TAKE, A.REPORT_IN, A.RESOLVE), (A.NOTE, A.ASSIGN, A.CALL_OUT), LATER),
}


def on_card(case: Case) -> tuple[tuple[Action, ...], ...]:
    """The rows of a card: what its state has, without what the case does not let anybody do now."""
    rows = (tuple(a for a in row if not barred(case, a)) for row in ON_CARD.get(case.status, ()))
    return tuple(row for row in rows if row)
