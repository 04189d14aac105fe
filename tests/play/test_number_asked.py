"""A case by its number: its card in the work group, its state in private; one that is not there is said to be so."""

from __future__ import annotations

import pytest

from tests.support.stage import ROOM, Stage, texts


def test_a_work_group_gets_the_card_of_a_number(stage: Stage) -> None:
    number = stage.report()
    for said in (number, f"查一下{number}", f"看看编号{number}"):
        heard = texts(stage.say("w1", said, ROOM, addressed=True), ROOM)
        assert f"诉求 {number}" in heard and "接单时限" in heard
    stage.press("w1", "接单", ROOM)
    assert "正在办理（王晓敏）" in texts(stage.since, ROOM)


def test_another_group_does_not(stage: Stage) -> None:
    number = stage.report()
    assert "没有查到这个编号" in texts(
        stage.say("w6", number, "group:staff-ylq-1", addressed=True), "group:staff-ylq-1"
    )


@pytest.mark.parametrize("said", ["260105-99", "查一下260105-99", "编号260105-99怎么样了"])
def test_staff_hear_that_a_number_is_not_there(stage: Stage, said: str) -> None:
    stage.report()
    assert "没有查到这个编号" in stage.tell("w1", said)
    assert "谁报的事只有谁自己看得到" in stage.tell("u2", "260105-99")


def test_what_staff_reported_themselves_is_told_as_theirs(stage: Stage) -> None:
    number = stage.report("w6")
    assert "没有查到" not in stage.tell("w6", number)
