"""Activities, shifts and who signed up."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Integer, Table, UniqueConstraint, text

from storage.tables.base import id_column, key, metadata, ref
from storage.types import Instant, Line, Words

activity = Table(
    "activity",
    metadata,
    id_column(),
    key(),
    ref("area_id", "area", index=True),
    Column("title", Line(128), nullable=False),
    Column("place", Line(128), nullable=False),
    Column("about", Words, nullable=False, server_default=""),
    ref("organiser_id", "staff", nullable=True),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    UniqueConstraint("key"),
)

shift = Table(
    "shift",
    metadata,
    id_column(),
    key(),
    ref("activity_id", "activity", index=True),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("state", Line(10), nullable=False, server_default="open"),  # open, called_off
    UniqueConstraint("key"),
    CheckConstraint("ends_at > starts_at", name="order"),
    CheckConstraint("capacity > 0", name="capacity"),
)

sign_up = Table(
    "sign_up",
    metadata,
    id_column(),
    ref("shift_id", "shift", index=True),
    ref("person_id", "person", index=True),
    Column("state", Line(10), nullable=False),  # confirmed, waiting, cancelled
    Column("at", Instant, nullable=False),
    UniqueConstraint("shift_id", "person_id"),
)
