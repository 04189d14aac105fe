"""A lamp, from the poster on the stairs to the rating: the resident on WeChat, the grid workers on WeCom."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.support.hours import Hours
from tests.support.weixin_town import Town
from tests.support.weixin_town import town as opened

COMMUNITY = """
linli: 1
areas:
  - key: liuxi
    name: 柳溪街道
    level: subdistrict
    areas:
      - key: xfl
        name: 幸福里社区
        areas:
          - key: xfl-1
            name: 第一网格
            groups:
              - {role: staff, wecom: "app:w1|w2"}
            buildings:
              - {numbers: 1-3}
staff:
  - {key: w1, name: 王晓敏, accounts: {wecom: w1}, roles: [{role: grid_worker, area: xfl-1}]}
  - {key: w2, name: 李文涛, accounts: {wecom: w2}, roles: [{role: grid_worker, area: xfl-1}]}
"""


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    file = tmp_path / "community.yml"
    file.write_text(COMMUNITY, "utf-8")
    with opened(file, Hours()) as found:
        yield found


def test_a_lamp_from_the_poster_to_the_rating(town: Town) -> None:
    async def story() -> None:
        await town.scans("2号楼")
        assert town.heard().startswith("位置收到了")
        await town.says("楼道灯坏了，晚上看不见台阶", "1")
        assert "照片" in town.heard()
        await town.sends_picture()
        assert "2号楼" in town.heard() and "照片：1张" in town.heard() and "回复 1 确认" in town.heard()
        await town.says("1")
        assert town.heard().startswith("已登记")
        card, buttons = town.card()
        told, announced, photo = town.office.saw("w1")[-3:]
        assert {"接单", "转派"} <= set(buttons) and "2号楼" in told
        assert announced.endswith("居民发的照片：") and photo == "[image]"
        await town.presses("w2", "接单")
        assert "已有人接手" in town.heard() and town.office.saw("w2")[-2].startswith("接单成功")
        assert town.card()[0] == card and "李文涛" in town.office.saw("w1")[-1]  # changed where it was, for both
        await town.photographs("w2")
        await town.presses("w2", "办结")
        await town.presses("w2", "已办结")
        await town.writes("w2", "换了声控灯泡，三个楼层都试过了，亮的。")
        assert "换了声控灯泡" in town.heard() and "回复 1 满意" in town.heard()
        await town.says("1")
        assert "结案" in town.heard()

    asyncio.run(story())
    with town.database.read() as conn:
        assert conn.execute(text("SELECT purpose FROM case_file ORDER BY purpose")).scalars().all() == [
            "note",
            "report",
        ]
    assert town.resident.api.errors == [] and town.office.errors == [] and town.office.dropped == []
    assert set(town.resident.answers) == {200}
