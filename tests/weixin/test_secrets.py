"""Whatever goes wrong on the wire, no secret, token, key or code is in what is raised, logged or written down."""

from __future__ import annotations

import asyncio
import logging
import ssl
import traceback
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from bot.channels.base import Act, Channel, Outbound
from bot.channels.wechat.channel import WeChatChannel
from bot.channels.wechat.channel import account as wechat_account
from bot.channels.wecom.channel import WeComChannel
from bot.channels.wecom.channel import account as wecom_account
from bot.channels.weixin.api import Account, Api
from bot.channels.weixin.replies import Replies
from bot.delivery import Delivery
from storage import bot_answers, outbox, people, windows
from storage.database import Database
from tests.support.databases import blank
from tests.support.hours import Hours

CANARIES = ("canary-secret", "canary-token", "canary-key", "canary-code")
Fault = Callable[[httpx.Request], httpx.Response]


def raising(kind: type[Exception]) -> Fault:
    def fault(request: httpx.Request) -> httpx.Response:
        raise kind(f"cannot reach {request.url} {request.content.decode(errors='replace')}")

    return fault


def saying(status: int, body: str) -> Fault:
    """An answer that repeats what was asked, as some servers' pages do."""
    return lambda request: httpx.Response(
        status,
        text=body.replace("URL", str(request.url)),
        headers={"location": str(request.url), "x": str(request.url)},
    )


FAULTS: dict[str, Fault] = {
    **{
        kind.__name__: raising(kind)
        for kind in (
            httpx.ConnectError, httpx.ConnectTimeout, httpx.ReadTimeout, httpx.WriteError, httpx.PoolTimeout,
            httpx.RemoteProtocolError, httpx.ProxyError, httpx.UnsupportedProtocol, httpx.DecodingError,
            httpx.TooManyRedirects, httpx.InvalidURL, ssl.SSLError, OSError, RuntimeError, ValueError, UnicodeError,
        )
    },
    "500": saying(500, "URL"),
    "403": saying(403, "URL"),
    "302": saying(302, "URL"),
    "no json": saying(200, "<html>URL</html>"),
    "another form": saying(200, '["URL"]'),
    "a code": saying(200, '{"errcode": 40125, "errmsg": "invalid appsecret URL"}'),
    "a code that is none": saying(200, '{"errcode": "URL", "errmsg": "URL"}'),
    "no media": saying(200, '{"errcode": 0, "url": "URL"}'),
}  # fmt: skip


async def no_wait(seconds: float) -> None:
    """No limit is near here."""


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[Database]:
    opened = blank(tmp_path)
    (tmp_path / "p.jpg").write_bytes(b"picture")
    yield opened
    opened.close()


def wire(fault: Fault, *, token: bool) -> httpx.MockTransport:
    """The fault everywhere, but where tokens are given (unless that is to fail too)."""

    def answer(request: httpx.Request) -> httpx.Response:
        if token and request.url.path.endswith("token"):
            return httpx.Response(200, json={"access_token": "canary-token", "expires_in": 7200})
        return fault(request)

    return httpx.MockTransport(answer)


def channels(rows: Database, hours: Hours, folder: Path, transport: httpx.MockTransport) -> dict[str, Channel]:
    def api(account: Account) -> Api:
        return Api(account, rows, hours.clock, threads=False, transport=transport)

    wechat = api(wechat_account("wx0123456789abcdef", "canary-secret", "http://wechat.test"))
    wecom = api(wecom_account("ww0123456789abcdef", 7, "canary-secret", "http://wecom.test"))
    link = lambda code: code  # noqa: E731
    return {
        "wechat": WeChatChannel(
            wechat, Replies(0), rows, hours.clock, files=folder, link=link, template={"template_id": "t"}, threads=False
        ),
        "wecom": WeComChannel(
            wecom, 7, Replies(0), rows, hours.clock, files=folder, link=link, page="http://l", threads=False,
            robots={"west": "canary-key"}, sleep=no_wait,
        ),
    }  # fmt: skip


def letters(rows: Database, hours: Hours) -> None:
    """One message to each kind of place, with and without a photo."""
    with rows.write() as conn:
        windows.opened(conn, "wechat", "u1", 5, 3600, hours.now)
        bot_answers.keep(conn, "bot:g1", "m1", "canary-code", hours.now)
        places = [("wechat", "u1", "private"), ("wechat", "u2", "private"), ("wecom", "w1", "private")]
        places += [("wecom", way, "group") for way in ("app:w1|w2", "appchat:a1", "robot:west", "bot:g1")]
        for channel, address, kind in places:
            chat = people.chat_for(conn, channel, address, kind=kind, person_id=None)
            people.heard(conn, chat.id, hours.now)
            for payload in ({"text": "您好"}, {"text": "看", "photo": "p.jpg"}):
                outbox.put(conn, chat_id=chat.id, kind="say", lane=1, payload=payload, now=hours.now)


@pytest.mark.parametrize("token", [True, False], ids=["calls", "tokens"])
@pytest.mark.parametrize("name", FAULTS)
def test_no_canary_is_told_whatever_goes_wrong(
    rows: Database, tmp_path: Path, name: str, token: bool, caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    hours = Hours()
    found = channels(rows, hours, tmp_path, wire(FAULTS[name], token=token))
    letters(rows, hours)
    told: list[str] = []
    caplog.set_level(logging.DEBUG)

    async def tell(what: Awaitable[object]) -> None:
        try:
            await what
        except Exception as error:
            told.extend(traceback.format_exception(error))
            told.extend(repr(each) for each in (error, error.args, error.__cause__, error.__context__ or ""))

    async def run() -> None:
        for channel in found.values():
            await tell(channel.fetch("canary-handle"))
        await tell(found["wecom"].send(Outbound(act=Act.SAY, chat="robot:west", text="您好")))
        await Delivery(rows, found, clock=hours.clock, threads=False).run_once(hours.now)

    asyncio.run(run())
    output = capsys.readouterr()
    with rows.read() as conn:
        kept = [str(row) for row in conn.execute(text("SELECT state, reason FROM outbox"))]
        kept += [str(row) for row in conn.execute(text("SELECT * FROM api_token"))]
        kept += [str(row) for row in conn.execute(text("SELECT * FROM bot_answer"))]
    everything = "\n".join([*told, *kept, caplog.text, output.out, output.err])
    assert told and "delivery" in everything
    assert [canary for canary in CANARIES if canary in everything] == []
