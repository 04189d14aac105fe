"""What staff hear of points: a household's balance by its name, and what stands when a second answer comes too late."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from storage.tables import audit
from tests.support.stage import Stage, texts


@pytest.mark.parametrize("asked", ["林家有多少积分", "林家的积分", "查一下林家还剩多少分", "林家现在一共有多少积分了"])
def test_who_looks_after_points_asks_by_name(stage: Stage, asked: str) -> None:
    heard = stage.tell("l1", asked)
    assert "林家" in heard and "现在有180分" in heard
    with stage.world.database.read() as conn:
        assert "points.read" in conn.execute(select(audit.c.action)).scalars().all()


def test_who_has_no_office_there_is_told_nothing_of_others(stage: Stage) -> None:
    for who in ("u1", "v1", "w10", "dep-city"):  # w10 works in another community
        assert "180" not in stage.tell(who, "林家有多少积分")
    assert "没找到这一户" in stage.tell("w10", "林家有多少积分")
    assert "绑定码" in stage.tell("l1", "我家有多少积分")


def test_a_second_answer_says_what_was_decided(stage: Stage) -> None:
    stage.tell("l1", "给林家加5分，帮邻居搬家具")
    stage.press("l1", "帮邻居一个实实在在的忙 加5分")
    stage.press("l1", "没有照片")
    out = stage.press("l1", "确认")
    decider = next(line["chat"].removeprefix("private:") for line in out if "同意" in str(line.get("choices")))
    stage.press(decider, "同意")
    stage.press(decider, "不同意")
    late = "".join(line.get("text", "") for line in stage.since)
    assert "积分已经记上" in late and "更正积分" in late
    assert texts(stage.since, "private:l1") == ""
