"""A cell of an exported table: read as it is meant, and never run."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.commands.export import harmless


def test_a_moment_is_written_as_it_is_where_people_live() -> None:
    assert harmless(datetime(2026, 11, 22, 21, 28, 17, 762977, UTC)) == "2026-11-23 05:28"
    assert (harmless(None), harmless("=1+1"), harmless("幸福里3号楼")) == ("", "'=1+1", "幸福里3号楼")
