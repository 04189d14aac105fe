"""The only place where personal fields live: encrypted under a key of the person's own, which deletion destroys."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select, update

from storage.conflict import insert
from storage.database import secret_of
from storage.sealing import decrypt, encrypt
from storage.tables import case_party, person, personal

_HAS = select(personal.c.id).where(personal.c.person_id == bindparam("person"), personal.c.field == bindparam("field"))


_FIELDS = (
    select(personal.c.field, personal.c.value, person.c.key)
    .join(person, person.c.id == personal.c.person_id)
    .where(personal.c.person_id == bindparam("person"))
)
_NAMED = (
    select(case_party.c.person_id)
    .join(personal, (personal.c.person_id == case_party.c.person_id) & (personal.c.field == "name"))
    .where(case_party.c.case_id == bindparam("case"))
)


_HELD = select(personal.c.field).where(personal.c.person_id == bindparam("person"))


class Vault:
    """Wraps, seals and finds under a master key of any length; knows no table."""

    def __init__(self, master: bytes) -> None:
        self._wrapping = hashlib.blake2b(b"linli wrap", key=master[:64], digest_size=32).digest()
        self._search = hashlib.blake2b(b"linli search", key=master[:64], digest_size=32).digest()

    def wrap(self, key: bytes, person_id: int) -> bytes:
        return encrypt(self._wrapping, key, f"person {person_id}")

    def unwrap(self, wrapped: bytes, person_id: int) -> bytes:
        return decrypt(self._wrapping, wrapped, f"person {person_id}")

    def lookup(self, field: str, value: str) -> bytes:
        """What a value is searched by: the same for the same value, and of no use without the master key."""
        return hmac.new(self._search, f"{field}\0{value}".encode(), hashlib.sha256).digest()


def keep(conn: Connection, person_id: int, field: str, value: str, now: datetime) -> None:
    """Keep a field (name, phone, room) of a person; the same field again replaces it."""
    vault = Vault(secret_of(conn))
    row = {
        "person_id": person_id,
        "field": field,
        "value": encrypt(_key_of(conn, vault, person_id), value.encode(), f"{person_id} {field}"),
        "lookup": vault.lookup(field, value),
        "at": now,
    }
    statement = insert(personal).values(row)
    changed = {name: statement.excluded[name] for name in ("value", "lookup", "at")}
    conn.execute(statement.on_conflict_do_update(index_elements=["person_id", "field"], set_=changed))


def read(conn: Connection, person_id: int) -> dict[str, str]:
    """All fields of a person; none after deletion."""
    rows = conn.execute(_FIELDS, {"person": person_id}).all()
    if not rows or rows[0].key is None:
        return {}
    key = Vault(secret_of(conn)).unwrap(rows[0].key, person_id)
    return {row.field: decrypt(key, row.value, f"{person_id} {row.field}").decode() for row in rows}


def find(conn: Connection, field: str, value: str) -> list[int]:
    """The persons who gave exactly this value."""
    wanted = Vault(secret_of(conn)).lookup(field, value)
    rows = conn.execute(
        select(personal.c.person_id).where(personal.c.lookup == wanted, personal.c.field == field)
    ).scalars()
    return sorted(rows)


def names_in_case(conn: Connection, case_id: int) -> tuple[str, ...]:
    """What those who report a case have asked to be called."""
    found = conn.execute(_NAMED, {"case": case_id}).all()
    return tuple(name for row in found if (name := read(conn, row.person_id).get("name", "")))


def drop(conn: Connection, person_id: int, field: str) -> None:
    """Keep one field no longer."""
    conn.execute(delete(personal).where(personal.c.person_id == person_id, personal.c.field == field))


def held(conn: Connection, person_id: int) -> frozenset[str]:
    """Which fields are kept of a person, without unwrapping a key."""
    return frozenset(row.field for row in conn.execute(_HELD, {"person": person_id}))


def has(conn: Connection, person_id: int, field: str) -> bool:
    """Whether a field is kept, without unwrapping a key."""
    return conn.execute(_HAS, {"person": person_id, "field": field}).first() is not None


def forget(conn: Connection, person_id: int, fields: Iterable[str]) -> None:
    """Delete some fields of a person."""
    conn.execute(delete(personal).where(personal.c.person_id == person_id, personal.c.field.in_(list(fields))))


def erase(conn: Connection, person_id: int, now: datetime) -> None:
    """Delete a person's fields and the key: what backups still hold can't be read any more."""
    conn.execute(delete(personal).where(personal.c.person_id == person_id))
    conn.execute(update(person).where(person.c.id == person_id).values(key=None, erased_at=now))


def _key_of(conn: Connection, vault: Vault, person_id: int) -> bytes:
    wrapped = conn.execute(select(person.c.key).where(person.c.id == person_id)).scalar_one()
    if wrapped is None:
        fresh = vault.wrap(secrets.token_bytes(32), person_id)
        conn.execute(update(person).where(person.c.id == person_id, person.c.key.is_(None)).values(key=fresh))
        # Read again: of two that made one at the same time, the first is kept.
        wrapped = conn.execute(select(person.c.key).where(person.c.id == person_id)).scalar_one()
    return vault.unwrap(wrapped, person_id)
