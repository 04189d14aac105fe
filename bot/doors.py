"""Callbacks at a bare door: the commonest request is read without the machinery that is for all others.

A request is taken here only when nothing about it is unusual: the very first line of a door, plain header lines, one
length, the right secret, a body that parses. Anything else goes, byte for byte as it came, to uvicorn and the pages,
which judge it as ever; so whatever is refused is refused there, in one place.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, NamedTuple

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from nlu.late import regex

LARGEST_HEAD = 8 * 1024
LARGEST_BODY = 64 * 1024  # what is longer goes to the pages, which take more
MOST_HELD = 2 * (
    LARGEST_HEAD + LARGEST_BODY
)  # of what follows while an answer is waited for; then nothing more is read
LONGEST_START = 256
HEADS = 256  # remembered, with what was made of them
SLOW = 10.0  # seconds a connection may take over a request's head, or be idle
FOR_BODY = 3  # times as long it may take over a body for the pages, and longer as long as enough of it comes
LEAST = 1000  # bytes of it a second: a photo over a bad line comes through, who only keeps us waiting does not

Answer = Callable[[HTTPStatus], None]
Take = Callable[[bytes, Answer], bool]
"""Takes a body: True means that the answer comes, now or later; False, that the pages are to judge the request."""

_PLAIN = regex(rb"(?:[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[\t\x20-\x7e\x80-\xff]*\r\n)+")
_LENGTH = regex(rb"\r\ncontent-length:[ \t]*([0-9]{1,6})[ \t]*\r\n")
_UNUSUAL = regex(
    rb"\r\n(?:transfer-encoding|expect|upgrade|content-encoding):|\r\nconnection:(?![ \t]*keep-alive[ \t]*\r\n)"
)


def _said(status: HTTPStatus, body: bytes, more: bytes = b"") -> bytes:
    head = f"HTTP/1.1 {status.value} {status.phrase}\r\ncontent-type: text/plain; charset=utf-8\r\n"
    return head.encode() + more + b"content-length: %d\r\n\r\n" % len(body) + body


ANSWERS = {
    HTTPStatus.OK: _said(HTTPStatus.OK, b"ok"),
    HTTPStatus.SERVICE_UNAVAILABLE: _said(HTTPStatus.SERVICE_UNAVAILABLE, b"later, please", b"retry-after: 5\r\n"),
    HTTPStatus.INTERNAL_SERVER_ERROR: _said(HTTPStatus.INTERNAL_SERVER_ERROR, b"Internal Server Error"),
}


@dataclass(frozen=True)
class Door:
    """One path, what is said in which header to be let in, and who takes the bodies."""

    path: str
    header: bytes  # its name in small letters
    secret: bytes
    take: Take

    @property
    def start(self) -> bytes:
        return f"POST {self.path} HTTP/1.1\r\n".encode()


class Request(NamedTuple):
    """Where the body stands in what was read; `end` may lie beyond it."""

    door: Door
    begin: int
    end: int


def look(read: bytes, doors: Mapping[bytes, Door]) -> Request | bool:
    """What stands at the beginning: a request for a door; True: perhaps one, when more came; False: none for a door."""
    start = read.find(b"\r\n", 0, LONGEST_START) + 2
    door = doors.get(read[:start])
    if door is None:
        return start < 2 and any(start.startswith(read) for start in doors)
    end = read.find(b"\r\n\r\n", start - 2, LARGEST_HEAD) + 4
    if end < 4:
        return len(read) < LARGEST_HEAD
    length = judged(read[start - 2 : end - 2], door.header, door.secret)
    return length is not None and Request(door, end, end + length)


@lru_cache(HEADS)
def judged(lines: bytes, header: bytes, secret: bytes) -> int | None:
    """How long the body is of a request with these header lines; None: not for us. A platform sends the same few heads
    over and over. `lines` runs from the end of the first line to the end of the last."""
    small = lines.lower()
    lengths, named = _LENGTH.findall(small), b"\r\n" + header + b":"
    if _PLAIN.fullmatch(lines, 2) is None or _UNUSUAL.search(small) is not None:
        return None
    if len(lengths) != 1 or small.count(b"\r\ncontent-length:") != 1 or small.count(named) != 1:
        return None
    at = small.index(named) + len(named)
    if not hmac.compare_digest(lines[at : lines.index(b"\r\n", at)].strip(b" \t"), secret):
        return None
    return int(lengths[0]) if int(lengths[0]) <= LARGEST_BODY else None


def protocol(doors: Sequence[Door], slow: float = SLOW) -> type[HttpToolsProtocol]:
    """uvicorn's protocol with these doors in front of it; one that says nothing for `slow` seconds is closed."""
    return type("Doors", (_Doors,), {"doors": {door.start: door for door in doors}, "slow": slow})


class _Doors(HttpToolsProtocol):
    """A connection. One request of a door is in hand at a time, what follows is held; one for the pages begins only
    when none is in hand, and one for a door only when the pages are done."""

    doors: Mapping[bytes, Door] = MappingProxyType({})
    slow = SLOW

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._held = b""
        self._need = 0  # so much has to be there before it is worth a look
        self._asked = False  # a request of a door is in hand
        self._looking = False
        self._leaving = False
        self._theirs = False  # the pages read a request that has not ended
        self._until = 0.0  # when it must have, or have got on
        self._since = 0.0
        self._watch: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._since = self.loop.time()
        self._watch = self.loop.call_later(self.slow, self._watched)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._watch is not None:
            self._watch.cancel()
        self._held = b""
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._asked or self._held:
            self._held += data
            if self._asked and len(self._held) > MOST_HELD:
                self.flow.pause_reading()
        elif self._theirs or self.pipeline or not (self.cycle is None or self.cycle.response_complete):
            super().data_received(data)
            return
        else:
            self._held = data
        self._look()

    def _look(self) -> None:
        """Take what is complete, one after the other, until one has to be waited for."""
        if self._looking:
            return
        self._looking = True
        try:
            while self._held and not self._asked and not self.transport.is_closing():
                if len(self._held) < self._need:
                    return
                found = look(self._held, self.doors)
                if found is True:
                    return
                if found is False:
                    self._hand_over()
                elif found.end > len(self._held):
                    self._need = found.end
                else:
                    self._ask(found)
        finally:
            self._looking = False

    def _ask(self, found: Request) -> None:
        self._unset_keepalive_if_required()
        whole = self._held
        self._held, self._need = whole[found.end :], 0
        self._asked, self._since = True, self.loop.time()
        if not found.door.take(whole[found.begin : found.end], self._answer):
            self._held, self._asked = whole, False
            self._hand_over()

    def _hand_over(self) -> None:
        held, self._held, self._need = self._held, b"", 0
        super().data_received(held)

    def _answer(self, status: HTTPStatus) -> None:
        """The request in hand is settled; what was held behind it may go on."""
        self._asked, self._since = False, self.loop.time()
        self.server_state.total_requests += 1
        if self.transport.is_closing():  # nobody waits; who asks again is told then
            return
        self.transport.write(ANSWERS[status])
        if self._held:
            self.flow.resume_reading()
            self._look()
        if self._leaving and not self._asked:
            super().shutdown()

    def shutdown(self) -> None:
        """The server stops: what came whole is answered first."""
        self._leaving = True
        if not self._asked:
            super().shutdown()

    def _watched(self) -> None:
        """Close a connection on which nothing whole came for too long; the pages look after their own answers."""
        self._watch = None
        if self.transport.is_closing():
            return
        now = self.loop.time()
        if self._theirs and not self.flow.read_paused:
            left = self._until - now
        elif self._asked or self._theirs or not (self.cycle is None or self.cycle.response_complete):
            left = self.slow
        else:
            left = self._since + self.slow - now
        if left <= 0:
            self.transport.close()
        else:
            self._watch = self.loop.call_later(left, self._watched)

    def on_message_begin(self) -> None:
        self._theirs, self._until = True, self.loop.time() + self.slow
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._until = self.loop.time() + self.slow * FOR_BODY
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._until += len(body) / LEAST
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._theirs = False
        super().on_message_complete()

    def on_response_complete(self) -> None:
        self._since = self.loop.time()
        super().on_response_complete()
