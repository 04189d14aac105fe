"""A case opened at the counter, on the staff page, and bound to a chat by its code."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from bot.counter import Filed
from bot.presses import Desk
from flows.errors import NotAllowed
from storage.tables import case, case_bar, staff
from tests.support.stage import ROOM, Stage, texts


def file(stage: Stage, who: str = "l1", **fields: str) -> Filed:
    with stage.world.database.read() as conn:
        id = conn.execute(select(staff.c.id).where(staff.c.key == who)).scalar_one()
    return Desk(stage.world).file(staff_id=id, fields={"contact": "code", **fields}, now=stage.player._now())


def test_a_walk_in_takes_a_code_home_and_goes_on_in_chat(stage: Stage) -> None:
    filed = file(stage, description="幸福里小区3号楼楼道灯坏了三天了")
    found = re.search(r"绑定码 (\d{8})", filed.receipt)
    assert found and "已登记" in filed.receipt and not filed.question
    out = stage.say("u9", "你好")
    assert not texts(out, "private:l1")  # the code stands on the page alone
    out = stage.say("u9", found[1])
    assert "连上了" in texts(out, "private:u9")
    assert "楼道照明" in texts(stage.say("u9", "我的诉求"), "private:u9")
    assert "有人接手" in texts(stage.press("w1", "接单", ROOM), "private:u9")


def test_the_counter_asks_what_the_flow_asks(stage: Stage) -> None:
    filed = file(stage, "d1", description="楼道灯坏了")
    assert not filed.receipt and filed.slot == "place" and "位置" in filed.question
    filed = file(stage, "d1", description="楼道灯坏了", place="梧桐苑3号楼", contact="tell")
    assert "已登记" in filed.receipt and "绑定码" not in filed.receipt
    filed = file(stage, description="物业乱收费，投诉好几次都不理", place="幸福里小区3号楼", service="property_service")
    assert filed.slot == "about" and [label for _, label in filed.choices]
    filed = file(
        stage,
        description="物业乱收费，投诉好几次都不理",
        place="幸福里小区3号楼",
        service="property_service",
        about=filed.choices[0][0],
    )
    assert "已登记" in filed.receipt
    with stage.world.database.read() as conn:
        assert conn.execute(select(case_bar.c.department)).scalars().all() == ["安居物业"]
        assert len(conn.execute(select(case.c.id)).all()) == 2


def test_who_handles_no_cases_files_none(stage: Stage) -> None:
    with pytest.raises(NotAllowed):
        file(stage, "lg1", description="楼道灯坏了", place="幸福里小区3号楼")
