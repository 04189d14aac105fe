"""A call for a person that nobody takes: the leader on duty hears it once, then it rests on the list of the morning."""

from __future__ import annotations

from sqlalchemy import update

from storage.tables import chat
from tests.support.stage import Line, Stage, texts

DAYS = [f"2026-01-{day:02}T23:00:00+08:00" for day in range(5, 12)]


def pushed(lines: list[Line]) -> list[Line]:
    """What came to a member of staff privately about it, but the hand-over of a duty."""
    said = (line for line in lines if line["type"] == "say" and "接下" in str(line.get("choices")))
    return [line for line in said if line["chat"].startswith("private:")]


def test_it_goes_up_once_and_then_rests(stage: Stage) -> None:
    stage.say("u1", "我住幸福里3号楼，找人工")
    later = stage.tick("2026-01-05T13:05:00+08:00")
    assert {"private:d1"} <= {line["chat"] for line in pushed(later)}
    assert not pushed([line for day in DAYS for line in stage.tick(day)])


def test_the_resident_hears_honestly_how_it_stands(stage: Stage) -> None:
    stage.say("u1", "我住幸福里3号楼，找人工")
    assert "请值班领导过问" in texts(stage.tick("2026-01-05T13:05:00+08:00"), "private:u1")
    assert "每天再提醒" in texts(stage.tick("2026-01-05T17:10:00+08:00"), "private:u1")
    assert not texts([line for day in DAYS for line in stage.tick(day)], "private:u1")


def test_the_digest_names_it_every_morning_until_it_is_taken(stage: Stage) -> None:
    stage.report()  # who lives where is known
    stage.say("u1", "人工")
    for day in ("06", "10"):  # the second a day off
        out = texts(stage.tick(f"2026-01-{day}T09:00:00+08:00"), "group:staff-xfl")
        assert "居民找人工，还没有人接" in out
    assert "已接下" in str(stage.press("l1", "接下 1", "group:staff-xfl"))
    assert "已经接手" in texts(stage.since, "private:u1")
    assert "找人工" not in texts(stage.tick("2026-01-12T09:00:00+08:00"), "group:staff-xfl")


def test_where_no_group_has_a_digest_they_hear_of_it_each_day(stage: Stage) -> None:
    with stage.world.database.write() as conn:
        conn.execute(update(chat).where(chat.c.role == "staff").values(role="residents"))
    stage.say("u1", "我住幸福里3号楼，找人工")
    out = [line for day in DAYS[:4] for line in stage.tick(day)]
    days = {line["at"][:10] for line in pushed(out)}
    assert len(days) == 4
