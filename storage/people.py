"""People, their accounts and chats: who wrote, where, and where they can be reached."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from storage.community import above
from storage.conflict import insert
from storage.tables import account, area, chat, chat_pulse, consent, person, staff, staff_role


@dataclass(frozen=True, slots=True)
class Chat:
    """A private chat or a group. `role`: residents, staff or leaders."""

    id: int
    channel: str
    address: str
    kind: str
    role: str
    area: int | None
    person: int | None
    state: str
    heard_at: datetime | None


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    script: str
    area: int | None


@dataclass(frozen=True, slots=True)
class StaffRole:
    role: str
    area: int
    department: str | None


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff with every role held."""

    id: int
    name: str
    person: int | None
    roles: tuple[StaffRole, ...]


CHAT_COLUMNS = (
    chat.c.id,
    chat.c.channel,
    chat.c.address,
    chat.c.kind,
    chat.c.role,
    chat.c.area_id,
    chat.c.person_id,
    chat.c.state,
    chat.c.heard_at,
)
_CHAT = select(*CHAT_COLUMNS).where(chat.c.channel == bindparam("channel"), chat.c.address == bindparam("address"))
_CHAT_BY_ID = select(*CHAT_COLUMNS).where(chat.c.id == bindparam("id"))
_CHATS_BY_ID = select(*CHAT_COLUMNS).where(chat.c.id.in_(bindparam("ids", expanding=True)))
_PERSON = (
    select(person.c.id, person.c.script, person.c.area_id)
    .join(account, account.c.person_id == person.c.id)
    .where(account.c.channel == bindparam("channel"), account.c.address == bindparam("address"))
)
_PRIVATE = (
    select(*CHAT_COLUMNS)
    .where(chat.c.person_id == bindparam("person"), chat.c.kind == "private")
    .order_by((chat.c.state == "open").desc(), chat.c.heard_at.desc().nulls_last(), chat.c.id)
    .limit(1)
)
_STAFF = (
    select(
        staff.c.id, staff.c.name, staff.c.person_id, staff_role.c.role, staff_role.c.area_id, staff_role.c.department
    )
    .join(staff_role, staff_role.c.staff_id == staff.c.id, isouter=True)
    .where(staff.c.active)
    .order_by(staff.c.id)
)
_STAFF_OF = _STAFF.where(staff.c.person_id == bindparam("person"))
_MAKE = insert(person).values(created_at=bindparam("at")).returning(person.c.id)
_BIND = (
    insert(account)
    .values(person_id=bindparam("who"), channel=bindparam("where"), address=bindparam("name"))
    .on_conflict_do_nothing(index_elements=["channel", "address"])
    .returning(account.c.id)
)
_OPEN = insert(chat).on_conflict_do_nothing(index_elements=["channel", "address"]).returning(*CHAT_COLUMNS)
_SETTLE = update(person).where(person.c.id == bindparam("who")).values(area_id=bindparam("at"))
_GROUP = select(person.c.group_id).where(person.c.id == bindparam("person"))
_STAFF_BY_ID = _STAFF.where(staff.c.id.in_(bindparam("ids", expanding=True)))
_AGREES = (
    select(consent.c.id)
    .where(consent.c.person_id == bindparam("person"), consent.c.purpose == bindparam("purpose"))
    .where(consent.c.withdrawn_at.is_(None))
    .limit(1)
)
_OF_DEPARTMENT = _STAFF.where(
    staff.c.id.in_(
        select(staff_role.c.staff_id).where(
            staff_role.c.role == "department",
            staff_role.c.department == bindparam("name"),
            staff_role.c.area_id.in_(bindparam("around", expanding=True)),
        )
    )
)
_heard = insert(chat_pulse)
_HEARD = _heard.on_conflict_do_update(index_elements=["chat_id"], set_={"heard_at": _heard.excluded.heard_at})
_USED = update(chat).where(chat.c.id == bindparam("row")).values(heard_at=bindparam("at"), state="open", reason=None)


def person_for(conn: Connection, channel: str, address: str, now: datetime) -> Person:
    """The person behind an account, made on first sight."""
    found = conn.execute(_PERSON, {"channel": channel, "address": address}).first()
    return Person(*found) if found else newcomer(conn, channel, address, now)


def newcomer(conn: Connection, channel: str, address: str, now: datetime) -> Person:
    """Somebody new behind an account that nobody has seen before."""
    made = conn.execute(_MAKE, {"at": now}).scalar_one()
    taken = conn.execute(_BIND, {"who": made, "where": channel, "name": address}).scalar_one_or_none()
    if taken is None:  # somebody else's transaction was first
        return Person(*conn.execute(_PERSON, {"channel": channel, "address": address}).one())
    return Person(made, "hans", None)


def known(conn: Connection, channel: str, address: str) -> bool:
    """Whether anybody is behind this account yet."""
    return conn.execute(_PERSON, {"channel": channel, "address": address}).first() is not None


def chat_for(conn: Connection, channel: str, address: str, *, kind: str, person_id: int | None) -> Chat:
    """The chat at an address, made on first sight: an unknown group is a residents' group of no grid."""
    found = conn.execute(_CHAT, {"channel": channel, "address": address}).first()
    if found is None:
        return new_chat(conn, channel, address, kind=kind, person_id=person_id)
    if kind == "private" and person_id is not None and found.person_id != person_id:
        conn.execute(update(chat).where(chat.c.id == found.id).values(person_id=person_id))
        found = conn.execute(_CHAT, {"channel": channel, "address": address}).one()
    return Chat(*found)


def new_chat(conn: Connection, channel: str, address: str, *, kind: str, person_id: int | None) -> Chat:
    """A chat that nobody has seen before."""
    row = {"channel": channel, "address": address, "kind": kind, "person_id": person_id if kind == "private" else None}
    found = conn.execute(_OPEN, row).one_or_none()
    if found is None:  # somebody else's transaction was first
        found = conn.execute(_CHAT, {"channel": channel, "address": address}).one()
    return Chat(*found)


def chat_by_id(conn: Connection, id: int) -> Chat | None:
    row = conn.execute(_CHAT_BY_ID, {"id": id}).first()
    return Chat(*row) if row else None


def chats_by_id(conn: Connection, ids: Sequence[int]) -> list[Chat]:
    """The chats of these ids, in their order."""
    found = {row.id: Chat(*row) for row in conn.execute(_CHATS_BY_ID, {"ids": ids})} if ids else {}
    return [found[id] for id in ids if id in found]


def heard(conn: Connection, chat_id: int, now: datetime, *, known: bool = False) -> None:
    """Somebody wrote there now: the chat is open, whatever it was, and the one in use. `known`: it was already."""
    conn.execute(_HEARD, {"chat_id": chat_id, "heard_at": now})
    if not known:
        conn.execute(_USED, {"row": chat_id, "at": now})


def private_chat(conn: Connection, person_id: int) -> Chat | None:
    """Where a person is reached: the private chat used last, of those that are open."""
    row = conn.execute(_PRIVATE, {"person": person_id}).first()
    return Chat(*row) if row else None


def account_of(conn: Connection, person_id: int, channel: str) -> str | None:
    """A person's address on a channel."""
    query = select(account.c.address).where(account.c.person_id == person_id, account.c.channel == channel)
    return conn.execute(query).scalar()


def write_script(conn: Connection, person_id: int, script: str) -> None:
    conn.execute(update(person).where(person.c.id == person_id).values(script=script))


def settle(conn: Connection, person_id: int, area_id: int) -> None:
    """Remember the grid (or building) a person was last placed in."""
    conn.execute(_SETTLE, {"who": person_id, "at": area_id})


def spoke_in(conn: Connection, person_id: int, chat_id: int) -> None:
    """Remember the group in which a person last had to do with the assistant."""
    changed = update(person).where(person.c.id == person_id, person.c.group_id.is_distinct_from(chat_id))
    conn.execute(changed.values(group_id=chat_id))


def group_of(conn: Connection, person_id: int) -> int | None:
    """That group."""
    return conn.execute(_GROUP, {"person": person_id}).scalar()


def area_of_person(conn: Connection, person_id: int) -> int | None:
    """Where a person was last placed."""
    return conn.execute(select(person.c.area_id).where(person.c.id == person_id)).scalar()


def settle_first(conn: Connection, person_id: int, area_id: int | None) -> None:
    """Remember where a person lives who was never placed before."""
    conn.execute(update(person).where(person.c.id == person_id, person.c.area_id.is_(None)).values(area_id=area_id))


def staff_of(conn: Connection, person_id: int) -> Staff | None:
    """The member of staff a person is."""
    found = _gather(conn.execute(_STAFF_OF, {"person": person_id}))
    return found[0] if found else None


def staff_by_id(conn: Connection, ids: Iterable[int]) -> list[Staff]:
    """Members of staff by their ids, inactive ones left out."""
    return _gather(conn.execute(_STAFF_BY_ID, {"ids": list(ids)}))


def colleagues(conn: Connection, area_id: int) -> list[Staff]:
    """Active staff with a role in an area or in a part of it."""
    top = select(area.c.path).where(area.c.id == area_id).scalar_subquery()
    here = (
        select(staff_role.c.staff_id).join(area, area.c.id == staff_role.c.area_id).where(area.c.path.startswith(top))
    )
    return _gather(conn.execute(_STAFF.where(staff.c.id.in_(here))))


def of_department(conn: Connection, area_id: int, name: str) -> list[Staff]:
    """Active staff of a department whose role reaches an area: held there or in an area around it."""
    around = above(conn, area_id)
    return _gather(conn.execute(_OF_DEPARTMENT, {"name": name, "around": around})) if around else []


def _gather(rows: Iterable[Row[Any]]) -> list[Staff]:
    found: dict[int, Staff] = {}
    for row in rows:
        one = found.get(row.id) or Staff(row.id, row.name, row.person_id, ())
        more = (StaffRole(row.role, row.area_id, row.department),) if row.role else ()
        found[one.id] = Staff(one.id, one.name, one.person, one.roles + more)
    return list(found.values())


def agreed(conn: Connection, person_id: int, purpose: str, version: str, now: datetime) -> None:
    """Keep a consent, unless the same one stands already."""
    live = select(consent.c.id).where(
        consent.c.person_id == person_id,
        consent.c.purpose == purpose,
        consent.c.text_version == version,
        consent.c.withdrawn_at.is_(None),
    )
    if conn.execute(live).first() is None:
        conn.execute(insert(consent).values(person_id=person_id, purpose=purpose, text_version=version, at=now))


def agrees(conn: Connection, person_id: int, purpose: str) -> bool:
    """Whether a consent to a purpose stands, whatever version of its text it was given to."""
    return conn.execute(_AGREES, {"person": person_id, "purpose": purpose}).first() is not None


def withdrew(conn: Connection, person_id: int, purpose: str, now: datetime) -> None:
    query = update(consent).where(consent.c.person_id == person_id, consent.c.purpose == purpose)
    conn.execute(query.where(consent.c.withdrawn_at.is_(None)).values(withdrawn_at=now))


_SCRIPT = select(person.c.script).where(person.c.id == bindparam("person"))


def script_of(conn: Connection, person_id: int) -> str:
    """hans or hant: how the person last wrote."""
    return str(conn.execute(_SCRIPT, {"person": person_id}).scalar() or "hans")


def staff_names(conn: Connection) -> frozenset[str]:
    """What active members of staff are called."""
    return frozenset(conn.execute(select(staff.c.name).where(staff.c.active)).scalars())


def first_with_role(conn: Connection, role: str) -> int | None:
    query = select(staff.c.id).join(staff_role, staff_role.c.staff_id == staff.c.id).where(staff_role.c.role == role)
    return conn.execute(query.where(staff.c.active).order_by(staff.c.id).limit(1)).scalar()


def staff_by_key(conn: Connection, key: str) -> int | None:
    """The id of an active member of staff by the key of the community file."""
    return conn.execute(select(staff.c.id).where(staff.c.key == key, staff.c.active)).scalar()
