"""Every test of storage runs on each kind of database."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.support.databases import database, database_url

__all__ = ["database", "database_url", "now"]


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 3, 2, tzinfo=UTC)
