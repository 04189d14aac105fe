"""What seldom changes stays in this process while its version stands, which a transaction looks at once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, select

from storage.sequence import next_number
from storage.tables import sequence

# The rows of `sequence` that count changes: of what a community file says, and of activities and their shifts.
COMMUNITY, ACTIVITIES = TOPICS = ("community", "activities")
_READ = select(sequence.c.name, sequence.c.value).where(sequence.c.name.in_(TOPICS))
_ALL: WeakKeyDictionary[Engine, dict[str, _Kept]] = WeakKeyDictionary()
_SEEN = "_linli_seen"  # on a connection: its transaction, and the versions that one sees
_CHANGING = -1
_NONE = object()  # in no transaction: looked at again
_UNSEEN: tuple[object, dict[str, int]] = (_NONE, {})
_T = TypeVar("_T")


class _Kept:
    """What is known at one version."""

    def __init__(self, version: int) -> None:
        self.version = version
        self.values: dict[Hashable, Any] = {}


def version(conn: Connection, topic: str = COMMUNITY) -> int:
    """Rises with everything that changed something; a transaction sees one."""
    seen = conn.__dict__.get(_SEEN, _UNSEEN)  # as below, for what every turn asks ten times
    return (seen[1] if seen[0] is conn.get_transaction() else _versions(conn)).get(topic, 0)


def _versions(conn: Connection) -> dict[str, int]:
    seen: tuple[object, dict[str, int]] = conn.__dict__.get(_SEEN, _UNSEEN)
    if seen[0] is conn.get_transaction():
        return seen[1]
    return noted(conn, {row.name: row.value for row in conn.execute(_READ)})


def noted(conn: Connection, found: Mapping[str, int]) -> dict[str, int]:
    """These are the versions that the connection's transaction sees: nobody has to look again."""
    conn.__dict__[_SEEN] = (conn.get_transaction() or _NONE, versions := dict(found))
    return versions


def changing(conn: Connection, topic: str = COMMUNITY) -> None:
    """This transaction is about to change it: from now on it reads the rows, and keeps nothing for others."""
    _versions(conn)[topic] = _CHANGING


def changed(conn: Connection, topic: str = COMMUNITY) -> None:
    """This transaction has changed it, and whoever keeps something of it reads it anew after its commit."""
    changing(conn, topic)
    next_number(conn, topic)


def kept(conn: Connection, key: Hashable, load: Callable[[], _T], topic: str = COMMUNITY) -> _T:
    """What `load` reads, or read at this version. It is shared: nobody may change it."""
    stands = version(conn, topic)
    if stands == _CHANGING:
        return load()
    all_ = _ALL.get(conn.engine)
    if all_ is None:
        all_ = _ALL[conn.engine] = {}
    mine = all_.get(topic)
    if mine is None or mine.version < stands:
        mine = all_[topic] = _Kept(stands)
    if mine.version != stands:  # an older transaction
        return load()
    if key not in mine.values:
        mine.values[key] = load()
    found: _T = mine.values[key]
    return found
