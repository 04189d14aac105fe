"""How much the assistant asks of each worker, week by week."""

from __future__ import annotations

from sqlalchemy import Column, Date, Integer, Table, UniqueConstraint

from storage.tables.base import id_column, metadata, ref

burden = Table(
    "burden",
    metadata,
    id_column(),
    ref("staff_id", "staff"),
    Column("week", Date, nullable=False),  # its Monday, UTC
    Column("messages", Integer, nullable=False, server_default="0"),
    Column("taps", Integer, nullable=False, server_default="0"),
    Column("pushes", Integer, nullable=False, server_default="0"),
    UniqueConstraint("staff_id", "week"),
)
