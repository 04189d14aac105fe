"""A cell of an exported table: read as it is meant, and never run; a moment as it is where people live."""

from __future__ import annotations

from sqlalchemy import select, update

from bot.commands.export import harmless
from storage import caselists, kept
from storage.tables import area
from tests.support.stage import Stage


def test_a_cell_runs_nothing() -> None:
    assert (harmless(None), harmless("=1+1"), harmless("幸福里3号楼")) == ("", "'=1+1", "幸福里3号楼")


def test_a_moment_is_written_as_it_is_where_people_live(stage: Stage) -> None:
    stage.report()
    for zone, opened in (("Asia/Shanghai", "2026-01-05 09:00"), ("Asia/Urumqi", "2026-01-05 07:00")):
        with stage.world.database.write() as conn:
            was = conn.execute(select(area.c.options).where(area.c.key == "xfl")).scalar_one()
            conn.execute(update(area).where(area.c.key == "xfl").values(options={**was, "timezone": zone}))
            kept.changed(conn)
            header, rows = caselists.table(conn, None)
            (row,) = rows
        assert row[header.index("opened_at")] == opened
