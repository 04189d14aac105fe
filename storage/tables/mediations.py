"""Mediations, their history, and the two sides with what each said to the mediator."""

from __future__ import annotations

from sqlalchemy import Column, Integer, Table, UniqueConstraint
from sqlalchemy.types import JSON

from storage.tables.base import id_column, metadata, ref
from storage.types import Instant, Line, Words

mediation = Table(
    "mediation",
    metadata,
    id_column(),
    Column("number", Line(16), nullable=False),
    Column("kind", Line(16), nullable=False),
    ref("area_id", "area", index=True),
    ref("case_id", "case_", nullable=True),
    ref("mediator_id", "staff", nullable=True, index=True),
    Column("state", Line(12), nullable=False),
    Column("intake", Words, nullable=False, server_default=""),  # what staff wrote when they registered it
    Column("place", Words, nullable=False, server_default=""),  # where both meet
    Column("plan", Words, nullable=False, server_default=""),  # what the subdistrict suggests
    Column("agreement", Words, nullable=False, server_default=""),  # the oral agreement as it was read back to both
    Column("opened_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("number"),
)

mediation_event = Table(  # append-only; ids, sides and times only
    "mediation_event",
    metadata,
    id_column(),
    ref("mediation_id", "mediation"),
    Column("seq", Integer, nullable=False),
    Column("kind", Line(24), nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor", Line(64), nullable=False),
    Column("data", JSON, nullable=False),
    UniqueConstraint("mediation_id", "seq"),
)

mediation_party = Table(
    "mediation_party",
    metadata,
    id_column(),
    ref("mediation_id", "mediation"),
    Column("side", Line(1), nullable=False),  # a, b
    ref("person_id", "person", nullable=True, index=True),  # nobody until the one-time code is used
    Column("words", Words, nullable=False, server_default=""),  # for the mediator, never for the other side
    UniqueConstraint("mediation_id", "side"),
)
