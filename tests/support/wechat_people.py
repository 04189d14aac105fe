"""People on WeChat: what they do reaches our address as WeChat would bring it, three times where it must."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from html import unescape
from itertools import count
from typing import Any

import httpx

from tests.support.hours import Hours
from tests.support.wechat_api import APP_ID, WeChatApi
from tests.support.weixin_seal import AES_KEY, TOKEN, seal, sign, unseal

ACCOUNT = "gh_0123456789ab"
TRIES, SECONDS = 3, 5.0


def element(name: str, text: str) -> str:
    """The content of an element of a flat XML text."""
    found = re.search(rf"<{name}>(?:<!\[CDATA\[(.*?)\]\]>|(.*?))</{name}>", text, re.DOTALL)
    return "" if found is None else found[1] if found[1] is not None else unescape(found[2])


@dataclass
class People:
    """`app`: our web application. `lost`: so many of our answers do not arrive."""

    app: Any
    api: WeChatApi
    hours: Hours
    sealed: bool = True
    lost: int = 0
    answers: list[int] = field(default_factory=list)  # the status of each answer
    _numbers: Any = field(default_factory=lambda: count(1))

    async def say(self, person: str, text: str, **more: str) -> None:
        await self.tell(person, "text", Content=text, MsgId=str(10_000 + next(self._numbers)), **more)

    async def do(self, person: str, event: str, key: str = "") -> None:
        await self.tell(person, "event", Event=event, EventKey=key)

    async def tell(self, person: str, kind: str, **fields: str) -> None:
        """One message or event, until it is answered or the platform gives up."""
        given = {"ToUserName": ACCOUNT, "FromUserName": person, "CreateTime": str(int(self.hours.now.timestamp()))}
        body = "".join(f"<{k}><![CDATA[{v}]]></{k}>" for k, v in {**given, "MsgType": kind, **fields}.items())
        self.api.acted(person, "event" if kind == "event" else "message")
        for _ in range(TRIES):
            post: asyncio.Future[Any] = asyncio.ensure_future(self.post(f"<xml>{body}</xml>"))
            patience: asyncio.Future[Any] = asyncio.ensure_future(self.hours.sleep(SECONDS))
            await asyncio.wait({post, patience}, return_when=asyncio.FIRST_COMPLETED)
            if post.done() and not patience.done():
                self.answers.append(post.result().status_code)
                if self.lost == 0:
                    self._heard(person, post.result())
                    return
                self.lost -= 1
                await patience
            patience.cancel()

    async def post(self, xml: str, *, nonce: str = "", at: int | None = None, wrap: bool = True) -> httpx.Response:
        """The request itself."""
        timestamp, nonce = str(at or int(self.hours.now.timestamp())), nonce or f"n{next(self._numbers)}"
        params = {"timestamp": timestamp, "nonce": nonce, "signature": sign(TOKEN, timestamp, nonce)}
        if self.sealed and wrap:
            inside = seal(xml, APP_ID)
            xml = f"<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName><Encrypt><![CDATA[{inside}]]></Encrypt></xml>"
            params |= {"encrypt_type": "aes", "msg_signature": sign(TOKEN, timestamp, nonce, inside)}
        return await self.send(params, xml.encode())

    async def send(self, params: dict[str, str], body: bytes, method: str = "POST") -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://linli.test") as client:
            return await client.request(method, "/wechat/callback", params=params, content=body)

    def _heard(self, person: str, answer: httpx.Response) -> None:
        if answer.status_code != 200 or answer.text in ("", "success"):
            return
        text = answer.text
        if self.sealed:
            inside = element("Encrypt", text)
            assert element("MsgSignature", text) == sign(
                TOKEN, element("TimeStamp", text), element("Nonce", text), inside
            )
            text, owner = unseal(inside, key=AES_KEY)
            assert owner == APP_ID
        assert element("ToUserName", text) == person and element("FromUserName", text) == ACCOUNT
        said = element("Content", text)
        assert len(said.encode()) <= 2048
        self.api.log.append(("passive", person, said))
