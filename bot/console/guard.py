"""What stands before every page: headers, limits on bodies and pace, and requests from other sites turned away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.clock import Clock

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # "no-referrer" would blank the Origin of our own forms
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(self)",
}
PAGES = ("/chat", "/staff")  # what the guard is about; a platform's webhook has its own
MB = 1_048_576
LONGEST_BODY = {"/chat/send": 24 * MB}
OTHER_BODY = 2 * MB


class TooLong(Exception):
    """The body is longer than the page takes."""


class Guard:
    """ASGI middleware: refuses POSTs of other sites and endless bodies, adds the headers."""

    def __init__(self, app: ASGIApp, *, public_url: str = "") -> None:
        self._app = app
        self._origin = origin_of(public_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _with_headers(send)
        ours = scope["path"].startswith(PAGES)
        if ours and scope["method"] == "POST" and not is_same_origin(Headers(scope=scope), self._origin):
            await _refuse(403, "请从本页面操作。")(scope, receive, answer)
            return
        limit = LONGEST_BODY.get(scope["path"], OTHER_BODY)
        if int(_length(Headers(scope=scope))) > limit:
            await _refuse(413, "内容太大了，请分几次发。")(scope, receive, answer)
            return
        await self._bounded(scope, receive, answer, limit)

    async def _bounded(self, scope: Scope, receive: Receive, send: Send, limit: int) -> None:
        read, begun = 0, False

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > limit:
                raise TooLong
            return message

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, counted, noted)
        except TooLong:
            if not begun:
                await _refuse(413, "内容太大了，请分几次发。")(scope, receive, send)


def _length(headers: Headers) -> str:
    length = headers.get("content-length", "0")
    return length if length.isdecimal() else "0"


def _refuse(status: int, error: str) -> JSONResponse:
    return JSONResponse({"error": error}, status)


def _with_headers(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sent


def origin_of(url: str) -> str:
    """Scheme, host and port of an address, as a browser writes an Origin; "" for none."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower() if parts.scheme and parts.netloc else ""


def is_same_origin(headers: Mapping[str, str], public_origin: str) -> bool:
    """Whether a POST comes from our own page: what the browser says about its origin, or our own header."""
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    if origin is None:
        return "x-linli" in headers or "sec-fetch-site" in headers
    origin = origin.lower()
    return origin == public_origin or urlsplit(origin).netloc == headers.get("host", "").lower()


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float
    told: bool = False


class Pace:
    """A token bucket for each key: `burst` at once, then `rate` a second."""

    def __init__(self, clock: Clock, *, burst: int, rate: float, most_keys: int = 20_000) -> None:
        self._clock = clock
        self._burst = burst
        self._rate = rate
        self._most = most_keys
        self._buckets: dict[str, _Bucket] = {}

    def take(self, key: str) -> Refusal | None:
        """None if this one may pass, else how long to wait, and whether this is the first time it is said."""
        at = self._clock().timestamp()
        if len(self._buckets) >= self._most:
            self._forget(at)
        bucket = self._buckets.setdefault(key, _Bucket(float(self._burst), at))
        bucket.left = min(self._burst, bucket.left + max(0.0, at - bucket.at) * self._rate)
        bucket.at = at
        if bucket.left >= 1:
            bucket.left -= 1
            bucket.told = bucket.told and bucket.left < self._burst / 2
            return None
        first, bucket.told = not bucket.told, True
        return Refusal(wait=max(1, round((1 - bucket.left) / self._rate + 0.5)), first=first)

    def _forget(self, at: float) -> None:
        full = self._burst / self._rate  # seconds after which a bucket is as good as new
        self._buckets = {k: b for k, b in self._buckets.items() if at - b.at < full}
        while len(self._buckets) >= self._most:
            del self._buckets[next(iter(self._buckets))]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Too fast: seconds to wait; `first` when the person has not been told yet."""

    wait: int
    first: bool
