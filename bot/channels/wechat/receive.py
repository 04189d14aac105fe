"""How WeChat's callbacks come in: checked, committed, and answered in five seconds, with the answer if it is ready."""

from __future__ import annotations

import asyncio
import secrets
from html import escape

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.channels.base import Accept, Kind, Unavailable
from bot.channels.wechat import subscribing
from bot.channels.wechat.parse import read
from bot.channels.wechat.subscribing import Told
from bot.channels.weixin import strictxml
from bot.channels.weixin.callback import LATER, Away, Door, Refused, refuse, sealed_in_xml
from bot.channels.weixin.replies import Replies
from bot.clock import Clock
from bot.logs import Log
from storage.database import Database

PATH = "/wechat/callback"
PATIENCE = 4.5  # of the five seconds after which WeChat gives up and asks again, three times in all

log = Log()


class WeChatDoor:
    """The address WeChat calls."""

    def __init__(
        self,
        door: Door,
        replies: Replies,
        accept: Accept,
        database: Database,
        clock: Clock,
        *,
        account: str = "",
        threads: bool = True,
    ) -> None:
        self._database = database
        self._threads = threads
        self._door = door
        self._replies = replies
        self._accept = accept
        self._clock = clock
        self._account = account

    def routes(self) -> list[Route]:
        return [Route(PATH, self.verify, methods=["GET"]), Route(PATH, self.receive, methods=["POST"])]

    async def verify(self, request: Request) -> Response:
        """The console's test of the address."""
        try:
            return PlainTextResponse(self._door.echo(request))
        except Refused as refused:
            return self._refused(refused)

    async def receive(self, request: Request) -> Response:
        """One message or event."""
        came = self._clock()
        try:
            said = await self._door.read(request, sealed_in_xml)
            fields = strictxml.read(said if isinstance(said, bytes) else said.encode())
            told = subscribing.read(fields, self._account)
            if told is not None:
                await asyncio.to_thread(self._keep, told) if self._threads else self._keep(told)
                return PlainTextResponse("success")
            inbound = read(fields, self._account)
            if inbound is None:
                return PlainTextResponse("success")
            if inbound.kind is Kind.BLOCK:  # nobody is there to read an answer
                await self._accept(inbound)
                return PlainTextResponse("success")
            passed = lambda: (self._clock() - came).total_seconds()  # noqa: E731
            answer, sent = await self._replies.answer(inbound, self._accept, passed)
            text = answer.text if answer is not None else None
            return self._answer(fields, text, BackgroundTask(sent) if sent else None)
        except Refused as refused:
            return self._refused(refused)
        except (Unavailable, Away):
            return LATER

    def _keep(self, told: Told) -> None:
        with self._database.write() as conn:
            subscribing.keep(conn, told)

    def _answer(self, fields: dict[str, str], text: str | None, after: BackgroundTask | None = None) -> Response:
        if text is None:
            return PlainTextResponse("success", background=after)
        body = reply(fields["FromUserName"], fields.get("ToUserName", ""), text, int(self._clock().timestamp()))
        if self._door.envelope is not None:
            timestamp, nonce = str(int(self._clock().timestamp())), secrets.token_hex(8)
            sealed, signature = self._door.envelope.seal(body, timestamp, nonce)
            body = (
                f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt><MsgSignature><![CDATA[{signature}]]></MsgSignature>"
                f"<TimeStamp>{timestamp}</TimeStamp><Nonce><![CDATA[{nonce}]]></Nonce></xml>"
            )
        return Response(body, media_type="application/xml", background=after)

    def _refused(self, refused: Refused) -> Response:
        log.info("callback.refused", channel=self._door.name, reason=str(refused))
        return refuse()


def reply(to: str, account: str, text: str, at: int) -> str:
    """A passive reply; escaped, so that no word of it can be taken for an element."""
    return (
        f"<xml><ToUserName>{_text(to)}</ToUserName><FromUserName>{_text(account)}</FromUserName>"
        f"<CreateTime>{at}</CreateTime><MsgType>text</MsgType><Content>{_text(text)}</Content></xml>"
    )


def _text(text: str) -> str:
    return escape(text, quote=False)
