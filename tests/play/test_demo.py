"""The demo's days, asserted by the rows they leave; a changed line changes them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.app import DEMO
from bot.player import Player
from bot.playing import stage
from bot.telling import DAY
from storage import ledger, verify
from storage.tables import (
    alert,
    alert_branch,
    booking,
    case,
    case_event,
    chat,
    goods,
    household_member,
    mediation,
    outbox,
    redemption,
    service_hours,
    shift,
    sign_up,
    thread,
    thread_line,
)


def played(lines: list[bytes]) -> tuple[Any, list[dict[str, Any]]]:
    said: list[dict[str, Any]] = []
    with stage(DEMO, None, meaning=False) as world:
        asyncio.run(Player(world, said.append).play(lines))
        with world.database.read() as conn:
            rows = {
                "case": conn.execute(select(case.c.status, case.c.ending, case.c.owner_id).order_by(case.c.id)).all(),
                "steps": conn.execute(select(case_event.c.kind)).scalars().all(),
                "mediation": conn.execute(select(mediation.c.state)).scalars().all(),
                "booking": conn.execute(select(booking.c.state)).scalars().all(),
                "alert": conn.execute(select(alert.c.state, alert.c.drafter_id != alert.c.approver_id)).all(),
                "passed": conn.execute(
                    select(func.count()).select_from(alert_branch).where(alert_branch.c.passed_at.is_not(None))
                ).scalar_one(),
                "hours": conn.execute(select(service_hours.c.minutes)).scalars().all(),
                "thread": conn.execute(select(thread.c.kind, thread.c.state)).all(),
                "lines": conn.execute(select(func.count()).select_from(thread_line)).scalar_one(),
                "sign_up": conn.execute(select(sign_up.c.state)).scalars().all(),
                "members": conn.execute(select(func.count()).select_from(household_member)).scalar_one(),
                "redemption": conn.execute(select(redemption.c.state, redemption.c.points)).all(),
                "balance": ledger.balance(conn, "household:xfl-0301"),
                "oil": conn.execute(select(goods.c.stock).where(goods.c.key == "oil")).scalar_one(),
                "shift": conn.execute(select(func.count()).select_from(shift)).scalar_one(),
                "failed": conn.execute(
                    select(outbox.c.id)
                    .join(chat, chat.c.id == outbox.c.chat_id)
                    .where(outbox.c.state == "failed", chat.c.channel == "play")  # a play has no web
                ).all(),
                "verify": verify.verify(conn),
            }
    return rows, said


@pytest.fixture(scope="module")
def day() -> tuple[Any, list[dict[str, Any]]]:
    return played(DAY.read_bytes().splitlines())


def test_the_days_leave_what_happened_in_them(day: tuple[Any, list[dict[str, Any]]]) -> None:
    rows, _ = day
    ends = [(status, ending) for status, ending, _ in rows["case"]]
    assert ends == [("closed", "settled"), ("merged", None), ("closed", "settled")]  # neighbours with one lamp
    assert rows["case"][0].owner_id is not None
    assert {"supervise", "grant_call"} <= set(rows["steps"]) and rows["steps"].count("report_in") == 2
    assert rows["mediation"] == ["settled"]
    assert rows["booking"] == ["done"]
    assert [tuple(a) for a in rows["alert"]] == [("expired", True)]
    assert rows["passed"] == 3  # two grids, and the level that approved it
    assert [tuple(t) for t in rows["thread"]] == [("legal", "closed")]
    assert rows["lines"] == 1
    assert rows["sign_up"] == ["confirmed"]
    assert rows["hours"] == [90]
    assert rows["members"] == 1
    assert [tuple(r) for r in rows["redemption"]] == [("collected", 40)]
    assert rows["balance"] == 160  # 180 at first, 20 for care that two people saw to, 40 for the oil
    assert rows["oil"] == 19
    assert rows["failed"] == []
    assert rows["verify"] == []


def test_nothing_in_the_day_goes_wrong(day: tuple[Any, list[dict[str, Any]]]) -> None:
    _, said = day
    assert not [line for line in said if line["type"] == "error"]
    assert not [line for line in said if line["type"] == "notice" and "失效" in line["text"]]


def test_a_digest_and_a_reminder_come_from_the_clock(day: tuple[Any, list[dict[str, Any]]]) -> None:
    _, said = day
    by_clock = [line for line in said if line.get("cause") == "clock"]
    room = [line for line in by_clock if line["chat"] == "group:staff-xfl-1"]
    digest = [line for line in room if line["at"].startswith("2026-01-06T08:30")]
    assert len(digest) == 1
    reminded = [line for line in by_clock if line["chat"] == "private:yuan"]
    assert [line["at"][:16] for line in reminded] == ["2026-01-13T19:00", "2026-01-14T14:30"]


def test_the_leaders_hear_the_months_share_and_no_names(day: tuple[Any, list[dict[str, Any]]]) -> None:
    _, said = day
    (figures,) = [line["text"] for line in said if line.get("chat") == "group:leaders-liuxi"]
    assert "居民确认解决2件" in figures and "王晓敏" not in figures


def test_residents_groups_hear_neither_number_nor_place_nor_law(day: tuple[Any, list[dict[str, Any]]]) -> None:
    _, said = day
    public = [line["text"] for line in said if line.get("chat") in ("group:g1", "group:g2")]
    assert len(public) == 3 and sum("退医保" in text for text in public) == 2  # a link, and the warning twice
    assert not any(word in text for text in public for word in ("260105", "3号楼", "灯", "合同", "调解"))


def test_another_line_leaves_other_rows() -> None:
    lines = [line.replace("满意".encode(), "没解决，重办".encode()) for line in DAY.read_bytes().splitlines()]
    last = next(n for n, line in enumerate(lines) if "没解决".encode() in line)
    rows, _ = played(lines[: last + 1])
    assert rows["case"][0].status != "closed"
