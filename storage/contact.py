"""The phone a reporter left for one case: given out while they agree to it and still report it, and not otherwise."""

from __future__ import annotations

from sqlalchemy import Connection

from flows.domain.case import Case
from storage import people, personal
from storage.parties import of_case


def phone(conn: Connection, case: Case) -> str | None:
    """The one rule; chat and the staff page ask it. Who answered 不留 for this case is not called about it."""
    if not case.reachable or not people.agrees(conn, case.person, "phone"):
        return None
    if case.person not in {party.person for party in of_case(conn, case.id)}:  # left the neighbours' case
        return None
    return personal.read(conn, case.person).get("phone")
