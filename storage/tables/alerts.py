"""Alerts, the branches that are told of them, and the messages each branch was told with."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, Table, UniqueConstraint, text

from storage.tables.base import id_column, metadata, ref
from storage.types import Instant, Line, Words

alert = Table(
    "alert",
    metadata,
    id_column(),
    Column("number", Line(16), nullable=False),
    Column("kind", Line(12), nullable=False),  # fraud, storm, other
    Column("danger", Boolean, nullable=False, server_default=text("false")),
    Column("text", Words, nullable=False),
    ref("area_id", "area", index=True),
    ref("drafter_id", "staff"),
    ref("approver_id", "staff", nullable=True),
    Column("state", Line(12), nullable=False),
    Column("drafted_at", Instant, nullable=False),
    Column("approved_at", Instant),
    Column("ended_at", Instant),
    Column("expires_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("number"),
)

alert_branch = Table(  # an area below the alert's that has to say it was reached
    "alert_branch",
    metadata,
    id_column(),
    ref("alert_id", "alert"),
    ref("area_id", "area"),
    Column("asked", Integer, nullable=False, server_default="0"),  # how often
    Column("received_at", Instant),
    Column("passed_at", Instant),
    ref("by_id", "staff", nullable=True),
    Column("named_at", Instant),  # when the level above was told who is silent
    UniqueConstraint("alert_id", "area_id"),
)

alert_post = Table(  # which message told which branch
    "alert_post",
    metadata,
    id_column(),
    ref("alert_id", "alert"),
    ref("area_id", "area"),
    ref("outbox_id", "outbox"),
    Column("purpose", Line(8), nullable=False),  # ask (staff), tell (residents)
    UniqueConstraint("alert_id", "area_id", "outbox_id"),
)
