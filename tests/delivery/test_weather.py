"""Through bad weather of every kind: nothing is lost, order is kept, what came twice is counted."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict

import pytest

from bot.channels.base import Outbound, SendError
from bot.delivery import Delivery
from tests.delivery.conftest import Post
from tests.support.platforms import Platform, repeated


class Weather:
    """Refuses one message in three, for one of the reasons platforms have; sometimes our own process dies."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.fine = False

    def __call__(self, out: Outbound) -> SendError | None:
        if self.fine or self.random.random() > 0.33:
            return None
        return self.random.choice(
            [
                SendError("the server failed", transient=True),
                SendError("too many requests", transient=True, retry_after=5),
                SendError("no connection", transient=True, everywhere=True),
                SendError("no answer", transient=True, uncertain=True),
            ]
        )


async def _some_of_it(delivery: Delivery, post: Post, second: float, dies: bool) -> None:
    if not dies:
        await delivery.run_once(post.after(second))
        return
    task = asyncio.create_task(delivery.run_once(post.after(second)))
    for _ in range(30):
        await asyncio.sleep(0)
    task.cancel()
    for flying in delivery._flying():
        flying.cancel()
    await asyncio.gather(task, *delivery._flying(), return_exceptions=True)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nothing_is_lost_and_order_is_kept(any_post: Post, seed: int) -> None:
    print("seed", seed)
    post, weather, chances = any_post, Weather(seed), random.Random(seed)
    platform = Platform(answers=[weather])
    chats = [post.chat(f"u{n}") for n in range(6)]
    expected: dict[tuple[int, int], list[str]] = defaultdict(list)
    ids = {}

    async def run() -> None:
        delivery = Delivery(post.database, {"play": platform}, chance=chances.random, threads=False)
        for second in range(0, 3000, 20):
            if second < 1000:
                chat, lane = chances.choice(chats), chances.choice([0, 1, 2])
                text = f"{second} in {chat} lane {lane}"
                ids[text] = post.put(chat, text, lane=lane)
                expected[chat, lane].append(text)
            weather.fine = second > 2000
            dies = chances.random() < 0.1
            await _some_of_it(delivery, post, second, dies)
            if dies:
                delivery = Delivery(post.database, {"play": platform}, chance=chances.random, threads=False)

    asyncio.run(run())
    states = {text: post.row(id) for text, id in ids.items()}
    shown = [out.text for out in platform.shown.values()]
    assert not [t for t, row in states.items() if row.state == "sent" and t not in shown]
    assert not [t for t, row in states.items() if row.state not in ("sent", "failed")]
    lost = [row.reason for t, row in states.items() if row.state == "failed"]
    assert all("arrived" in reason or reason == "the server failed" for reason in lost) and len(lost) <= 5
    twice = repeated(shown)
    assert not [t for t in twice if "arrived" not in (states[t].reason or "")]
    for texts in expected.values():
        firsts = [shown.index(t) for t in texts if t in shown]
        assert firsts == sorted(firsts)
