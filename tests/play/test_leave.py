"""A legal guide or adviser is away: they say so in chat, questions go to the others, the asker hears what is true."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flows.legal import leave_texts
from tests.support.stage import Stage, on_stage, texts

TAKE = "无利害关系，接"
NUMBER = "F260105-1"


@pytest.fixture
def stage() -> Iterator[Stage]:
    with on_stage() as found:
        yield found


def asks(stage: Stage, who: str = "u1") -> str:
    stage.say(who, "公司不签劳动合同违法吗")
    stage.press(who, "找人")
    return texts(stage.press(who, "幸福里社区"), f"private:{who}")


def heard(stage: Stage) -> set[str]:
    """Who was just asked to take a question."""
    return {str(line["chat"]) for line in stage.since if TAKE in str(line.get("choices"))}


@pytest.mark.parametrize(
    "said", ["今天休假到周五，咨询别给我", "我请假到周五", "出差，下周一回来", "这周出差，下周一回来", "请假一周"]
)
def test_questions_go_past_who_is_away(stage: Stage, said: str) -> None:
    told = texts(stage.say("b2", said), "private:b2")
    assert "新来的法律咨询发给别人" in told
    assert "跟苏小邻说一声" in told  # she leads a building as well, which the leave does not touch
    receipt = asks(stage)
    assert heard(stage) == {"private:lg1", "private:lg2"}
    assert "明天 09:00 开始有人看" in receipt  # the next one on the roster is there on Tuesdays


def test_until_when_is_asked_where_it_was_not_said(stage: Stage) -> None:
    assert "到哪天为止" in texts(stage.say("lg1", "我请假了"), "private:lg1")
    assert "1月7日（周三）" in texts(stage.say("lg1", "到周三"), "private:lg1")
    assert "到哪天为止" in texts(stage.say("lg2", "我出差"), "private:lg2")
    assert "今天到明天您不在" in texts(stage.press("lg2", "到明天"), "private:lg2")
    asks(stage)
    assert heard(stage) == {"private:b2"}


def test_what_waited_with_who_goes_is_told_to_the_others(stage: Stage) -> None:
    asks(stage)
    assert heard(stage) == {"private:b2"}
    stage.say("b2", "我请假三天")
    assert heard(stage) == {"private:lg1", "private:lg2"}
    stage.press("lg1", TAKE)
    assert "法律明白人已经看到" in texts(stage.since, "private:u1")


def test_what_is_in_hand_is_handed_on_by_a_tap(stage: Stage) -> None:
    asks(stage)
    stage.press("b2", TAKE)
    assert NUMBER in texts(stage.say("b2", "我请假三天"), "private:b2")
    assert "转给幸福里社区的法律明白人了" in texts(stage.press("b2", f"转出 {NUMBER}"), "private:u1")
    assert heard(stage) == {"private:lg1", "private:lg2"}


def test_who_writes_to_somebody_away_may_have_another(stage: Stage) -> None:
    asks(stage)
    stage.press("b2", TAKE)
    stage.say("b2", "我请假到周五")
    told = texts(stage.say("u1", "那要什么证据"), "private:u1")
    assert "这几天不在，1月10日（周六）回来" in told
    stage.press("u1", "换一位答")
    assert heard(stage) == {"private:lg1", "private:lg2"}
    assert "不用再换" in stage.press("u1", "换一位答")[0]["text"]


def test_taken_and_not_answered_by_who_is_away_goes_on_after_a_day(stage: Stage) -> None:
    asks(stage)
    stage.press("b2", TAKE)
    stage.say("b2", "我请假到周五")
    stage.tick("2026-01-06T09:05:00+08:00")
    assert any(TAKE in str(line.get("choices")) for line in stage.lines if line.get("chat") == "private:lg1")
    assert "转给幸福里社区的法律明白人了" in "".join(stage.shown("private:u1"))


def test_where_all_are_away_it_waits_for_the_first_who_is_back_and_says_so(stage: Stage) -> None:
    for who in ("b2", "lg1", "lg2"):
        stage.say(who, "我请假到周五")
    told = texts(stage.say("adviser", "休假到下周五"), "private:adviser")
    assert "没有别人能答" not in told  # other communities have their guides
    receipt = asks(stage)
    assert "1月10日（周六）有人回来" in receipt and "12348" in receipt and not heard(stage)
    assert "约法律援助" in stage.buttons("private:u1")
    assert "1月10日" in texts(stage.say("u1", "我的咨询怎么样了"), "private:u1")
    stage.tick("2026-01-10T09:05:00+08:00")
    assert any(TAKE in str(line.get("choices")) for line in stage.lines if line.get("chat") == "private:lg2")
    assert not any(TAKE in str(line.get("choices")) for line in stage.lines if line.get("chat") == "private:adviser")


def test_who_is_back_early_is_asked_again(stage: Stage) -> None:
    stage.say("b2", "我请假到周五")
    asks(stage, "u3")
    assert "现在还有1条在等人接" in texts(stage.say("b2", "我回来了"), "private:b2")
    asks(stage)
    assert heard(stage) == {"private:b2"}
    assert "欢迎回来" not in texts(stage.say("lg1", "我回来了"), "private:lg1")  # who never went


def test_who_comes_back_to_nothing_is_welcomed(stage: Stage) -> None:
    stage.say("b2", "我请假到周五")
    assert texts(stage.say("b2", "我回来了"), "private:b2") == leave_texts.BACK


def test_a_leave_that_is_over_needs_no_word(stage: Stage) -> None:
    stage.say("b2", "今天请假")
    asks(stage)
    assert heard(stage) == {"private:lg1", "private:lg2"}
    stage.tick("2026-01-08T09:05:00+08:00")  # her Thursday
    asks(stage, "u2")
    assert heard(stage) == {"private:b2"}
