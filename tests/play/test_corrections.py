"""A legal answer that was wrong is corrected after its conversation ended: by who gave it, or by a colleague."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from bot.presses import Desk
from storage.tables import law_answer, staff, thread, thread_line
from tests.support.stage import Stage, on_stage, texts

TAKE = "无利害关系，接"
WRONG, RIGHT = "三个月内都可以不签合同。", "用工满一个月就要签书面劳动合同，没签的可以要二倍工资。"


@pytest.fixture
def stage() -> Iterator[Stage]:
    """b2 has answered u1 wrongly, and u1 has said that it is solved."""
    with on_stage() as found:
        found.report()
        found.say("u1", "公司不签劳动合同违法吗，能要赔偿吗")
        found.press("u1", next(label for label in found.buttons("private:u1") if "找人" in label or "请人" in label))
        found.press("b2", TAKE)
        found.say("b2", WRONG)
        found.press("u1", "解决了")
        yield found


def lines(stage: Stage) -> list[tuple[str, str]]:
    with stage.world.database.read() as conn:
        query = select(thread_line.c.author, thread_line.c.text).order_by(thread_line.c.id)
        return [(row.author, row.text) for row in conn.execute(query) if row.author in ("staff", "wrong")]


def on_the_page(stage: Stage, who: str, step: str, text: str | None = None, **more: Any) -> str:
    """The staff page's door to the only question there is."""
    with stage.world.database.read() as conn:
        member = conn.execute(select(staff.c.id).where(staff.c.key == who)).scalar_one()
        question = conn.execute(select(thread.c.id).where(thread.c.kind == "legal")).scalar_one()
    given = {"thread": question, **more}
    return Desk(stage.world).act(
        staff_id=member, action=f"thread.{step}", args=given, note=text, now=stage.player.channel.now
    )


def asked_in_chat(stage: Stage, text: str) -> str:
    """b2 replies to the question, which has ended."""
    question = next(line for line in stage.lines if line.get("chat") == "private:b2" and "居民问" in line["text"])
    return texts(stage.say("b2", text, reply_to=question["id"]), "private:b2")


def test_its_author_corrects_in_chat_and_the_wrong_one_is_marked(stage: Stage) -> None:
    asked = asked_in_chat(stage, RIGHT)
    assert "已经结束" in asked and "更正" in asked
    assert not any(RIGHT in text for text in stage.shown("private:u1"))
    out = [line for line in stage.press("b2", "作为更正发给居民") if line.get("chat") == "private:u1"]
    marked = next(line for line in out if line["type"] == "edit")
    assert "已更正" in marked["text"] and WRONG in marked["text"] and not marked.get("choices")
    new = next(line for line in out if line["type"] == "say")
    assert RIGHT in new["text"] and WRONG not in new["text"]
    assert lines(stage) == [("wrong", WRONG), ("staff", RIGHT)]
    assert "已经发过了" in stage.press("b2", "作为更正发给居民")[0]["text"]


def test_its_author_corrects_on_the_page(stage: Stage) -> None:
    assert "更正已发给居民" in on_the_page(stage, "b2", "correct", RIGHT, answer=0)
    assert lines(stage) == [("wrong", WRONG), ("staff", RIGHT)]
    assert "已经更正过" in on_the_page(stage, "b2", "correct", "再改", answer=0)
    stage.tick("2026-01-05T09:10:00+08:00")
    assert any(RIGHT in text for text in stage.shown("private:u1"))


def test_a_doubtful_correction_is_asked_back(stage: Stage) -> None:
    assert "第九千条不存在" in on_the_page(stage, "b2", "correct", "看民法典第九千条。", answer=0)
    assert "第九千九百条不存在" in asked_in_chat(stage, "看民法典第九千九百条。")
    assert lines(stage) == [("staff", WRONG)]


def test_a_colleague_without_a_conflict_takes_it_and_corrects(stage: Stage) -> None:
    assert "先点" in on_the_page(stage, "lg1", "correct", RIGHT, answer=0)
    assert "不归您" in on_the_page(stage, "w1", "recheck")
    assert "不归您" in on_the_page(stage, "lg3", "recheck")  # of another community
    assert "您可以更正" in on_the_page(stage, "lg1", "recheck")
    stage.tick("2026-01-05T09:10:00+08:00")
    assert any("复查" in text for text in stage.shown("private:b2"))
    assert "更正已发给居民" in on_the_page(stage, "lg1", "correct", RIGHT, answer=0)
    assert lines(stage) == [("wrong", WRONG), ("staff", RIGHT)]
    assert "接过去" in on_the_page(stage, "b2", "correct", "三个月内。", answer=1)


def test_a_guide_made_of_it_is_taken_back(stage: Stage) -> None:
    stage.press("u1", "有帮助")
    stage.press("b2", "整理成解答")
    with stage.world.database.write() as conn:
        conn.execute(law_answer.update().values(state="published", published_at=stage.player.channel.now))
    assert "解答也撤下了" in on_the_page(stage, "b2", "correct", RIGHT, answer=0)
    with stage.world.database.read() as conn:
        assert conn.execute(select(law_answer.c.state)).scalar_one() == "withdrawn"


def test_a_draft_of_a_guide_is_corrected_with_it(stage: Stage) -> None:
    stage.press("u1", "有帮助")
    stage.press("b2", "整理成解答")
    on_the_page(stage, "b2", "correct", RIGHT, answer=0)
    with stage.world.database.read() as conn:
        assert conn.execute(select(law_answer.c.state, law_answer.c.answer)).one() == ("draft", RIGHT)
