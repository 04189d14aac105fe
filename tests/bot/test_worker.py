"""Photos on the way in: a platform that is away is asked again, and words never wait for ever."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from bot import turn
from bot.app import build_world
from bot.channels.base import Kind, SendError
from bot.channels.play import PlayChannel
from bot.intake import keep
from bot.playing import stage
from bot.worker import FETCHES, Worker
from bot.world import World
from nlu.understanding import LocalService, Understanding
from storage import people
from storage.database import Away
from storage.inbox import MAX_TRIES
from storage.tables import file, inbox, outbox


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


def states(world: World) -> list[str]:
    """Of the last two."""
    with world.database.read() as conn:
        return list(conn.execute(select(inbox.c.state).order_by(inbox.c.id)).scalars())[-2:]


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

    async def run() -> list[str]:
        stop = asyncio.Event()
        running = asyncio.create_task(worker.run(stop))
        while states(world)[1] != "done":
            await asyncio.sleep(0)
        seen = states(world)
        channel.gate.set()
        while states(world)[0] != "done":
            await asyncio.sleep(0)
        stop.set()
        await running
        return seen

    assert asyncio.run(asyncio.wait_for(run(), 20)) == ["new", "done"]


def test_words_go_on_without_a_photo_there_is_no_room_for(world: World, tmp_path: Path) -> None:
    (tmp_path / "photos").write_bytes(b"in the way")  # no folder can be made there
    channel = Moody(0)
    other = build_world(world.database, world.engine, world.secret, tmp_path, meaning=False)
    sent(world, channel, "f")
    worker = Worker(other, {"play": channel}, lambda: channel.now, threads=False)
    for minute in range(FETCHES):
        assert rows(world)["last"] == "new"
        asyncio.run(worker.run_once(channel.now + timedelta(minutes=minute)))
    assert rows(world)["last"] == "done"


def test_what_the_database_had_no_turn_for_counts_no_try(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(scene: turn.Scene, understood: object) -> None:
        working(scene, understood)
        if scene.said.sender == "g" and len(seen) < 2 * MAX_TRIES:
            seen.append(scene.row.tries)
            raise Away("disk full")

    working, seen = turn.DOORS[Kind.MESSAGE], list[int]()
    monkeypatch.setitem(turn.DOORS, Kind.MESSAGE, full)
    channel = Moody(0)
    for who in "gh":
        line = {"type": "message", "chat": "private", "from": who, "text": "楼道灯坏了三天"}
        assert keep(world.database, channel.inbound(line, 1), channel.now) is not None
    worker = Worker(world, {"play": channel}, lambda: channel.now, threads=False)
    for second in range(0, 300, 1):
        with suppress(Away):
            asyncio.run(worker.run_once(channel.now + timedelta(seconds=second)))
        if len(seen) == MAX_TRIES:
            assert states(world) == ["new", "done"], "nobody else waits for it"
    assert states(world) == ["done", "done"] and set(seen) == {1}


class Killed(BaseException):
    """kill -9."""


@pytest.mark.parametrize("begins_anew", [True, False])
def test_a_message_that_kills_the_process_dies_and_takes_nobody_with_it(
    world: World, monkeypatch: pytest.MonkeyPatch, *, begins_anew: bool
) -> None:
    """Its first try, of a row that came while we were at work, is counted nowhere; those after it are."""
    channel, now = Moody(0), PlayChannel(lambda line: None).now + timedelta(days=int(begins_anew))
    began = turn.DOORS[Kind.MESSAGE]

    def deadly(scene: turn.Scene, understood: Any) -> None:
        began(scene, understood)
        if scene.said.sender == who("kills"):
            raise Killed

    def who(name: str) -> str:
        return f"{name}{begins_anew}"

    def say(*names: str) -> list[int]:
        lines = [{"type": "message", "chat": "private", "from": who(name), "text": "你好"} for name in names]
        return [keep(world.database, channel.inbound(line, n), now) or 0 for n, line in enumerate(lines)]

    def stands() -> list[tuple[str, int]]:
        with world.database.read() as conn:
            query = select(inbox.c.state, inbox.c.tries).where(inbox.c.id.in_(ids)).order_by(inbox.c.id)
            return [(state, tries) for state, tries in conn.execute(query)]

    monkeypatch.setitem(turn.DOORS, Kind.MESSAGE, deadly)
    worker, deaths = Worker(world, {"play": channel}, lambda: channel.now, threads=False), 0
    for known in ("a", "kills", "b"):  # nobody is new any more
        with world.database.write() as conn:
            people.person_for(conn, "play", who(known), now)
    asyncio.run(worker.run_once(now))
    ids = say("a", "kills", "b")
    while any(state == "new" for state, _ in stands()):
        assert deaths < 40
        try:
            asyncio.run(worker.run_once(now))
        except Killed:
            deaths, now = deaths + 1, now + turn.LEASE
            worker = Worker(world, worker.channels, worker.clock, threads=False) if begins_anew else worker
    assert [state for state, _ in stands()] == ["done", "dead", "done"]
    assert deaths == MAX_TRIES + 1
    with world.database.read() as conn:
        answers = conn.execute(select(outbox.c.cause).where(outbox.c.cause.in_(ids)).order_by(outbox.c.cause)).scalars()
        assert list(answers) == [ids[0], ids[2]]
