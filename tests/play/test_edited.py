"""A message changed after it was sent stands for what it was, as long as what it told is open."""

from __future__ import annotations

from collections.abc import Iterator
from time import process_time

import pytest

from flows.assistant.texts import CHANGED, CHANGED_UNSEEN
from tests.support.stage import ROOM, Stage, on_stage, texts

HERE = "private:u1"


@pytest.fixture(scope="module")
def shared() -> Iterator[Stage]:
    with on_stage() as stage:
        yield stage


def test_the_place_put_right_while_the_report_is_asked_about(shared: Stage) -> None:
    shared.say("u1", "幸福里3号楼2单元楼道灯坏了")
    shared.say("u1", "13800000000")
    heard = texts(shared.say("u1", "幸福里5号楼2单元楼道灯坏了", edited=True), HERE)
    assert heard.startswith(CHANGED) and "照片" in heard  # the phone is not asked for again
    summary = texts(shared.press("u1", "没有照片"), HERE)
    assert "5号楼2单元" in summary and "3号楼" not in summary and "138" in summary


def test_the_place_put_right_after_the_registration_reaches_who_handles_it(shared: Stage) -> None:
    shared.press("u1", "确认")
    assert "补充：更正：幸福里6号楼2单元" in texts(shared.say("u1", "幸福里6号楼2单元楼道灯坏了", edited=True), ROOM)


def test_an_estate_is_chosen_anew_when_the_building_was_another(shared: Stage) -> None:
    shared.say("u2", "3号楼灯坏了")
    shared.say("u2", "5号楼灯坏了", edited=True)
    assert "幸福里小区5号楼" in shared.buttons("private:u2")


def test_what_was_added_in_between_stays_with_the_report(shared: Stage) -> None:
    shared.say("u3", "幸福里1号楼门口的垃圾桶满了，没人收")
    shared.say("u3", "臭得一楼的老人窗户都不敢开")
    shared.say("u3", "幸福里2号楼门口的垃圾桶满了，没人收", edited=True)
    shared.press("u3", "不留")
    summary = texts(shared.press("u3", "没有照片"), "private:u3")
    assert "2号楼" in summary and "窗户都不敢开" in summary and "1号楼" not in summary


def test_an_edit_that_changes_no_word_says_nothing(shared: Stage) -> None:
    shared.say("u4", "幸福里3号楼2单元楼道灯坏了")
    assert shared.say("u4", "幸福里3号楼2单元楼道灯坏了", edited=True) == []


def test_a_cry_for_help_is_heard_in_an_edit_too(shared: Stage) -> None:
    assert "12356" in texts(shared.say("u4", "我不想活了", edited=True), "private:u4")


def test_of_anything_else_the_words_are_asked_for_anew(shared: Stage) -> None:
    assert texts(shared.say("u5", "明天下午两点也行", edited=True), "private:u5") == CHANGED_UNSEEN


def test_a_long_edit_takes_hardly_longer_than_a_short_one(shared: Stage) -> None:
    def took(who: str, more: str) -> float:
        shared.say(who, f"幸福里3号楼楼道灯坏了{more}")
        began = process_time()
        assert CHANGED in texts(shared.say(who, f"幸福里5号楼楼道灯坏了{more}{more}", edited=True), f"private:{who}")
        return process_time() - began

    short = took("u6", "，黑")
    assert took("u7", "，" + "黑" * 1900) <= 5 * short
