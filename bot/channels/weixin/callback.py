"""The door both platforms knock at: who they are, when they said it, that it is new; one answer to all who are not."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.channels.weixin import strictxml
from bot.channels.weixin.envelope import Envelope, check
from bot.channels.weixin.strictxml import Refused
from bot.clock import Clock
from bot.logs import Log
from storage import nonces
from storage.database import Away, Database

LARGEST_BODY = 64 * 1024
SKEW = timedelta(minutes=5)
AGAIN = timedelta(seconds=20)  # the platforms ask three times, five seconds apart
LONGEST_NONCE = 64
LATER = PlainTextResponse("later, please", 503, {"Retry-After": "5"})

log = Log()


def refuse() -> Response:
    """The one answer to every bad request."""
    return PlainTextResponse("refused", 403)


class Door:
    """Checks callbacks of one account. `envelope` None: plaintext mode, signed with `token` only (WeChat)."""

    def __init__(
        self,
        name: str,
        token: str,
        envelope: Envelope | None,
        database: Database,
        clock: Clock,
        *,
        signs_plainly: bool = False,
        threads: bool = True,
    ) -> None:
        self.name = name
        self.signs_plainly = signs_plainly  # whether the test of the address is signed and not sealed (WeChat)
        self._threads = threads
        self.token = token
        self.envelope = envelope
        self._database = database
        self._clock = clock

    def echo(self, request: Request) -> str:
        """What the console's test of the address wants to read; raises Refused."""
        given = Signed(request, self._clock)
        echo = given.one("echostr")
        if self.envelope is not None and not self.signs_plainly:
            return self.envelope.open(echo, given.one("msg_signature"), given.timestamp, given.nonce)
        check(given.one("signature"), self.token, given.timestamp, given.nonce)
        return echo[:256]

    async def read(self, request: Request, opened: Callable[[bytes], str | None]) -> str | bytes:
        """The body, opened where it is sealed; `opened` takes the sealed part out of it. Raises Refused, Away."""
        given = Signed(request, self._clock)
        body = await _body(request)
        if self.envelope is None:
            check(given.one("signature"), self.token, given.timestamp, given.nonce)
            said: str | bytes = body
        else:
            sealed = opened(body)
            if not sealed:
                raise Refused("not sealed")
            said = self.envelope.open(sealed, given.one("msg_signature"), given.timestamp, given.nonce)
        if self._threads:
            await asyncio.to_thread(self._use, given, body)
        else:
            self._use(given, body)
        return said

    def _use(self, given: Signed, body: bytes) -> None:
        key = f"{self.name}:{given.timestamp}:{given.nonce}"
        with self._database.write() as conn:
            if not nonces.use(conn, key, hashlib.sha256(body).hexdigest(), self._clock(), AGAIN):
                raise Refused("a nonce used before")


class Signed:
    """The parameters of a request that say who signed it and when; raises Refused."""

    def __init__(self, request: Request, clock: Clock) -> None:
        self._found = request.query_params
        self.timestamp, self.nonce = self.one("timestamp"), self.one("nonce")
        if not (self.timestamp.isascii() and self.timestamp.isdecimal() and len(self.timestamp) <= 12):
            raise Refused("no timestamp")
        if abs(clock().timestamp() - int(self.timestamp)) > SKEW.total_seconds():
            raise Refused("too old, or of a future")
        if len(self.nonce) > LONGEST_NONCE:
            raise Refused("no nonce")

    def one(self, name: str) -> str:
        """A parameter that is there exactly once."""
        found = self._found.getlist(name)
        if len(found) != 1 or not found[0]:
            raise Refused(f"no {name}")
        return found[0]


def sealed_in_xml(body: bytes) -> str | None:
    """The sealed part of a callback in XML; raises Refused."""
    return strictxml.read(body).get("Encrypt")


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise Refused("too large")
    return body


__all__ = ["LATER", "Away", "Door", "Refused", "refuse", "sealed_in_xml"]
