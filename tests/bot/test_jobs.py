"""What the clock does: quiet hours where the matter is, digests only among staff, nothing of residents in errors."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import SQLAlchemyError

from bot import clock, jobs
from bot.digests import keep_digests
from bot.quiet import quiet_until
from bot.schedule import _tidy, ticking
from flows.effects import Effect
from storage import due as due_rows
from storage import kept, overview
from storage.database import Away, Undone
from storage.tables import area, case, case_words, chat, due, inbox, staff
from storage.verify import verify
from tests.support.stage import ROOM, Stage, texts

HOME = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("start", "end", "clock", "until"),
    [
        ("21:00", "08:00", "20:59", None),
        ("21:00", "08:00", "23:00", "06 08:00"),
        ("21:00", "08:00", "07:00", "05 08:00"),
        ("21:00", "08:00", "08:00", None),
        ("12:00", "14:00", "13:00", "05 14:00"),  # a rest at noon does not go past midnight
        ("12:00", "14:00", "15:00", None),
        ("00:00", "06:00", "09:00", None),
    ],
)
def test_when_quiet_is_over(start: str, end: str, clock: str, until: str | None) -> None:
    now = datetime.combine(datetime(2026, 1, 5), time.fromisoformat(clock), HOME)
    found = quiet_until(now, time.fromisoformat(start), time.fromisoformat(end))
    assert (found and f"{found:%d %H:%M}") == until


def case_of_the_village(stage: Stage) -> None:
    stage.report("u1", "石磨新苑3号楼楼道灯坏了三天了")


def due_at(stage: Stage, key: str) -> datetime:
    with stage.world.database.read() as conn:
        found: datetime = conn.execute(select(due.c.at).where(due.c.key.like(key))).scalar_one()
    return found


def put_off(stage: Stage, at: datetime) -> None:
    with stage.world.database.write() as conn:
        conn.execute(update(due).where(due.c.key.like("case.%.due.acknowledge")).values(at=at))


def test_a_community_is_left_alone_in_its_own_quiet_hours(stage: Stage) -> None:
    case_of_the_village(stage)
    put_off(stage, datetime(2026, 1, 5, 22, tzinfo=HOME))
    assert "还没有人接" not in texts(stage.tick("2026-01-06T06:29:00+08:00"), "group:staff-smc-3")
    assert "还没有人接" in texts(stage.tick("2026-01-06T06:31:00+08:00"), "group:staff-smc-3")


def test_quiet_hours_are_those_of_the_place(stage: Stage) -> None:
    case_of_the_village(stage)
    with stage.world.database.write() as conn:  # three hours east of Shanghai it is quiet three hours earlier
        here = conn.execute(select(area.c.options).where(area.c.key == "smc")).scalar_one()
        moved = {**here, "timezone": "Pacific/Noumea"}
        conn.execute(update(area).where(area.c.key == "smc").values(options=moved))
        kept.changed(conn)
    put_off(stage, datetime(2026, 1, 5, 19, tzinfo=HOME))
    assert "还没有人接" not in texts(stage.tick("2026-01-05T20:00:00+08:00"), "group:staff-smc-3")


def test_a_group_that_is_staffs_no_more_gets_no_digest(stage: Stage) -> None:
    case_of_the_village(stage)
    with stage.world.database.write() as conn:
        conn.execute(update(chat).where(chat.c.address.like("%staff-smc-3")).values(role="residents"))
    out = stage.tick("2026-01-06T09:00:00+08:00")
    assert texts(out, "group:staff-smc-3") == ""
    assert texts(out, "group:staff-smc") != ""
    with stage.world.database.write() as conn:
        conn.execute(update(chat).where(chat.c.address.like("%staff-smc-3")).values(role="staff"))
    keep_digests(stage.world, stage.player.channel.now)
    assert texts(stage.tick("2026-01-07T09:00:00+08:00"), "group:staff-smc-3") != ""


def test_an_error_of_the_database_tells_nothing_that_was_said(stage: Stage) -> None:
    with pytest.raises(SQLAlchemyError) as wrong, stage.world.database.write() as conn:
        conn.execute(text("INSERT INTO nowhere (words) VALUES (:words)"), {"words": "3栋2单元的张三"})
    assert "张三" not in str(wrong.value)


def test_what_is_put_off_at_night_still_expires(stage: Stage) -> None:
    case_of_the_village(stage)
    end = datetime(2026, 1, 6, 8, tzinfo=HOME)
    put_off(stage, datetime(2026, 1, 5, 22, tzinfo=HOME))
    mine = due.c.key.like("case.%.due.acknowledge")
    with stage.world.database.write() as conn:
        conn.execute(update(due).where(mine).values(late="expire", expires_at=end))
    stage.tick("2026-01-05T23:00:00+08:00")
    with stage.world.database.read() as conn:
        row = conn.execute(select(due.c.at, due.c.state, due.c.expires_at).where(mine)).one()
    assert (row.at > stage.player.channel.now, row.state, row.expires_at) == (True, "pending", end)


def test_one_thing_that_cannot_be_done_keeps_nothing_else(stage: Stage) -> None:
    for who, text_ in (("u1", "幸福里小区3号楼楼道灯坏了三天了"), ("u2", "幸福里小区5号楼下水道堵了")):
        stage.report(who, text_)
        stage.press("w1", "接单", ROOM)
    with stage.world.database.write() as conn:
        conn.execute(update(staff).where(staff.c.key == "w1").values(active=False))
        first, second = conn.execute(select(case.c.id).order_by(case.c.opened_at, case.c.id)).scalars()
        conn.execute(update(case_words).where(case_words.c.case_id == first).values(words=[1]))
        conn.execute(update(area).values(options={"digest_at": "soon"}))
        kept.changed(conn)
        conn.execute(delete(due).where(due.c.kind == "digest"))
        conn.execute(insert(inbox).values(**old_words()))
    _tidy(stage.world)
    with stage.world.database.read() as conn:
        owners = {row.id: row.owner_id for row in conn.execute(select(case.c.id, case.c.owner_id))}
        words = conn.execute(select(inbox.c.payload).where(inbox.c.key == "old")).scalar_one()
    assert owners[first] is not None and owners[second] is None and words == {}


def old_words() -> dict[str, object]:
    long_ago = clock.now() - timedelta(days=31)
    told = {"channel": "play", "key": "old", "conversation": "x", "payload": {"text": "路灯"}, "state": "done"}
    return {**told, "received_at": long_ago, "not_before": long_ago, "done_at": long_ago}


@pytest.mark.parametrize("state", ["dead", "done"])
def test_the_clocks_of_a_case_ring_on_after_their_rows_died(stage: Stage, state: str) -> None:
    case_of_the_village(stage)
    mine = due.c.key.like("case.%.due.%")
    with stage.world.database.write() as conn:
        conn.execute(update(due).where(mine).values(state=state, tries=5))
    with stage.world.database.read() as conn:
        id = conn.execute(select(case.c.id)).scalar_one()
        assert f"case {id}: its clock acknowledge will not ring" in verify(conn)
    _tidy(stage.world)
    with stage.world.database.read() as conn:
        assert verify(conn) == []
        rows = conn.execute(select(due.c.state, due.c.tries).where(mine, due.c.kind == "case.due")).all()
    assert [tuple(row) for row in rows] == [("pending", 0)] * 2
    with stage.world.database.write() as conn:
        conn.execute(update(due).where(mine).values(at=stage.player.channel.now))
    assert "还没有人接" in texts(stage.tick("2026-01-06T09:00:00+08:00"), "group:staff-smc-3")


def test_a_cry_for_help_is_heard_on_though_its_row_died(stage: Stage) -> None:
    stage.say("u1", "幸福里3号楼着火了，有人受伤")
    mine = due.c.kind == "thread.waiting"
    with stage.world.database.write() as conn:
        conn.execute(update(due).where(mine).values(state="dead", tries=5, lease_until=None))
    assert not stage.tick("2026-01-05T09:10:00+08:00")
    _tidy(stage.world)
    with stage.world.database.write() as conn:
        row = conn.execute(select(due.c.state, due.c.tries).where(mine)).one()
        conn.execute(update(due).where(mine).values(at=stage.player.channel.now))  # tidied by the real clock
    assert tuple(row) == ("pending", 0)
    assert any("还没有人接" in line["text"] for line in stage.tick("2026-01-05T09:11:00+08:00"))


def test_a_database_that_is_away_for_a_moment_is_no_try(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_conn: object, _world: object, _here: object, subject: Mapping[str, Any]) -> list[Effect]:
        if "away" in subject:
            raise Away("for a moment")
        return []

    now = stage.player.channel.now
    with stage.world.database.write() as conn:
        for key, subject in (("a", {"away": 1}), ("b", {})):
            due_rows.schedule(conn, kind="thread.waiting", key=key, at=now, subject=subject, late="fine")
    monkeypatch.setitem(jobs.JOBS, "thread.waiting", away)
    for _ in range(6):
        with pytest.raises(Away):
            jobs.run_due(stage.world, now)
        assert jobs.run_due(stage.world, now) <= 1
        now += jobs.AWAY
    with stage.world.database.read() as conn:
        rows = conn.execute(select(due.c.state, due.c.tries).where(due.c.key.in_(("a", "b")))).all()
    assert [tuple(row) for row in rows] == [("pending", 0), ("done", 1)]


def test_what_was_undone_for_anothers_sake_is_done_at_once(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    fails = [Undone("DeadlockDetected")]

    def once(*_: object) -> list[Effect]:
        while fails:
            raise fails.pop()
        return []

    now = stage.player.channel.now
    with stage.world.database.write() as conn:
        due_rows.schedule(conn, kind="thread.waiting", key="a", at=now, subject={}, late="fine")
    monkeypatch.setitem(jobs.JOBS, "thread.waiting", once)
    assert [jobs.run_due(stage.world, now) for _ in range(3)] == [1, 1, 0]
    with stage.world.database.read() as conn:
        assert tuple(conn.execute(select(due.c.state, due.c.tries).where(due.c.key == "a")).one()) == ("done", 1)


def test_status_says_when_the_clock_looked_last(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def looked() -> str:
        with stage.world.database.read() as conn:
            return dict(overview.rows(conn, clock.now()))["the clock looked last"]

    async def tick() -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()

        def run_due(_world: object, _now: object) -> int:
            loop.call_soon_threadsafe(stop.set)
            return 0

        monkeypatch.setattr(jobs, "run_due", run_due)
        await ticking(stage.world, stop, stop.set)

    assert looked() == "never yet"
    asyncio.run(tick())
    assert "s ago)" in looked()
