"""Delivery and Telegram's channel stay within limits that a server enforces, and lose nothing when told to wait."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bot.channels.telegram import TelegramChannel
from bot.clock import now
from bot.delivery import Delivery
from bot.limits import TELEGRAM, Limits, Rates
from tests.delivery.conftest import Post
from tests.support.telegram_api import TOKEN, TelegramApi


def deliver(post: Post, api: TelegramApi, limits: Limits, done: Callable[[], bool]) -> None:
    async def run(root: str) -> None:
        channel = TelegramChannel(TOKEN, base_url=root, bot_name="linli_test_bot")
        stop, delivery = asyncio.Event(), Delivery(post.database, {"telegram": channel}, limits)
        task = asyncio.create_task(delivery.run(stop))
        async with asyncio.timeout(40):
            while not done():
                await asyncio.sleep(0.02)
            stop.set()
            await task
        await channel.close()

    with api.running() as root:
        asyncio.run(run(root))


def fill(post: Post, api: TelegramApi, groups: int) -> None:
    post.now = now()
    for n in range(1, groups + 1):
        api.chat(-n)
        chat = post.chat(str(-n), kind="group", channel="telegram")
        post.put(chat, f"公告{n}", lane=3)
        if n % 10 == 0:
            post.put(chat, f"再说一句{n}", lane=3)


def test_a_broadcast_is_hardly_ever_told_to_slow_down(post: Post) -> None:
    api = TelegramApi()
    fill(post, api, 60)
    deliver(post, api, Limits({"telegram": TELEGRAM}), lambda: len(api.shown) == 66)
    assert api.limited <= 3  # what left in time can still arrive in a bunch, on a busy machine
    assert set(post.states()) == {"sent"}


def test_told_to_slow_down_everything_still_arrives_once(post: Post) -> None:
    api = TelegramApi(per_second=10)
    fill(post, api, 30)
    deliver(post, api, Limits({"telegram": Rates()}), lambda: len(api.shown) >= 33)
    assert api.limited > 0
    assert sorted(m["text"] for m in api.shown.values()) == sorted(
        [f"公告{n}" for n in range(1, 31)] + [f"再说一句{n}" for n in (10, 20, 30)]
    )
    assert set(post.states()) == {"sent"}
