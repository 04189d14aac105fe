"""How often something may go within so many seconds, whenever one begins to count: for all processes, over restarts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from storage.allowance import Took
from storage.conflict import insert
from storage.database import take_lock
from storage.tables import allowance

COARSE = 60.0  # seconds: what went longer ago than the shortest window is kept by as much as this, by its last
_MOMENT = 1e-3  # seconds: what is kept is rounded up to this


@dataclass(frozen=True, slots=True)
class Window:
    """At most so many in any stretch of so many seconds."""

    most: int
    seconds: float


Went = tuple[tuple[float, int], ...]
"""What went, oldest first: when (seconds since 1970; of several their last), and how many."""


def wait(went: Went, windows: Sequence[Window], now: float) -> float:
    """Seconds until one more may go."""
    return max((_wait(went, window, now) for window in windows), default=0.0)


def _wait(went: Went, window: Window, now: float) -> float:
    inside = [(at, n) for at, n in went if at > now - window.seconds]
    over = sum(n for _, n in inside) + 1 - window.most
    for at, n in inside:
        if over <= 0:
            break
        over -= n
        if over <= 0:
            return at + window.seconds - now + 2 * _MOMENT
    return 0.0


def and_one(went: Went, windows: Sequence[Window], now: float) -> Went:
    """With one more, without what counts no longer; what is old is put together, as if all of it had gone last."""
    shortest, longest = (pick(window.seconds for window in windows) for pick in (min, max))
    found: list[tuple[float, int]] = []
    for at, n in (*went, (round(now + _MOMENT, 3), 1)):
        old = at <= now - shortest
        if old and found and found[-1][0] // COARSE == at // COARSE:
            found[-1] = (at, found[-1][1] + n)
        elif at > now - longest:
            found.append((at, n))
    return tuple(found)


def take(conn: Connection, wanted: Mapping[str, Sequence[Window]], now: datetime) -> Took:
    """Let one go by every name, or by none where one of them has to wait."""
    names, at = sorted(wanted), now.timestamp()
    for name in names:
        take_lock(conn, f"allowance:{name}")
    query = select(allowance.c.name, allowance.c.log).where(allowance.c.name.in_(names))
    there = {row.name: _read(row.log, at) for row in conn.execute(query)}
    longest = max((wait(there.get(name, ()), wanted[name], at) for name in names), default=0.0)
    if longest > 0:
        return Took(False, longest)
    for name in names:
        log = [list(one) for one in and_one(there.get(name, ()), wanted[name], at)]
        row = insert(allowance).values(name=name, tokens=0.0, at=now, log=log)
        conn.execute(
            row.on_conflict_do_update(index_elements=["name"], set_={"at": row.excluded.at, "log": row.excluded.log})
        )
    return Took(True, 0.0)


def _read(log: Any, now: float) -> Went:
    """What was kept; a clock that was set back has nothing go in its future."""
    return tuple((min(float(at), now), int(n)) for at, n in log or ())
