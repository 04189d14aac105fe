"""Volunteers: who is registered, projects, activities, shifts, sign-ups, hours, and what the community needs."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, Table, UniqueConstraint, text
from sqlalchemy.types import JSON

from storage.tables.base import Id, id_column, key, metadata, partial, ref
from storage.types import Instant, Line, Words

volunteer = Table(  # name, birth date and guardian are personal fields (storage/personal.py)
    "volunteer",
    metadata,
    id_column(),
    ref("person_id", "person"),
    ref("area_id", "area", nullable=True, index=True),
    Column("skills", JSON, nullable=False),
    Column("times", JSON, nullable=False),
    Column("board", Line(8), nullable=False, server_default="off"),  # off, masked, shown
    Column("at", Instant, nullable=False),
    UniqueConstraint("person_id"),
)

project = Table(
    "project",
    metadata,
    id_column(),
    key(),
    ref("area_id", "area", index=True),
    Column("title", Line(128), nullable=False),
    UniqueConstraint("key"),
)

team = Table(  # volunteers who go together; who leads it organises what it does
    "team",
    metadata,
    id_column(),
    key(),
    ref("area_id", "area", index=True),
    Column("name", Line(64), nullable=False),
    Column("about", Line(255), nullable=False, server_default=""),
    ref("leader_id", "staff", index=True),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    UniqueConstraint("key"),
)

team_member = Table(
    "team_member",
    metadata,
    id_column(),
    ref("team_id", "team"),
    ref("person_id", "person", index=True),
    Column("at", Instant, nullable=False),
    UniqueConstraint("team_id", "person_id"),
)

activity = Table(
    "activity",
    metadata,
    id_column(),
    key(),
    ref("area_id", "area", index=True),
    ref("project_id", "project", nullable=True),
    ref("team_id", "team", nullable=True),
    Column("title", Line(128), nullable=False),
    Column("place", Line(128), nullable=False),
    Column("about", Words, nullable=False, server_default=""),
    ref("organiser_id", "staff", nullable=True),
    Column("skills", JSON),
    Column("min_age", Integer, nullable=False, server_default="0"),
    Column("risk", Line(128), nullable=False, server_default=""),  # what can happen, and that it is insured
    Column("deadline_hours", Integer, nullable=False, server_default="0"),  # sign-up ends so long before the start
    Column("cancel_hours", Integer, nullable=False, server_default="12"),  # later than this the organiser is told
    Column("active", Boolean, nullable=False, server_default=text("true")),
    UniqueConstraint("key"),
)

shift = Table(
    "shift",
    metadata,
    id_column(),
    key(),
    ref("activity_id", "activity", index=True),
    Column("starts_at", Instant, nullable=False, index=True),
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
    ref("shift_id", "shift"),
    ref("person_id", "person", index=True),
    Column("state", Line(10), nullable=False),  # confirmed, waiting, offered, cancelled
    Column("at", Instant, nullable=False),
    Column("came_at", Instant),
    Column("left_at", Instant),
    Column("forgot", Boolean, nullable=False, server_default=text("false")),  # left_at is the planned end
    UniqueConstraint("shift_id", "person_id"),
    Index("ix_sign_up_shift_id_state", "shift_id", "state"),
)

service_hours = Table(  # never updated, never deleted (triggers): a correction reverses a row and adds another
    "service_hours",
    metadata,
    id_column(),
    key(),
    ref("person_id", "person", index=True),
    ref("area_id", "area", index=True),
    ref("shift_id", "shift", nullable=True, index=True),
    ref("need_id", "need", nullable=True),
    Column("minutes", Integer, nullable=False),
    Column("on", Instant, nullable=False),  # when the service was done
    Column("note", Line(128), nullable=False, server_default=""),
    Column("by", Line(64), nullable=False),
    Column("at", Instant, nullable=False),
    Column("reverses", Id, ForeignKey("service_hours.id")),
    UniqueConstraint("key"),
    UniqueConstraint("reverses"),
    CheckConstraint("minutes <> 0 AND (minutes > 0) = (reverses IS NULL)", name="sign"),
)

certificate = Table(
    "certificate",
    metadata,
    id_column(),
    Column("number", Line(24), nullable=False),
    ref("person_id", "person", index=True),
    Column("minutes", Integer, nullable=False),
    Column("masked", Line(64), nullable=False),  # what the public page shows of the name
    Column("at", Instant, nullable=False),
    Column("revoked_at", Instant),
    UniqueConstraint("number"),
)

commendation = Table(
    "commendation",
    metadata,
    id_column(),
    ref("person_id", "person"),
    Column("hours", Integer, nullable=False),  # the threshold
    ref("staff_id", "staff", nullable=True),  # who granted it; nobody yet: the person was told it is near
    Column("told_at", Instant),
    Column("granted_at", Instant),
    UniqueConstraint("person_id", "hours"),
)

check_in = Table(  # 双报到: a unit or a party member offers itself to a community
    "check_in",
    metadata,
    id_column(),
    ref("person_id", "person", index=True),
    ref("area_id", "area", index=True),
    Column("unit", Line(64), nullable=False),
    Column("offer", Line(255), nullable=False, server_default=""),
    Column("at", Instant, nullable=False),
    UniqueConstraint("person_id", "area_id"),
)

need = Table(  # what a community needs done, or a post it wants filled; somebody promises, does, and it is confirmed
    "need",
    metadata,
    id_column(),
    key(),
    ref("area_id", "area", index=True),
    Column("kind", Line(8), nullable=False),  # need, post, help (a neighbour's own request, told to few)
    Column("title", Line(128), nullable=False),
    Column("about", Words, nullable=False, server_default=""),
    Column("skill", Line(16), nullable=False, server_default=""),
    Column("at", Instant, nullable=False),
    Column("wanted_at", Instant),  # when it is to be done
    ref("asker_id", "person", nullable=True, index=True),
    Column("state", Line(10), nullable=False, server_default="open"),
    ref("person_id", "person", nullable=True, index=True),  # who promised
    Column("done_at", Instant),
    UniqueConstraint("key"),
    partial("ix_need_open", "area_id", where="state = 'open'"),
)

need_offer = Table(  # to whom a neighbour's request was offered, and what they said
    "need_offer",
    metadata,
    id_column(),
    ref("need_id", "need", index=True),
    ref("person_id", "person", index=True),
    Column("state", Line(10), nullable=False),  # offered, accepted, declined
    Column("at", Instant, nullable=False),
    UniqueConstraint("need_id", "person_id"),
)
