"""People, their accounts and personal fields, staff, their roles and duties, one-time codes."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, LargeBinary, Table, UniqueConstraint, text
from sqlalchemy.types import JSON

from storage.tables.base import Id, id_column, key, metadata, ref
from storage.types import Instant, Line

person = Table(
    "person",
    metadata,
    id_column(),
    Column("created_at", Instant, nullable=False),
    Column("script", Line(4), nullable=False, server_default="hans"),  # hans or hant: how the person last wrote
    Column("area_id", Id, ForeignKey("area.id")),  # the grid or building last found for this person
    Column("group_id", Id),  # the residents' group they last spoke to the assistant in; no reference: groups refer here
    Column("key", LargeBinary),  # the person's data key, wrapped by the master key; gone after deletion
    Column("erased_at", Instant),
)

account = Table(
    "account",
    metadata,
    id_column(),
    ref("person_id", "person", index=True),
    Column("channel", Line(16), nullable=False),
    Column("address", Line(128), nullable=False),
    UniqueConstraint("channel", "address"),
)

person_alias = Table(  # somebody who turned out to be somebody else: what is append-only goes on naming the old id
    "person_alias",
    metadata,
    Column("old_id", Id, ForeignKey("person.id"), primary_key=True),
    ref("person_id", "person", index=True),
    Column("at", Instant, nullable=False),
)

personal = Table(  # the only place personal fields live, encrypted under the person's key
    "personal",
    metadata,
    id_column(),
    ref("person_id", "person"),
    Column("field", Line(32), nullable=False),  # name, phone, room
    Column("value", LargeBinary, nullable=False),
    Column("lookup", LargeBinary, index=True),  # HMAC of the value, to search by
    Column("at", Instant, nullable=False),
    UniqueConstraint("person_id", "field"),
)

consent = Table(
    "consent",
    metadata,
    id_column(),
    ref("person_id", "person", index=True),
    Column("purpose", Line(32), nullable=False),
    Column("text_version", Line(32), nullable=False),
    Column("at", Instant, nullable=False),
    Column("withdrawn_at", Instant),
)

staff = Table(
    "staff",
    metadata,
    id_column(),
    key(),
    ref("person_id", "person", nullable=True, index=True),
    Column("name", Line(64), nullable=False),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    Column("away_from", Instant),  # between these two legal questions go past them, whatever the roster says
    Column("away_until", Instant),
    UniqueConstraint("key"),
)

walk_in = Table(  # somebody without a chat, for whom a member of staff filed a case; until a code binds them
    "walk_in",
    metadata,
    Column("person_id", Id, ForeignKey("person.id"), primary_key=True),
    ref("staff_id", "staff"),
    Column("at", Instant, nullable=False),
    ref("bound_id", "person", nullable=True),
    Column("bound_at", Instant),
)

staff_role = Table(
    "staff_role",
    metadata,
    id_column(),
    ref("staff_id", "staff", index=True),
    Column("role", Line(32), nullable=False),
    ref("area_id", "area"),
    Column("department", Line(64)),
    UniqueConstraint("staff_id", "role", "area_id", "department"),
    Index("ix_staff_role_area_role", "area_id", "role"),
)

duty = Table(
    "duty",
    metadata,
    id_column(),
    ref("area_id", "area", index=True),
    Column("role", Line(32), nullable=False),
    ref("staff_id", "staff"),
    Column("weekdays", Line(7), nullable=False),  # "1234567", Monday first
    Column("start", Line(5), nullable=False),  # "08:30", local time of the area
    Column("end", Line(5), nullable=False),  # may lie after midnight: end <= start
)

code = Table(  # one-time codes and links: staff binding, household binding, sign-in, private continuation
    "code",
    metadata,
    id_column(),
    Column("digest", Line(64), nullable=False),
    Column("kind", Line(16), nullable=False),  # staff, household, signin, link
    Column("subject", JSON, nullable=False),
    ref("person_id", "person", nullable=True),  # only this person may use it
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    UniqueConstraint("digest"),
)
