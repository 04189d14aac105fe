"""The figures of a month or quarter: how much of what ended the residents themselves confirmed as solved.

They are about areas and kinds of matters, in the order of the tree and of the catalogue; never about a worker, and
nothing is ranked. They go to leaders' groups, and to each community its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from flows.catalogue import Catalogue

Key = TypeVar("Key")
GOOD = 3  # a rating from here on says that it is solved

TITLE = "{name} {span}诉求情况"
ALL = "新来{opened}件{joined}，办结结案{closed}件，其中居民确认解决{confirmed}件{share}。"
SILENT = "居民没有回评{silent}件，不满意{unhappy}件。"
BY_CATEGORY, BY_AREA = "按类别：", "按区域："
JOINED = "（{joined}件和邻居的合着办）"
LINE = "· {name}：新来{opened}{joined}，结案{closed}，居民确认解决{confirmed}{share}"
NONE = "{name} {span}没有诉求。"
SHARE = "（{percent}%）"
SHOWN = 8


@dataclass(frozen=True, slots=True)
class Counted:
    """One case that came or ended in the period: where, what, and how it ended (rating None: nobody answered)."""

    area: str
    category: str
    opened: bool
    closed: bool
    rating: int | None = None
    joined: bool = False  # it came, and goes on in a neighbour's


@dataclass(frozen=True, slots=True)
class Sum:
    opened: int
    closed: int
    confirmed: int
    unhappy: int
    joined: int

    @property
    def share(self) -> str:
        """The share of what ended that residents confirmed; "" when nothing ended."""
        return SHARE.format(percent=round(100 * self.confirmed / self.closed)) if self.closed else ""


def total(cases: Sequence[Counted]) -> Sum:
    rated = [c.rating for c in cases if c.closed and c.rating is not None]
    return Sum(
        sum(c.opened for c in cases),
        sum(c.closed for c in cases),
        sum(r >= GOOD for r in rated),
        sum(r < GOOD for r in rated),
        sum(c.opened and c.joined for c in cases),
    )


def by(cases: Sequence[Counted], key: Callable[[Counted], Key]) -> Mapping[Key, Sum]:
    """The sums under each name, in the order in which the names first come."""
    found: dict[Key, list[Counted]] = {}
    for case in cases:
        found.setdefault(key(case), []).append(case)
    return {name: total(some) for name, some in found.items()}


def figures(name: str, span: str, cases: Sequence[Counted]) -> str:
    """The message. `cases` stand in the order of the areas."""
    if not cases:
        return NONE.format(name=name, span=span)
    whole = total(cases)
    lines = [TITLE.format(name=name, span=span), _line(ALL, "", whole)]
    silent = whole.closed - whole.confirmed - whole.unhappy
    if silent or whole.unhappy:
        lines.append(SILENT.format(silent=silent, unhappy=whole.unhappy))
    for title, key in ((BY_CATEGORY, lambda c: c.category), (BY_AREA, lambda c: c.area)):
        sums = by(cases, key)
        if len(sums) > 1:
            lines += [title, *(_line(LINE, part, some) for part, some in list(sums.items())[:SHOWN])]
    return "\n".join(lines)


def _line(text: str, name: str, some: Sum) -> str:
    joined = JOINED.format(joined=some.joined) if some.joined else ""
    return text.format(
        name=name,
        opened=some.opened,
        joined=joined,
        closed=some.closed,
        confirmed=some.confirmed,
        share=some.share,
    )


def categories(catalogue: Catalogue) -> dict[str, str]:
    """Service key to the name of its category."""
    return {service.key: each.name for each in catalogue.categories for service in each.services}


# -- periods ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Period:
    """A month or quarter: from its first day to before the first of the next."""

    first: date
    after: date
    name: str

    def instants(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        return datetime.combine(self.first, time(), zone), datetime.combine(self.after, time(), zone)


def month(year: int, number: int) -> Period:
    return Period(date(year, number, 1), _next(date(year, number, 1)), f"{year}年{number}月")


def quarter(year: int, number: int) -> Period:
    first = date(year, 3 * number - 2, 1)
    return Period(first, _next(_next(_next(first))), f"{year}年第{'一二三四'[number - 1]}季度")


def read_period(month_said: str, quarter_said: str) -> Period | None:
    """2026-03 or 2026Q1 as a period; None when nothing is said. Raises ValueError on anything else."""
    if quarter_said:
        year, _, number = quarter_said.upper().partition("Q")
        if number not in ("1", "2", "3", "4"):
            raise ValueError(quarter_said)
        return quarter(int(year), int(number))
    if month_said:
        first = date.fromisoformat(f"{month_said}-01")
        return month(first.year, first.month)
    return None


def ended(today: date) -> tuple[Period, ...]:
    """What has just ended on the first day of a month: the month before, and at its turn the quarter."""
    last = today.replace(day=1) - timedelta(days=1)
    found = [month(last.year, last.month)]
    if last.month % 3 == 0:
        found.append(quarter(last.year, last.month // 3))
    return tuple(found)


def next_day(today: date) -> date:
    """The first day of the next month: when figures are told."""
    return _next(today.replace(day=1))


def _next(first: date) -> date:
    return (first.replace(day=1) + timedelta(days=32)).replace(day=1)
