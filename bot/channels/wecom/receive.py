"""How WeCom's callbacks come in: the app's in XML, the bot's in JSON; checked, committed, then answered."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable
from typing import Any

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.channels.base import Accept, Inbound, Unavailable
from bot.channels.wecom import answers
from bot.channels.wecom.parse import Pressed, later_code, read, read_bot
from bot.channels.wecom.placing import placed
from bot.channels.weixin import strictxml
from bot.channels.weixin.callback import LATER, Away, Door, Refused, refuse, sealed_in_xml
from bot.channels.weixin.replies import Replies, Reply
from bot.clock import Clock
from bot.logs import Log
from storage import bot_answers
from storage.database import Database

PATH, BOT_PATH = "/wecom/callback", "/wecom/bot"

log = Log()


class WeComDoor:
    """The address WeCom calls for the app."""

    def __init__(
        self,
        door: Door,
        accept: Accept,
        database: Database,
        clock: Clock,
        corp_id: str,
        agent_id: int,
        *,
        threads: bool = True,
    ) -> None:
        self._threads = threads
        self._door = door
        self._accept = accept
        self._database = database
        self._clock = clock
        self._corp_id = corp_id
        self._agent_id = agent_id

    def routes(self) -> list[Route]:
        return [Route(PATH, self.verify, methods=["GET"]), Route(PATH, self.receive, methods=["POST"])]

    async def verify(self, request: Request) -> Response:
        """The console's test of the address."""
        return verified(self._door, request)

    async def receive(self, request: Request) -> Response:
        """One message or event. The answer to it is a message of its own, so the request is answered at once."""
        try:
            said = await self._door.read(request, sealed_in_xml)
            fields = strictxml.read(said if isinstance(said, bytes) else said.encode())
            found = read(fields, self._corp_id, self._agent_id)
            if found is not None:
                placed = await asyncio.to_thread(self._placed, found) if self._threads else self._placed(found)
                await self._accept(placed)
            return PlainTextResponse("")
        except Refused as refused:
            return _refused(self._door, refused)
        except (Unavailable, Away):
            return LATER

    def _placed(self, found: Inbound | Pressed) -> Inbound:
        with self._database.write() as conn:
            return placed(conn, found, self._clock())


class BotDoor:
    """The address WeCom calls for the intelligent bot; the answer goes back with the request."""

    def __init__(
        self,
        door: Door,
        replies: Replies,
        accept: Accept,
        database: Database,
        clock: Clock,
        *,
        threads: bool = True,
    ) -> None:
        self._door = door
        self._replies = replies
        self._accept = accept
        self._database = database
        self._clock = clock
        self._threads = threads

    def routes(self) -> list[Route]:
        return [Route(BOT_PATH, self.verify, methods=["GET"]), Route(BOT_PATH, self.receive, methods=["POST"])]

    async def verify(self, request: Request) -> Response:
        """The console's test of the address."""
        return verified(self._door, request)

    async def receive(self, request: Request) -> Response:
        """What somebody said to the bot."""
        came = self._clock()
        try:
            said = await self._door.read(request, _sealed)
            told = _object(said)
            inbound = read_bot(told)
            if inbound is None:
                unseen = told.get("msgtype") in ("image", "file")
                return self._answer(Reply(answers.NOT_SEEN), None) if unseen else PlainTextResponse("")
            if not inbound.private and (code := later_code(told)):
                await asyncio.to_thread(self._keep, inbound, code) if self._threads else self._keep(inbound, code)
            passed = lambda: (self._clock() - came).total_seconds()  # noqa: E731
            return self._answer(*await self._replies.answer(inbound, self._accept, passed))
        except Refused as refused:
            return _refused(self._door, refused)
        except (Unavailable, Away):
            return LATER

    def _keep(self, inbound: Inbound, code: str) -> None:
        """What cannot go back with the request may go by this code for an hour."""
        with self._database.write() as conn:
            bot_answers.keep(conn, inbound.chat, inbound.key, code, self._clock())

    def _answer(self, reply: Reply | None, sent: Callable[[], Any] | None) -> Response:
        background = BackgroundTask(sent) if sent else None
        if reply is None or self._door.envelope is None:
            return PlainTextResponse("", background=background)
        body = json.dumps(answers.stream(secrets.token_hex(8), reply.text, reply.picture), ensure_ascii=False)
        timestamp, nonce = str(int(self._clock().timestamp())), secrets.token_hex(8)
        sealed, signature = self._door.envelope.seal(body, timestamp, nonce)
        answer = {"encrypt": sealed, "msgsignature": signature, "timestamp": int(timestamp), "nonce": nonce}
        return JSONResponse(answer, background=background)


def verified(door: Door, request: Request) -> Response:
    """The console's test of an address."""
    try:
        return PlainTextResponse(door.echo(request))
    except Refused as refused:
        return _refused(door, refused)


def _object(said: str | bytes) -> dict[str, Any]:
    try:
        found = json.loads(said)
    except (ValueError, RecursionError):
        raise Refused("no JSON") from None
    if not isinstance(found, dict):
        raise Refused("no JSON object")
    return found


def _sealed(body: bytes) -> str | None:
    found = _object(body).get("encrypt")
    return found if isinstance(found, str) else None


def _refused(door: Door, refused: Refused) -> Response:
    log.info("callback.refused", channel=door.name, reason=str(refused))
    return refuse()
