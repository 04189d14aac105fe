"""The time a resident tells: asked once, said back, on the card, in the copy of one's data, and erased with it."""

from __future__ import annotations

from sqlalchemy import select

from storage import cases, person_copy
from storage.case_words import forget
from storage.tables import case
from tests.support.stage import ROOM, on_stage, texts


def test_the_time_goes_from_the_first_words_to_the_card_and_out_again() -> None:
    with on_stage() as stage:
        asked = texts(stage.say("u1", "幸福里小区3号楼楼上十点砸墙吵死了"), "private:u1")
        assert "十点" in asked and stage.buttons("private:u1")[-1] == "说不准"
        stage.press("u1", "昨天晚上10点")
        stage.press("u1", "不留")
        assert "时间：1月4日（周日）晚上10点" in texts(stage.press("u1", "没有照片"), "private:u1")
        stage.press("u1", "确认")
        assert "时间：1月4日（周日）晚上10点" in stage.last(ROOM)["text"]
        with stage.world.database.write() as conn:
            id, person = conn.execute(select(case.c.id, case.c.person_id)).one()
            told = cases.load(conn, id)
            assert told.happened_at is not None
            assert (told.when, f"{told.happened_at:%m-%d %H:%M %z}") == ("十点", "01-04 22:00 +0800")
            assert "1月4日（周日）晚上10点" in str(person_copy.everything(conn, person))
            forget(conn, person)
            assert "晚上10点" not in str(cases.history(conn, id))


def test_what_was_said_in_a_group_is_seen_from_when_it_was_said() -> None:
    with on_stage() as stage:
        stage.say("u1", "@小邻 幸福里小区3号楼昨晚十点半装修砸墙吵死了", "group:g1", addressed=True)
        stage.tick("2026-01-06T08:00:00+08:00")
        stage.follow("u1", "group:g1")
        stage.press("u1", "不留")
        assert "时间：1月4日（周日）晚上10点半" in texts(stage.press("u1", "没有照片"), "private:u1")
