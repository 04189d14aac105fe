"""The resident's own cases: where they stand, 催办 and 撤回."""

from __future__ import annotations

from flows.complaint import texts
from flows.complaint.rules import UNHAPPY, spoken
from flows.domain.case import ALIVE, Status
from flows.domain.places import building_level
from flows.effects import ActOnCase, Option, Say
from flows.facts import CaseView
from flows.flow import Outcome, State, Turn


def my_cases(state: State, turn: Turn) -> Outcome:
    """The person's own cases with their state, newest first, and what can be done about them."""
    cases = turn.facts.my_cases[:5]
    if not cases:
        return Outcome(state, (Say(texts.NO_CASES),))
    lines = [texts.MY_CASES]
    for case in cases:
        due = (
            f"，{spoken(case.resolve_due, turn.now, turn.zone)}前有结果"
            if case.resolve_due and case.status in ALIVE
            else ""
        )
        owner = f"，经办：{case.owner}" if case.owner else ""
        status = texts.STATUS[Status(case.status)]
        lines.append(
            texts.MY_CASE.format(
                number=case.number,
                title=case.title,
                place=building_level(case.place),
                status=status,
                owner=owner,
                due=due,
            )
        )
    return Outcome(state, (Say("\n".join(lines), options=tuple(_doings(c) for c in cases if _doings(c))),))


def _doings(case: CaseView) -> tuple[Option, ...]:
    args = {"case": case.id}
    if case.status in ALIVE:
        return (
            Option(f"催办 {case.number}", "case.nudge", args),
            Option(f"撤回 {case.number}", "case.withdraw", args),
        )
    if case.status == Status.RESOLVED:
        return (
            Option(f"{case.number} 满意", "case.rate", {**args, "rating": 5}),
            Option("没解决", "case.reopen", args),
        )
    return (Option(f"{case.number} 要求重办", "case.reopen", args),) if case.status == Status.REJECTED else ()


def nudge(state: State, turn: Turn) -> Outcome:
    """催办: straight away when there is one case, else which."""
    alive = [c for c in turn.facts.my_cases if c.status in ALIVE]
    if not alive:
        return Outcome(state, (Say(texts.NOTHING_OPEN),))
    if len(alive) == 1:
        return Outcome(state, (ActOnCase(alive[0].id, "nudge"),))
    rows = tuple((Option(f"{c.number} {c.title}", "case.nudge", {"case": c.id}),) for c in alive[:6])
    return Outcome(state, (Say(texts.NUDGE_WHICH, options=rows),))


def rate(state: State, turn: Turn) -> Outcome:
    """满意 or 没解决 in words: praise closes the case, the rest is decided by a press."""
    done = [c for c in turn.facts.my_cases if c.status == Status.RESOLVED]
    unhappy = bool(UNHAPPY.search(turn.said.understood.text))
    if not done:
        return nudge(state, turn) if unhappy else Outcome(state, (Say(texts.PRAISED),))
    case = done[0]
    if len(done) == 1 and not unhappy:
        return Outcome(state, (ActOnCase(case.id, "rate", {"rating": 5}),))
    rows = tuple(
        (
            Option(f"{c.number} 没解决，重办", "case.reopen", {"case": c.id}),
            Option("请上一级处理", "case.escalate", {"case": c.id}),
            Option("满意", "case.rate", {"case": c.id, "rating": 5}),
        )
        for c in done[:5]
    )
    return Outcome(state, (Say(texts.RATE_WHICH, options=rows),))


def amend(state: State, turn: Turn) -> Outcome:
    """More about a case that stands already: a person writes it down."""
    if state.suspended and state.suspended[0].flow == "complaint":
        return Outcome(state, (Say(texts.AMEND_LATER),))
    if not any(c.status in ALIVE for c in turn.facts.my_cases):
        return Outcome(state, (Say(texts.NO_CASES),))
    return Outcome(state, (Say(texts.AMEND, options=((Option("找人工", "human"),),)),))


def withdraw(state: State, turn: Turn) -> Outcome:
    """撤回 in words: a press decides which, so that nothing is withdrawn by mistake."""
    alive = [c for c in turn.facts.my_cases if c.status in ALIVE]
    if not alive:
        return Outcome(state, (Say(texts.NOTHING_TO_WITHDRAW),))
    rows = tuple((Option(f"撤回 {c.number} {c.title}", "case.withdraw", {"case": c.id}),) for c in alive[:6])
    return Outcome(state, (Say(texts.WITHDRAW_WHICH, options=rows),))
