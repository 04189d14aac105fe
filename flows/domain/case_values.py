"""The values of a case: how it may end, an event of its history, and what replaying the history gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from flows.domain.moves import Status


class Ending(StrEnum):
    """Three end states a resident can tell apart (domain.md)."""

    ANSWERED = "answered"  # 已答复
    SETTLED = "settled"  # 已办结, with evidence
    IMPOSSIBLE = "impossible"  # 客观无法解决, with reason and next step


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
    level: str = "grid"  # that has to act
    person: int = 0
    owner: int | None = None  # staff
    department: str | None = None
    ending: Ending | None = None
    note: str = ""  # the last thing a handler wrote
    question: str = ""  # what the resident was asked last
    told: tuple[int, ...] = ()  # the notes (their seq) that the residents have read
    next_step: str = ""  # what comes after a matter that can't be solved
    opened_at: datetime | None = None
    since: datetime | None = None  # opened, or opened again: the law's outer limits count from here
    acknowledge_due: datetime | None = None
    resolve_due: datetime | None = None
    suspended_at: datetime | None = None  # since when the clock stands still for the resident's answer
    acknowledged_at: datetime | None = None
    closed_at: datetime | None = None
    rating: int | None = None
    nudges: int = 0
    asked_days: int = 0  # of an extension that waits for its approval
    asked_for: str = ""  # its reason
    extended: bool = False
    reopened: int = 0
    called: tuple[str, ...] = ()
    lead: str = ""  # of the departments called
    wanted: tuple[str, ...] = ()  # departments somebody asks the subdistrict to call out
    wanted_by: int | None = None  # who asks (staff), until it is decided
    wanted_for: str = ""  # and why
    helpers: tuple[int, ...] = ()  # staff who were asked to come along
    report_due: datetime | None = None
    reported_in: tuple[str, ...] = ()
    log: tuple[str, ...] = ()  # the last lines that those called out wrote for each other
    supervised: int = 0
    confirmed: bool = False  # solved, as the resident says
    followed: tuple[str, ...] = ()  # who has said, weeks later, whether it held
    recurred: bool = False  # and somebody said that it did not
    merged_into: int | None = None  # the case that goes on for it
    hazard: str = ""  # why somebody may get hurt, as it was understood when it was told
    when: str = ""  # it happened, in the resident's own words
    happened: str = ""  # and as the resident confirmed that it was meant
    happened_at: datetime | None = None  # where that has a beginning
    earlier: str = ""  # the number of the closed case this one follows
    reachable: bool = False  # the reporter left a phone for this case
    version: int = 0
