"""Conversations with the intelligent bot, through WeCom's rules: slow turns, cards, pictures, and what is left over."""

from __future__ import annotations

import asyncio

from sqlalchemy import text

from bot.channels.wecom.answers import LATE
from tests.support.wecom_bot import said
from tests.support.weixin_seal import seal_file
from tests.support.weixin_town import Town, picture
from tests.weixin.test_story import town as town


def test_a_slow_turn_loses_nothing_and_says_nothing_twice(town: Town) -> None:
    async def story() -> None:
        for n, seconds in enumerate((0.1, 4.9, 5.1, 14, 60)):
            town.slow = seconds
            await town.mentions("g1", "你好", code=f"c{n}")

    asyncio.run(story())
    begun = [answer["stream"]["finish"] for answer in town.bot.answers]
    assert begun == [True, False, False, False, False] and town.bot.asked >= 4 + 60
    assert len(town.bot.saw("g1")) == 5 and all(said.startswith("我在") for said in town.bot.saw("g1"))
    assert town.states() == {"sent": 5} and len(town.office.mentions) == 5  # no code was needed


def test_what_no_stream_waits_for_is_told_by_the_code_or_when_it_is_spoken_to_again(town: Town) -> None:
    """The turns take longer than the platform asks for them."""

    async def story() -> None:
        town.slow, town.bot.every = 400, 6
        await town.mentions("g1", "你好", code="c1")
        await town.mentions("g1", "谢谢")
        assert town.bot.saw("g1") == [LATE, LATE] and town.office.saw("c1")[0].startswith("我在")
        town.slow = 0.2
        await town.mentions("g1", "你好", code="c2")
        assert "不客气" in town.bot.saw("g1")[2] and town.office.saw("c2")[0].startswith("我在")

    asyncio.run(story())
    assert town.states() == {"sent": 3}


def test_two_who_ask_at_once_each_have_an_answer(town: Town) -> None:
    async def story() -> None:
        town.slow = 10
        both = asyncio.gather(said(town.bot, "w8", "你好", "g1"), said(town.bot, "w9", "你好", "g1"))
        await town._happens(both)

    asyncio.run(story())
    assert len(town.bot.saw("g1")) == 2 and all(said.startswith("我在") for said in town.bot.saw("g1"))
    assert town.states() == {"sent": 2}


def test_a_report_by_cards_in_private_with_its_picture(town: Town) -> None:
    """What is said to the bot is answered there: nothing of it comes from the app."""
    town.office.files["1"] = seal_file(picture())

    async def story() -> None:
        await town.tells_bot("w9", "3号楼楼道灯坏了，晚上看不见台阶", "c0")
        town.slow = 10
        await town.tells_bot("w9", "不留", "c1")
        town.slow = 0.2
        image = {"msgtype": "image", "image": {"url": "https://files.example/files/1"}}
        await town._happens(town.bot.say("w9", {**image, **town._code("p1")}))
        await town.presses_at_bot("w9", "确认", code="c9")

    asyncio.run(story())
    seen = town.bot.saw("w9") + town.office.saw("c9")
    assert any(said.startswith("已登记") for said in seen), seen
    with town.database.read() as conn:
        assert conn.execute(text("SELECT count(*) FROM case_file")).scalar() == 1
    assert not [line for line in town.office.log if line[0] == "w9"], town.office.log
    assert "已选：确认" in next(c["sub_title_text"] for c in town.bot.cards.values() if c["card_type"] == "text_notice")
    assert town.states().keys() == {"sent"} and town.office.errors == []
