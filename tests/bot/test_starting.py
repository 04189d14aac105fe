"""What a start leaves for later is there before anybody asks for it."""

from __future__ import annotations

import asyncio
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
        asyncio.run(starting.rest(world, asyncio.Event(), clock, after=0.0))
    assert law.days == [START.date()]
    assert "embedded" in vars(law), "the statutes are read"
    assert type(seldom) is late.Regex, "it is compiled"


def test_a_stop_meanwhile_loads_nothing(tmp_path: Path) -> None:
    law, stop = Asked(), asyncio.Event()
    stop.set()
    with playing.stage(None, f"sqlite:///{tmp_path / 'rest.db'}", meaning=False) as world:
        world.law = law
        asyncio.run(starting.rest(world, stop, clock))
    assert law.days == []
