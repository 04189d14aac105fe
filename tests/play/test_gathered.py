"""What falls due for one chat at once comes as one message; what is urgent comes by itself; nothing is lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from bot import jobs
from bot.effects import Here
from bot.world import World
from flows.effects import Effect
from storage import cases
from storage.tables import case, due
from tests.support.stage import ROOM, Line, Stage, texts

MATTERS = ("3号楼楼道灯坏了三天了", "5号楼下水道堵了", "4号楼垃圾三天没人清了，臭得很", "6号楼门口路灯不亮")
WARNED, LATE, HIGHER = (f"2026-01-05T{at}:00+08:00" for at in ("09:29", "09:31", "10:31"))


def report(stage: Stage) -> list[str]:
    return [stage.report(f"u{n}", f"幸福里小区{matter}") for n, matter in enumerate(MATTERS, 1)]


def said(lines: list[Line], chat: str) -> list[Line]:
    return [line for line in lines if line["type"] == "say" and line.get("chat") == chat]


def test_what_falls_due_together_is_one_message_with_a_button_for_each(stage: Stage) -> None:
    numbers = report(stage)
    (warned,) = said(stage.tick(WARNED), ROOM)
    late = stage.tick(LATE)
    (of_room,), (of_leader,) = said(late, ROOM), said(late, "private:l1")
    for line in (warned, of_room, of_leader):
        assert all(number in line["text"] for number in numbers)
        assert [choice["label"] for choice in line["choices"]] == ["打开 1", "打开 2", "打开 3", "打开 4"]


def test_what_comes_near_minutes_apart_comes_together(stage: Stage) -> None:
    for minute, matter in enumerate(MATTERS):
        stage.tick(f"2026-01-05T09:0{3 * minute}:00+08:00")
        stage.report(f"u{minute}", f"幸福里小区{matter}")
        stage.press("w1", "接单", ROOM)
    (warned,) = [line for line in said(stage.tick("2026-01-07T18:00:00+08:00"), "private:w1") if "打开 4" in str(line)]
    assert warned["at"][14:16] in ("00", "30")


def test_each_button_opens_the_whole_card(stage: Stage) -> None:
    numbers = report(stage)
    stage.tick(WARNED)
    (card,) = said(stage.press("w1", "打开 2", ROOM), ROOM)
    assert numbers[1] in card["text"] and "状态：等待接单" in card["text"]
    stage.press("w1", "接单", ROOM)
    with stage.world.database.read() as conn:
        taken = conn.execute(select(case.c.number).where(case.c.owner_id.is_not(None))).scalars().all()
    assert taken == [numbers[1]]


def test_nobody_else_opens_it(stage: Stage) -> None:
    report(stage)
    stage.tick(WARNED)
    assert said(stage.press("u9", "打开 2", ROOM), ROOM) == []


def test_what_is_urgent_stays_single(stage: Stage) -> None:
    ordinary, urgent = report(stage), stage.report("u5", "幸福里小区1号楼门口井盖没了，晚上看不见，老人差点掉下去")
    alone, together = sorted(said(stage.tick(WARNED), ROOM), key=lambda line: len(line["text"]))
    assert urgent in alone["text"] and urgent not in together["text"]
    assert all(number in together["text"] for number in ordinary)


def test_who_is_on_two_levels_hears_each_once(stage: Stage) -> None:
    """The key of every line counts, not only that of the message."""
    report(stage)
    stage.tick(LATE)
    with stage.world.database.write() as conn:  # the same step again
        for id, subject in conn.execute(select(due.c.id, due.c.subject).where(due.c.key.like("%.due.acknowledge"))):
            again = {"at": stage.player.channel.now, "subject": {**subject, "step": 1}}
            conn.execute(update(due).where(due.c.id == id).values(again))
    assert said(stage.tick("2026-01-05T09:40:00+08:00"), "private:l1") == []


def test_more_than_a_message_holds_makes_two(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.gathering.MOST", 3)
    numbers = report(stage)
    lines = said(stage.tick(WARNED), ROOM)
    assert len(lines) == 2 and all(number in texts(lines, ROOM) for number in numbers)


def test_where_one_cannot_be_done_the_others_are(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = report(stage)
    ring = jobs.JOBS["case.due"]

    def fails(conn: Connection, world: World, here: Here, subject: Mapping[str, Any]) -> list[Effect]:
        if cases.load(conn, int(subject["case"])).number == numbers[1]:
            raise RuntimeError("broken")
        return ring(conn, world, here, subject)

    monkeypatch.setitem(jobs.JOBS, "case.due", fails)
    told = texts(said(stage.tick(WARNED), ROOM), ROOM)
    assert [number in told for number in numbers] == [True, False, True, True]
