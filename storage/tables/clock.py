"""What is due, and the counters and records everybody uses."""

from __future__ import annotations

from sqlalchemy import Column, Integer, Table, UniqueConstraint
from sqlalchemy.types import JSON

from storage.tables.base import id_column, key, metadata, partial
from storage.types import Instant, Line

due = Table(
    "due",
    metadata,
    id_column(),
    key(),
    Column("kind", Line(32), nullable=False),
    Column("subject", JSON, nullable=False),
    Column("at", Instant, nullable=False),
    Column("late", Line(8), nullable=False),  # fine, coalesce, expire: what happens to one found late
    Column("expires_at", Instant),
    Column("state", Line(10), nullable=False, server_default="pending"),  # pending, done, expired, coalesced, dead
    Column("lease_until", Instant),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("done_at", Instant),
    Column("result", Line(255)),
    UniqueConstraint("key"),
    partial("ix_due_at", "at", where="state = 'pending'"),
    partial("ix_due_lease", "lease_until", where="state = 'pending' AND lease_until IS NOT NULL"),
)

audit = Table(
    "audit",
    metadata,
    id_column(),
    Column("at", Instant, nullable=False),
    Column("actor", Line(64), nullable=False),
    Column("action", Line(64), nullable=False),
    Column("subject", JSON, nullable=False),
)

sequence = Table(  # numbers people speak: one counter a kind and day
    "sequence",
    metadata,
    Column("name", Line(64), primary_key=True),
    Column("value", Integer, nullable=False),
)

lead = Table(  # what only one process does at a time: who does it, and until when nobody else may
    "lead",
    metadata,
    Column("name", Line(64), primary_key=True),
    Column("holder", Line(64), nullable=False),
    Column("until", Instant, nullable=False),
)
