"""The app of a corporation, its robots and its bot, with WeCom's server on the other side."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette

from bot.channels.base import Act, Choice, Inbound, Outbound
from bot.channels.wecom.bot_door import BotDoor
from bot.channels.wecom.channel import WeComChannel, account
from bot.channels.wecom.receive import WeComDoor
from bot.channels.weixin.api import Api
from bot.channels.weixin.callback import Door
from bot.channels.weixin.envelope import Envelope
from bot.channels.weixin.replies import Replies
from storage.database import Database
from tests.support.databases import blank
from tests.support.hours import Hours
from tests.support.wecom_api import AGENT_ID, CORP_ID, SECRET, WeComApi
from tests.support.weixin_seal import AES_KEY, TOKEN, seal, sign


@dataclass
class Office:
    """The app of a corporation, with the platform on the other side."""

    api: WeComApi
    hours: Hours
    channel: WeComChannel
    app: Any
    bot: Any
    again: Callable[[], WeComChannel]  # the channel of another process
    database: Database
    said: list[Inbound] = field(default_factory=list)
    number: int = 0
    photo: str | None = None  # in the bot's answers
    scene: str | None = None  # what the official account's QR codes say before the code; None: there is none

    async def accept(self, inbound: Inbound) -> bool:
        self.said.append(inbound)
        return True

    def send(self, text: str, chat: str = "w1", **more: Any) -> str | None:
        self.number += 1
        out = Outbound(act=Act.SAY, chat=chat, text=text, outbox=self.number, **more)
        return asyncio.run(self.channel.send(out)).message

    def tell(self, kind: str, person: str = "w1", **fields: str) -> int:
        """What WeCom brings to the app's address; the status of our answer."""
        self.number += 1
        given = {"ToUserName": CORP_ID, "FromUserName": person, "AgentID": str(AGENT_ID), "MsgType": kind}
        given |= {"CreateTime": str(int(self.hours.now.timestamp())), "MsgId": str(self.number)} | fields
        inside = seal("<xml>" + "".join(f"<{k}>{v}</{k}>" for k, v in given.items()) + "</xml>", CORP_ID)
        return self.post("/wecom/callback", f"<xml><Encrypt>{inside}</Encrypt></xml>", inside).status_code

    def post(self, path: str, body: str, inside: str) -> httpx.Response:
        self.number += 1
        at, nonce = str(int(self.hours.now.timestamp())), f"n{self.number}"
        params = {"timestamp": at, "nonce": nonce, "msg_signature": sign(TOKEN, at, nonce, inside)}

        async def run() -> httpx.Response:
            transport = httpx.ASGITransport(self.app if path == "/wecom/callback" else self.bot)
            async with httpx.AsyncClient(transport=transport, base_url="http://linli.test") as client:
                return await client.post(path, params=params, content=body.encode())

        return asyncio.run(run())


def opened(tmp_path: Path) -> Iterator[Office]:
    """An office whose files lie in this folder."""
    database = blank(tmp_path)
    hours = Hours()
    api = WeComApi(clock=hours.clock, groups={"grid1": 12}, robots={"a-key-of-a-robot"})
    client = Api(
        account(CORP_ID, AGENT_ID, SECRET, "http://wecom.test"), database, hours.clock,
        threads=False, transport=httpx.ASGITransport(api.app()),
    )  # fmt: skip
    replies = Replies(0.5)
    link = lambda code: f"https://l.example/{code}"  # noqa: E731
    more: dict[str, Any] = {"files": tmp_path, "link": link, "page": "https://l.example/staff", "threads": False}

    async def at_once(_: float) -> None:
        await asyncio.sleep(0)

    async def scene(code: str) -> str | None:
        return found.scene and f"{found.scene}{code}"

    more |= {"robots": {"west": "a-key-of-a-robot"}, "scene": scene, "bot_key": AES_KEY, "sleep": at_once}

    def made() -> WeComChannel:
        return WeComChannel(client, AGENT_ID, replies, database, hours.clock, **more)

    channel = made()

    found = Office(api, hours, channel, None, None, made, database)
    door = Door("wecom", TOKEN, Envelope(TOKEN, AES_KEY, CORP_ID), database, hours.clock, threads=False)
    bot = Door("wecom-bot", TOKEN, Envelope(TOKEN, AES_KEY, ""), database, hours.clock, threads=False)
    found.app = Starlette(
        routes=WeComDoor(door, found.accept, database, hours.clock, CORP_ID, AGENT_ID, threads=False).routes()
    )

    async def heard(inbound: Inbound) -> bool:
        await found.accept(inbound)
        if "不答" not in inbound.text:
            answer = Outbound(
                act=Act.SAY, chat=inbound.chat, text="请点链接私下说。", choices=((Choice("", "私聊", "c1"),),),
                photo=found.photo,
            )  # fmt: skip
            asyncio.get_running_loop().create_task(channel.send(answer))
        return True

    page = "https://l.example/staff"
    at_bot = BotDoor(bot, replies, heard, database, hours.clock, files=tmp_path, page=page, threads=False)
    found.bot = Starlette(routes=at_bot.routes())
    yield found
    database.close()
