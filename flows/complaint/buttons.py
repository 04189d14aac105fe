"""The buttons of a work card: what they are called, which stand on it when, who may press them."""

from __future__ import annotations

from flows.domain.case import Action, Status

PRESSERS = (
    *("grid_worker", "grid_leader", "building_leader", "household_leader", "community_staff", "duty_leader"),
    *("department", "supervisor", "administrator"),
)
LABELS = {
    Action.TAKE: "接单",
    Action.ASSIGN: "转派",
    Action.RESOLVE: "办结",
    Action.RETURN: "退回",
    Action.CALL_OUT: "吹哨",
    Action.REPORT_IN: "报到",
    Action.ACCEPT: "受理",
    Action.REJECT: "不予受理",
    Action.NOTE: "写进展",
}
ASKS_MORE = frozenset({Action.RESOLVE, Action.ASSIGN, Action.RETURN, Action.REJECT, Action.CALL_OUT, Action.NOTE})
ON_CARD = {
    Status.SUBMITTED: ((Action.TAKE, Action.ASSIGN), (Action.REJECT,)),
    Status.ACCEPTED: ((Action.TAKE, Action.ASSIGN), (Action.REJECT,)),
    Status.ASSIGNED: ((Action.RESOLVE, Action.NOTE), (Action.ASSIGN, Action.CALL_OUT, Action.RETURN)),
    Status.CALLED_OUT: ((Action.REPORT_IN, Action.RESOLVE), (Action.NOTE, Action.ASSIGN)),
}
