"""Each sees the buttons that are theirs: a department called out no 办结, the grid worker no 报到."""

from __future__ import annotations

from tests.play.test_case_life import called, taken
from tests.support.stage import ROOM, Stage

CITY, OWNER, TOWN = "private:dep-city", "private:w1", "group:staff-liuxi"


def on_card(stage: Stage, chat: str) -> set[str]:
    """The buttons of the newest message with a case's card in a chat."""
    lines = (line for line in reversed(stage.lines) if line.get("chat") == chat and "状态：" in line.get("text", ""))
    return {choice["label"] for choice in next(lines).get("choices", ())}


def test_a_department_called_out_reports_in_and_writes_and_does_not_end_the_case(stage: Stage) -> None:
    called(stage)
    assert on_card(stage, CITY) == {"报到", "写进展"}
    stage.press("dep-city", "报到")
    assert on_card(stage, CITY) == {"写进展"}


def test_the_owner_ends_it_and_is_not_asked_to_report_in(stage: Stage) -> None:
    called(stage)
    assert "报到" in on_card(stage, ROOM)  # the estate's property company sits there
    stage.press("dep-city", "报到")
    assert "办结" in on_card(stage, OWNER) and "报到" not in on_card(stage, OWNER)


def test_a_department_of_the_subdistrict_does_not_sit_in_the_group_of_a_grid(stage: Stage) -> None:
    taken(stage)
    stage.press("w1", "吹哨", ROOM)
    stage.say("w1", "请城管到场，占道要一起清", ROOM)
    stage.press("d1", "同意吹哨")
    assert "办结" in on_card(stage, ROOM) and "报到" not in on_card(stage, ROOM)
    assert "报到" in on_card(stage, CITY)


def test_who_reported_it_gets_the_card_without_a_button(stage: Stage) -> None:
    """Whoever has an interest does nothing with it in office."""
    stage.report("l1")
    stage.tick("2026-01-05T09:31:00+08:00")
    assert on_card(stage, "private:l1") == set()
