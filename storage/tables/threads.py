"""A resident and a member of staff talking: legal questions, hand-overs, alarms."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table, UniqueConstraint
from sqlalchemy.types import JSON

from storage.tables.base import id_column, metadata, ref
from storage.types import Instant, Line, Words

thread = Table(
    "thread",
    metadata,
    id_column(),
    Column("kind", Line(12), nullable=False),  # legal, handover, alarm
    Column("number", Line(16), nullable=False),
    ref("person_id", "person", index=True),
    ref("chat_id", "chat"),  # the asker's private chat
    ref("area_id", "area", nullable=True, index=True),
    Column("role", Line(32), nullable=False),  # whose turn it is to take it
    Column("state", Line(8), nullable=False),  # open, claimed, closed
    ref("owner_id", "staff", nullable=True, index=True),
    Column("subject", JSON, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("claimed_at", Instant),
    Column("closed_at", Instant),
    Column("rating", Integer),
    Column("aside", JSON, nullable=False, server_default="[]"),  # staff it goes past: a conflict of interest, no answer
    Column("version", Integer, nullable=False),
    UniqueConstraint("number"),
    Index("ix_thread_state_kind", "state", "kind"),
)

thread_line = Table(
    "thread_line",
    metadata,
    id_column(),
    ref("thread_id", "thread", index=True),
    Column("author", Line(8), nullable=False),  # asker, staff, bot; wrong: an answer of staff that was corrected since
    Column("text", Words, nullable=False),
    ref("file_id", "file", nullable=True),  # a photo that came with it
    Column("at", Instant, nullable=False),
)
