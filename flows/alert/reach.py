"""How far an alert has come: in all, and in each branch below its area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flows.alert import texts
from flows.domain.alert import Alert, Branch

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Reach:
    """The sums over a branch and all below it."""

    area: int
    name: str
    groups: int
    sent: int
    failed: int
    branches: int
    received: int
    passed: int


def total(branches: Sequence[Branch], area: int = 0, name: str = "") -> Reach:
    return Reach(
        area,
        name,
        sum(b.groups for b in branches),
        sum(b.sent for b in branches),
        sum(b.failed for b in branches),
        len(branches),
        sum(b.received_at is not None for b in branches),
        sum(b.passed_at is not None for b in branches),
    )


def by_branch(branches: Sequence[Branch], top: int) -> list[Reach]:
    """The sums of each branch directly below an area, in the order of the tree."""
    below: dict[int, list[Branch]] = {}
    names = {b.area: b.name for b in branches}
    for branch in branches:
        if top in branch.place[:-1]:
            below.setdefault(branch.place[branch.place.index(top) + 1], []).append(branch)
    return [total(found, id, names.get(id, "")) for id, found in below.items()]


def reach_text(alert: Alert, branches: Sequence[Branch], *, detailed: bool = False) -> str:
    own = [b for b in branches if b.area != alert.area]  # its own level needs no acknowledgement
    told, asked = total(branches), total(own)
    said = texts.REACH.format(
        sent=told.sent, groups=told.groups, received=asked.received, branches=asked.branches, passed=asked.passed
    )
    if told.failed:
        said += texts.FAILED.format(failed=told.failed)
    if not detailed:
        return said
    found = by_branch(own, alert.area)
    lines = [
        texts.REACH_LINE.format(area=r.name, sent=r.sent, groups=r.groups, received=r.received, branches=r.branches)
        for r in found[:SHOWN]
    ]
    more = [texts.MORE.format(more=len(found) - SHOWN)] if len(found) > SHOWN else []
    return "\n".join([f"{alert.number}：{said}", *lines, *more])
