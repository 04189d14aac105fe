"""Who somebody is now: a person who was merged into another goes on under the other's id."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from storage.conflict import insert
from storage.tables import person_alias

_NOW = select(person_alias.c.person_id).where(person_alias.c.old_id == bindparam("person"))
_OLD = select(person_alias.c.old_id).where(person_alias.c.person_id == bindparam("person"))


def current(conn: Connection, person_id: int) -> int:
    """The person an id means now."""
    found = conn.execute(_NOW, {"person": person_id}).scalar()
    return person_id if found is None else int(found)


def every(conn: Connection, person_id: int) -> tuple[int, ...]:
    """All ids under which a person stands in what is never changed, their own first."""
    return (person_id, *conn.execute(_OLD, {"person": person_id}).scalars())


def everybody(conn: Connection) -> Mapping[int, int]:
    """Old id -> who that is now."""
    return {row.old_id: row.person_id for row in conn.execute(select(person_alias.c.old_id, person_alias.c.person_id))}


def note(conn: Connection, old: int, into: int, now: datetime) -> None:
    """From now on `old` means `into`, and so does whoever `old` has been."""
    conn.execute(update(person_alias).where(person_alias.c.person_id == old).values(person_id=into))
    conn.execute(insert(person_alias).values(old_id=old, person_id=into, at=now))
