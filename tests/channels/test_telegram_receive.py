"""Updates are acknowledged only after they are committed; strangers and nonsense are refused."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from http import HTTPStatus
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from bot.channels import telegram_receive
from bot.channels.base import Answered, Inbound, SendError, Unavailable
from bot.channels.telegram import TelegramChannel
from bot.channels.telegram_receive import PATH, before, door, poll, webhook
from tests.support.telegram_api import TOKEN, Refused, TelegramApi

SECRET = "a-secret-of-the-tests"


class Inbox:
    """Commits what it is given, unless the database is away."""

    def __init__(self) -> None:
        self.rows: list[Inbound] = []
        self.away = 0  # so many times more

    async def __call__(self, inbound: Inbound) -> bool:
        await asyncio.sleep(0)
        if self.away > 0:
            self.away -= 1
            raise Unavailable
        new = inbound.key not in {row.key for row in self.rows}
        if new:
            self.rows.append(inbound)
        return new


@pytest.fixture
def people() -> TelegramApi:
    return TelegramApi()


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


# -- webhook ----------------------------------------------------------------------------------------------------------


def knock(inbox: Inbox, body: bytes | Any, *, secret: str | None = SECRET) -> httpx.Response:
    """What Telegram, or somebody who says so, gets for posting this."""

    async def run() -> httpx.Response:
        channel = TelegramChannel(TOKEN, bot_name="linli_test_bot")
        app = before(webhook(channel, inbox, SECRET), Starlette())
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret is not None else {}
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot") as client:
            return await client.post(PATH, content=content, headers=headers)

    return asyncio.run(run())


def test_an_update_is_committed_and_then_acknowledged(people: TelegramApi, inbox: Inbox) -> None:
    update = people.says(7, "您好")
    assert knock(inbox, update).status_code == 200
    assert knock(inbox, update).status_code == 200  # twice is once
    assert [row.text for row in inbox.rows] == ["您好"]


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", "密"])
def test_strangers_are_refused(people: TelegramApi, inbox: Inbox, secret: str | None) -> None:
    if secret == "密":
        with pytest.raises(UnicodeEncodeError):
            knock(inbox, people.says(7, "您好"), secret=secret)
        return
    assert knock(inbox, people.says(7, "您好"), secret=secret).status_code == 401
    assert not inbox.rows


def test_without_a_secret_there_is_no_door(inbox: Inbox) -> None:
    with pytest.raises(ValueError, match="LINLI_TELEGRAM_WEBHOOK_SECRET"):
        webhook(TelegramChannel(TOKEN), inbox, "")


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"[" * 100_000, b'{"update_id":' + b"9" * 5000 + b"}"],
    ids=["empty", "half", "list", "null", "string", "not utf-8", "deep", "endless number"],
)
def test_bad_json_is_refused_politely(inbox: Inbox, body: bytes) -> None:
    assert knock(inbox, body).status_code == 400 and not inbox.rows


def test_a_body_that_is_too_large(inbox: Inbox) -> None:
    assert knock(inbox, b'{"a":"' + b"x" * 1_100_000 + b'"}').status_code == 413


@pytest.mark.parametrize("update", [{}, {"update_id": 1}, {"update_id": 1, "new_kind": {}}, {"message": 5}, {"x": [1]}])
def test_unknown_kinds_are_acknowledged_or_they_would_come_for_a_day(inbox: Inbox, update: dict[str, Any]) -> None:
    assert knock(inbox, update).status_code == 200 and not inbox.rows


def test_while_the_database_is_away_telegram_is_asked_to_come_again(people: TelegramApi, inbox: Inbox) -> None:
    inbox.away = 1
    update = people.says(7, "您好")
    answer = knock(inbox, update)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert knock(inbox, update).status_code == 200 and len(inbox.rows) == 1


# -- the bare door ----------------------------------------------------------------------------------------------------


class Drawer:
    """What the bare door puts, and who is to hear what became of it."""

    def __init__(self) -> None:
        self.put: list[tuple[Inbound, Answered]] = []

    def __call__(self, said: Inbound, answered: Answered) -> None:
        self.put.append((said, answered))


def at_the_door(drawer: Drawer, body: Any, *, name: str = "linli_test_bot") -> tuple[bool, list[HTTPStatus]]:
    """Whether the bare door takes a body, and the answers so far."""
    heard: list[HTTPStatus] = []
    taken = door(TelegramChannel(TOKEN, bot_name=name), drawer, SECRET).take(
        body if isinstance(body, bytes) else json.dumps(body).encode(), heard.append
    )
    return taken, heard


@pytest.mark.parametrize(
    ("outcome", "status"), [(True, 200), (False, 200), (Unavailable("away"), 503), (ValueError("a bug"), 500)]
)
def test_the_bare_door_answers_after_the_outcome(people: TelegramApi, outcome: bool | Exception, status: int) -> None:
    drawer = Drawer()
    taken, heard = at_the_door(drawer, people.says(7, "您好"))
    assert taken and not heard
    [(said, answered)] = drawer.put
    answered(outcome)
    assert said.text == "您好" and heard == [status]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b"null", b'"a"', b"\xff\xfe", b"[" * 100_000, b'{"a":NaN'])
def test_the_bare_door_leaves_to_the_pages_what_is_no_update(body: bytes) -> None:
    drawer = Drawer()
    assert at_the_door(drawer, body) == (False, []) and not drawer.put


def test_the_bare_door_takes_what_concerns_nobody_and_waits_until_it_knows_its_name(people: TelegramApi) -> None:
    drawer = Drawer()
    assert at_the_door(drawer, {"update_id": 5, "poll": {}}) == (True, [HTTPStatus.OK]) and not drawer.put
    assert at_the_door(drawer, people.says(7, "您好"), name="") == (False, [])


# -- polling ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def root(people: TelegramApi) -> Iterator[str]:
    with people.running() as address:
        yield address


async def until(holds: Callable[[], bool]) -> None:
    while not holds():
        await asyncio.sleep(0.005)


def polling(root: str, inbox: Inbox, script: Callable[[], Awaitable[None]], *, token: str = TOKEN) -> None:
    async def run() -> None:
        stop = asyncio.Event()
        channel = TelegramChannel(token, base_url=root, bot_name="linli_test_bot")
        task = asyncio.create_task(poll(channel, inbox, stop))
        async with asyncio.timeout(20):
            await script()
            stop.set()
            await task  # at once, though the long poll lasts 25 seconds
        await channel.close()

    asyncio.run(run())


def test_polling_takes_what_comes_in_order(people: TelegramApi, root: str, inbox: Inbox) -> None:
    for n in range(250):
        people.says(7, str(n))
    people.update(channel_post={"what": "ever"})

    async def script() -> None:
        await until(lambda: len(inbox.rows) == 250)
        people.says(7, "noch etwas")
        await until(lambda: len(inbox.rows) == 251 and not list(people.pending)[1:])

    polling(root, inbox, script)
    assert [row.text for row in inbox.rows[:250]] == [str(n) for n in range(250)]
    asked = next(given for method, given in people.calls if method == "getUpdates")
    assert asked["allowed_updates"] == ["message", "edited_message", "callback_query", "my_chat_member"]


def test_an_update_that_nothing_can_keep_is_left_behind_in_the_end(
    people: TelegramApi, root: str, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telegram_receive, "LONGEST_PAUSE", 0.001)
    asked = []

    class Spoilt(Inbox):
        async def __call__(self, inbound: Inbound) -> bool:
            if inbound.text == "毒":
                asked.append(inbound.key)
                raise ValueError("no database takes this")
            return await super().__call__(inbound)

    picky = Spoilt()
    for text in ("前", "毒", "后"):
        people.says(7, text)

    async def script() -> None:
        await until(lambda: len(picky.rows) == 2)

    polling(root, picky, script)
    assert [row.text for row in picky.rows] == ["前", "后"]
    assert len(asked) == telegram_receive.SPOILT_TRIES and len(set(asked)) == 1


def test_what_was_not_committed_is_not_acknowledged(
    people: TelegramApi, root: str, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telegram_receive, "LONGEST_PAUSE", 0.02)
    first, second = people.says(7, "一"), people.says(7, "二")
    inbox.away = 3

    async def script() -> None:
        await until(lambda: inbox.away == 1)
        assert {first["update_id"], second["update_id"]} <= set(people.pending)
        await until(lambda: len(inbox.rows) == 2)
        people.says(7, "三")
        await until(lambda: len(inbox.rows) == 3)

    polling(root, inbox, script)
    assert [row.text for row in inbox.rows] == ["一", "二", "三"]


def test_network_errors_are_waited_out(
    people: TelegramApi, root: str, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telegram_receive, "LONGEST_PAUSE", 0.02)
    bad = [
        Refused(502, "Bad Gateway"),
        Refused(429, "Too Many Requests", retry_after=1),
        Refused(409, "Conflict: other"),
    ]
    people.faults.append(lambda method, given: bad.pop() if method == "getUpdates" and bad else None)
    people.says(7, "您好")

    async def script() -> None:
        await until(lambda: len(inbox.rows) == 1)

    from structlog.testing import capture_logs

    with capture_logs() as lines:
        polling(root, inbox, script)
    reasons = [line["reason"] for line in lines if line["event"] == "telegram.poll_failed"]
    assert reasons == ["Conflict: other", "too many requests", "the server failed"]
    assert "a second program polls with the same token" in lines[0]["advice"]
    assert TOKEN not in str(lines)


def test_a_webhook_left_behind_is_taken_down_before_polling(people: TelegramApi, root: str, inbox: Inbox) -> None:
    people.webhook = {"url": "https://old.example"}
    people.says(7, "您好")

    async def script() -> None:
        await until(lambda: len(inbox.rows) == 1)

    polling(root, inbox, script)
    assert people.webhook == {}


def test_as_long_as_the_bot_does_not_know_its_name_updates_have_to_come_again(
    people: TelegramApi, root: str, inbox: Inbox
) -> None:
    down = [True]
    people.faults.append(lambda method, given: Refused(500, "Internal Server Error") if down[0] else None)

    async def run() -> list[int]:
        app = before(webhook(TelegramChannel(TOKEN, base_url=root), inbox, SECRET), Starlette())
        update, codes = people.says(7, "@linli_test_bot 您好", -100), []
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot") as client:
            for state in (True, False):
                down[0] = state
                headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
                codes.append((await client.post(PATH, json=update, headers=headers)).status_code)
        return codes

    assert asyncio.run(run()) == [503, 200]
    assert inbox.rows[0].addressed and inbox.rows[0].text == "您好"


def test_setting_the_webhook_says_where_and_with_which_secret(people: TelegramApi, root: str) -> None:
    async def run(token: str) -> None:
        channel = TelegramChannel(token, base_url=root)
        await channel.set_webhook("https://linli.example/telegram/webhook", SECRET)

    asyncio.run(run(TOKEN))
    assert (people.webhook["url"], people.webhook["secret_token"]) == ("https://linli.example/telegram/webhook", SECRET)
    with pytest.raises(SendError, match="does not know the bot token"):
        asyncio.run(run("1:wrong"))
