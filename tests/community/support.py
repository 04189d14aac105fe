"""What the community tests share: a moment, a small file, and short ways to ask about rows."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, Table, func, select

from bot.community.check import Defaults
from bot.community.load import Checked, check_text
from storage.tables import area, staff

NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)  # a Monday, 09:00 in Shanghai
SECRET = "a secret of the tests, 32 characters"
DEFAULTS = Defaults({"street_light": "道路照明", "garbage": "垃圾清运"}, frozenset({"市政部门", "环卫部门"}))

SMALL = """\
linli: 1
areas:
  - key: town
    name: 松塘镇
    areas:
      - key: village
        name: 松塘村
        areas:
          - key: grid1
            name: 第一网格
            groups:
              - {role: staff, play: s1}
              - {role: residents, play: g1}
            buildings: [1号楼, 2号楼]
staff:
  - {key: ann, name: 安然, accounts: {play: w1}, roles: [{role: grid_worker, area: grid1}]}
"""


def checked(text: str) -> Checked:
    return check_text(text.encode(), NOW, DEFAULTS)


def lines(text: str) -> list[str]:
    """The problems as "line: message"."""
    return [line.removeprefix("f:") for line in checked(text).lines("f")]


def count(conn: Connection, table: Table) -> int:
    return int(conn.execute(select(func.count()).select_from(table)).scalar_one())


def areas(conn: Connection) -> dict[str, int]:
    return {row.key: row.id for row in conn.execute(select(area.c.key, area.c.id))}


def names(conn: Connection, ids: list[int]) -> list[str]:
    """The keys of these staff, in their order."""
    keys = {row.id: row.key for row in conn.execute(select(staff.c.id, staff.c.key))}
    return [keys[id] for id in ids]
