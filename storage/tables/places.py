"""Areas, their other names, and the services a community offers."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, Integer, Table, UniqueConstraint, text
from sqlalchemy.types import JSON

from storage.tables.base import id_column, key, metadata, ref
from storage.types import Line

area = Table(
    "area",
    metadata,
    id_column(),
    key(),
    ref("parent_id", "area", nullable=True, index=True),
    Column("level", Line(16), nullable=False),  # city, subdistrict, community, grid, building
    Column("kind", Line(16), nullable=False, server_default="urban"),  # urban, rural, enterprise
    Column("name", Line(128), nullable=False),
    Column("path", Line(255), nullable=False, index=True),  # "/1/4/9/": ancestors and itself, so LIKE finds a subtree
    Column("lat", Float),
    Column("lon", Float),
    Column("options", JSON, nullable=False, server_default="{}"),  # community: timezone, quiet hours, texts
    Column("active", Boolean, nullable=False, server_default=text("true")),
    UniqueConstraint("key"),
)

area_alias = Table(
    "area_alias",
    metadata,
    id_column(),
    ref("area_id", "area", index=True),
    Column("alias", Line(128), nullable=False, index=True),
)

service = Table(  # a community's own services; the default catalogue ships as data
    "service",
    metadata,
    id_column(),
    ref("area_id", "area", index=True),
    key(),
    Column("name", Line(64), nullable=False),
    Column("like", Line(64), nullable=False),
    Column("phrases", JSON, nullable=False),
    Column("department", Line(64)),
    Column("acknowledge_minutes", Integer),
    Column("resolve_hours", Integer),
    Column("follow_up_days", Integer),  # 0: nobody is asked weeks later
    UniqueConstraint("area_id", "key"),
)
