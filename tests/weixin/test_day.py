"""The demo's month over both platforms, with its digests: residents on WeChat, staff on WeCom; nothing is refused,
dropped, lost or dead."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot import digests
from bot.app import DEMO
from bot.channels.play import CODE, START
from bot.telling import DAY
from flows.complaint.digest import TITLE
from tests.support.hours import Hours
from tests.support.weixin_town import Town
from tests.support.weixin_town import town as opened

RESIDENTS = {"lin", "fang", "zhu", "liu", "ren", "han", "xu", "yuan"}
GROUPS = {  # the work groups of the demo, as the members the app writes to
    "leaders-liuxi": "d2|d1",
    "staff-liuxi": "d1|d2",
    "staff-xfl": "l1|l2",
    "staff-ylq": "l3|l4",
    "staff-smc": "l5|admin",
    **{f"staff-xfl-{n}": f"w{n}|{'l1' if n < 4 else 'l2'}" for n in range(1, 6)},
    **{f"staff-ylq-{n}": f"w{n + 5}|{'l3' if n < 3 else 'l4'}" for n in range(1, 5)},
    **{f"staff-smc-{n}": f"w{n + 9}|l5" for n in range(1, 4)},
}


def community() -> str:
    """The demo community with its staff on WeCom; residents have no groups there."""
    found = DEMO.read_text("utf-8")
    found = re.sub(r"\n *- \{role: residents, play: [^\n]*", "", found)
    found = re.sub(r"play: ([\w-]+), web: [\w-]+", lambda m: f'wecom: "app:{GROUPS[m[1]]}"', found)
    found = re.sub(r"play: ((?:leaders|staff)-[\w-]+)", lambda m: f'wecom: "app:{GROUPS[m[1]]}"', found)
    found = re.sub(r"groups:(?=\n *(?:- key|buildings|[a-z]+:))", "groups: []", found)
    return re.sub(r"accounts: \{play: ", "accounts: {wecom: ", found)


class Day:
    """Feeds the lines of the play file to the platforms' people."""

    def __init__(self, town: Town) -> None:
        self.town = town
        town.office.members = {w for group in GROUPS.values() for w in group.split("|")}
        town.office.members |= set(re.findall(r"accounts: \{wecom: ([\w-]+)", community()))

    def saw(self, who: str) -> list[str]:
        return self.town.resident.api.saw(who) if who in RESIDENTS else self.town.office.saw(who)

    async def line(self, row: dict[str, Any]) -> None:
        if row.get("at"):
            at = datetime.fromisoformat(row["at"])
            if at > self.town.hours.now:
                await self.town.until(at)
        who, chat = row.get("from", ""), row.get("chat", "")
        if row["type"] == "press":
            await self.press(who, row["label"])
        elif row["type"] == "message" and (who not in RESIDENTS or chat == "private" or row.get("addressed")):
            words = row["text"].removeprefix("@小邻").strip()
            if chat != "private" and who in RESIDENTS:  # instead of a group she has the poster on her stairs
                await self.town.scans("3号楼", who)
            if "code" in row:
                given = next(m[1] for said in reversed(self.saw(row["code"][8:])) if (m := CODE.search(said)))
                words = words.replace("{code}", given)
            await (self.town.says(words, who=who) if who in RESIDENTS else self.town.writes(who, words))

    async def press(self, who: str, label: str) -> None:
        """Press the button, or say the number that stands for it."""
        if who not in RESIDENTS and any(label in buttons for _, buttons in self.town.cards(who)):
            await self.town.presses(who, label)
            return
        for said in reversed(self.saw(who)[-4:]):
            if found := re.search(rf"^回复 (\d+) {re.escape(label)}$", said, re.MULTILINE):
                await (self.town.says if who in RESIDENTS else self._writes)(found[1], who=who)
                return
        raise AssertionError(f"{who} sees no {label}: {self.saw(who)[-3:]}")

    async def _writes(self, words: str, *, who: str) -> None:
        await self.town.writes(who, words)


@pytest.mark.journey
def test_the_demo_month_over_wechat_and_wecom(tmp_path: Path) -> None:
    file = tmp_path / "community.yml"
    file.write_text(community(), "utf-8")
    lines = [json.loads(line) for line in DAY.read_text("utf-8").splitlines() if line.strip()]

    async def story(town: Town) -> None:
        day = Day(town)
        for row in lines:
            await day.line(row)

    with opened(file, Hours(START)) as town:
        digests.keep_digests(town.world, START)
        asyncio.run(story(town))
        people, office = town.resident.api, town.office
        assert people.errors == [] and office.errors == [] and office.dropped == []
        with town.database.read() as conn:
            count = lambda sql: conn.execute(text(sql)).scalar_one()  # noqa: E731
            assert count("SELECT count(*) FROM outbox WHERE state = 'failed'") == 0
            assert count("SELECT count(*) FROM inbox WHERE state <> 'done'") == 0
            assert count("SELECT count(*) FROM case_ WHERE status NOT IN ('closed', 'merged')") == 0
    assert any("结案" in said for said in people.saw("lin"))
    mornings = [(who, text) for who, _, text in office.log if text.startswith(TITLE)]
    assert {who for who, _ in mornings} >= {GROUPS["staff-xfl-4"], GROUPS["staff-xfl"], GROUPS["staff-liuxi"]}
