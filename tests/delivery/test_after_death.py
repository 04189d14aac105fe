"""What the next sender knows: the wait a platform asked for, what may have arrived, what is not its to give back."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.channels.base import SendError
from bot.delivery import Delivery
from bot.letters import TWICE
from bot.picking import LEASE
from storage import outbox
from tests.delivery.conftest import Post
from tests.support.platforms import Platform, first


def deliver(post: Post, platform: Platform, second: float) -> None:
    """By a process of its own."""
    asyncio.run(Delivery(post.database, {"play": platform}, threads=False).run_once(post.after(second)))


def died_over(post: Post, second: float = 0) -> list[outbox.OutboxRow]:
    """Somebody claims all there is, and is heard of no more."""
    with post.database.write() as conn:
        return outbox.claim(conn, post.after(second), lease=LEASE, limit=99)


def test_the_wait_a_platform_asked_for_outlives_who_was_told(post: Post) -> None:
    platform = Platform(answers=[first(1, lambda: SendError("429", transient=True, retry_after=30))])
    post.put(post.chat(), "一")
    post.put(post.chat("u2"), "二")
    deliver(post, platform, 0)
    deliver(post, platform, 29)
    assert len(platform.asked) == 2 and platform.texts() == ["二"]
    deliver(post, platform, 31)
    assert platform.texts() == ["二", "一"]


def test_a_wait_for_the_whole_bot_outlives_who_was_told(post: Post) -> None:
    refused = SendError("429", transient=True, retry_after=30, everywhere=True)
    platform = Platform(answers=[first(1, lambda: refused)])
    post.put(post.chat(), "一")
    deliver(post, platform, 0)
    post.put(post.chat("u2"), "二")
    deliver(post, platform, 29)
    assert len(platform.asked) == 1 and platform.texts() == []
    deliver(post, platform, 31)
    assert sorted(platform.texts()) == ["一", "二"]


def test_who_takes_a_channel_over_asks_what_it_told_the_one_before(post: Post) -> None:
    refused = SendError("429", transient=True, retry_after=30, everywhere=True)
    platform = Platform(answers=[first(1, lambda: refused)])
    mine: set[str] = set()
    other = Delivery(post.database, {"play": platform}, threads=False, serves=mine.__contains__)
    asyncio.run(other.run_once(post.after(0)))
    post.put(post.chat(), "一")
    deliver(post, platform, 1)
    mine.add("play")
    post.put(post.chat("u2"), "二")
    asyncio.run(other.run_once(post.after(2)))
    assert len(platform.asked) == 1
    asyncio.run(other.run_once(post.after(32)))
    assert sorted(platform.texts()) == ["一", "二"]


def test_a_reminder_whose_sender_died_is_not_sent_again_and_a_reply_is(post: Post) -> None:
    platform = Platform()
    reminder = post.put(post.chat(), "提醒您", payload={"once": True})
    post.put(post.chat("u2"), "您好")
    died_over(post)
    deliver(post, platform, LEASE.total_seconds())
    assert platform.texts() == ["您好"]
    assert post.row(reminder).state == "failed" and post.row(reminder).reason.startswith(TWICE)


def test_a_reminder_that_was_not_taken_is_tried_again(post: Post) -> None:
    platform = Platform(answers=[first(1, lambda: SendError("500", transient=True))])
    post.put(post.chat(), "提醒您", payload={"once": True})
    deliver(post, platform, 0)
    deliver(post, platform, 10)
    assert platform.texts() == ["提醒您"]


def test_who_was_overtaken_gives_nothing_back(post: Post) -> None:
    row = post.put(post.chat(), "一")
    [slow] = died_over(post)
    [quick] = died_over(post, LEASE.total_seconds())
    with post.database.write() as conn:
        outbox.back(conn, row, reason="waits for its turn", tries=slow.tries)
        outbox.later(conn, row, not_before=post.after(0), reason="500", tries=slow.tries)
        outbox.failed(conn, row, reason="gone", tries=slow.tries)
    assert post.row(row).state == "new" and post.row(row).lease_until == post.after(30) + LEASE
    assert died_over(post, 31) == []
    with post.database.write() as conn:
        outbox.back(conn, row, reason="waits for its turn", tries=quick.tries)
    assert [each.id for each in died_over(post, 31)] == [row]


def test_a_lease_is_counted_from_the_claim_however_long_the_claim_took(post: Post) -> None:
    """The database kept the sender waiting for nearly as long as the lease is: it sends no more."""
    platform = Platform()
    post.put(post.chat(), "一")
    times = iter([post.after(0), *[post.after(28)] * 20])
    delivery = Delivery(post.database, {"play": platform}, threads=False, clock=lambda: next(times))

    async def once() -> None:
        await delivery._step(delivery._clock)
        await asyncio.gather(*delivery._flying())
        await delivery._exchange([], post.after(28) + timedelta(seconds=1))

    asyncio.run(once())
    assert platform.asked == []
    deliver(post, platform, 30)
    assert platform.texts() == ["一"]
