"""An organiser writes to all on the list of a shift, through the assistant: in private, few times a day, recorded."""

from __future__ import annotations

from sqlalchemy import select

from storage.tables import audit
from tests.support.stage import Stage, texts


def signed_up(stage: Stage, *whom: str) -> None:
    for who in whom:
        stage.say(who, "最近有什么志愿活动？")
        stage.press(who, next(label for label in stage.buttons(f"private:{who}") if "陪老人吃顿饭" in label))
        stage.press(who, "确认")


def tell(stage: Stage, words: str) -> str:
    stage.say("v1", "管理活动")
    stage.press("v1", next(label for label in stage.buttons("private:v1") if "2/" in label))
    stage.press("v1", "通知大家")
    stage.say("v1", words)
    return texts(stage.press("v1", "确认"), "private:v1") + str(stage.since)


def test_everybody_on_the_list_hears_it_in_private(stage: Stage) -> None:
    signed_up(stage, "u1", "u2")
    tell(stage, "下雨，改在社区活动室集合，带雨衣，找我打13812345678")  # which sounds like a volunteer
    for who in ("u1", "u2"):
        heard = texts(stage.since, f"private:{who}")
        assert "组织者说：\n下雨，改在社区活动室集合，带雨衣" in heard and "13812345678" not in heard
    assert not [line for line in stage.since if line.get("chat", "").startswith("group:")]
    with stage.world.database.read() as conn:
        (row,) = conn.execute(select(audit.c.subject).where(audit.c.action == "tell_shift")).scalars()
    assert row["people"] == 2 and "雨" not in str(row)


def test_it_is_no_way_to_flood_people(stage: Stage) -> None:
    signed_up(stage, "u1", "u2")
    for n in range(3):
        tell(stage, f"第{n}条")
        assert "组织者说" in texts(stage.since, "private:u1")
    assert "已经通知过3次" in tell(stage, "再来一条")
    assert not texts(stage.since, "private:u1")


def test_who_does_not_organise_it_tells_nobody(stage: Stage) -> None:
    signed_up(stage, "u1", "u2")
    stage.say("v2", "管理活动")
    assert not any("2/" in label for label in stage.buttons("private:v2"))
