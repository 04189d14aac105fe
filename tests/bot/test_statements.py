"""How many statements a turn says, by its kind: a bound that fails when somebody adds a read."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select

from bot import playing
from bot.app import DEMO
from bot.channels.base import Inbound, Kind
from bot.channels.play import START
from bot.intake import keep
from bot.worker import Worker
from bot.world import World
from flows import router
from storage import quick
from storage.database import Database
from storage.tables import case
from tests.support.databases import database

__all__ = ["database"]

TOLD = "幸福里小区3号楼2单元楼上天天半夜吵得睡不着"
# What is said one after the other, and the statements of its turn: look, decide, write, done.
STORY = {
    "你好": 7,
    "我要反映问题": 7,
    TOLD: 8,
    "不留": 9,
    "没有": 9,
    "确认": 35,
    "我的诉求": 12,
    "谢谢": 8,
}
LOCKS = 4  # more on PostgreSQL: of conversations and cases, and the claim that is written


# What residents ask for, and a member of staff; nobody waits while SQLAlchemy builds a statement it has built before.
ASKED = (
    "今天天气不错",
    "公司不签劳动合同怎么办",
    "最近有什么志愿活动",
    "我家还有多少积分",
    "我想预约办居住证",
    "帮助",
    "我的诉求",
)


@pytest.fixture
def world(database: Database) -> Iterator[World]:
    playing.load(database, DEMO)
    with playing.on(database, meaning=False) as found:
        yield found


def test_a_turn_says_no_more_than_it_has_to(world: World) -> None:
    """The second of two who tell the same, so that what is kept in the process is there."""
    worker = Worker(world, {}, lambda: START, threads=False)
    said: list[str] = []
    counted = dict.fromkeys(STORY, 0)

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    for who in ("u1", "u2"):
        for n, text in enumerate(("帮助", *STORY)):
            now = START + timedelta(seconds=n)
            line = Inbound("play", f"{who}.{n}", Kind.MESSAGE, f"private:{who}", True, who, text=text, addressed=True)
            keep(world.database, line, now)
            said.clear()
            event.listen(world.database.engine, "before_cursor_execute", note)
            asyncio.run(worker.run_once(now))
            event.remove(world.database.engine, "before_cursor_execute", note)
            counted[text] = len(said)
    with world.database.read() as conn:
        assert conn.execute(select(func.count()).select_from(case)).scalar_one() == 2, "it opens a case"
    more = LOCKS if world.database.dialect == "postgresql" else 0
    assert {text: n for text, n in counted.items() if n > STORY.get(text, n) + more} == {}


def test_no_turn_builds_its_statements_anew(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the third time on each is a constant of its module, and goes to the driver at once (storage/quick.py)."""
    worker, anew, plain = Worker(world, {}, lambda: START, threads=False), list[str](), quick.QuickConnection.execute

    def execute(self: quick.QuickConnection, statement: Any, *given: Any, **options: Any) -> Any:
        mark = statement.__dict__.get(quick._MARK)
        if mark is None or mark.of is not statement:
            anew.append(" ".join(str(statement).split())[:100])
        return plain(self, statement, *given, **options)

    monkeypatch.setattr(quick.QuickConnection, "execute", execute)
    for lap in range(3):
        anew.clear()
        for n, (who, text) in enumerate([*(("u1", text) for text in ASKED), ("w1", "你好")]):
            now = START + timedelta(minutes=lap, seconds=n)
            keep(
                world.database,
                Inbound("play", f"{who}.{lap}.{n}", Kind.MESSAGE, f"private:{who}", True, who, text=text),
                now,
            )
            asyncio.run(worker.run_once(now))
    assert anew == []


def test_an_answer_is_decided_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the open question needs looked up is known before it is answered, so no answer is read a second time."""
    worker, times, plain = Worker(world, {}, lambda: START, threads=False), list[str](), router.route

    def route(flows: Any, state: Any, turn: Any) -> Any:
        times.append(turn.said.text)
        return plain(flows, state, turn)

    monkeypatch.setattr(router, "route", route)
    for n, text in enumerate(STORY):
        now = START + timedelta(seconds=n)
        keep(world.database, Inbound("play", f"u1.{n}", Kind.MESSAGE, "private:u1", True, "u1", text=text), now)
        asyncio.run(worker.run_once(now))
    assert [text for text in STORY if times.count(text) != 1] == [TOLD]  # what it needs is known only with its words
