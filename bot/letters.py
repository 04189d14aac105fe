"""One message on its way out: what to send, whether the chat may be written to, what a refusal means; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from bot.channels.base import WAITS, Abilities, Act, Choice, Outbound, SendError
from flows.effects import Lane
from storage.outbox import OutboxRow

TRIES = 10  # of what the platform refuses for now; then it is a dead letter
UNCERTAIN_TRIES = 3  # of what may have arrived each time
FIRST_WAIT, LONGEST_WAIT = 2.0, 900.0  # seconds

TWICE = "possibly arrived twice"
OVERDUE = "上次要告诉您的："  # before what had to wait for the person

# Where a message that arrives twice is better than one that does not arrive. An alert to thousands of groups is not
# among them: who has not acknowledged it is asked again anyway, and an operator can replay it; nor is a reminder.
RATHER_TWICE = frozenset({Lane.DANGER, Lane.REPLY, Lane.PUSH})


class Fate(StrEnum):
    """What becomes of a message the platform did not take."""

    AGAIN = "again"  # after a while, the try counted
    BACK = "back"  # as soon as the chat or the channel is open again, the try not counted
    MOVED = "moved"  # at the chat's new address
    ANEW = "anew"  # an edit no longer possible: said as a new message
    CLOSED = "closed"  # the chat takes nothing any more
    FAILED = "failed"  # never
    WAITS = "waits"  # until the person writes


@dataclass(frozen=True, slots=True)
class Verdict:
    """A fate, with the time to wait where it has one."""

    fate: Fate
    reason: str
    wait: timedelta = timedelta()


def outbound(row: OutboxRow) -> Outbound:
    """The row as what a channel is asked to do. An edit changes its target; any other target is replied to. What was to
    be edited and never got out, or nobody knows as what, is said as it is now."""
    payload = row.payload
    lost = row.target_state == "failed" and row.target is None
    act = Act.SAY if row.kind == Act.EDIT and lost else Act(row.kind)
    return Outbound(
        act=act,
        chat=row.address,
        text=str(payload.get("text", "")),
        choices=tuple(tuple(_choice(each) for each in line) for line in payload.get("choices") or ()),
        message=row.target if act is Act.EDIT else None,
        reply_to=(row.target or payload.get("answers")) if act is Act.SAY else None,
        callback=payload.get("callback"),
        to=payload.get("to"),
        outbox=row.id,
        cause=row.cause,
        silent=bool(payload.get("silent")),
    )


def _choice(found: Mapping[str, Any]) -> Choice:
    return Choice(token=str(found.get("token") or ""), label=str(found["label"]), link=found.get("link"))


def must_wait(row: OutboxRow, abilities: Abilities) -> str | None:
    """Why the message has to wait until the person writes; None: it may go, as far as we know before we try."""
    if row.chat_kind != "private" or row.kind == Act.NOTICE:
        return None
    if row.heard_at is None:
        return None if abilities.writes_first else "the person has not opened the chat yet"
    return None


def overdue(row: OutboxRow) -> bool:
    """Whether the message could not go when it was written, and opens the person's next contact."""
    return row.chat_kind == "private" and WAITS in (row.reason or "")


def maybe_twice(row: OutboxRow) -> bool:
    """Whether an earlier try may have arrived: no answer came, or its sender died before writing it down."""
    return (row.reason or "").startswith(TWICE) or (row.tries > 1 and row.reason is None)


def rather_twice(row: OutboxRow) -> bool:
    """Whether it is better heard twice than not at all."""
    return row.lane in RATHER_TWICE and not row.payload.get("once")


def given_up(row: OutboxRow) -> bool:
    """Whether its sender died over it, and it may have arrived, and must not arrive twice."""
    return maybe_twice(row) and row.kind == Act.SAY and not rather_twice(row)


def reason_of(row: OutboxRow, reason: str) -> str:
    """What to write down for a message that has to go again: that it may come twice is not forgotten."""
    return f"{TWICE}: {reason}" if maybe_twice(row) and not reason.startswith(TWICE) else reason


def backoff(tries: int, chance: float) -> timedelta:
    """2, 4, 8 ... seconds up to a quarter of an hour, give or take a half; `chance` in [0, 1)."""
    return timedelta(seconds=min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(tries - 1, 20)) * (0.5 + chance))


def judge(row: OutboxRow, error: SendError, chance: float) -> Verdict:
    """What becomes of a message after this refusal."""
    if error.gone is not None:
        return Verdict(Fate.CLOSED, error.reason)
    if error.moved_to is not None:
        return Verdict(Fate.MOVED, error.reason)
    if error.waits:
        return Verdict(Fate.WAITS, error.reason)
    if error.uncertain:
        return _uncertain(row, error, chance)
    if error.retry_after is not None or error.everywhere:
        wait = timedelta(seconds=error.retry_after) if error.retry_after is not None else backoff(1, chance)
        return Verdict(Fate.BACK, error.reason, wait)
    if error.transient:
        return _again(row, error.reason, TRIES, chance)
    if row.kind == Act.EDIT:
        return Verdict(Fate.ANEW, error.reason)
    return Verdict(Fate.FAILED, error.reason)


def _uncertain(row: OutboxRow, error: SendError, chance: float) -> Verdict:
    """It may have arrived. An edit made twice is made once; the short answer to a press is of no use any more."""
    if row.kind == Act.EDIT:
        return _again(row, error.reason, TRIES, chance)
    reason = f"{error.reason}; perhaps it arrived"
    if row.kind == Act.NOTICE or not rather_twice(row):
        return Verdict(Fate.FAILED, reason)
    return _again(row, f"{TWICE}: {error.reason}", UNCERTAIN_TRIES, chance)


def _again(row: OutboxRow, reason: str, most: int, chance: float) -> Verdict:
    if row.tries >= most:
        return Verdict(Fate.FAILED, reason)
    return Verdict(Fate.AGAIN, reason, backoff(row.tries, chance))
