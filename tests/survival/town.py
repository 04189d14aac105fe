"""The demo community made wide enough for the crowd: a household for everybody who has points, room in every shift."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import yaml
from sqlalchemy import select, update

from bot.app import DEMO
from bot.clock import now
from bot.community.load import import_text
from storage.database import Database
from storage.tables import due

CASE = ("幸福里小区3号楼楼上半夜总吵得睡不着", "不留", "没有", "确认")
SHIFT = ("陪老人吃顿饭", "1", "确认")
REST = ("我的诉求", "帮助")
PRICE, OPENING = 15, 100


def kind(number: int) -> str:
    """What somebody came for: of twenty people two have points, two are volunteers."""
    return {3: "points", 4: "points", 5: "shift", 6: "shift"}.get(number % 20, "case")


def talk(number: int) -> tuple[str, ...]:
    """What somebody says first."""
    points = (code(number), "确认", "换一条毛巾", "确认")
    return {"points": points, "shift": SHIFT, "case": CASE}[kind(number)]


def lines(number: int, messages: int, people: int) -> int:
    """How many of so many messages are somebody's of so many people."""
    return messages // people + (number <= messages % people)


def code(number: int) -> str:
    """With which a member binds the household of this number."""
    return str(40_000_000 + 7_919 * number)


def build(database: Database, people: int) -> None:
    """Make the tables and load the community."""
    form = yaml.safe_load(DEMO.read_bytes())
    form["households"] += [
        {"key": f"torture-{n}", "area": "xfl-1/3号楼", "name": f"第{n}家", "code": code(n), "opening": OPENING}
        for n in range(1, people + 1)
        if kind(n) == "points"
    ]
    for shift in (each for activity in form["activities"] for each in activity["shifts"]):
        shift["capacity"] = 500
    for thing in form["goods"]:
        thing["stock"] = 10_000
    for place in _areas(form["areas"]):  # at whatever hour it runs, cards go out
        place["quiet"] = {"from": "00:00", "to": "00:01"}
    database.upgrade()
    import_text(database, yaml.safe_dump(form, allow_unicode=True).encode(), "the torture's community", now())


def _areas(listed: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for one in listed:
        yield one
        yield from _areas(one.get("areas", []))


def bring_forward(database: Database, at: datetime) -> None:
    """A reminder that is due in days is due now."""
    first = select(due.c.id).where(due.c.kind == "shift.remind", due.c.state == "pending", due.c.at > at)
    with database.write() as conn:
        if found := conn.execute(first.order_by(due.c.id).limit(1)).scalar():
            conn.execute(update(due).where(due.c.id == found).values(at=at))


def let_go(database: Database, at: datetime) -> None:
    """What the only clock held when it died: five minutes later."""
    with database.write() as conn:
        conn.execute(update(due).where(due.c.lease_until > at).values(lease_until=at))
