"""The phone a resident leaves goes to the owner of that case alone, while the resident agrees and reports it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from storage import cases, contact, people
from storage.tables import case
from tests.support.stage import LAMP, Stage, texts

ROOM, PHONE = "group:staff-xfl-1", "13877776666"


def told(stage: Stage, text: str = LAMP) -> None:
    """A report up to its confirmation, with whatever phone is known by then."""
    stage.say("u1", text)
    if "不留" in stage.buttons("private:u1"):
        stage.say("u1", PHONE)
    stage.press("u1", "没有照片")


def given(stage: Stage) -> str | None:
    """The phone that may be given out for the newest case."""
    with stage.world.database.read() as conn:
        newest = conn.execute(select(case.c.id).order_by(case.c.id.desc())).scalars().first()
        return contact.phone(conn, cases.load(conn, newest or 0))


def owner_hears(stage: Stage) -> bool:
    return PHONE in texts(stage.press("w1", "接单", ROOM), "private:w1")


def test_the_owner_hears_it(stage: Stage) -> None:
    told(stage)
    stage.press("u1", "确认")
    assert owner_hears(stage) and given(stage) == PHONE


def test_a_number_kept_for_another_case_is_not_given_for_one_that_was_to_go_without(stage: Stage) -> None:
    told(stage)
    stage.press("u1", "确认")
    told(stage, "幸福里小区5号楼垃圾三天没人清了，臭得很")
    for label in ("修改", "电话", "不留", "确认"):
        stage.press("u1", label)
    assert "已登记" in stage.last("private:u1")["text"]
    assert not owner_hears(stage) and given(stage) is None


def test_nor_when_the_consent_is_taken_back(stage: Stage) -> None:
    told(stage)
    stage.press("u1", "确认")
    with stage.world.database.write() as conn:
        person = conn.execute(select(case.c.person_id)).scalar_one()
        people.withdrew(conn, person, "phone", stage.player.channel.now)
    assert not owner_hears(stage) and given(stage) is None


def test_nor_when_the_reporter_has_left_it_to_the_neighbours(stage: Stage) -> None:
    told(stage)
    stage.press("u1", "确认")
    stage.say("u2", "3号楼楼道的灯不亮，幸福里小区的")
    stage.press("u2", "一起跟进")
    stage.withdraw("u1")
    with stage.world.database.read() as conn:
        first = conn.execute(select(case.c.id).order_by(case.c.id)).scalars().first()
        assert contact.phone(conn, cases.load(conn, first or 0)) is None
    assert not owner_hears(stage)


@pytest.mark.parametrize(
    ("said", "shown", "kept"),
    [
        ("0431-85661234", "0431-****1234", "0431-85661234"),
        ("我家座机 0431 85661234，晚上打", "0431-****1234", "0431-85661234"),
        ("85661234", "****1234", "85661234"),
        ("88776655转8012", "****6655", "88776655转8012"),
    ],
)
def test_a_landline_is_a_phone_and_shown_with_its_last_figures_only(
    stage: Stage, said: str, shown: str, kept: str
) -> None:
    stage.say("u1", LAMP)
    stage.say("u1", said)
    told = texts(stage.press("u1", "没有照片"), "private:u1")
    assert f"电话：{shown}（" in told
    assert ("晚上打" in told) == ("晚上打" in said)
    stage.press("u1", "确认")
    assert given(stage) == kept


def test_a_landline_told_anywhere_in_a_report_is_kept_and_taken_out_of_the_words(stage: Stage) -> None:
    told = stage.tell("u1", "幸福里3号楼楼道灯坏了三天，我家座机0431-85661234", "没有照片")
    assert "电话：0431-****1234（" in told and "情况：幸福里3号楼楼道灯坏了三天\n" in told
    others = stage.tell("u2", "幸福里5号楼门锁坏了三天，物业电话0431-85661234没人接", "不留", "没有照片")
    assert "电话：不留" in others
    assert "电话：0431-****5678" in stage.tell("u2", "改电话 0431-85665678")


def test_what_is_too_short_for_a_phone_is_asked_again(stage: Stage) -> None:
    assert "11位" in stage.tell("u1", LAMP, "138123")


@pytest.mark.parametrize("said", ["不留", "电话不给", "我不留电话"])
def test_no_phone_said_where_the_kind_was_asked_is_that_and_no_kind(stage: Stage, said: str) -> None:
    assert "哪一类" in stage.tell("u1", "我家门口有个大坑")
    told = stage.tell("u1", said)
    assert "不留电话也行" in told and "哪一类" in told
    stage.press("u1", "井盖缺失与坠落隐患")
    assert "电话：不留" in stage.tell("u1", "桥南新村2幢", "没有照片")
