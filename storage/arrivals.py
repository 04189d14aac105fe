"""The way in: what comes in is kept before it is answered, and what comes together is kept together."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Executable, bindparam, select
from sqlalchemy.engine import Dialect
from sqlalchemy.types import UserDefinedType

from storage.conflict import insert
from storage.database import take_lock
from storage.quick import LONGEST_LIST, padded
from storage.spelling import dumps
from storage.tables import account, inbox
from storage.types import storable

_GIVEN = ("channel", "key", "conversation", "payload", "lane")
MOST_ROWS = 5  # 2 to the power of it at once
_KNOWN = select(account.c.address).where(
    account.c.channel == bindparam("channel"), account.c.address.in_(bindparam("addresses", expanding=True))
)
_NAMES = [tuple(f"{column}_{n}" for column in _GIVEN) for n in range(1 << MOST_ROWS)]


class Arrival(NamedTuple):
    """What came in, as it is to be kept; `lane` 1 waits for 0."""

    channel: str
    key: str
    conversation: str
    payload: Mapping[str, Any]
    lane: int = 0


def accept_all(conn: Connection, arrived: Sequence[Arrival], now: datetime) -> list[int | None]:
    """Keep what came in together, in one statement or a few; of each its row, or None when its key came in before."""
    # Ids have to rise in the order of the commits of a conversation, or a later message could be taken first. The locks
    # are held to the end: taken in one order, two groups never wait for each other.
    if conn.dialect.name == "postgresql":
        for conversation in sorted({one.conversation for one in arrived}):
            take_lock(conn, f"inbox:{conversation}")
    at, ids = _instants(conn.dialect)(now), dict[tuple[str, str], int]()
    rows = [
        (storable(one.channel), storable(_fitting(one.key, 128)), storable(_fitting(one.conversation, 160)),
         dumps(one.payload), one.lane)
        for one in arrived
    ]  # fmt: skip
    begin = 0
    while begin < len(rows):
        some = 1 << min(MOST_ROWS, (len(rows) - begin).bit_length() - 1)  # few lengths: each is compiled once
        given: dict[str, Any] = {"at": at}
        for names, row in zip(_NAMES, rows[begin : begin + some], strict=False):
            given.update(zip(names, row, strict=True))
        ids |= {(channel, key): id for id, channel, key in conn.execute(_accepting(some), given)}
        begin += some
    return [ids.pop(row[:2], None) for row in rows]  # of one key that came twice, the first is it


@cache
def _instants(dialect: Dialect) -> Callable[[datetime], Any]:
    """How an instant looks to the driver."""
    return inbox.c.received_at.type.dialect_impl(dialect).bind_processor(dialect) or (lambda at: at)


def known(conn: Connection, channel: str, addresses: Sequence[str]) -> frozenset[str]:
    """Behind which of these accounts somebody is already."""
    found = set[str]()
    for n in range(0, len(addresses), LONGEST_LIST):
        some = padded(addresses[n : n + LONGEST_LIST])
        found.update(address for (address,) in conn.execute(_KNOWN, {"channel": channel, "addresses": some}))
    return frozenset(found)


class _Ready(UserDefinedType[Any]):
    """A value as the driver takes it."""

    cache_ok = True


@cache
def _accepting(rows: int) -> Executable:
    """The statement that keeps so many rows. Its values are ready for the driver: no type turns each of them."""
    at = bindparam("at", type_=_Ready())
    given = [
        {column: bindparam(name, type_=_Ready()) for column, name in zip(_GIVEN, names, strict=True)}
        | {"received_at": at, "not_before": at}
        for names in _NAMES[:rows]
    ]
    put = insert(inbox).values(given).on_conflict_do_nothing()
    return put.returning(inbox.c.id, inbox.c.channel, inbox.c.key)


def _fitting(name: str, length: int) -> str:
    """A name that fits its column and is as unique as it was; strangers choose some of them."""
    if len(name) <= length:
        return name
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
