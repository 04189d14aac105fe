"""Who a new case is for at first: whoever the roster names for its service, and the department's people beside them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from flows.domain.case import WAITING, Case
from flows.domain.interest import Bars, kept_out
from storage import bars, community, people

FIRST = ("grid_worker",)  # where the community file names no handlers for the service
MOST = 2


def names(conn: Connection, case: Case, parties: tuple[int, ...], now: datetime, kept: Bars) -> tuple[str, str]:
    """(who takes it first, who of the department may come along), by name; "" where nobody is to be named."""
    if case.area is None or case.owner is not None or case.status not in WAITING or case.level != "grid":
        return "", ""

    def free(found: Iterable[people.Staff]) -> list[people.Staff]:
        return [one for one in found if one.person not in parties and not kept_out(kept, bars.official(one))]

    first: list[people.Staff] = []
    for role in community.service_route(conn, case.area, case.service).handlers or FIRST:
        first = first or free(people.staff_by_id(conn, community.staff_for(conn, case.area, role, now)))
    department = free(people.of_department(conn, case.area, case.department)) if case.department else []
    department = [one for one in department if one not in first]
    return "、".join(one.name for one in first[:MOST]), "、".join(one.name for one in department[:MOST])
