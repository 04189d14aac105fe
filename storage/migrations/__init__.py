"""The way from an older database to the newest, by Alembic, on a connection that is already writing."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def config(conn: Connection | None = None) -> Config:
    """Alembic's configuration for this folder; no ini file is needed."""
    found = Config()
    found.set_main_option("script_location", str(Path(__file__).parent))
    found.set_main_option("path_separator", "os")
    found.attributes["connection"] = conn
    return found


def run(conn: Connection, to: str = "head") -> None:
    """Bring the database to a revision, inside the connection's transaction."""
    command.upgrade(config(conn), to)
