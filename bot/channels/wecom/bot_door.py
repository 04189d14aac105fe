"""How WeCom's callbacks to the intelligent bot come in, in JSON; each is answered with its request, at once or in a
stream the platform asks for the rest of."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.channels.base import Accept, Inbound, Kind, Unavailable
from bot.channels.wecom import answers, cards
from bot.channels.wecom.address import NAME
from bot.channels.wecom.parse_bot import later_code, read, stream_asked
from bot.channels.wecom.receive import refused_by, verified
from bot.channels.weixin.callback import LATER, Away, Door, Refused
from bot.channels.weixin.replies import Replies, Reply
from bot.clock import Clock
from storage import bot_answers, outbox_shown
from storage.bot_answers import How, Rest, stream_of
from storage.database import Database

PATH = "/wecom/bot"
ENDS = {How.ELSEWHERE: answers.ELSEWHERE, How.NOTHING: answers.HEARD, How.LATE: answers.LATE}


class BotDoor:
    """The address WeCom calls for the bot. `files`: where pictures lie; `page`: the staff page."""

    def __init__(
        self,
        door: Door,
        replies: Replies,
        accept: Accept,
        database: Database,
        clock: Clock,
        *,
        files: Path,
        page: str,
        threads: bool = True,
    ) -> None:
        self._door = door
        self._replies = replies
        self._accept = accept
        self._database = database
        self._clock = clock
        self._files = files
        self._page = page
        self._threads = threads

    def routes(self) -> list[Route]:
        return [Route(PATH, self.verify, methods=["GET"]), Route(PATH, self.receive, methods=["POST"])]

    async def verify(self, request: Request) -> Response:
        """The console's test of the address."""
        return verified(self._door, request)

    async def receive(self, request: Request) -> Response:
        """What somebody said to the bot or pressed, or the platform asking for the rest of an answer."""
        came = self._clock()
        try:
            told = _object(await self._door.read(request, _sealed))
            if (stream := stream_asked(told)) is not None:
                return self._seal(await self._rest(stream))
            inbound = read(told)
            if inbound is None:
                unseen = told.get("msgtype") in ("image", "file", "video", "mixed")
                return self._seal(answers.stream(secrets.token_hex(8), answers.NOT_SEEN) if unseen else None)
            code, streams = later_code(told), inbound.kind is not Kind.PRESS
            await self._rows(bot_answers.keep, inbound.chat, inbound.key, code, came, streams=streams)
            if not streams:
                await self._accept(inbound)
                return self._seal(await self._rows(self._changed, inbound))
            passed = lambda: (self._clock() - came).total_seconds()  # noqa: E731
            reply, sent = await self._replies.answer(inbound, self._accept, passed)
            if reply is not None:
                await self._rows(bot_answers.ended, inbound.key, came)
            return self._seal(_said(stream_of(inbound.key), reply), sent)
        except Refused as refused:
            return refused_by(self._door, refused)
        except (Unavailable, Away):
            return LATER

    async def _rest(self, stream: str) -> dict[str, Any]:
        rest: Rest = await self._rows(bot_answers.rest, NAME, stream, self._clock())
        if rest.how is How.OPEN:
            return answers.stream(stream, answers.WORKING, over=False)
        if rest.how is not How.HERE:
            return answers.stream(stream, ENDS[rest.how])
        with_picture = self._threads and rest.photo is not None
        text, shown = await asyncio.to_thread(self._whole, rest) if with_picture else self._whole(rest)
        return answers.stream(stream, text, shown)

    def _whole(self, rest: Rest) -> tuple[str, bytes | None]:
        try:
            return rest.text, (self._files / rest.photo).read_bytes() if rest.photo else None
        except OSError:
            return f"{rest.text}\n{answers.NO_PICTURE}".strip(), None

    def _changed(self, conn: Connection, press: Inbound) -> dict[str, Any] | None:
        """What the card pressed becomes, at once: what follows from it is said by itself."""
        outbox = cards.outbox_of(press.message or "")
        shown = outbox_shown.said(conn, NAME, press.chat, outbox) if outbox is not None else None
        for row in (shown or {}).get("choices", ()):
            for choice in row:
                if shown is not None and choice.get("token") == press.choice:
                    text, label = str(shown["text"]), str(choice["label"])
                    return answers.changed(cards.pressed(text, label, press.message or "", self._page))
        return None

    async def _rows(self, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        def write() -> Any:
            with self._database.write() as conn:
                return work(conn, *args, **kwargs)

        return await asyncio.to_thread(write) if self._threads else write()

    def _seal(self, said: dict[str, Any] | None, sent: Callable[[], Any] | None = None) -> Response:
        background = BackgroundTask(sent) if sent else None
        if said is None or self._door.envelope is None:
            return PlainTextResponse("", background=background)
        timestamp, nonce = str(int(self._clock().timestamp())), secrets.token_hex(8)
        sealed, signature = self._door.envelope.seal(json.dumps(said, ensure_ascii=False), timestamp, nonce)
        answer = {"encrypt": sealed, "msgsignature": signature, "timestamp": int(timestamp), "nonce": nonce}
        return JSONResponse(answer, background=background)


def _said(stream: str, reply: Reply | None) -> dict[str, Any]:
    """The answer that was ready in time; else the beginning of one."""
    if reply is None:
        return answers.stream(stream, answers.WORKING, over=False)
    if reply.card is not None:
        return answers.card(dict(reply.card))
    return answers.stream(stream, reply.text, reply.picture)


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
