"""Who reports a case: its reporter, and the neighbours whose own cases were merged into it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, select, update

from storage.conflict import insert
from storage.tables import case, case_party

_LONGEST = 50  # merges in a row; more is a circle


@dataclass(frozen=True, slots=True)
class Party:
    """`via`: the person's own case, when it was merged into this one."""

    person: int
    role: str
    via: int | None
    rating: int | None


_JOIN = insert(case_party).on_conflict_do_nothing().returning(case_party.c.id)
_OF_CASE = (
    select(case_party.c.person_id, case_party.c.role, case_party.c.via_id, case_party.c.rating)
    .where(case_party.c.case_id == bindparam("case"), case_party.c.role != "left")
    .order_by(case_party.c.id)
)
_INTO = select(case.c.merged_id).where(case.c.id == bindparam("case"))


def join(conn: Connection, case_id: int, person_id: int, role: str, via: int | None = None) -> bool:
    """A person becomes a party to the case; False when already one. Who had left is back."""
    row = {"case_id": case_id, "person_id": person_id, "role": role, "via_id": via}
    if conn.execute(_JOIN, row).scalar_one_or_none() is not None:
        return True
    mine = (case_party.c.case_id == case_id, case_party.c.person_id == person_id, case_party.c.role == "left")
    return conn.execute(update(case_party).where(*mine).values(role=role, via_id=via)).rowcount == 1


def of_case(conn: Connection, case_id: int) -> list[Party]:
    """The parties of a case, the reporter first; who has left is none."""
    return [Party(*row) for row in conn.execute(_OF_CASE, {"case": case_id})]


def numbers(conn: Connection, parties: Iterable[Party]) -> dict[int, str]:
    """Person -> the number of their own case, for those who came by a case of their own."""
    own = {p.via: p.person for p in parties if p.via}
    if not own:
        return {}
    rows = conn.execute(select(case.c.id, case.c.number).where(case.c.id.in_(list(own))))
    return {own[row.id]: row.number for row in rows}


def part(conn: Connection, cases: Iterable[int], via: Iterable[int]) -> None:
    """Those who came to these cases by way of `via` are parties of them no more."""
    conn.execute(delete(case_party).where(case_party.c.case_id.in_(list(cases)), case_party.c.via_id.in_(list(via))))


def leave(conn: Connection, case_id: int, person_id: int) -> None:
    mine = (case_party.c.case_id == case_id, case_party.c.person_id == person_id)
    conn.execute(update(case_party).where(*mine).values(role="left"))


def vote(conn: Connection, case_id: int, person_id: int | None, rating: int | None) -> None:
    """What a party says of the result; without a person: of all of them, asked anew."""
    query = update(case_party).where(case_party.c.case_id == case_id)
    query = query if person_id is None else query.where(case_party.c.person_id == person_id)
    conn.execute(query.values(rating=rating))


def chain(conn: Connection, case_id: int) -> list[int]:
    """The case and those it was merged into, one after the other; the last one goes on for all."""
    found = [case_id]
    for _ in range(_LONGEST):
        into = conn.execute(_INTO, {"case": found[-1]}).scalar()
        if into is None or into in found:
            break
        found.append(int(into))
    return found


def merged_in(conn: Connection, case_id: int) -> list[int]:
    """The cases that were merged straight into this one, the oldest first."""
    query = select(case.c.id).where(case.c.merged_id == case_id, case.c.status == "merged").order_by(case.c.id)
    return list(conn.execute(query).scalars())
