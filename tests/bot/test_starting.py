"""What a start leaves for later is there before anybody asks for it."""

from __future__ import annotations

import asyncio
import re
from datetime import date, datetime
from pathlib import Path

from bot import playing, starting
from bot.channels.play import START
from bot.law import LazyLaw
from flows.facts import Articles, FindArticles
from nlu import late


class Asked(LazyLaw):
    """A law library that keeps the days it was asked for."""

    def __init__(self) -> None:
        super().__init__(meaning=False)
        self.days: list[date] = []

    def answer(self, query: FindArticles) -> Articles:
        self.days.append(query.on)
        return super().answer(query)


def clock() -> datetime:
    return START


def test_the_first_question_of_law_waits_for_no_library(tmp_path: Path) -> None:
    law, seldom = Asked(), late.regex("[一二三]百年")
    with playing.stage(None, f"sqlite:///{tmp_path / 'rest.db'}", meaning=False) as world:
        world.law = law
        asyncio.run(starting.rest(world, asyncio.Event(), clock, asyncio.Event(), after=0.0))
    assert law.days == [START.date()]
    assert "embedded" in vars(law), "the statutes are read"
    assert type(seldom) is late.Regex, "it is compiled"


def test_a_stop_meanwhile_loads_nothing(tmp_path: Path) -> None:
    law, stop = Asked(), asyncio.Event()
    stop.set()
    with playing.stage(None, f"sqlite:///{tmp_path / 'rest.db'}", meaning=False) as world:
        world.law = law
        asyncio.run(starting.rest(world, stop, clock, asyncio.Event()))
    assert law.days == []


def test_patterns_are_compiled_behind_the_first_reply_and_the_second_message_waits_for_none(tmp_path: Path) -> None:
    """One at a time, with room between them for whoever wants a turn; the law still waits for its moment."""
    law, taken = Asked(), asyncio.Event()
    seldom, seen = list[re.Pattern[str]](), list[int]()

    def compiled() -> int:
        return sum(type(one) is late.Regex for one in seldom)

    async def go() -> None:
        stop = asyncio.Event()
        resting = asyncio.create_task(starting.rest(world, stop, clock, taken, after=3600.0))
        await asyncio.sleep(0)
        assert compiled() == 0, "the first reply is still to come"
        taken.set()
        while compiled() < len(seldom):
            seen.append(compiled())
            await asyncio.sleep(0)
        stop.set()
        await resting

    with playing.stage(None, f"sqlite:///{tmp_path / 'rest.db'}", meaning=False) as world:
        world.law = law
        while late.compile_next():  # what other tests left
            pass
        seldom[:] = [late.regex(f"[一二三]百{n}年") for n in range(20)]
        asyncio.run(go())
    assert len(set(seen)) > len(seldom) // 2, "the loop had its turn between them"
    assert law.days == []
