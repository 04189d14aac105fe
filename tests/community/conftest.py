"""Databases, and the demo community written into one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from bot.community.load import check_text, demo
from flows.domain.community import CommunityFile
from storage.community_file import write
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


@cache
def checked_demo() -> CommunityFile:
    file = check_text(demo(), NOW).file
    assert file is not None
    return file


@pytest.fixture
def demo_database(fresh: Database) -> Database:
    """A SQLite database with the demo community in it."""
    with fresh.write() as conn:
        write(conn, checked_demo(), NOW)
    return fresh
