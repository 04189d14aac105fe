"""Whom cases are kept from, as rows; and the same rule as a condition for lists."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    String,
    bindparam,
    cast,
    exists,
    not_,
    null,
    or_,
    select,
    union_all,
)

from flows.domain.case import ALIVE
from flows.domain.interest import Bars, Official
from storage.conflict import insert
from storage.people import Staff, staff_by_id
from storage.spread import slot_of
from storage.tables import area, case, case_bar, case_party, household_member, staff, staff_role

_BARRED = select(case_bar.c.staff_id, case_bar.c.department).where(case_bar.c.case_id == bindparam("case"))
_parties = select(case_party.c.person_id).where(case_party.c.case_id == bindparam("case"))
_mine = household_member.alias("mine")
_living = (
    select(household_member.c.person_id)
    .join(_mine, _mine.c.household_id == household_member.c.household_id)
    .join(case_party, case_party.c.person_id == _mine.c.person_id)
    .where(case_party.c.case_id == bindparam("case"), household_member.c.until.is_(None))
)  # with those who report a case
_nobody = cast(null(), Integer)
_EVERYBODY = union_all(
    _BARRED.add_columns(_nobody.label("person"), case_bar.c.reason),
    _parties.with_only_columns(_nobody, cast(null(), String), case_party.c.person_id, cast(null(), String)),
    _living.with_only_columns(_nobody, cast(null(), String), household_member.c.person_id, cast(null(), String)),
)


def official(one: Staff) -> Official:
    return Official(one.id, one.person, frozenset(r.department for r in one.roles if r.department))


def bar(
    conn: Connection, case_id: int, staff_ids: Iterable[int], departments: Iterable[str], reason: str, now: datetime
) -> None:
    """Keep a case from staff and departments. `reason`: about, interest."""
    rows: list[dict[str, Any]] = [{"staff_id": id, "department": None} for id in staff_ids]
    rows += [{"staff_id": None, "department": name} for name in departments]
    at = {"case_id": case_id, "spread": slot_of(case_id)}
    if rows:
        conn.execute(insert(case_bar), [{**row, **at, "reason": reason, "at": now} for row in rows])


def follow(conn: Connection, earlier_id: int, case_id: int) -> None:
    """Keep a case from everybody the case it follows is kept from."""
    columns = (case_bar.c.staff_id, case_bar.c.department, case_bar.c.reason, case_bar.c.at)
    rows = [row._asdict() for row in conn.execute(select(*columns).where(case_bar.c.case_id == earlier_id))]
    if rows:
        conn.execute(insert(case_bar), [{**row, "case_id": case_id, "spread": slot_of(case_id)} for row in rows])


def of_case(conn: Connection, case_id: int) -> Bars:
    """Everybody a case is kept from: as written, and who reports it with their households."""
    rows = conn.execute(_EVERYBODY, {"case": case_id}).all()
    return Bars(
        frozenset(r.staff_id for r in rows if r.staff_id is not None),
        frozenset(r.department for r in rows if r.department is not None),
        frozenset(r.person for r in rows if r.person is not None),
        frozenset(r.staff_id for r in rows if r.staff_id is not None and r.reason == "about"),
    )


def complained_of(conn: Connection, kept: Bars) -> str:
    """The colleague a case complains of, for those who look into it; "" where several may be meant (网格员)."""
    return "".join(one.name for one in staff_by_id(conn, kept.about)) if len(kept.about) == 1 else ""


def any_named(conn: Connection, case_id: int) -> bool:
    """Whether anybody at all of staff is kept out; the parties themselves mostly are none."""
    return conn.execute(_BARRED, {"case": case_id}).first() is not None


def kept_from(one: Staff) -> ColumnElement[bool]:
    """The condition on `case_` that holds for what a member of staff may not see: `kept_out` said in SQL."""
    who = official(one)
    meant = or_(case_bar.c.staff_id == who.staff, case_bar.c.department.in_(sorted(who.departments)))
    named = exists().where(case_bar.c.case_id == case.c.id, meant)
    if who.person is None:
        return named
    homes = select(household_member.c.household_id).where(
        household_member.c.person_id == who.person, household_member.c.until.is_(None)
    )
    kin = select(household_member.c.person_id).where(
        household_member.c.household_id.in_(homes), household_member.c.until.is_(None)
    )
    party = or_(case_party.c.person_id == who.person, case_party.c.person_id.in_(kin))
    return or_(named, exists().where(case_party.c.case_id == case.c.id, party))


def barred_roles(conn: Connection, bars: Bars) -> list[tuple[str, int]]:
    """The roles (role, area) of everybody a case is kept from."""
    who = or_(
        staff.c.id.in_(sorted(bars.staff)),
        staff.c.person_id.in_(sorted(bars.people)),
        staff_role.c.department.in_(sorted(bars.departments)),
    )
    meant = select(staff.c.id).join(staff_role, staff_role.c.staff_id == staff.c.id).where(who, staff.c.active)
    query = select(staff_role.c.role, staff_role.c.area_id).where(staff_role.c.staff_id.in_(meant))
    return [(str(role), int(area)) for role, area in conn.execute(query)]


def cases_below(conn: Connection, area_id: int) -> list[tuple[int, str, int]]:
    """(id, number, area) of the open cases below an area that are kept from somebody; there are few."""
    top = select(area.c.path).where(area.c.id == area_id).scalar_subquery()
    query = (
        select(case.c.id, case.c.number, case.c.area_id)
        .join(area, area.c.id == case.c.area_id)
        .where(area.c.path.startswith(top), case.c.status.in_(ALIVE))
        .where(case.c.id.in_(select(case_bar.c.case_id)))
    )
    return [(row.id, row.number, row.area_id) for row in conn.execute(query)]


def visible(one: Staff) -> ColumnElement[bool]:
    return not_(kept_from(one))
