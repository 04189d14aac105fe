"""Hours that were served, as rows that are added and never changed; certificates and commendations that follow."""

from __future__ import annotations

import re
import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update

from flows.effects.volunteers import RecordHours
from flows.errors import NotAllowed
from storage import aliases
from storage.conflict import insert
from storage.tables import activity, area, certificate, commendation, service_hours, shift, volunteer

_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that look alike
_NUMBER = 10  # characters: 49 random bits


def record(conn: Connection, effect: RecordHours, now: datetime) -> int | None:
    """Add a row; None when the key has been there before (pressed twice, confirmed twice)."""
    row = {
        "key": effect.key,
        "person_id": effect.person,
        "area_id": effect.area,
        "shift_id": effect.shift,
        "need_id": effect.need,
        "minutes": effect.minutes,
        "on": effect.on,
        "note": effect.note,
        "by": effect.by,
        "at": now,
        "reverses": effect.reverses,
    }
    made = insert(service_hours).values(row).on_conflict_do_nothing().returning(service_hours.c.id)
    return conn.execute(made).scalar_one_or_none()


_TOTAL = select(func.coalesce(func.sum(service_hours.c.minutes), 0)).where(
    service_hours.c.person_id == bindparam("person")
)


def total(conn: Connection, person_id: int) -> int:
    """Minutes confirmed, corrections counted."""
    return int(conn.execute(_TOTAL, {"person": person_id}).scalar_one())


def live(conn: Connection, shift_id: int, person_id: int) -> Any | None:
    """The row that counts for a person in a shift: the one that has not been reversed."""
    reversal = service_hours.alias("reversal")
    query = (
        select(service_hours)
        .join(reversal, reversal.c.reverses == service_hours.c.id, isouter=True)
        .where(service_hours.c.shift_id == shift_id, service_hours.c.person_id == person_id)
        .where(service_hours.c.reverses.is_(None), reversal.c.id.is_(None))
        .order_by(service_hours.c.id.desc())
    )
    return conn.execute(query.limit(1)).first()


def key_of(conn: Connection, id: int) -> str:
    return str(conn.execute(select(service_hours.c.key).where(service_hours.c.id == id)).scalar_one())


def keys_alike(conn: Connection, key: str) -> tuple[str, ...]:
    """The keys, as they first were, of all rows ever written for the same work of the same person: each may have been
    credited. Merging two persons writes a row again as "<key>:of:<person>"."""
    first = {_first(key)}
    row = conn.execute(select(service_hours).where(service_hours.c.key == key)).first()
    if row is not None and (row.shift_id is not None or row.need_id is not None):
        work = service_hours.c.need_id == row.need_id
        if row.shift_id is not None:
            work = service_hours.c.shift_id == row.shift_id
        whose = service_hours.c.person_id.in_(aliases.every(conn, row.person_id))
        alike = select(service_hours.c.key).where(work, whose, service_hours.c.reverses.is_(None))
        first |= {_first(one) for one in conn.execute(alike).scalars()}
    return tuple(sorted(first))


def _first(key: str) -> str:
    return re.sub(r"(:of:\d+)+$", "", key)


def count(conn: Connection, shift_id: int, person_id: int) -> int:
    """How many rows there are for a person in a shift: names the next one."""
    query = select(func.count()).where(service_hours.c.shift_id == shift_id, service_hours.c.person_id == person_id)
    return int(conn.execute(query).scalar_one())


def latest(conn: Connection, person_id: int, limit: int = 10) -> list[tuple[str, datetime, int, str]]:
    """(activity, when, minutes, note) of the last entries."""
    query = (
        select(
            func.coalesce(activity.c.title, service_hours.c.note),
            service_hours.c.on,
            service_hours.c.minutes,
            service_hours.c.note,
        )
        .select_from(service_hours)
        .join(shift, shift.c.id == service_hours.c.shift_id, isouter=True)
        .join(activity, activity.c.id == shift.c.activity_id, isouter=True)
        .where(service_hours.c.person_id == person_id)
        .order_by(service_hours.c.on.desc(), service_hours.c.id.desc())
        .limit(limit)
    )
    return [(str(r[0] or ""), r[1], int(r[2]), str(r[3])) for r in conn.execute(query)]


def board(conn: Connection, area_id: int, since: datetime, until: datetime) -> list[tuple[int, int, str]]:
    """(minutes, person, how shown) in an area and its parts, of those who chose to be on the board; most first."""
    here = select(area.c.path).where(area.c.id == area_id).scalar_subquery()
    inside = select(area.c.id).where(area.c.path.startswith(here))
    total_ = func.sum(service_hours.c.minutes)
    query = (
        select(total_, service_hours.c.person_id, volunteer.c.board)
        .join(volunteer, volunteer.c.person_id == service_hours.c.person_id)
        .where(volunteer.c.board != "off", service_hours.c.area_id.in_(inside))
        .where(service_hours.c.on >= since, service_hours.c.on < until)
        .group_by(service_hours.c.person_id, volunteer.c.board)
        .having(total_ > 0)
        .order_by(total_.desc(), service_hours.c.person_id)
    )
    return [(int(r[0]), int(r[1]), str(r[2])) for r in conn.execute(query.limit(50))]


def certify(conn: Connection, person_id: int, masked: str, minutes: int, now: datetime) -> tuple[int, str]:
    """The certificate of so many minutes, a new one where none says the same: its row and its number."""
    same = select(certificate.c.id, certificate.c.number).where(
        certificate.c.person_id == person_id,
        certificate.c.minutes == minutes,
        certificate.c.masked == masked,
        certificate.c.revoked_at.is_(None),
    )
    if (there := conn.execute(same.order_by(certificate.c.id.desc()).limit(1)).first()) is not None:
        return int(there.id), str(there.number)
    number = "ZY" + "".join(secrets.choice(_LETTERS) for _ in range(_NUMBER))
    row = {"number": number, "person_id": person_id, "minutes": minutes, "masked": masked, "at": now}
    id = conn.execute(insert(certificate).values(row).returning(certificate.c.id)).scalar_one()
    return int(id), number


def certificate_by(conn: Connection, *, number: str = "", id: int = 0) -> Any | None:
    wanted = certificate.c.number == number if number else certificate.c.id == id
    return conn.execute(select(certificate).where(wanted)).first()


def revoke(conn: Connection, person_id: int, now: datetime, *, above: int) -> None:
    """A person's certificates of more than what is left after a correction are good no more."""
    live = (certificate.c.person_id == person_id) & certificate.c.revoked_at.is_(None)
    conn.execute(update(certificate).where(live, certificate.c.minutes > above).values(revoked_at=now))


def commendations(conn: Connection, person_id: int) -> dict[int, tuple[datetime | None, datetime | None]]:
    """Threshold → when the person was told that it is near, when it was granted."""
    query = select(commendation.c.hours, commendation.c.told_at, commendation.c.granted_at)
    rows = conn.execute(query.where(commendation.c.person_id == person_id))
    return {hours: (told, granted) for hours, told, granted in rows}


def told_near(conn: Connection, person_id: int, hours: int, now: datetime) -> None:
    row = insert(commendation).values(person_id=person_id, hours=hours, told_at=now)
    conn.execute(row.on_conflict_do_nothing())


def commend(conn: Connection, person_id: int, hours: int, staff_id: int, now: datetime) -> None:
    """Grant a commendation. Raises NotAllowed when it was granted already."""
    done = commendations(conn, person_id).get(hours, (None, None))[1]
    if done is not None:
        raise NotAllowed("这份嘉许已经授予过了。")
    row = {"granted_at": now, "staff_id": staff_id}
    made = insert(commendation).values(person_id=person_id, hours=hours, **row)
    conn.execute(made.on_conflict_do_update(index_elements=["person_id", "hours"], set_=row))
