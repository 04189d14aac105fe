"""The live stream: a reconnect neither loses nor repeats, and nobody hears what is not theirs."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx
import pytest

from bot.channels.base import Act, Outbound
from tests.web.house import House, Served


class Browser:
    """A visitor over real HTTP."""

    def __init__(self, served: Served) -> None:
        self.http = httpx.Client(base_url=served.url, headers={"x-linli": "1"}, timeout=10)
        self.http.get("/chat")
        self.last = ""

    def post(self, n: int, text: str, chat: str = "private") -> None:
        fields = {"id": f"m-{n:08}", "as": "0", "chat": chat, "text": text}
        self.http.post("/chat/send", json=fields).raise_for_status()

    @contextmanager
    def listening(self, since: str = "") -> Iterator[Iterator[dict[str, Any]]]:
        """The events of a stream that goes on after the last one heard."""
        headers = {"last-event-id": self.last} if self.last else {}
        with self.http.stream("GET", "/chat/stream", params={"as": "0", "since": since}, headers=headers) as answer:
            assert answer.status_code == 200
            yield self._events(answer.iter_lines())

    def _events(self, lines: Iterator[str]) -> Iterator[dict[str, Any]]:
        for line in lines:
            if line.startswith("id: "):
                self.last = line[4:]
            if line.startswith("data: "):
                yield json.loads(line[6:])

    def hear(self, count: int, since: str = "") -> list[str]:
        with self.listening(since) as events:
            return [next(events)["line"]["text"] for _ in range(count)]


@pytest.fixture
def browser(served: Served) -> Iterator[Browser]:
    made = Browser(served)
    yield made
    made.http.close()


def test_what_is_said_comes_over_the_stream(browser: Browser) -> None:
    browser.post(1, "灯坏了")
    assert browser.hear(1, since="private=0") == ["灯坏了"]
    browser.post(2, "还在吗")
    assert browser.hear(1) == ["还在吗"]


def test_a_reconnect_at_any_moment_neither_loses_nor_repeats(house: House, browser: Browser) -> None:
    house.settle()
    seed = random.randrange(10**6)
    print("seed", seed)
    chance = random.Random(seed)
    said = [f"第{n}句" for n in range(12)]
    heard: list[str] = []
    waiting = 0
    since = "private=0&liuwan=0"
    for n, text in enumerate(said):
        browser.post(n, text, chance.choice(["private", "liuwan"]))
        waiting += 1
        if chance.random() < 0.4:
            heard += browser.hear(waiting, since)
            since, waiting = "", 0
    heard += browser.hear(waiting, since) if waiting else []
    assert sorted(heard) == sorted(said)


def test_an_edit_made_while_away_is_heard(house: House, browser: Browser) -> None:
    browser.post(1, "你好")
    me = house.heard[0].sender
    card = house.say(me, "等待接单", 1)
    assert browser.hear(2, since="private=0") == ["你好", "等待接单"]

    asyncio.run(house.channel.send(Outbound(Act.EDIT, me, "正在办理", message=card, outbox=2)))
    with browser.listening() as events:
        line = next(events)["line"]
    assert (line["id"], line["text"], line["version"]) == (int(card), "正在办理", 2)


def test_a_stream_without_a_cursor_begins_now(house: House, browser: Browser) -> None:
    browser.post(1, "以前的话")
    with browser.listening() as events:
        browser.post(2, "现在的话")
        assert next(events)["line"]["text"] == "现在的话"


@pytest.mark.parametrize("cursor", ["private=-1", "private=x", "private=9999999999999999999999", "\0", "=&=&"])
def test_a_cursor_made_up_breaks_nothing(browser: Browser, cursor: str) -> None:
    with browser.http.stream("GET", "/chat/stream", params={"as": "0", "since": cursor}) as answer:
        assert answer.status_code == 200


def test_others_hear_the_group_and_not_the_private_chat(house: House, served: Served, browser: Browser) -> None:
    house.settle()
    other = Browser(served)
    browser.post(1, "私下说的")
    browser.post(2, "群里说的", "liuwan")
    assert other.hear(1, since="private=0&liuwan=0") == ["群里说的"]
    other.http.close()


def test_too_many_streams_of_one_visitor_are_refused(browser: Browser) -> None:

    with ExitStack() as open_streams:
        for _ in range(8):
            open_streams.enter_context(browser.listening())
        assert browser.http.get("/chat/stream?as=0").status_code == 429
