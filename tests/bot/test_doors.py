"""The bare door: it takes what is ordinary, one at a time, and gives everything else to the pages byte for byte."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from bot.doors import LARGEST_BODY, LARGEST_HEAD, MOST_HELD, Answer, Door, protocol

SECRET = "a-secret-of-the-tests"
LIMIT = 10.0  # seconds until a test that hangs fails
OK, LATER = b"HTTP/1.1 200 OK", b"HTTP/1.1 503 Service Unavailable"


async def pages(scope: Any, receive: Any, send: Any) -> None:
    """Says which request it was given, with how many bytes."""
    if scope["type"] != "http":
        return
    size, more = 0, True
    while more:
        got = await receive()
        size, more = size + len(got.get("body", b"")), got.get("more_body", False)
    said = f"page {scope['method']} {scope['path']} {size}".encode()
    head = [(b"content-length", str(len(said)).encode()), (b"content-type", b"text/plain")]
    await send({"type": "http.response.start", "status": 418, "headers": head})
    await send({"type": "http.response.body", "body": said})


class Taker:
    """Takes bodies, but those that begin with `no`; answers at once, or when it is told to."""

    def __init__(self, *, waits: bool = False) -> None:
        self.bodies: list[bytes] = []
        self.waiting: list[Answer] = []
        self.waits = waits
        self.came = asyncio.Event()

    def __call__(self, body: bytes, answer: Answer) -> bool:
        if body.startswith(b"no"):
            return False
        self.bodies.append(body)
        self.waiting.append(answer)
        self.came.set()
        if not self.waits:
            self.release()
        return True

    def release(self, status: HTTPStatus = HTTPStatus.OK) -> None:
        self.came.clear()
        self.waiting.pop(0)(status)


def config(take: Taker | None, slow: float) -> uvicorn.Config:
    doors = [Door("/hook", b"x-secret", SECRET.encode(), take)] if take else []
    return uvicorn.Config(pages, http=protocol(doors, slow), port=0, log_level="critical", timeout_graceful_shutdown=5)


@asynccontextmanager
async def house(take: Taker | None, slow: float = 10.0) -> AsyncIterator[tuple[ServerState, int]]:
    """What is served with the door, if somebody takes, and where."""
    made, state = config(take, slow), ServerState()
    made.load()
    kind: Any = made.http_protocol_class
    server = await asyncio.get_running_loop().create_server(lambda: kind(made, state, {}), "127.0.0.1", 0)
    yield state, server.sockets[0].getsockname()[1]
    server.close()
    for connection in list[Any](state.connections):
        connection.transport.abort()


def request(body: bytes, *more: str, secret: str = SECRET, length: str | None = None) -> bytes:
    lines = ["POST /hook HTTP/1.1", "Host: here", f"X-Secret: {secret}", *more]
    if length != "":
        lines.append(f"Content-Length: {length or len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body


async def said(port: int, *packets: bytes, until: Callable[[bytes], bool] | None = None) -> bytes:
    """What comes back to these packets, until the connection ends or there is enough."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    found = b""
    try:
        for packet in packets:
            writer.write(packet)
            await writer.drain()
            await asyncio.sleep(0)
        while (until is None or not until(found)) and (more := await reader.read(65536)):
            found += more
    finally:
        writer.close()
    return found


def played(story: Any) -> None:
    async def within() -> None:
        await asyncio.wait_for(story, LIMIT)

    asyncio.run(within())


def answered(count: int) -> Callable[[bytes], bool]:
    """So many answers of the door are there."""
    return lambda found: found.count(b"\r\n\r\nok") + found.count(b"\r\n\r\nlater, please") >= count


def test_a_body_is_taken_and_answered_when_its_taker_says_so() -> None:
    async def story() -> None:
        take = Taker(waits=True)
        async with house(take) as (_, port):
            asked = asyncio.create_task(said(port, request(b"one"), until=answered(1)))
            await take.came.wait()
            assert take.bodies == [b"one"] and not asked.done()
            take.release(HTTPStatus.SERVICE_UNAVAILABLE)
            found = await asked
            assert found.startswith(LATER) and b"\r\nretry-after: 5\r\n" in found

    played(story())


def test_pipelined_requests_are_taken_one_at_a_time_and_answered_in_order() -> None:
    async def story() -> None:
        take = Taker(waits=True)
        async with house(take) as (_, port):
            both = request(b"one") + request(b"two") + request(b"three")
            asked = asyncio.create_task(said(port, both, until=answered(3)))
            for n, status in enumerate((HTTPStatus.OK, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.OK), start=1):
                await take.came.wait()
                assert len(take.bodies) == n
                take.release(status)
            found = await asked
            assert take.bodies == [b"one", b"two", b"three"]
            assert [found.count(OK), found.count(LATER)] == [2, 1]
            assert found.index(OK) < found.index(LATER) < found.rindex(OK)

    played(story())


@pytest.mark.parametrize("seed", range(6))
def test_however_the_bytes_are_cut_every_request_is_answered_once(seed: int) -> None:
    dice = random.Random(seed)
    bodies = [bytes(dice.choices(b"abc\r\n{}", k=dice.choice((0, 1, 30, 900)))) for _ in range(20)]
    stream = b"".join(request(body) for body in bodies)
    cuts = sorted(dice.sample(range(1, len(stream)), 60))
    packets = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]

    async def story() -> None:
        take = Taker()
        async with house(take) as (_, port):
            found = await said(port, *packets, until=lambda found: found.count(OK) == len(bodies))
            assert found.count(b"HTTP/1.1 ") == len(bodies)
            assert take.bodies == bodies

    played(story())


def test_pages_and_doors_take_turns_on_one_connection() -> None:
    page = b"GET /a HTTP/1.1\r\nHost: here\r\n\r\n"

    async def story() -> None:
        take = Taker()
        async with house(take) as (_, port):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            for packet, wanted in (
                (request(b"1"), b"ok"),
                (page, b"page GET /a 0"),
                (request(b"2"), b"ok"),
                (request(b"no"), b"page POST /hook 2"),
                (page, b"page GET /a 0"),
                (request(b"3"), b"ok"),
            ):
                writer.write(packet)
                found = await reader.readuntil(wanted)
                assert found.count(b"HTTP/1.1 ") == 1
            writer.close()
            assert take.bodies == [b"1", b"2", b"3"]
            mixed = await said(
                port, request(b"4") + page + request(b"5"), until=lambda found: found.count(b"page") == 2
            )
            assert mixed.startswith(OK) and mixed.index(b"page GET /a 0") < mixed.index(b"page POST /hook 1")

    played(story())


BODY = b'{"a": 1}'
BIG = LARGEST_BODY + 1
ODD = {
    "chunked": request(b"4\r\nabcd\r\n0\r\n\r\n", "Transfer-Encoding: chunked", length=""),
    "chunked and a length": request(b"4\r\nabcd\r\n0\r\n\r\n", "Transfer-Encoding: chunked"),
    "waits for a go-ahead": request(BODY, "Expect: 100-continue"),
    "no length": request(b"", length=""),
    "two lengths": request(BODY, "Content-Length: 8"),
    "two lengths that differ": request(BODY, "Content-Length: 3"),
    "a list of lengths": request(BODY, length="8, 8"),
    "a length below nothing": request(BODY, length="-8"),
    "a length with a plus": request(BODY, length="+8"),
    "a length in hexadecimal": request(BODY, length="0x8"),
    "a length without end": request(BODY, length="9" * 40),
    "a wrong secret": request(BODY, secret="wrong"),
    "a longer secret": request(BODY, secret=SECRET + "x"),
    "an empty secret": request(BODY, secret=""),
    "two secrets": request(BODY, f"X-Secret: {SECRET}"),
    "a secret of other letters": request(BODY, secret="\xe5\xaf\x86"),
    "a folded line": request(BODY, "X-Long: a\r\n b"),
    "a bare line feed": request(BODY, "X-Odd: a\nContent-Length: 3"),
    "a bare carriage return": request(BODY, "X-Odd: a\rb"),
    "a zero byte": request(BODY, "X-Odd: a\0b"),
    "a space before the colon": request(BODY, "Content-Length : 3"),
    "no name": request(BODY, ": a"),
    "no colon": request(BODY, "nothing"),
    "a last request": request(BODY, "Connection: close"),
    "an upgrade": request(BODY, "Connection: upgrade", "Upgrade: h2c"),
    "a packed body": request(BODY, "Content-Encoding: gzip"),
    "an old version": request(BODY).replace(b"HTTP/1.1", b"HTTP/1.0", 1),
    "a version of its own": request(BODY).replace(b"HTTP/1.1", b"HTTP/9.1", 1),
    "a query": request(BODY).replace(b"/hook", b"/hook?a=1", 1),
    "an absolute address": request(BODY).replace(b"/hook", b"http://here/hook", 1),
    "an escaped path": request(BODY).replace(b"/hook", b"/%68ook", 1),
    "another method": request(BODY).replace(b"POST", b"PUT", 1),
    "small letters": request(BODY).replace(b"POST", b"post", 1),
    "two spaces": request(BODY).replace(b"POST ", b"POST  ", 1),
    "empty lines first": b"\r\n\r\n" + request(BODY),
    "a long head": request(BODY, "X-Long: " + "a" * LARGEST_HEAD),
    "a body too big": request(b"x" * BIG),
    "no HTTP at all": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello\r\n\r\n",
    "what the taker does not want": request(b"no, thanks"),
}


def test_what_is_odd_is_answered_as_if_there_were_no_door() -> None:
    async def heard(port: int, packet: bytes) -> bytes:
        found = await said(port, packet, until=lambda found: b"page " in found or b"Invalid HTTP" in found)
        return b"\r\n".join(line for line in found.split(b"\r\n") if not line.startswith(b"date:"))

    async def story() -> None:
        take = Taker()
        async with house(take, slow=0.5) as (_, door), house(None, slow=0.5) as (_, none):
            with_door = await asyncio.gather(*(heard(door, packet) for packet in ODD.values()))
            without = await asyncio.gather(*(heard(none, packet) for packet in ODD.values()))
        assert dict(zip(ODD, with_door, strict=True)) == dict(zip(ODD, without, strict=True))
        assert not take.bodies

    played(story())


@pytest.mark.parametrize(
    "packet", [b"", b"PO", request(BODY)[:40], request(BODY)[:-1], b"GET / HTTP/1.1\r\nHost: h\r\n"]
)
def test_who_does_not_go_on_is_not_waited_for(packet: bytes) -> None:
    async def story() -> None:
        take = Taker()
        async with house(take, slow=0.05) as (_, port):
            assert await said(port, packet) == b""  # closed, and nothing was acknowledged
            assert await said(port, request(b"a"), until=None) != b""  # one who is idle after an answer goes as well
            assert take.bodies == [b"a"]

    played(story())


PAGE = b"GET /page HTTP/1.1\r\nHost: h\r\n\r\n"


@pytest.mark.parametrize("before", [b"", PAGE, request(b"a")], ids=["first", "after a page", "after a door"])
@pytest.mark.parametrize("slow", [b"GET / HTTP/1.1\r\n", b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"])
def test_who_keeps_us_waiting_for_the_rest_is_not_waited_for(before: bytes, slow: bytes) -> None:
    more = b"1\r\nx\r\n" if slow.startswith(b"POST") else b"X: 1\r\n"

    async def story() -> None:
        async with house(Taker(), slow=0.05) as (_, port):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(before + slow)
            found = b""
            with suppress(ConnectionError):
                while not reader.at_eof():
                    writer.write(more)
                    with suppress(TimeoutError):
                        found += await asyncio.wait_for(reader.read(4096), 0.02)
            assert found.startswith(b"HTTP/1.1") == bool(before)
            writer.close()

    played(story())


def test_a_body_that_gets_on_is_waited_for() -> None:
    size = 60_000

    async def story() -> None:
        async with house(None, slow=0.02) as (_, port):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"POST /photo HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n" % size)
            for _ in range(6):  # four times as long as a body may take that brings nothing
                writer.write(b"x" * (size // 6))
                with suppress(TimeoutError):
                    await asyncio.wait_for(reader.read(1), 0.04)
            assert b"page POST /photo 60000" in await reader.read(4096)
            writer.close()

    played(story())


def test_a_stop_answers_what_came_whole_and_then_closes() -> None:
    async def story() -> None:
        take = Taker(waits=True)
        server = uvicorn.Server(config(take, 10.0))
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0)
        port = server.servers[0].sockets[0].getsockname()[1]
        asked = asyncio.create_task(said(port, request(b"one") + request(b"two") + request(b"half")[:-1]))
        await take.came.wait()
        server.should_exit = True
        while server.servers[0].is_serving():
            await asyncio.sleep(0.01)
        take.release()
        assert take.bodies == [b"one", b"two"]
        take.release()
        assert (await asked).count(OK) == 2
        await serving

    played(story())


def test_who_is_gone_before_the_answer_harms_nobody() -> None:
    async def story() -> None:
        take = Taker(waits=True)
        async with house(take) as (state, port):
            asked = asyncio.create_task(said(port, request(b"gone")))
            await take.came.wait()
            asked.cancel()
            await asyncio.gather(asked, return_exceptions=True)
            while state.connections:
                await asyncio.sleep(0.01)
            take.release()
            take.waits = False
            assert (await said(port, request(b"here"), until=answered(1))).startswith(OK)

    played(story())


def test_while_an_answer_is_waited_for_only_so_much_is_read() -> None:
    count, body = 4 * MOST_HELD // LARGEST_BODY, b"x" * LARGEST_BODY

    async def story() -> None:
        take = Taker(waits=True)
        async with house(take) as (state, port):
            asked = asyncio.create_task(
                said(port, *[request(body)] * count, until=lambda found: found.count(OK) == count)
            )
            await take.came.wait()
            connections: list[Any] = list(state.connections)
            [connection] = connections
            while not connection.flow.read_paused:
                await asyncio.sleep(0.01)
            assert len(connection._held) < 2 * MOST_HELD
            take.waits = False
            take.release()
            await asked
            assert len(take.bodies) == count

    played(story())
