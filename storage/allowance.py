"""What a platform still takes from us, counted for all processes and over restarts: tokens that come back with time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, or_, select

from storage.conflict import insert
from storage.database import take_lock
from storage.tables import allowance

KEPT = timedelta(days=1)  # every bucket is full again long before
_ENOUGH = 1e-6  # of a token: rounding is no reason to wait


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once, and so many a second after that: in any `t` seconds at most `burst + per_second * t`."""

    burst: float
    per_second: float


@dataclass(frozen=True, slots=True)
class Took:
    """Whether it was taken, and after how many seconds it may go (or be asked for again)."""

    taken: bool
    wait: float


@dataclass(frozen=True, slots=True)
class Bucket:
    """Tokens at a moment; below zero: what waits on its way."""

    tokens: float
    at: datetime

    def after(self, rate: Rate, amount: float, now: datetime) -> Bucket:
        """The bucket when so much is taken now; a clock set back gives no tokens."""
        passed = max(0.0, (now - self.at).total_seconds())
        return Bucket(min(rate.burst, self.tokens + passed * rate.per_second) - amount, max(self.at, now))

    def wait(self, rate: Rate) -> float:
        """Seconds until what was taken may go."""
        return 0.0 if self.tokens >= -_ENOUGH else -self.tokens / rate.per_second


def take(conn: Connection, wanted: Mapping[str, Rate], now: datetime, amount: float = 1, patience: float = 0) -> Took:
    """Take `amount` from every bucket, or from none where one of them lets it go only after more than `patience`."""
    names = sorted(wanted)
    for name in names:
        take_lock(conn, f"allowance:{name}")
    query = select(allowance.c.name, allowance.c.tokens, allowance.c.at).where(allowance.c.name.in_(names))
    there = {row.name: Bucket(row.tokens, row.at) for row in conn.execute(query)}
    left = {name: there.get(name, Bucket(wanted[name].burst, now)).after(wanted[name], amount, now) for name in names}
    wait = max((bucket.wait(wanted[name]) for name, bucket in left.items()), default=0.0)
    if wait > patience:
        return Took(False, wait)
    for name, bucket in left.items():
        _keep(conn, name, tokens=bucket.tokens, at=bucket.at)
    return Took(True, wait)


def close(conn: Connection, name: str, until: datetime, now: datetime) -> None:
    """The platform takes nothing more before then, whoever asks."""
    _keep(conn, name, tokens=0.0, at=now, closed_until=until)


def closed(conn: Connection, name: str, now: datetime) -> datetime | None:
    """Until when the platform takes nothing; None: it takes something."""
    query = select(allowance.c.closed_until).where(allowance.c.name == name, allowance.c.closed_until > now)
    return conn.execute(query).scalar()


def forget(conn: Connection, now: datetime) -> int:
    """Let go of what is full again and closed no more; says how many."""
    closed = allowance.c.closed_until
    over = or_(closed.is_(None), closed <= now)
    return conn.execute(delete(allowance).where(allowance.c.at < now - KEPT, over)).rowcount


def bring_back(conn: Connection, now: datetime, far: datetime) -> int:
    """What went in a time that is not yet went just now, and what is closed stays so for as long; says how many."""
    rows = conn.execute(select(allowance).where(allowance.c.at > far)).all()
    for row in rows:
        ahead, at = row.at - now, now.timestamp()
        log = {"log": [[min(float(went), at), n] for went, n in row.log]} if row.log else {}
        until = row.closed_until and row.closed_until - ahead
        _keep(conn, row.name, tokens=row.tokens, at=now, closed_until=until, **log)
    return len(rows)


def _keep(conn: Connection, name: str, **values: object) -> None:
    row = insert(allowance).values(name=name, **values)
    conn.execute(row.on_conflict_do_update(index_elements=["name"], set_={k: row.excluded[k] for k in values}))
