"""At night staff hear of what is urgent; the rest waits for the morning, in one bundle. And the photos of a report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from bot.effects import Here, Writer
from flows.complaint.card import pictures
from flows.domain.case import Case
from flows.effects import CardKey, Lane, Say, StaffRoom
from storage import cases, people
from storage.tables import case, outbox
from tests.support.stage import ROOM, Stage, on_stage, texts

MORNING = "2026-01-06T07:30:00+08:00"


@pytest.fixture
def stage() -> Iterator[Stage]:
    with on_stage() as found:
        found.tick("2026-01-05T22:15:00+08:00")
        yield found


def file(stage: Stage, who: str, text: str, **more: object) -> str:
    """A report; what its reporter was told."""
    stage.say(who, text, **more)
    stage.press(who, "不留")
    if not more:
        stage.press(who, "没有照片")
    return texts(stage.press(who, "确认"), f"private:{who}")


def test_ordinary_cards_wait_for_the_morning_in_one_bundle(stage: Stage, tmp_path: Path) -> None:
    shot = tmp_path / "a.jpg"
    Image.new("RGB", (40, 30), "red").save(shot)
    assert "已登记" in file(
        stage, "u1", "幸福里小区3号楼楼道灯坏了三天了", photos=[str(shot)]
    )  # residents are answered
    assert "已登记" in file(stage, "u2", "幸福里小区5号楼垃圾三天没人清了，臭得很")
    assert "已经帮您催了" in texts(stage.say("u2", "催办"), "private:u2")
    assert not [line for line in stage.lines if line.get("chat") == ROOM]
    said = [line for line in stage.tick(MORNING) if line.get("chat") == ROOM and line["type"] == "say"]
    assert said[0]["text"].startswith("夜里") and sum("夜里" in line["text"] for line in said) == 1
    assert [("楼道灯" in line["text"], "photo" in line) for line in said[1:3]] == [(True, False), (False, True)]
    assert "催办" in said[-1]["text"]
    stage.press("w1", "接单", ROOM)


@pytest.mark.parametrize("before", [(), ("催办",)])
def test_what_may_hurt_somebody_goes_at_once(stage: Stage, before: tuple[str, ...]) -> None:
    file(stage, "u2", "幸福里小区5号楼垃圾三天没人清了，臭得很")
    for words in before:  # the card that waits for the morning has been changed meanwhile
        stage.say("u2", words)
    stage.say("u1", "幸福里小区3号楼门口井盖没了，晚上看不见会掉下去")
    while stage.buttons("private:u1") and "确认" not in stage.buttons("private:u1"):
        stage.press("u1", next(b for b in ("不留", "没有照片") if b in stage.buttons("private:u1")))
    assert "🔴" in texts(stage.press("u1", "确认"), ROOM)


def test_whoever_works_at_night_is_answered_at_night(stage: Stage) -> None:
    stage.tick("2026-01-06T09:00:00+08:00")
    file(stage, "u1", "幸福里小区3号楼楼道灯坏了三天了")
    stage.tick("2026-01-06T23:00:00+08:00")
    assert "正在办理" in texts(stage.press("w1", "接单", ROOM), ROOM)
    assert "办得怎么样" in texts(stage.press("w1", "办结", ROOM), ROOM)


def test_who_asks_for_a_person_is_heard_at_night_and_a_question_of_law_waits(stage: Stage) -> None:
    stage.say("u1", "人工")
    assert "找人工" in texts(stage.since, "private:d2")
    stage.say("u3", "公司不签劳动合同怎么办")
    stage.press("u3", "找人")
    assert {line["chat"] for line in stage.press("u3", "幸福里社区")} == {"private:u3"}
    assert "法律咨询" in texts(stage.tick(MORNING), "private:lg1")


def test_a_card_that_waits_goes_when_its_case_turns_red(stage: Stage) -> None:
    file(stage, "u2", "幸福里小区5号楼垃圾三天没人清了，臭得很")
    now = stage.player.channel.now
    with stage.world.database.write() as conn:
        id, area = conn.execute(select(case.c.id, case.c.area_id)).one()
        cases.paint(conn, id, "red")
        card = Say("有人摔伤了", to=StaffRoom(area), card=CardKey("case", id), lane=Lane.PUSH)
        Writer(conn, stage.world, Here(now, "clock")).write([card])
    assert "有人摔伤了" in texts(stage.tick(now.isoformat()), ROOM)


@pytest.mark.parametrize(
    ("lane", "here", "waits"),
    [(Lane.PUSH, "", True), (Lane.REPLY, "", False), (Lane.PUSH, ROOM, False), (Lane.PUSH, "group:g1", True)],
)
def test_only_what_comes_unasked_waits_and_it_comes_without_a_sound(
    stage: Stage, lane: Lane, here: str, waits: bool
) -> None:
    file(stage, "u2", "幸福里小区5号楼垃圾三天没人清了，臭得很")
    now = stage.player.channel.now
    with stage.world.database.write() as conn:
        id, area = conn.execute(select(case.c.id, case.c.area_id)).one()
        room, chat = (people.chat_for(conn, "play", of, kind="group", person_id=None) for of in (ROOM, here or ROOM))
        said = Say("有新进展", to=StaffRoom(area), about=CardKey("case", id), lane=lane)
        Writer(conn, stage.world, Here(now, "clock", chat if here else None)).write([said])
        query = select(outbox.c.not_before, outbox.c.payload).where(outbox.c.chat_id == room.id)
        row = conn.execute(query.order_by(outbox.c.id.desc()).limit(1)).one()
    assert ((row.not_before or now) > now, row.payload.get("silent", False)) == (waits, waits)


def test_a_photo_stands_below_the_card_without_its_metadata(stage: Stage, tmp_path: Path) -> None:
    stage.tick("2026-01-06T09:00:00+08:00")
    shot = tmp_path / "a.jpg"
    picture = Image.new("RGB", (40, 30), "red")
    exif = picture.getexif()
    exif[0x010E] = "secret place"
    picture.save(shot, exif=exif)
    file(stage, "u1", "幸福里小区3号楼楼道灯坏了三天了", photos=[str(shot)])
    [shown] = [line for line in stage.lines if line.get("chat") == ROOM and "photo" in line]
    assert b"secret place" not in (stage.world.data_dir / shown["photo"]).read_bytes()
    out = stage.say("w1", "看到了，下午去", ROOM, reply_to=shown["id"])  # a reply to the photo is one to the card
    assert "只有同事看得到" in texts(out, ROOM)


def test_the_photos_of_a_quarrel_stay_on_the_staff_page() -> None:
    lamp = Case(1, "260105-1", service="lighting")
    assert [said.photo for said in pictures(lamp, (4, 5, 6, 7), StaffRoom(1))] == [4, 5, 6]
    assert "还有1张" in pictures(lamp, (4, 5, 6, 7), StaffRoom(1))[-1].text
    for dispute in ("neighbor_conflict", "family_dispute"):
        assert pictures(replace(lamp, service=dispute), (4,), StaffRoom(1)) == ()


def test_a_call_for_a_person_is_heard_again_by_day_and_says_so() -> None:
    with on_stage() as stage:
        stage.tick("2026-01-05T20:30:00+08:00")
        stage.say("u1", "人工")
        heard = [line for line in stage.tick("2026-01-06T08:10:00+08:00") if "找人工" in line.get("text", "")]
        assert [(line["at"][11:16], line["chat"]) for line in heard] == [("07:30", "private:d2")]
        assert all("还没有人接" in line["text"] for line in heard)
