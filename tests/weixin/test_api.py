"""The client: one token for all, asked for once, a wrong secret five times an hour, and no secret in anything told."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from bot.channels.base import SendError
from bot.channels.wechat.channel import account
from bot.channels.weixin.api import Api, ApiError
from storage import tokens
from storage.database import Database
from tests.support.databases import SECRET as DATABASE_SECRET
from tests.support.databases import blank, database, database_url
from tests.support.hours import Hours
from tests.support.wechat_api import APP_ID, SECRET, WeChatApi

__all__ = ["database", "database_url"]


@pytest.fixture
def hours() -> Hours:
    return Hours()


@pytest.fixture
def platform(hours: Hours) -> WeChatApi:
    return WeChatApi(clock=hours.clock)


@pytest.fixture
def root(platform: WeChatApi) -> Iterator[str]:
    with platform.running() as root:
        yield root


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[Database]:
    opened = blank(tmp_path)
    yield opened
    opened.close()


def client(rows: Database, hours: Hours, root: str, secret: str = SECRET) -> Api:
    return Api(account(APP_ID, secret, root), rows, hours.clock)


async def menus(api: Api, times: int) -> None:
    await asyncio.gather(*(api.post("/cgi-bin/menu/create", {"n": n}) for n in range(times)))
    await api.close()


def test_many_calls_of_two_processes_ask_for_one_token(
    rows: Database, hours: Hours, platform: WeChatApi, root: str
) -> None:
    async def run() -> None:
        await asyncio.gather(menus(client(rows, hours, root), 10), menus(client(rows, hours, root), 10))

    asyncio.run(run())
    assert platform.asked_tokens == 1 and platform.errors == []


def test_a_token_that_is_void_is_asked_for_anew_once(
    rows: Database, hours: Hours, platform: WeChatApi, root: str
) -> None:
    async def run() -> None:
        api = client(rows, hours, root)
        await api.post("/cgi-bin/menu/create", {})
        platform.forget_tokens()
        await api.post("/cgi-bin/menu/create", {})
        await api.close()

    asyncio.run(run())
    assert platform.asked_tokens == 2 and platform.errors == [40001]


@pytest.mark.parametrize("code", [40001, 40014, 42001])
def test_a_platform_that_refuses_every_token_is_not_asked_without_end(
    rows: Database, hours: Hours, platform: WeChatApi, root: str, code: int
) -> None:
    platform.once = [code] * 1000

    async def run() -> None:
        api = client(rows, hours, root)
        for _ in range(30):
            with pytest.raises((ApiError, SendError)):
                await api.post("/cgi-bin/menu/create", {})
        await api.close()

    asyncio.run(run())
    assert platform.asked_tokens == tokens.MOST


def test_a_wrong_secret_is_tried_five_times_an_hour(
    rows: Database, hours: Hours, platform: WeChatApi, root: str
) -> None:
    async def run() -> list[SendError]:
        found = []
        api = client(rows, hours, root, secret="a-wrong-one-that-is-long-enough")
        for _ in range(40):
            with pytest.raises(SendError) as raised:
                await api.post("/cgi-bin/menu/create", {})
            found.append(raised.value)
        await api.close()
        return found

    refused = asyncio.run(run())
    assert platform.asked_tokens == tokens.MOST
    assert all(error.transient and error.everywhere for error in refused)
    assert "check the secret" in refused[-1].reason
    hours.now += tokens.HOUR
    asyncio.run(run())
    assert platform.asked_tokens == 2 * tokens.MOST


def test_a_platform_that_is_away_does_not_count(rows: Database, hours: Hours, platform: WeChatApi) -> None:
    async def run(root: str) -> None:
        api = client(rows, hours, root)
        try:
            await api.post("/cgi-bin/menu/create", {})
        finally:
            await api.close()

    with platform.running() as root:
        pass  # its port is free again
    for _ in range(tokens.MOST + 1):
        with pytest.raises(SendError) as raised:
            asyncio.run(run(root))
        assert raised.value.transient and not raised.value.uncertain
    with platform.running() as again:
        asyncio.run(run(again))
    assert platform.asked_tokens == 1


def test_no_secret_and_no_token_in_what_is_raised_or_logged(
    rows: Database, hours: Hours, platform: WeChatApi, root: str, caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    wrong = "a-wrong-secret-that-nobody-may-read"
    told = []

    async def run(api: Api) -> None:
        try:
            await api.post("/cgi-bin/menu/create", {})
        except (SendError, ApiError, httpx.HTTPError) as error:
            told.append("".join(traceback.format_exception(error)))
        await api.close()

    caplog.set_level(logging.DEBUG)
    asyncio.run(run(client(rows, hours, root, secret=wrong)))
    asyncio.run(run(client(rows, hours, root)))
    platform.once = [45009]
    asyncio.run(run(client(rows, hours, root)))
    asyncio.run(run(client(rows, hours, "http://127.0.0.1:1")))
    output = capsys.readouterr()
    everything = "\n".join([*told, caplog.text, output.out, output.err])
    assert len(told) == 3
    assert not any(word in everything for word in (wrong, SECRET, "access_token=", "token-0"))


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (
            "not allow to access from your ip, hint: [1700000000_abc], from ip: 203.0.113.7, more info at https://x/?e=60020",
            "60020 not allow to access from your ip, from ip: 203.0.113.7, more info at …",
        ),
        ("invalid ip 203.0.113.7, not in whitelist rid: 5f9e-123", "60020 invalid ip 203.0.113.7, not in whitelist"),
        ("invalid appsecret 0123456789abcdef0123 secret=short", "60020 invalid appsecret … …"),
    ],
)
def test_an_error_says_what_an_operator_needs_and_no_secret(said: str, kept: str) -> None:
    assert str(ApiError(60020, said)) == kept


def test_who_takes_a_token_waits_for_who_asks(database: Database, hours: Hours) -> None:
    name = "wechat:x"
    with database.write() as conn:
        assert tokens.take(conn, name, hours.now) == tokens.Ask()
    with database.write() as conn:
        assert tokens.take(conn, name, hours.now) == tokens.Wait()
        tokens.keep(conn, name, "t", hours.now + 2 * tokens.HOUR)
    with database.write() as conn:
        assert tokens.take(conn, name, hours.now) == "t"
        tokens.drop(conn, name, "another")
        assert tokens.take(conn, name, hours.now) == "t"
        tokens.drop(conn, name, "t")
        assert tokens.take(conn, name, hours.now) == tokens.Ask()
        assert tokens.take(conn, name, hours.now + tokens.FETCHING) == tokens.Ask()  # whoever asked has died


def test_so_many_tokens_an_hour_and_then_none_until_it_is_over(database: Database, hours: Hours) -> None:
    over = hours.now + tokens.HOUR
    with database.write() as conn:
        for _ in range(2 * tokens.MOST):  # nobody answered: that was no try
            assert tokens.take(conn, "x", hours.now) == tokens.Ask()
            tokens.give_back(conn, "x", asked=False)
        for _ in range(tokens.MOST):
            assert tokens.take(conn, "x", hours.now) == tokens.Ask()
            tokens.give_back(conn, "x", asked=True)
        assert tokens.take(conn, "x", over - timedelta(seconds=1)) == tokens.Closed(over)
        assert tokens.take(conn, "x", over) == tokens.Ask()


def test_a_token_is_kept_sealed_and_is_asked_for_anew_under_another_secret(tmp_path: Path, hours: Hours) -> None:
    url = f"sqlite:///{tmp_path / 'linli.db'}"
    rows = Database.open(url, durable=False, secret=DATABASE_SECRET)
    rows.upgrade()
    with rows.write() as conn:
        tokens.take(conn, "wechat:x", hours.now)
        tokens.keep(conn, "wechat:x", "token-of-the-platform", hours.now + 2 * tokens.HOUR)
        assert tokens.take(conn, "wechat:x", hours.now) == "token-of-the-platform"
    rows.close()
    assert b"token-of-the-platform" not in b"".join(path.read_bytes() for path in tmp_path.glob("linli.db*"))
    other = Database.open(url, durable=False, secret="another secret of sixteen letters")
    with other.write() as conn:
        assert tokens.take(conn, "wechat:x", hours.now) == tokens.Ask()
    other.close()
