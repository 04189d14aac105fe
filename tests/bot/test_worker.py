"""Photos on the way in: a platform that is away is asked again, and words never wait for ever."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from bot.app import build_world
from bot.channels.base import SendError
from bot.channels.play import PlayChannel
from bot.intake import keep
from bot.playing import stage
from bot.worker import FETCHES, Worker
from bot.world import World
from nlu.understanding import LocalService, Understanding
from storage.tables import file, inbox


class Moody(PlayChannel):
    """A play channel whose photos can't be had the first few times."""

    def __init__(self, failures: int) -> None:
        super().__init__(lambda line: None)
        self.left = failures

    async def fetch(self, handle: str) -> bytes:
        if self.left:
            self.left -= 1
            raise SendError("away", transient=True)
        out = io.BytesIO()
        Image.new("RGB", (9, 9)).save(out, "PNG")
        return out.getvalue()


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with stage(None, None, meaning=False) as found:
        yield found


def sent(world: World, channel: Moody, who: str) -> Worker:
    line = {"type": "message", "chat": "private", "from": who, "text": "楼道灯坏了三天", "photos": ["x"]}
    assert keep(world.database, channel.inbound(line, 1), channel.now) is not None
    return Worker(world, {"play": channel}, lambda: channel.now, threads=False)


def rows(world: World) -> dict[str, Any]:
    with world.database.read() as conn:
        states = conn.execute(select(inbox.c.state).order_by(inbox.c.id)).scalars().all()
        return {"last": states[-1], "files": len(conn.execute(select(file.c.id)).all())}


def test_a_photo_is_waited_for_while_its_platform_is_away(world: World) -> None:
    channel = Moody(2)
    worker = sent(world, channel, "a")
    for minute in range(3):
        assert asyncio.run(worker.run_once(channel.now + timedelta(minutes=minute))) == 1
    assert rows(world) == {"last": "done", "files": 1}


def test_words_go_on_without_a_photo_that_never_comes(world: World) -> None:
    channel = Moody(99)
    worker = sent(world, channel, "b")
    for minute in range(FETCHES):
        assert rows(world)["last"] == "new"
        asyncio.run(worker.run_once(channel.now + timedelta(minutes=minute)))
    assert rows(world)["last"] == "done"


class Loading:
    """An engine that takes note, each time it is asked, of how often the newest message was claimed."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.tries: list[int] = []

    def understand(self, text: str, *, local_services: Sequence[LocalService] = ()) -> Understanding:
        with self.world.database.read() as conn:
            self.tries.append(conn.execute(select(inbox.c.tries).order_by(inbox.c.id.desc())).scalars().first() or 0)
        return self.world.overhearing.understand(text, local_services=local_services)


def test_nothing_is_in_hand_while_the_models_load(world: World) -> None:
    channel = Moody(0)
    sent(world, channel, "c")
    loading = Loading(world)
    other = build_world(world.database, loading, world.secret, world.data_dir, meaning=False)
    worker = Worker(other, {"play": channel}, lambda: channel.now, threads=False)

    async def first_turn() -> None:
        stop = asyncio.Event()
        await worker.run(stop, stop.set)

    asyncio.run(first_turn())
    assert loading.tries[0] == 0, "the engine is asked before anything is claimed"
    assert loading.tries[-1] == 1
    assert rows(world)["last"] == "done"


class Slow(Moody):
    """A play channel whose photos come when somebody opens the gate."""

    def __init__(self) -> None:
        super().__init__(0)
        self.gate = asyncio.Event()

    async def fetch(self, handle: str) -> bytes:
        await self.gate.wait()
        return await super().fetch(handle)


def test_a_slow_photo_holds_up_nobody(world: World) -> None:
    channel = Slow()
    worker = sent(world, channel, "d")
    words = {"type": "message", "chat": "private", "from": "e", "text": "楼道灯坏了三天"}
    assert keep(world.database, channel.inbound(words, 1), channel.now) is not None

    def states() -> list[str]:
        with world.database.read() as conn:
            return list(conn.execute(select(inbox.c.state).order_by(inbox.c.id)).scalars())[-2:]

    async def run() -> list[str]:
        stop = asyncio.Event()
        running = asyncio.create_task(worker.run(stop))
        while states()[1] != "done":
            await asyncio.sleep(0)
        seen = states()
        channel.gate.set()
        while states()[0] != "done":
            await asyncio.sleep(0)
        stop.set()
        await running
        return seen

    assert asyncio.run(asyncio.wait_for(run(), 20)) == ["new", "done"]
