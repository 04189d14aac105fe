"""Two persons who are one: everything the one has becomes the other's; what is append-only keeps its ids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    and_,
    delete,
    exists,
    insert,
    select,
    update,
)

from flows.errors import NotAllowed
from storage import aliases, households, personal
from storage.schema import APPEND_ONLY
from storage.tables import (
    case_party,
    due,
    household_member,
    mediation_party,
    metadata,
    person,
    person_alias,
    service_hours,
    sign_up,
    staff,
    volunteer,
    walk_in,
)

_APART = {"personal", person_alias.name, walk_in.name, *APPEND_ONLY}  # have a way of their own
TWO_HOMES = "这两个账号在道德银行里是两户（{one}、{other}），合不到一起。请先在其中一个账号里退出那一户，再来绑定。"
TWO_STAFF = "这两个账号是两位工作人员，不能合成一个人。请找社区管理员。"
TWO_SIDES = "这两个账号在同一件调解里各是一方，不能合成一个人。"


def merge(conn: Connection, old: int, into: int, now: datetime) -> None:
    """Whoever was `old` is `into` from now on. Raises NotAllowed when both have what one person has only once."""
    if old == into:
        return
    hold(conn, old, into)
    refuse(conn, old, into)
    _leave_doubles(conn, old, into, now)
    for table, column in _references():
        for taken in _taken(table, column, into):
            conn.execute(delete(table).where(column == old, taken))
        conn.execute(update(table).where(column == old).values({column.name: into}))
    conn.execute(update(walk_in).where(walk_in.c.bound_id == old).values(bound_id=into))
    _hours(conn, old, into, now)
    _fields(conn, old, into, now)
    _reminders(conn, old, into)
    aliases.note(conn, old, into, now)


def hold(conn: Connection, *persons: int) -> None:
    """Hold the persons' rows, always in one order, to the end of the transaction."""
    conn.execute(select(person.c.id).where(person.c.id.in_(persons)).order_by(person.c.id).with_for_update()).all()


def refuse(conn: Connection, old: int, into: int) -> None:
    """Raises NotAllowed, with what to do about it, where two can't become one."""
    homes = [households.of_person(conn, one) for one in (old, into)]
    if homes[0] and homes[1] and homes[0].id != homes[1].id:
        raise NotAllowed(TWO_HOMES.format(one=homes[1].name, other=homes[0].name))
    works = select(staff.c.id).where(staff.c.person_id.in_((old, into)), staff.c.active)
    if len(conn.execute(works).all()) > 1:
        raise NotAllowed(TWO_STAFF)
    other = mediation_party.alias("other")
    both = and_(mediation_party.c.mediation_id == other.c.mediation_id, other.c.person_id == into)
    if conn.execute(select(mediation_party.c.id).join(other, both).where(mediation_party.c.person_id == old)).first():
        raise NotAllowed(TWO_SIDES)


# -- what one person has only once -------------------------------------------------------------------------------------


def _references() -> Iterator[tuple[Table, Column[int]]]:
    """Every column that says whose something is, whichever tables there are."""
    for table in metadata.sorted_tables:
        for column in () if table.name in _APART else table.c:
            if any(key.column is person.c.id for key in column.foreign_keys):
                yield table, column


def _taken(table: Table, column: Column[int], into: int) -> Iterator[ColumnElement[bool]]:
    """For each rule that something is there once for a person: that the other has it already."""
    for rule in table.constraints:
        if isinstance(rule, UniqueConstraint | PrimaryKeyConstraint) and column.name in rule.columns:
            theirs = table.alias("theirs")
            same = [theirs.c[c.name] == c for c in rule.columns if c is not column]
            yield exists().where(theirs.c[column.name] == into, *same)


def _leave_doubles(conn: Connection, old: int, into: int, now: datetime) -> None:
    """Where both have it, what counts stays: a place before a cancelled one, a party before one who left."""
    for table, column, state, weak in (
        (sign_up, sign_up.c.shift_id, sign_up.c.state, "cancelled"),
        (case_party, case_party.c.case_id, case_party.c.role, "left"),
    ):
        kept = select(column).where(table.c.person_id == old, state != weak)
        conn.execute(delete(table).where(table.c.person_id == into, state == weak, column.in_(kept)))
    if households.of_person(conn, into):
        mine = (household_member.c.person_id == old, household_member.c.until.is_(None))
        conn.execute(update(household_member).where(*mine).values(until=now))
    skills = [conn.execute(select(volunteer.c.skills).where(volunteer.c.person_id == p)).scalar() for p in (into, old)]
    if skills[0] is not None and skills[1]:
        every = list(dict.fromkeys([*skills[0], *skills[1]]))
        conn.execute(update(volunteer).where(volunteer.c.person_id == into).values(skills=every))


# -- what has a way of its own -----------------------------------------------------------------------------------------


def _hours(conn: Connection, old: int, into: int, now: datetime) -> None:
    """Hours are never changed: each row is taken back and written again for the one; twice in a shift counts once."""
    back = service_hours.alias("back")
    live = (
        select(service_hours)
        .join(back, back.c.reverses == service_hours.c.id, isouter=True)
        .where(service_hours.c.reverses.is_(None), back.c.id.is_(None))
    )
    done = set(conn.execute(live.with_only_columns(service_hours.c.shift_id).where(service_hours.c.person_id == into)))
    for row in conn.execute(live.where(service_hours.c.person_id == old)).mappings().all():
        same = {k: v for k, v in row.items() if k not in ("id", "key", "at", "minutes", "reverses")} | {"at": now}
        taken = {**same, "key": f"{row['key']}:moved", "minutes": -row["minutes"], "reverses": row["id"]}
        conn.execute(insert(service_hours).values(taken))
        if row["shift_id"] is None or (row["shift_id"],) not in done:
            given = {**same, "key": f"{row['key']}:of:{into}", "minutes": row["minutes"], "person_id": into}
            conn.execute(insert(service_hours).values(given))


def _fields(conn: Connection, old: int, into: int, now: datetime) -> None:
    """Personal fields are sealed under the other's key; where both left one, the other's stays. The old key goes."""
    known = personal.read(conn, into)
    for field, value in personal.read(conn, old).items():
        if field not in known:
            personal.keep(conn, into, field, value, now)
    personal.erase(conn, old, now)


def _reminders(conn: Connection, old: int, into: int) -> None:
    """What the clock still has to do for the one is done for the other, and found by the other's key."""
    waiting = select(due.c.id, due.c.key, due.c.subject).where(due.c.subject["person"].as_integer() == old)
    for row in conn.execute(waiting.where(due.c.state == "pending")).all():
        key = re.sub(rf"^(.*[.:]){old}(?=[.:]|$)", rf"\g<1>{into}", row.key)  # the last such number is the person
        if key != row.key and conn.execute(select(due.c.id).where(due.c.key == key)).first():
            conn.execute(delete(due).where(due.c.id == row.id))
            continue
        conn.execute(update(due).where(due.c.id == row.id).values(key=key, subject={**row.subject, "person": into}))
