"""Cases filed for somebody who has no chat with us: told through who filed them, until a code binds them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from storage import merging
from storage.conflict import insert
from storage.tables import account, case_party, person, staff, walk_in


@dataclass(frozen=True, slots=True)
class Filer:
    """Who filed it: the member of staff and the person they are."""

    staff: int
    person: int


_FILER = (
    select(staff.c.id, staff.c.person_id)
    .join(walk_in, walk_in.c.staff_id == staff.c.id)
    .join(account, account.c.person_id == walk_in.c.person_id, isouter=True)
    .where(walk_in.c.person_id == bindparam("person"), account.c.id.is_(None))
)


def make(conn: Connection, staff_id: int, now: datetime) -> int:
    """A person without a chat, for whom a member of staff speaks."""
    made = int(conn.execute(insert(person).values(created_at=now).returning(person.c.id)).scalar_one())
    conn.execute(insert(walk_in).values(person_id=made, staff_id=staff_id, at=now))
    return made


def filer(conn: Connection, person_id: int) -> Filer | None:
    """Who speaks for a person as long as the person has no chat; None: nobody has to."""
    row = conn.execute(_FILER, {"person": person_id}).first()
    return Filer(row.id, row.person_id) if row and row.person_id is not None else None


def bind(conn: Connection, walk_in_id: int, person_id: int, now: datetime) -> list[int]:
    """What was filed for a walk-in is this person's from now on; the ids of the cases."""
    mine = list(conn.execute(select(case_party.c.case_id).where(case_party.c.person_id == walk_in_id)).scalars())
    merging.merge(conn, walk_in_id, person_id, now)
    conn.execute(update(walk_in).where(walk_in.c.person_id == walk_in_id).values(bound_id=person_id, bound_at=now))
    return mine
