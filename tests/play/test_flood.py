"""One person, a group or ten thousand new people write faster than anybody reads: the others hardly notice."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from bot.channels.base import Inbound, Kind
from bot.flood import BURST, RATE, Budgets
from bot.intake import keep_all
from flows.assistant.texts import TOO_MANY
from storage.inbox_waiting import BESIDE
from storage.tables import account, inbox
from tests.support.stage import Stage, on_stage


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with on_stage() as opened:
        opened.say("u1", "你好")
        opened.say("flooder", "你好")
        yield opened


def pour(stage: Stage, who: str, texts: list[str], chat: str = "", key: str = "") -> None:
    now, where = stage.player.channel.now, chat or who
    lines = [
        Inbound("play", f"{key}{who}.{n}", Kind.MESSAGE, where, not chat, who, text=text, addressed=not chat)
        for n, text in enumerate(texts)
    ]
    keep_all(stage.world.database, list(lines), now)


def one_claim(stage: Stage) -> list[str]:
    """One round of the worker; who has had a turn."""
    before = done(stage)
    asyncio.run(stage.player.worker.run_once(stage.player.channel.now))
    with stage.world.database.read() as conn:
        rows = conn.execute(select(inbox.c.payload).where(inbox.c.done_at.is_not(None), inbox.c.error.is_(None)))
        return [str(payload.get("sender")) for payload in rows.scalars()][before:]


def done(stage: Stage) -> int:
    with stage.world.database.read() as conn:
        turns = select(func.count()).where(inbox.c.state == "done", inbox.c.error.is_(None))
        return int(conn.execute(turns).scalar_one())


def settle(stage: Stage) -> None:
    """Everything that waits has its turn; who pours has theirs one after the other."""
    asyncio.run(stage.player._until(stage.player.channel.now + timedelta(seconds=30)))


def test_one_person_who_writes_a_hundred_a_second(stage: Stage) -> None:
    pour(stage, "flooder", ["在吗", "有人吗", "喂"] * 400 + ["楼上着火了，快来人"] + ["哈哈"] * 800)
    pour(stage, "u1", ["帮助"])
    before, shown = done(stage), len(stage.shown("private:flooder"))
    assert "u1" in one_claim(stage), "nobody waits for who floods"
    settle(stage)
    assert done(stage) - before <= 12, "most of it had no turn"
    heard = stage.shown("private:flooder")[shown:]
    assert heard.count(TOO_MANY) == 1, "told so once a minute"
    assert any("119" in text for text in heard), "what cries for help is heard in the middle of it"
    with stage.world.database.read() as conn:
        kept = conn.execute(select(func.count()).where(inbox.c.conversation == "play:flooder")).scalar_one()
        assert kept == 1 + 2_001, "every line is kept"
    pour(stage, "flooder", ["喂"] * 100, key="again")
    settle(stage)
    assert stage.shown("private:flooder")[shown:].count(TOO_MANY) == 1


def test_one_person_who_never_waits_for_us_has_few_turns_all_the_same(stage: Stage) -> None:
    """A hundred lines a second are less than a worker can take: nothing would pile up."""
    worker, began, budgets, turns = stage.player.worker, stage.player.channel.now, Budgets(), 0
    for tenth in range(20):
        now = began + timedelta(seconds=tenth / 10)
        lines = [Inbound("play", f"s{tenth}.{n}", Kind.MESSAGE, "u2", True, "u2", text="在吗") for n in range(10)]
        keep_all(stage.world.database, lines, now, budgets)
        while taken := asyncio.run(worker.run_once(now)):
            turns += taken
    assert turns <= BURST + 2 * RATE + 2
    settle(stage)
    with stage.world.database.read() as conn:
        mine = select(inbox.c.state).where(inbox.c.conversation == "play:u2")
        assert Counter(conn.execute(mine).scalars()) == {"done": 200}, "every line is kept, none waits for ever"


def test_however_many_flood_at_once_they_are_held_in_one_go(stage: Stage) -> None:
    database, now, budgets, said = stage.world.database, stage.player.channel.now, Budgets(), list[str]()

    def arrive(who: str, n: int) -> Inbound:
        return Inbound("play", f"held.{who}.{n}", Kind.MESSAGE, who, True, who, text="在吗")

    for n in range(int(BURST)):
        keep_all(database, [arrive(f"f{k}", n) for k in range(30)], now, budgets)

    def note(_conn: object, _cursor: object, text: str, *_more: object) -> None:
        said.append(text)

    event.listen(database.engine, "before_cursor_execute", note)
    keep_all(database, [arrive(f"f{k}", 99) for k in range(30)] + [arrive("calm", 99)], now, budgets)
    event.remove(database.engine, "before_cursor_execute", note)
    assert len([text for text in said if text.startswith("UPDATE inbox")]) == 1
    with database.read() as conn:
        waits = select(inbox.c.conversation).where(inbox.c.key.like("held.%.99"), inbox.c.not_before > now)
        assert set(conn.execute(waits).scalars()) == {f"play:f{k}" for k in range(30)}, "who floods, and nobody else"
    settle(stage)


@pytest.mark.parametrize("where", ["", "group:g1"])
def test_a_cry_in_ones_own_flood_is_heard_before_more_than_one_pause(stage: Stage, where: str) -> None:
    """Too few lines to be let go of; they pour on while we read. What stands before the cry has no pauses."""
    worker, channel = stage.player.worker, stage.player.channel
    pour(stage, "flooder", ["在吗"] * 20 + ["楼上着火了，快来人"] + ["哈哈"] * 18, where, key=f"cry{where}")
    asyncio.run(worker.run_once(channel.now))
    at = channel.now + timedelta(milliseconds=1)
    while asyncio.run(worker.run_once(at)):
        pass
    with stage.world.database.read() as conn:
        texts = select(inbox.c.payload).where(inbox.c.key.like(f"%cry{where}flooder.%"), inbox.c.state == "new")
        left = [payload["text"] for payload in conn.execute(texts).scalars()]
    assert "楼上着火了，快来人" not in left and left, "the rest goes at its pace"
    settle(stage)


def test_a_group_that_writes_a_thousand_a_second(stage: Stage) -> None:
    for who in range(20):
        pour(stage, f"g{who}", ["今天天气真好", "晚上一起跳舞"] * 50, "group:g1")
    pour(stage, "u1", ["我的诉求"], key="b")
    before = done(stage)
    assert "u1" in one_claim(stage)
    settle(stage)
    assert done(stage) - before <= 20 * 3 + 30 + 2
    assert TOO_MANY not in stage.shown("group:g1")


def test_a_crowd_of_new_people_waits_for_those_we_know(stage: Stage) -> None:
    for who in range(2_000):
        pour(stage, f"new{who}", ["你好"])
    pour(stage, "u1", ["我的诉求"], key="c")
    first = one_claim(stage)
    assert "u1" in first and len(first) == 1 + BESIDE
    pour(stage, "u1", ["帮助"], key="d")
    assert "u1" in one_claim(stage), "and newcomers have their share"
    with stage.world.database.read() as conn:
        met = select(func.count()).where(account.c.address.like("new%"))
        assert conn.execute(met).scalar_one() == 2 * BESIDE
