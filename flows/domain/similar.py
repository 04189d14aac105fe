"""Which cases are one matter: the same service at the same place, near in time; and how neighbours decide together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Literal

from flows.domain.case import ALIVE, Action, Status, allowed
from flows.domain.places import building_level
from nlu.normalize import fold, normalize

WINDOW = timedelta(days=14)  # an open case older than this is another matter
AGAIN = timedelta(days=30)  # what ended lately may have come back

# Matters of everybody around; what is between two people or in one's papers is never offered to a neighbour.
SHARED = frozenset(
    {"道路交通", "噪音扰民", "环境污染", "市容违建", "水电气暖", "物业管理", "公共交通", "公共安全", "环境卫生"}
    | {"规划与公共设施", "通信邮政"}
)
ALONE = frozenset({"noise_home", "fraud", "security", "owners_committee", "city_manage", "post_express", "taxi"})
WIDE = frozenset({"water_supply", "water_quality", "power", "gas", "heating", "telecom", "cable_tv", "flooding"})

Relation = Literal["mine", "done", "neighbours"]


@dataclass(frozen=True, slots=True)
class Matter:
    """A case as far as likeness goes. `people`: how many report it; `mine`: the one who asks is among them."""

    id: int
    number: str
    status: Status
    building: int | None
    place: str
    at: datetime  # opened, or, when it has ended, ended
    people: int
    mine: bool


@dataclass(frozen=True, slots=True)
class Similar:
    """A case that is probably the same matter, and what the one who asks is to it."""

    case: int
    number: str
    relation: Relation
    people: int
    place: str = ""


def shared(category: str, service: str) -> bool:
    """Whether neighbours may be told that somebody has reported such a thing."""
    return category in SHARED and service not in ALONE


def same_place(service: str, building: int | None, place: str, other: Matter) -> bool:
    """Whether two cases of one service and grid are at one place. A power cut is everywhere in its grid."""
    if service in WIDE or (building is not None and building == other.building):
        return True
    if building is not None and other.building is not None:
        return False
    mine, theirs = _key(place), _key(other.place)
    return bool(mine and theirs) and (mine in theirs or theirs in mine)


@lru_cache(maxsize=1024)  # a report is compared with sixty, and so is the next from there
def _key(place: str) -> str:
    return "".join(c for c in fold(normalize(building_level(place))) if c.isalnum())


def alike(
    service: str, building: int | None, place: str, now: datetime, matters: Iterable[Matter], *, offered: bool
) -> tuple[Similar, ...]:
    """The cases that may be the same matter: one's own first, then what neighbours reported (where it is `offered`)."""
    found: list[tuple[int, int, Similar]] = []
    for other in matters:
        if not same_place(service, building, place, other):
            continue
        relation = _relation(other, now)
        if relation is None or (relation == "neighbours" and not offered):
            continue
        rank = ("mine", "done", "neighbours").index(relation)
        found.append((rank, -other.people, Similar(other.id, other.number, relation, other.people, other.place)))
    return tuple(similar for _, _, similar in sorted(found, key=lambda f: (f[0], f[1], f[2].case)))


def _relation(other: Matter, now: datetime) -> Relation | None:
    if other.status in ALIVE:
        if other.mine:
            return "mine"
        return "neighbours" if now - other.at <= WINDOW else None
    back = other.mine and allowed(other.status, Action.REOPEN) and now - other.at <= AGAIN
    return "done" if back else None


Verdict = Literal["wait", "close", "reopen"]


def verdict(votes: Mapping[int, int | None], *, over: bool = False) -> Verdict:
    """What the ratings of those who reported one matter come to: the majority of those who answer decides.

    Before time is `over` nobody is outvoted who could still turn it; a tie is no confirmation.
    """
    yes = sum(v is not None and v >= 3 for v in votes.values())
    no = sum(v is not None and v < 3 for v in votes.values())
    if yes * 2 > len(votes):
        return "close"
    if no * 2 > len(votes):
        return "reopen"
    if not over and yes + no < len(votes):
        return "wait"
    return "reopen" if no and no >= yes else "close"
