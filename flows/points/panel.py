"""A second person decides on points: what a step on a proposal leads to, and who is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from flows.domain.proposal import APPEAL, SECONDS, Action, Decider, Kind, Proposal, State, after, within_cap
from flows.effects import (
    ActOnProposal,
    Audit,
    ChangeProposal,
    Effect,
    Lane,
    Notice,
    Option,
    PostTransfer,
    Privately,
    Say,
    Schedule,
    TakeBack,
    Unschedule,
)
from flows.errors import NotAllowed
from flows.points import panel_texts as texts
from flows.points.texts import day


@dataclass(frozen=True, slots=True)
class Around:
    """What a decision on a proposal needs to know of its surroundings. `panel`: persons who could hear an appeal."""

    now: datetime
    zone: ZoneInfo
    members: tuple[int, ...]  # persons
    balance: int
    issuer: str  # account of the community
    cap: int | None = None
    earned: int = 0  # by this rule, this year
    panel: tuple[int, ...] = ()
    held: int = 0  # points set aside for goods that may still come back
    withdrawer: int | None = None  # the person who proposed, to be told


def buttons(proposal: Proposal) -> tuple[tuple[Option, ...], ...]:
    """What those who decide press."""
    steps = ((Action.APPROVE, texts.APPROVE), (Action.REFUSE, texts.REFUSE))
    if proposal.state == State.APPEALED:
        steps = ((Action.UPHOLD, texts.UPHOLD), (Action.DISMISS, texts.DISMISS))
    roles = ("points_panel",) if proposal.state == State.APPEALED else SECONDS
    args = {"proposal": proposal.id}
    return (tuple(Option(label, f"proposal.{a.value}", args, roles, proposal.area) for a, label in steps),)


def review(proposal: Proposal) -> str:
    """What the second person reads."""
    if proposal.state == State.APPEALED:
        return texts.said(texts.APPEAL_CARD, proposal)
    minus = proposal.kind is Kind.DEDUCTION
    who = "工作人员" if proposal.proposer.startswith("staff:") else "这一户自己"
    kind = texts.KINDS[proposal.kind]
    return texts.said(texts.REVIEW, proposal, kind=kind, sign="扣" if minus else "", who=who)


def asked(proposal: Proposal, persons: tuple[int, ...]) -> tuple[Effect, ...]:
    """Ask these persons to decide."""
    photo = proposal.photos[0] if proposal.photos else None
    return tuple(
        Say(review(proposal), Privately(p), options=buttons(proposal), photo=photo, lane=Lane.PUSH) for p in persons
    )


def act(proposal: Proposal, action: Action, by: Decider, note: str, around: Around) -> tuple[Effect, ...]:
    """What follows from a step. Raises NotAllowed."""
    state = after(proposal, action, by)
    until = _appeal_until(around) if state is State.ANNOUNCED else None
    reason = "" if action in (Action.APPROVE, Action.POST, Action.WITHDRAW) else note.strip()[:500]
    moved = ChangeProposal(proposal.id, proposal.version, state.value, by.staff, reason, until)
    trace = Audit(by.actor, f"points.{action.value}", {"proposal": proposal.id})
    return (moved, trace, *_STEPS[action](proposal, state, by, reason, around))


def _appeal_until(around: Around) -> datetime:
    """The end of the seventh day, local time."""
    return datetime.combine((around.now + APPEAL).astimezone(around.zone).date(), time(23, 59), around.zone)


def _approved(proposal: Proposal, state: State, by: Decider, _note: str, around: Around) -> tuple[Effect, ...]:
    if proposal.kind is Kind.CORRECTION:
        return (*_corrected(proposal, by, around), Notice(texts.APPROVED))
    if state is State.ANNOUNCED:
        return (*_announced(proposal, by, around), Notice(texts.ANNOUNCED_DONE))
    points = within_cap(proposal.points, around.cap, around.earned)
    if points == 0:
        raise NotAllowed(texts.said(texts.NO_POINTS_LEFT, proposal))
    posted = PostTransfer(
        f"award:{proposal.id}", around.issuer, proposal.account, points, by.actor, proposal.title, proposal.rule
    )
    text = texts.said(texts.AWARDED, proposal, points=points, balance=around.balance + points)
    if points < proposal.points:
        text += texts.AWARDED_LESS.format(cap=around.cap)
    return (posted, *_told(text, around, _object()), Notice(texts.APPROVED))


def _object() -> tuple[tuple[Option, ...], ...]:
    return ((Option(texts.OBJECT, "human"),),)


def _told(text: str, around: Around, options: tuple[tuple[Option, ...], ...] = ()) -> tuple[Effect, ...]:
    """Every member hears it."""
    return tuple(Say(text, Privately(person), options=options, lane=Lane.PUSH) for person in around.members)


def _announced(proposal: Proposal, by: Decider, around: Around) -> tuple[Effect, ...]:
    if not [person for person in around.panel if person != by.person]:
        raise NotAllowed(texts.NO_PANEL)
    until = _appeal_until(around)
    text = texts.said(texts.ANNOUNCED, proposal, day=day(until, around.zone))
    appeal = ((Option(texts.APPEAL, "proposal.appeal", {"proposal": proposal.id}),),)
    due = Schedule("points.deduct", f"proposal.{proposal.id}.post", until, {"proposal": proposal.id})
    return (due, *_told(text, around, appeal))


def _refused(proposal: Proposal, _state: State, _by: Decider, note: str, around: Around) -> tuple[Effect, ...]:
    _reasoned(note)
    who = around.withdrawer
    text = texts.said(texts.NOT_APPROVED, proposal, reason=note)
    told = (Say(text, Privately(who), lane=Lane.PUSH),) if who is not None else ()
    return (*told, Notice(texts.REFUSED_DONE))


def _withdrawn(_proposal: Proposal, _state: State, _by: Decider, _note: str, _around: Around) -> tuple[Effect, ...]:
    return (Notice(texts.WITHDRAWN_DONE),)


def _appealed(proposal: Proposal, _state: State, _by: Decider, note: str, around: Around) -> tuple[Effect, ...]:
    """Nothing is taken until the panel has decided."""
    _reasoned(note)
    panel = tuple(person for person in around.panel if person not in around.members)
    appealed = replace(proposal, state=State.APPEALED, appeal=note)
    return (
        Unschedule(f"proposal.{proposal.id}.post"),
        *_told(texts.APPEALED, around),
        *asked(appealed, panel),
    )


def _posted(proposal: Proposal, _state: State, by: Decider, _note: str, around: Around) -> tuple[Effect, ...]:
    """Taken at last, as far as there is something: a household never goes below zero, and owes nothing.

    What is set aside for goods is still its own: of that the rest is taken when it comes back (`rest`).
    """
    if by.actor == "clock" and proposal.appeal_until and around.now < proposal.appeal_until:
        raise NotAllowed(texts.STILL_OPEN)
    points = min(proposal.points, around.balance)
    if points == 0:
        text = texts.DEDUCTED_LATER if around.held else texts.DEDUCTED_NOTHING
        return _told(texts.said(text, proposal), around)
    key = f"deduction:{proposal.id}"
    taken = PostTransfer(key, proposal.account, around.issuer, points, by.actor, proposal.title, proposal.rule)
    text = texts.said(texts.DEDUCTED, proposal, points=points, balance=around.balance - points)
    if points < proposal.points and around.held:
        text += texts.DEDUCTED_REST
    return (taken, *_told(text, around, _object()))


def rest(proposal: Proposal, points: int, redemption: int, around: Around) -> tuple[Effect, ...]:
    """Points set aside when a deduction was due came back: what was missing then is taken now."""
    key = f"deduction:{proposal.id}:{redemption}"
    taken = PostTransfer(key, proposal.account, around.issuer, points, "clock", proposal.title, proposal.rule)
    text = texts.said(texts.DEDUCTED, proposal, points=points, balance=around.balance - points)
    return (taken, *_told(text, around, _object()))


def _dismissed(proposal: Proposal, state: State, by: Decider, note: str, around: Around) -> tuple[Effect, ...]:
    _reasoned(note)
    told = _told(texts.DISMISSED.format(reason=note), around)
    return (*told, *_posted(proposal, state, by, note, around), Notice(texts.DECIDED_DONE))


def _upheld(proposal: Proposal, _state: State, _by: Decider, note: str, around: Around) -> tuple[Effect, ...]:
    _reasoned(note)
    return (*_told(texts.said(texts.UPHELD, proposal, reason=note), around), Notice(texts.DECIDED_DONE))


def _corrected(proposal: Proposal, by: Decider, around: Around) -> tuple[Effect, ...]:
    """The transfer goes back; what was taken from the household comes back to it."""
    up = proposal.transfer_key.startswith("deduction:")
    if not up and around.balance < proposal.points:
        raise NotAllowed(texts.SPENT)
    back = TakeBack(proposal.transfer_key, f"correction:{proposal.id}", by.actor, f"更正 {proposal.title}"[:255])
    balance = around.balance + (proposal.points if up else -proposal.points)
    text = texts.said(texts.CORRECTED_UP if up else texts.CORRECTED, proposal, balance=balance)
    return (back, *_told(text, around, _object()))


def _reasoned(note: str) -> None:
    if len(note) < 4:
        raise NotAllowed(texts.REASON_SHORT)


_STEPS: Mapping[Action, Callable[[Proposal, State, Decider, str, Around], tuple[Effect, ...]]] = {
    Action.APPROVE: _approved,
    Action.REFUSE: _refused,
    Action.WITHDRAW: _withdrawn,
    Action.APPEAL: _appealed,
    Action.POST: _posted,
    Action.DISMISS: _dismissed,
    Action.UPHOLD: _upheld,
}


def due(proposal: int) -> tuple[Effect, ...]:
    """The time to appeal is over."""
    return (ActOnProposal(proposal, Action.POST.value),)
