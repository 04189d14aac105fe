"""Chats and the way in and out: inbox, conversations, outbox, buttons, cards, files."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, UniqueConstraint
from sqlalchemy.types import JSON

from storage.tables.base import Id, id_column, key, metadata, partial, ref
from storage.types import Instant, Line

chat = Table(
    "chat",
    metadata,
    id_column(),
    Column("channel", Line(16), nullable=False),
    Column("address", Line(128), nullable=False),
    Column("kind", Line(8), nullable=False),  # private, group
    Column("role", Line(16), nullable=False, server_default="residents"),  # residents, staff, leaders
    ref("area_id", "area", nullable=True, index=True),
    ref("person_id", "person", nullable=True, index=True),  # of a private chat
    Column("state", Line(8), nullable=False, server_default="open"),  # open, blocked, left
    Column("reason", Line(255)),
    Column("heard_at", Instant),  # since when the person uses this one: since then the platform lets us write first
    UniqueConstraint("channel", "address"),
)

chat_pulse = Table(  # what changes of a chat with every message: apart, so that a chat itself is seldom written
    "chat_pulse",
    metadata,
    Column("chat_id", Id, ForeignKey("chat.id"), primary_key=True, autoincrement=False),
    Column("heard_at", Instant),  # last message from there
    Column("write_left", Integer),  # messages the platform still lets us send there; -1: a template said there is more
    Column("write_until", Instant),
    Column("retry_at", Instant),  # the platform wants to be sent nothing before
    Column("retry_told", Instant),  # when it said so, by our clock
)

inbox = Table(
    "inbox",
    metadata,
    id_column(),
    Column("channel", Line(16), nullable=False),
    key(),
    Column("conversation", Line(160), nullable=False),
    Column("payload", JSON, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("lane", Integer, nullable=False, server_default="0"),  # 1: from somebody new, after those we know
    Column("state", Line(8), nullable=False, server_default="new"),  # new, done, dead
    Column("not_before", Instant, nullable=False),
    Column("lease_until", Instant),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("done_at", Instant),
    Column("error", Line(255)),
    Column("unsure", Integer),  # what began a conversation and was not clear: how sure the assistant was, in percent
    UniqueConstraint("channel", "key"),
    partial("ix_inbox_unsure", "id", where="unsure IS NOT NULL"),
    partial("ix_inbox_new", "conversation", "id", where="state = 'new'"),
    partial("ix_inbox_new_lane", "lane", "id", where="state = 'new'"),
    partial("ix_inbox_dead", "id", where="state = 'dead'"),
)

conversation = Table(
    "conversation",
    metadata,
    ref("chat_id", "chat"),
    ref("person_id", "person"),
    Column("state", JSON, nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("chat_id", "person_id"),
)

group_memory = Table(
    "group_memory",
    metadata,
    Column("chat_id", Id, ForeignKey("chat.id"), primary_key=True),
    Column("memory", JSON, nullable=False),
    Column("expires_at", Instant, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    id_column(),
    ref("chat_id", "chat"),
    key(nullable=True),  # written twice, sent once
    Column("kind", Line(8), nullable=False),  # say, edit, notice
    Column("lane", Integer, nullable=False),  # 0 danger, 1 reply, 2 push, 3 broadcast
    Column("payload", JSON, nullable=False),
    ref("target_id", "outbox", nullable=True),  # the message an edit changes, or a say replies to
    Column("cause", Id),  # the inbox row that caused it; NULL: the clock or a staff page
    Column("created_at", Instant, nullable=False),
    Column("not_before", Instant, nullable=False),
    Column("not_after", Instant),  # from then on nobody wants to read it any more
    Column("state", Line(8), nullable=False, server_default="new"),  # new, sent, failed, waiting
    Column("lease_until", Instant),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("parts", Integer, nullable=False, server_default="0"),  # of a long text, or a photo and its words: sent
    Column("message", Line(128)),  # the platform's id of what was sent
    Column("sent_at", Instant),
    Column("reason", Line(255)),
    UniqueConstraint("key"),
    Index("ix_outbox_order", "chat_id", "id"),
    partial("ix_outbox_message", "chat_id", "message", where="message IS NOT NULL"),
    partial("ix_outbox_new", "lane", "not_before", "id", where="state = 'new'"),
    partial(
        "ix_outbox_waiting", "chat_id", "state", where="state = 'waiting'"
    ),  # or SQLite may prefer the one in order
    partial("ix_outbox_failed", "id", where="state = 'failed'"),
    partial("ix_outbox_chat", "chat_id", "id", where="state = 'new'"),
)

button = Table(
    "button",
    metadata,
    Column("id", Line(16), primary_key=True),
    ref("chat_id", "chat", nullable=True),  # NULL: shared by the chats of a broadcast
    ref("outbox_id", "outbox", nullable=True, index=True),
    ref("person_id", "person", nullable=True),  # audience: this person ...
    Column("role", Line(64)),  # ... or these roles (comma separated) ...
    ref("area_id", "area", nullable=True),  # ... in this area or above it
    Column("label", Line(64), nullable=False),
    Column("action", Line(32), nullable=False),
    Column("args", JSON, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
)

card = Table(
    "card",
    metadata,
    id_column(),
    Column("kind", Line(16), nullable=False),  # case, thread, shift
    Column("subject_id", Id, nullable=False),
    ref("chat_id", "chat"),
    ref("outbox_id", "outbox"),
    Column("version", Integer, nullable=False, server_default="1"),
    UniqueConstraint("kind", "subject_id", "chat_id"),
)

file = Table(
    "file",
    metadata,
    id_column(),
    Column("digest", Line(64), nullable=False, index=True),
    Column("kind", Line(16), nullable=False),  # photo, voice
    ref("person_id", "person", nullable=True, index=True),  # who sent it
    Column("path", Line(255), nullable=False),  # below the data directory
    Column("size", Integer, nullable=False),
    Column("at", Instant, nullable=False),
)

web_line = Table(  # what the web chat shows: its own platform's memory
    "web_line",
    metadata,
    id_column(),
    key(),  # the visitor's own id of a message, or the outbox row: shown once however often it comes
    Column("chat", Line(128), nullable=False),
    Column("author", Line(64), nullable=False),  # "" is the assistant, "!" a short notice
    Column("name", Line(64), nullable=False, server_default=""),
    Column("body", JSON, nullable=False),  # text, choices, photos, reply_to
    Column("version", Integer, nullable=False, server_default="1"),
    Column("changed", Id, nullable=False),  # rises with every new line and every edit: what a stream resumes from
    Column("at", Instant, nullable=False),
    UniqueConstraint("key"),
    Index("ix_web_line_chat_changed", "chat", "changed"),
)
