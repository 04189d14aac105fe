"""Asking for 订阅通知: the signed page, what WeChat tells us of the answers, whom a case's receipt asks."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from bot.channels.wechat.channel import WeChatChannel, account, tickets
from bot.channels.weixin.api import Api
from bot.channels.weixin.replies import Replies
from bot.console.reminders import AWAY, ReminderPage, signature
from storage import subscriptions
from storage.database import Database
from storage.subscriptions import State
from tests.support.databases import blank
from tests.support.hours import Hours
from tests.support.wechat_api import APP_ID, SECRET, WeChatApi
from tests.support.wechat_people import ACCOUNT
from tests.support.weixin_town import Town
from tests.support.weixin_town import town as opened
from tests.weixin.test_story import COMMUNITY

BASE = "https://linli.example"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = blank(tmp_path)
    yield made
    made.close()


def test_the_signature_is_that_of_the_document() -> None:
    ticket = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"
    for url in ("http://mp.weixin.qq.com?params=value", "http://mp.weixin.qq.com?params=value#top"):
        assert signature(ticket, "Wm3WZYTPz0wzccnW", 1414587457, url) == "0f9de62fce790f9a083d5c99e95740ceb90c27ed"


def test_the_page_is_signed_for_the_address_it_was_opened_by(database: Database) -> None:
    hours, people = Hours(), WeChatApi()
    more = {"threads": False, "transport": httpx.ASGITransport(people.app())}
    ours = Api(account(APP_ID, SECRET, "http://wechat.test"), database, hours.clock, **more)
    page = ReminderPage(
        Api(tickets(ours, APP_ID), database, hours.clock, **more).token, APP_ID, "T1", BASE, hours.clock
    )

    async def see(*queries: str) -> list[httpx.Response]:
        web = httpx.ASGITransport(Starlette(routes=page.routes()))
        async with httpx.AsyncClient(transport=web, base_url="http://inside:8080") as client:
            return [await client.get(f"/wechat/subscribe{query}") for query in queries]

    for query, shown in zip(("", "?from=x&y=1"), asyncio.run(see("", "?from=x&y=1")), strict=True):
        given = dict(re.findall(r'data-(\w+)="([^"]*)"', shown.text))
        url = f"{BASE}/wechat/subscribe{query}"
        assert given["signature"] == signature("ticket-1", given["nonce"], int(given["timestamp"]), url)
        assert given["app"] == APP_ID and '<wx-open-subscribe template="T1"' in shown.text
        assert "https://res.wx.qq.com" in shown.headers["content-security-policy"] and "ticket-1" not in shown.text
    assert people.tickets == 1 and people.asked_tokens == 1  # shared, and kept
    hours.now += timedelta(hours=3)
    people.forget_tokens()
    people.secret = "another"
    (away,) = asyncio.run(see(""))
    assert away.status_code == 503 and AWAY in away.text and SECRET not in away.text


def test_who_said_no_or_had_it_is_not_sent_it(database: Database, tmp_path: Path) -> None:
    hours, people = Hours(), WeChatApi()
    client = Api(
        account(APP_ID, SECRET, "http://wechat.test"), database, hours.clock, threads=False,
        transport=httpx.ASGITransport(people.app()),
    )  # fmt: skip
    notices = {"subscription": {"template_id": "T1", "data": {}}, "template": {"template_id": "T2", "data": {}}}
    channel = WeChatChannel(
        client, Replies(0), database, hours.clock, files=tmp_path, link=str, threads=False, **notices
    )
    people.subscribed = {"u1", "u2"}
    with database.write() as conn:
        subscriptions.keep(conn, "u2", "T1", State.REJECT, hours.now)
        subscriptions.keep(conn, "u3", "T1", State.ACCEPT, hours.now)
        conn.exec_driver_sql(
            "INSERT INTO chat (channel, address, kind) VALUES ('wechat', 'u1', 'private'), ('wechat', 'u2', 'private'),"
            "('wechat', 'u3', 'private')"
        )

    async def nudge() -> None:
        for person in ("u1", "u2", "u3"):
            await channel._nudge(person)

    asyncio.run(nudge())
    assert [(how, who) for how, who, _ in people.log] == [
        ("subscription", "u1"),
        ("template", "u2"),
        ("template", "u3"),
    ]
    with database.write() as conn:
        assert subscriptions.state_of(conn, "u3", "T1") is State.SPENT  # 43101: it was good once
        assert subscriptions.may_ask(conn, "u3", "T1", hours.now)
        assert not subscriptions.may_ask(conn, "u2", "T1", hours.now)
        assert subscriptions.may_ask(conn, "u2", "T1", hours.now + subscriptions.AGAIN)
        subscriptions.keep(conn, "u3", "T1", State.ACCEPT, hours.now - timedelta(days=1))  # told late
        assert subscriptions.state_of(conn, "u3", "T1") is State.SPENT
        subscriptions.forget(conn, ["u3"])
        assert subscriptions.state_of(conn, "u3", "T1") is None


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    file = tmp_path / "community.yml"
    file.write_text(COMMUNITY, "utf-8")
    with opened(file, Hours()) as found:
        found.world.public_url, found.world.reminder = BASE, "T1"
        yield found


def event(town: Town, name: str, inside: str, item: str, **more: str) -> str:
    """The XML of an event about notices."""
    given = {"ToUserName": ACCOUNT, "FromUserName": "u1", "CreateTime": str(int(town.hours.now.timestamp()))}
    given |= {"MsgType": "event", "Event": name, **more}
    plain = "".join(f"<{key}><![CDATA[{value}]]></{key}>" for key, value in given.items())
    return f"<xml>{plain}<{inside}><List>{item}</List></{inside}></xml>"


def said(status: str, template: str = "T1") -> str:
    return f"<TemplateId>{template}</TemplateId><SubscribeStatusString>{status}</SubscribeStatusString>"


def tell(town: Town, xml: str) -> httpx.Response:
    return asyncio.run(town.resident.post(xml))


def state(town: Town) -> State | None:
    with town.database.read() as conn:
        return subscriptions.state_of(conn, "u1", "T1")


def test_a_receipt_asks_who_has_not_said_what_they_want(town: Town) -> None:
    def asks(report: str) -> bool:
        async def story() -> None:
            await town.says(report)
            for _ in range(5):
                if not town.heard().startswith("已登记"):
                    await town.says("1")

        asyncio.run(story())
        assert town.heard().startswith("已登记"), town.heard()
        return f"点这里开启：{BASE}/wechat/subscribe" in town.heard()

    asyncio.run(town.scans("2号楼"))
    assert asks("楼道灯坏了，晚上看不见台阶")
    popup, change = "SubscribeMsgPopupEvent", "SubscribeMsgChangeEvent"
    assert tell(town, event(town, "subscribe_msg_popup_event", popup, said("accept"))).text == "success"
    assert state(town) is State.ACCEPT and not asks("垃圾桶满了，一直没人收")
    for inside in (popup, change):  # WeChat's document writes the one inside the other
        town.hours.now += timedelta(seconds=1)
        assert tell(town, event(town, "subscribe_msg_change_event", inside, said("reject"))).text == "success"
        assert state(town) is State.REJECT
    result = "<TemplateId>T1</TemplateId><MsgID>1</MsgID><ErrorCode>0</ErrorCode><ErrorStatus>success</ErrorStatus>"
    assert tell(town, event(town, "subscribe_msg_sent_event", "SubscribeMsgSentEvent", result)).text == "success"
    with town.database.read() as conn:
        assert conn.exec_driver_sql("SELECT state, result FROM subscription").all() == [("reject", "0 success")]


@pytest.mark.parametrize(
    ("item", "more"),
    [
        (said("perhaps"), {}),
        (said("accept", ""), {}),
        (said("accept", "T" * 65), {}),
        (said("accept"), {"ToUserName": "gh_another"}),
        (said("accept"), {"CreateTime": "soon"}),
        (said("accept"), {"CreateTime": "9" * 12}),
        (said("accept"), {"FromUserName": ""}),
    ],
    ids=str,
)
def test_events_of_other_forms_are_refused(town: Town, item: str, more: dict[str, str]) -> None:
    xml = event(town, "subscribe_msg_popup_event", "SubscribeMsgPopupEvent", item, **more)
    assert tell(town, xml).status_code == 403 and state(town) is None


def test_who_writes_elsewhere_is_not_asked(town: Town) -> None:
    async def story() -> None:
        await town.tells_bot("w9", "3号楼楼道灯坏了，晚上看不见台阶", "c0")
        await town.tells_bot("w9", "不留", "c1")
        await town.presses_at_bot("w9", "没有照片", code="c2")
        await town.presses_at_bot("w9", "确认", code="c3")

    asyncio.run(story())
    assert "已登记" in town.office.saw("c3")[0] and "subscribe" not in str(town.bot.seen) + str(town.office.log)
