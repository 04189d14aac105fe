"""Databases, and the demo community written into one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.community.load import demo, import_text
from storage.database import Database
from tests.community.support import NOW, SECRET
from tests.support.databases import database, database_url

__all__ = ["database", "database_url"]


@pytest.fixture
def fresh() -> Iterator[Database]:
    """An empty SQLite database."""
    opened = Database.open("sqlite://", durable=False, secret=SECRET)
    opened.upgrade()
    yield opened
    opened.close()


@pytest.fixture
def demo_database(fresh: Database) -> Database:
    """A SQLite database with the demo community in it."""
    import_text(fresh, demo(), "demo", NOW)
    return fresh
