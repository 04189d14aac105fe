"""Legal questions that people answer: who gets them, in which order, what each side sees, and what comes after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from storage import retention
from storage.tables import staff, thread, thread_line
from tests.support.stage import Stage, on_stage, texts

TAKE, ASIDE = "无利害关系，接", "回避，转下一位"


@pytest.fixture
def stage() -> Iterator[Stage]:
    with on_stage() as found:
        found.report()  # so it is known where they live
        yield found


def asks(stage: Stage, text: str = "公司不签劳动合同违法吗，能要赔偿吗，我叫张小凤，电话13812345678") -> str:
    """A resident asks and is not helped by the articles; what came of it."""
    stage.say("u1", text)
    out = stage.press("u1", next(label for label in stage.buttons("private:u1") if "找人" in label or "请人" in label))
    return texts(out, "private:u1")


def owner(stage: Stage) -> str | None:
    with stage.world.database.read() as conn:
        query = select(staff.c.key).join(thread, thread.c.owner_id == staff.c.id)
        found: str | None = conn.execute(query.where(thread.c.kind == "legal")).scalar()
    return found


def test_a_conflict_is_asked_before_the_question_is_shown(stage: Stage) -> None:
    assert "社区的法律明白人" in asks(stage)
    card = stage.last("private:b2")["text"]  # on duty on Mondays
    assert "劳动" in card and "用人单位" in card and "幸福里社区" in card
    assert "不签" not in card
    out = stage.press("b2", ASIDE)
    assert {line["chat"] for line in out if TAKE in str(line.get("choices"))} == {"private:lg1", "private:lg2"}
    assert "您已经回避" in stage.press("b2", TAKE)[0]["text"]
    out = texts(stage.press("lg1", TAKE), "private:lg1")
    assert "公司不签劳动合同" in out and "劳动合同法" in out
    assert "张小凤" not in out and "13812345678" not in out
    assert "已经有同事接了" in stage.press("lg2", TAKE)[0]["text"]
    assert owner(stage) == "lg1"


def test_when_all_of_a_tier_step_aside_the_next_gets_it_and_the_resident_is_told_when(stage: Stage) -> None:
    asks(stage)
    for who in ("b2", "lg1"):
        stage.press(who, ASIDE)
    out = stage.press("lg2", ASIDE)
    assert TAKE in str([line.get("choices") for line in out if line.get("chat") == "private:adviser"])
    told = texts(out, "private:u1")
    assert "法律顾问" in told and "明天 14:00" in told  # the adviser's hours are on Tuesdays and Thursdays
    out = stage.press("adviser", ASIDE)
    assert "约法律援助" in stage.buttons("private:u1")
    stage.press("u1", "约法律援助")
    stage.press("u1", next(label for label in stage.buttons("private:u1") if "14:00" in label))
    stage.press("u1", "给自己办")
    out = stage.press("u1", "确认")
    heard = "\n".join(line["text"] for line in out if line.get("chat") != "private:u1")
    assert "法律援助（预约）" in heard and "劳动方面" in heard and "不签" not in heard
    assert "身份证" in texts(stage.press("l1", "接下", "group:staff-xfl"), "private:u1")


def test_nobody_takes_it_and_it_goes_up_and_at_last_an_appointment_is_offered(stage: Stage) -> None:
    asks(stage)
    out = stage.tick("2026-01-05T13:01:00+08:00")
    assert "转给街道的法律顾问" in texts(out, "private:u1")
    assert "法律咨询" in texts(out, "private:adviser")
    stage.tick("2026-01-06T18:01:00+08:00")
    assert any("还没有人接上" in text for text in stage.shown("private:u1"))


def test_a_guide_who_takes_what_went_up_is_called_a_guide_and_can_pass_it_on(stage: Stage) -> None:
    asks(stage)
    stage.tick("2026-01-05T13:01:00+08:00")
    assert "法律明白人已经看到" in texts(stage.press("b2", TAKE), "private:u1")
    assert "转给法律顾问" in stage.buttons("private:b2")
    assert "法律明白人答复您" in texts(stage.say("b2", "先去劳动监察投诉"), "private:u1")


def test_taken_and_not_answered_goes_to_the_next(stage: Stage) -> None:
    asks(stage)
    stage.press("b2", TAKE)
    stage.tick("2026-01-06T09:05:00+08:00")
    assert any("还没有答复" in text for text in stage.shown("private:b2"))
    stage.tick("2026-01-07T09:10:00+08:00")
    assert owner(stage) is None
    assert any(TAKE in str(line.get("choices")) for line in stage.lines if line.get("chat") == "private:lg2")


def test_an_adviser_who_leaves_is_replaced(stage: Stage) -> None:
    asks(stage)
    stage.press("b2", TAKE)
    with stage.world.database.write() as conn:
        conn.execute(update(staff).where(staff.c.key == "b2").values(active=False))
    out = stage.say("u1", "有人吗，合同的事")
    assert {"private:lg1", "private:lg2"} <= {line["chat"] for line in out if TAKE in str(line.get("choices"))}


def test_what_the_resident_adds_is_scrubbed_unless_they_want_it_told(stage: Stage) -> None:
    asks(stage)
    stage.press("b2", TAKE)
    assert "13812345678" not in texts(stage.say("u1", "我电话是13812345678"), "private:b2")
    stage.press("u1", "告诉他怎么联系我")
    assert "张女士 13812345678" in texts(stage.say("u1", "张女士 13812345678"), "private:b2")
    with stage.world.database.read() as conn:
        kept = conn.execute(select(thread_line.c.text)).scalars().all()
    assert not any("张女士" in text for text in kept)


def test_citations_of_an_answer_are_checked_before_it_goes_out(stage: Stage) -> None:
    asks(stage)
    stage.press("b2", TAKE)
    out = stage.say("b2", "看婚姻法第三条和民法典第9999条")
    assert texts(out, "private:u1") == ""
    asked = texts(out, "private:b2")
    assert "《婚姻法》已经废止了，现在看《民法典》" in asked and "《民法典》第九千九百九十九条不存在" in asked
    stage.press("b2", "我改一下")
    assert "第九千" not in "".join(stage.shown("private:u1"))
    assert "婚姻法第三条" in texts(stage.press("b2", "仍要发送"), "private:u1")
    assert "已经发过了" in stage.press("b2", "仍要发送")[0]["text"]
    out = stage.say("b2", "看劳动合同法第八十二条")
    assert "劳动合同法第八十二条" in texts(out, "private:u1")


def test_rated_once_and_asked_once_more_weeks_later(stage: Stage) -> None:
    asks(stage)
    stage.press("b2", TAKE)
    stage.say("b2", "可以要二倍工资。")
    stage.press("u1", "解决了")
    assert "整理成解答" in str([line.get("choices") for line in stage.press("u1", "有帮助")])
    assert "已经收到过" in stage.press("u1", "没帮上")[0]["text"]
    before = len(stage.shown("private:u1"))
    stage.tick("2026-01-26T10:00:00+08:00")
    assert sum("三周前" in text for text in stage.shown("private:u1")[before:]) == 1
    assert "那就好" in texts(stage.press("u1", "解决了"), "private:u1")


def test_the_words_of_a_consultation_are_forgotten_after_a_year(stage: Stage) -> None:
    asks(stage)
    stage.press("b2", TAKE)
    stage.say("b2", "可以要二倍工资。")
    stage.press("u1", "解决了")
    now = stage.player.channel.now
    with stage.world.database.write() as conn:
        assert retention.sweep(conn, now + timedelta(days=364))["consultation"] == 0
        assert retention.sweep(conn, now + timedelta(days=367))["consultation"] == 2  # the question and the line
        assert conn.execute(select(thread.c.subject).where(thread.c.kind == "legal")).scalar_one() == {}
        assert conn.execute(select(thread_line.c.id)).first() is None


def test_where_nobody_advises_the_resident_is_told_so(stage: Stage) -> None:
    with stage.world.database.write() as conn:
        for key in ("b2", "lg1", "lg2", "adviser"):
            conn.execute(update(staff).where(staff.c.key == key).values(active=False))
    told = asks(stage)
    assert "12348" in told and "没有法律明白人" in told
    out = stage.press("u1", "约人民调解")
    assert "只有调解员看得到" in texts(out, "private:u1")  # which kind it is the question has told


def test_a_question_after_thanks_goes_on_with_the_matter_before_while_and_after_it_waits(stage: Stage) -> None:
    stage.say("u1", "公司拖欠工资不给，怎么申请劳动仲裁")
    assert "接着刚才那件事说" in texts(stage.say("u1", "谢谢，要带什么材料"), "private:u1")
    stage.say("u1", "找人")
    assert "一起转给幸福里社区的法律明白人" in texts(stage.say("u1", "谢谢您，多久能出结果"), "private:u1")
    stage.tick("2026-01-05T12:30:00+08:00")  # nobody answers for hours
    assert "一起转给" in texts(stage.say("u1", "谢谢，去哪里交"), "private:u1")
    stage.press("b2", TAKE)
    assert "要带哪些证据" in texts(stage.say("u1", "谢谢，要带哪些证据"), "private:b2")
    assert "手机号" in texts(stage.say("u1", "谢谢，3号楼门口的路灯坏了找谁修"), "private:u1")  # another matter is one
