"""Cases, their history, their files and the people in them."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table, UniqueConstraint
from sqlalchemy.types import JSON

from storage.tables.base import id_column, metadata, ref, spread
from storage.types import Instant, Line, Words

case = Table(
    "case_",
    metadata,
    id_column(),
    *spread("id"),
    Column("number", Line(16), nullable=False),
    ref("area_id", "area", nullable=True),  # the grid (or, unplaced, the community) that has to act
    ref("building_id", "area", nullable=True),
    Column("service", Line(64), nullable=False),
    Column("act", Line(12), nullable=False, server_default="complaint"),  # complaint, question, suggestion, request
    Column("description", Words, nullable=False),
    Column("place", Words, nullable=False, server_default=""),
    ref("person_id", "person", index=True),
    ref("origin_chat_id", "chat", nullable=True),
    Column("level", Line(16), nullable=False, server_default="grid"),
    Column("status", Line(16), nullable=False),
    Column("ending", Line(16)),  # answered, settled, impossible
    ref("owner_id", "staff", nullable=True),
    Column("department", Line(64)),
    Column("colour", Line(8), nullable=False, server_default="yellow"),
    Column("opened_at", Instant, nullable=False),
    Column("acknowledge_due", Instant),
    Column("resolve_due", Instant),
    Column("runs_out", Instant),  # resolve_due or NEVER while somebody has to act; else empty
    ref("merged_id", "case_", nullable=True, index=True),  # the case that goes on for it
    Column("closed_at", Instant),
    Column("version", Integer, nullable=False),
    Column("facts", JSON, nullable=False, server_default="{}"),  # the rest of the projection
    UniqueConstraint("number"),
    Index("ix_case_status_area", "status", "area_id"),
    Index("ix_case_open", "runs_out", "id"),
    Index("ix_case_open_area", "area_id", "runs_out", "id"),
    Index("ix_case_new", "opened_at", "id"),
    Index("ix_case_new_area", "area_id", "opened_at", "id"),
    Index("ix_case_open_owner", "owner_id", "runs_out", "id"),
    Index("ix_case_new_owner", "owner_id", "opened_at", "id"),
    Index("ix_case_building", "building_id", "opened_at"),
    Index("ix_case_alike", "area_id", "service", "opened_at"),  # the same matter, reported again
)

case_event = Table(  # append-only; replaying it gives the case
    "case_event",
    metadata,
    id_column(),
    *spread("case_id"),
    ref("case_id", "case_"),
    Column("seq", Integer, nullable=False),
    Column("kind", Line(32), nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor", Line(64), nullable=False),  # "staff:7", "person:12", "clock"
    Column("data", JSON, nullable=False),
    UniqueConstraint("case_id", "seq"),
)

case_words = Table(  # what an event says in words: erased when its speaker wants it, the history stays
    "case_words",
    metadata,
    id_column(),
    *spread("case_id"),
    ref("case_id", "case_"),
    Column("seq", Integer, nullable=False),
    Column("words", JSON, nullable=False),
    UniqueConstraint("case_id", "seq"),
)

case_file = Table(
    "case_file",
    metadata,
    id_column(),
    ref("case_id", "case_", index=True),
    ref("file_id", "file"),
    Column("purpose", Line(12), nullable=False),  # report, evidence, note
)

case_bar = Table(  # whom a case is kept from: a member of staff, or a department by its name
    "case_bar",
    metadata,
    id_column(),
    *spread("case_id"),
    ref("case_id", "case_", index=True),
    ref("staff_id", "staff", nullable=True, index=True),
    Column("department", Line(64), index=True),
    Column("reason", Line(12), nullable=False),  # about (complained about), interest (declared)
    Column("at", Instant, nullable=False),
)

case_called = Table(  # who sees a case beside those it belongs to: departments called out, colleagues asked along
    "case_called",
    metadata,
    id_column(),
    *spread("case_id"),
    ref("case_id", "case_", index=True),
    Column("department", Line(64), index=True),
    ref("staff_id", "staff", nullable=True, index=True),
)

case_party = Table(
    "case_party",
    metadata,
    id_column(),
    ref("case_id", "case_", index=True),
    ref("person_id", "person", index=True),
    Column("role", Line(16), nullable=False),  # reporter, neighbour, left
    ref("via_id", "case_", nullable=True),  # the neighbour's own case, merged into this one
    Column("rating", Integer),
    UniqueConstraint("case_id", "person_id"),
)
