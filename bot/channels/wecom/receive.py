"""How WeCom's callbacks to the app come in, in XML: checked, committed, then answered."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.channels.base import Accept, Inbound, Unavailable
from bot.channels.wecom.parse import Pressed, read
from bot.channels.wecom.placing import placed
from bot.channels.weixin import strictxml
from bot.channels.weixin.callback import LATER, Away, Door, Refused, refuse, sealed_in_xml
from bot.clock import Clock
from bot.logs import Log
from storage.database import Database

PATH = "/wecom/callback"

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
            return refused_by(self._door, refused)
        except (Unavailable, Away):
            return LATER

    def _placed(self, found: Inbound | Pressed) -> Inbound:
        with self._database.write() as conn:
            return placed(conn, found, self._clock())


def verified(door: Door, request: Request) -> Response:
    """The console's test of an address."""
    try:
        return PlainTextResponse(door.echo(request))
    except Refused as refused:
        return refused_by(door, refused)


def refused_by(door: Door, refused: Refused) -> Response:
    """The one answer to every bad request, and why in the log."""
    log.info("callback.refused", channel=door.name, reason=str(refused))
    return refuse()
