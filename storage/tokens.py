"""Access tokens of a platform, shared by all processes: one asks at a time, and not more than a few times an hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, or_, select, update

from storage import sealing
from storage.conflict import insert
from storage.database import take_lock
from storage.tables import api_token

MOST = 5  # new tokens an hour: more are asked for only where a secret is wrong or somebody else makes them void
HOUR = timedelta(hours=1)
FETCHING = timedelta(seconds=15)  # so long the others wait for the one who asks
MARGIN = timedelta(seconds=60)  # a token that ends so soon is as good as gone


@dataclass(frozen=True, slots=True)
class Ask:
    """There is no token: whoever got this asks the platform for one, then calls `keep` or `give_back`."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Somebody else asks just now."""


@dataclass(frozen=True, slots=True)
class Closed:
    """Too many were asked for; none before `until`."""

    until: datetime


def take(conn: Connection, name: str, now: datetime) -> str | Ask | Wait | Closed:
    """The token, or who has to do what to get one."""
    take_lock(conn, f"token:{name}")
    conn.execute(insert(api_token).values(name=name).on_conflict_do_nothing(index_elements=["name"]))
    row = conn.execute(select(api_token).where(api_token.c.name == name)).one()
    if row.value and row.expires_at - MARGIN > now and (value := sealing.open_sealed(conn, row.value, name)):
        return value
    if row.fetching_until and row.fetching_until > now:
        return Wait()
    fresh = row.hour_at is None or now - row.hour_at >= HOUR
    hour_at, fetches = (now, 0) if fresh else (row.hour_at, row.fetches)
    if fetches >= MOST:
        return Closed(hour_at + HOUR)
    _write(conn, name, fetching_until=now + FETCHING, hour_at=hour_at, fetches=fetches + 1)
    return Ask()


def keep(conn: Connection, name: str, value: str, expires_at: datetime) -> None:
    """The platform gave a token. It is kept sealed: a copy of the database is no key to the account."""
    _write(conn, name, value=sealing.seal(conn, value, name), expires_at=expires_at, fetching_until=None)


def give_back(conn: Connection, name: str, *, asked: bool) -> None:
    """There was no token to be had; `asked`: the platform refused, and the try counts."""
    _write(conn, name, fetching_until=None, **({} if asked else {"fetches": api_token.c.fetches - 1}))


def drop(conn: Connection, name: str, value: str) -> None:
    """The platform does not take this token any more; another that came meanwhile stays."""
    take_lock(conn, f"token:{name}")
    kept = conn.execute(select(api_token.c.value).where(api_token.c.name == name)).scalar()
    if kept and sealing.open_sealed(conn, kept, name) == value:
        _write(conn, name, value=None, expires_at=None)


def bring_back(conn: Connection, far: datetime) -> int:
    """Forget when tokens were asked for in a time that is not yet; says how many."""
    late = or_(api_token.c.hour_at > far, api_token.c.fetching_until > far)
    return conn.execute(update(api_token).where(late).values(hour_at=None, fetching_until=None)).rowcount


def _write(conn: Connection, name: str, **values: object) -> None:
    conn.execute(update(api_token).where(api_token.c.name == name).values(**values))
