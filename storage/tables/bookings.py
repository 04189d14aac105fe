"""Appointments with the community."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table, UniqueConstraint

from storage.tables.base import id_column, metadata, ref
from storage.types import Instant, Line, Words

booking = Table(
    "booking",
    metadata,
    id_column(),
    Column("number", Line(16), nullable=False),
    Column("window", Line(64), nullable=False),  # the key of a window in the area's options
    Column("name", Line(64), nullable=False),  # what it was called when it was booked
    Column("way", Line(4), nullable=False),  # 预约 延时 上门 代办
    ref("area_id", "area"),
    ref("person_id", "person", index=True),
    ref("owner_id", "staff", nullable=True),
    Column("state", Line(12), nullable=False),
    Column("starts_at", Instant),
    Column("proxy", Words, nullable=False, server_default=""),  # for whom, and by what right
    Column("note", Words, nullable=False, server_default=""),
    Column("asked_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("number"),
    Index("ix_booking_area_window", "area_id", "window", "starts_at"),
)
