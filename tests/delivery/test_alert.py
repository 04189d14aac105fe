"""An alert to many groups: at the platform's pace, behind every reply, and never after its end."""

from __future__ import annotations

import asyncio

from bot.channels.base import SendError
from bot.delivery import Delivery
from bot.limits import TELEGRAM, Limits
from flows.effects import Lane
from storage import broadcasts
from tests.delivery.conftest import START, Post
from tests.support.platforms import Platform


def alerted(post: Post, groups: int, *, lasts: float) -> None:
    chats = [post.chat(f"g{n}", kind="group", channel="telegram") for n in range(groups)]
    rows = [{"chat_id": chat, "payload": {"text": "大风"}, "not_before": START} for chat in chats]
    common = {"lane": int(Lane.BROADCAST), "created_at": START, "not_after": post.after(lasts)}
    with post.database.write() as conn:
        assert len(broadcasts.put(conn, "alert.1.tell", rows, common)) == groups


def run(post: Post, platform: Platform, seconds: range) -> None:
    delivery = Delivery(post.database, {"telegram": platform}, Limits({"telegram": TELEGRAM}), threads=False)

    async def steps() -> None:
        for second in seconds:
            await delivery.run_once(post.after(second))

    asyncio.run(steps())


def test_a_reply_does_not_wait_behind_an_alert(post: Post) -> None:
    platform = Platform(name="telegram")
    alerted(post, 90, lasts=3600)
    run(post, platform, range(2))
    before = len(platform.asked)
    post.put(post.chat("u1", channel="telegram"), "您好", lane=int(Lane.REPLY))
    run(post, platform, range(2, 3))
    assert "您好" in [out.text for out in platform.asked[before : before + 3]]  # three may be under way at once
    assert before <= 3 + 27 * 2  # the platform's pace


def test_nothing_goes_out_after_the_end(post: Post) -> None:
    platform = Platform(name="telegram")
    alerted(post, 90, lasts=2)
    run(post, platform, range(8))
    sent = len(platform.texts())
    assert 0 < sent < 90
    run(post, platform, range(3600, 3602))
    assert len(platform.texts()) == sent


def test_a_group_gone_in_the_middle_leaves_the_others(post: Post) -> None:
    platform = Platform(name="telegram")
    platform.answers.append(
        lambda out: SendError("bot was kicked", transient=False, gone="left") if out.chat == "g3" else None
    )
    alerted(post, 6, lasts=3600)
    run(post, platform, range(3))
    assert len(platform.texts()) == 5
    assert post.states().count("failed") == 1
