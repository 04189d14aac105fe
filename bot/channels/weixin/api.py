"""The one client of WeChat's and WeCom's servers: calls with a token, asked for anew once; what their errors are."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx

from bot.channels.base import SendError
from bot.clock import Clock
from bot.logs import Log
from storage import tokens
from storage.database import Away, Database

# Global return codes of both platforms' documents.
BUSY = -1
STALE_TOKEN = frozenset({40001, 40014, 42001})
TIMEOUT = httpx.Timeout(8, connect=5)
LARGEST = 10_000_000  # bytes of a file that is fetched
POLL_SECONDS = 0.2  # between looks whether another process has its token now
PATIENCE = 60  # such looks

NEVER_ARRIVED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)

log = Log()
Json = dict[str, Any]
TokenAnswer = Callable[[httpx.AsyncClient], Awaitable[httpx.Response]]
"""Asks the platform for an access token; each platform has its own way."""


class ApiError(Exception):
    """The platform answered with an error code. The text is its own, without ids, tokens or what was sent."""

    def __init__(self, code: int, message: str) -> None:
        self.code = code
        self.message = _harmless(message)
        super().__init__(f"{code} {self.message}".strip())


@dataclass(frozen=True, slots=True)
class Account:
    """Whose token it is and how to ask for one: `name` is that of the row, `ask` the platform's own request, `value`
    where it stands in the answer."""

    name: str
    base_url: str
    ask: TokenAnswer
    value: str = "access_token"


class Api:
    """Calls to one account. Raises ApiError for what the platform refuses, SendError where no answer is to be had."""

    def __init__(
        self,
        account: Account,
        database: Database,
        clock: Clock,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        timeout: httpx.Timeout = TIMEOUT,
        threads: bool = True,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        quiet()
        self._transport = transport
        self.account = account
        self._database = database
        self._clock = clock
        self._sleep = sleep
        self._timeout = timeout
        self._threads = threads
        self._client: httpx.AsyncClient | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def get(self, path: str, **params: str) -> Json:
        return await self._authorized("GET", path, params, {})

    async def post(self, path: str, body: Mapping[str, Any], **params: str) -> Json:
        # Not escaped: WeChat shows \\uXXXX of a menu's names as they stand.
        content = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        return await self._authorized("POST", path, params, {"content": content})

    async def upload(self, path: str, name: str, data: bytes, **params: str) -> Json:
        return await self._authorized("POST", path, params, {"files": {"media": (name, data)}})

    async def plain(self, path: str, body: Mapping[str, Any], **params: str) -> Json:
        """A call that carries no token of ours (a robot's webhook has its own key, a callback its own address)."""
        content = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        return _checked(await self._request("POST", path, params, {"content": content}))

    async def fetch(self, path: str, **params: str) -> bytes:
        """The bytes of a file; raises SendError when it is too large."""
        for again in (True, False):
            token = await self.token()
            answer = await self._file(path, {**params, "access_token": token})
            if answer.headers.get("content-type", "").partition(";")[0] not in ("application/json", "text/plain"):
                return answer.content
            try:
                _checked(answer)
            except ApiError as error:
                if not (again and error.code in STALE_TOKEN):
                    raise
                await self._away(tokens.drop, self.account.name, token)
        raise SendError("no file came", transient=False)

    async def download(self, address: str) -> bytes:
        """The bytes behind an address of the platform's that needs no token; it leads nowhere else."""
        return (await self._file(address, {})).content

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def _authorized(self, method: str, path: str, params: Mapping[str, str], content: Json) -> Json:
        """Call with the token; one the platform does not know any more is asked for anew, once."""
        token = await self.token()
        try:
            return _checked(await self._request(method, path, {**params, "access_token": token}, content))
        except ApiError as error:
            if error.code not in STALE_TOKEN:
                raise
        await self._away(tokens.drop, self.account.name, token)
        token = await self.token()
        return _checked(await self._request(method, path, {**params, "access_token": token}, content))

    # -- the token ---------------------------------------------------------------------------------------------------

    async def token(self) -> str:
        """The access token all processes share; raises SendError when none is to be had."""
        for _ in range(PATIENCE):
            found = await self._away(tokens.take, self.account.name, self._clock())
            match found:
                case str():
                    return found
                case tokens.Ask():
                    return await self._ask()
                case tokens.Closed(until):
                    seconds = (until - self._clock()).total_seconds()
                    reason = "the platform gave no good token 5 times in an hour: check the secret"
                    raise SendError(reason, transient=True, retry_after=max(1.0, seconds), everywhere=True)
            await self._sleep(POLL_SECONDS)
        raise SendError("no token came in time", transient=True, everywhere=True)

    async def _ask(self) -> str:
        name = self.account.name
        asked = False
        try:
            answer = await self._network(self.account.ask(self._http()))
            found = _checked(answer)
            value, seconds = str(found[self.account.value]), int(found.get("expires_in", 7200))
            await self._away(tokens.keep, name, value, self._clock() + timedelta(seconds=seconds))
            return value
        except ApiError as error:
            asked = error.code != BUSY
            log.warning("weixin.token_refused", account=name.partition(":")[0], code=error.code)
            await self._away(tokens.give_back, name, asked=asked)
            raise SendError(f"no token: {error}", transient=True, retry_after=60, everywhere=True) from None
        except (SendError, KeyError, ValueError, TypeError) as error:
            await self._away(tokens.give_back, name, asked=False)
            if isinstance(error, SendError):
                raise SendError(f"no token: {error.reason}", transient=True, everywhere=True) from None
            raise SendError("no token: an answer of another form", transient=True, everywhere=True) from None

    async def _away(self, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        try:
            if self._threads:
                return await asyncio.to_thread(self._write, work, args, kwargs)
            return self._write(work, args, kwargs)
        except Away:
            raise SendError("the database is away", transient=True, everywhere=True) from None

    def _write(self, work: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        with self._database.write() as conn:
            return work(conn, *args, **kwargs)

    # -- the wire ----------------------------------------------------------------------------------------------------

    def _http(self) -> httpx.AsyncClient:
        loop = asyncio.get_running_loop()
        if self._client is None or self._loop is not loop:
            self._client, self._loop = self._open(), loop
        return self._client

    def _open(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(timeout=self._timeout, base_url=self.account.base_url, transport=self._transport)

    async def _request(self, method: str, path: str, params: Mapping[str, str], content: Json) -> httpx.Response:
        return await self._network(self._http().request(method, path, params=params, **content))

    async def _file(self, address: str, params: Mapping[str, str]) -> httpx.Response:
        """A file, of which no more is read than may be kept."""

        async def read() -> httpx.Response:
            async with self._http().stream("GET", address, params=params or None) as answer:
                data = b""
                async for chunk in answer.aiter_bytes():
                    data += chunk
                    if len(data) > LARGEST:
                        raise SendError("the file is too large", transient=False)
                return httpx.Response(answer.status_code, headers=_kind(answer), content=data)

        return await self._network(read())

    async def _network(self, request: Awaitable[httpx.Response]) -> httpx.Response:
        """Errors leave without what caused them, not even as their context: it knows the address, and the address holds
        the token."""
        try:
            answer = await request
        except (ApiError, SendError):
            raise
        except NEVER_ARRIVED as error:
            refused = SendError(f"no connection: {type(error).__name__}", transient=True, everywhere=True)
        except Exception as error:  # the library raises also what is no HTTPError: InvalidURL, ssl's own
            refused = SendError(f"no answer: {type(error).__name__}", transient=True, uncertain=True)
        else:
            return _delivered(answer)
        raise refused


def _kind(answer: httpx.Response) -> dict[str, str]:
    return {"content-type": answer.headers.get("content-type", "")}


def _delivered(answer: httpx.Response) -> httpx.Response:
    if answer.status_code >= 500:
        raise SendError(f"the server failed: {answer.status_code}", transient=True, uncertain=True)
    if answer.status_code >= 300:
        raise SendError(f"the server refused: {answer.status_code}", transient=False)
    return answer


def _checked(answer: httpx.Response) -> Json:
    """The answer as JSON; raises ApiError for an error code in it."""
    try:
        found = json.loads(answer.content.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise SendError("an answer that is no JSON object", transient=True, uncertain=True)
    code = found.get("errcode", 0)
    if code != 0:
        raise ApiError(code if isinstance(code, int) else BUSY, str(found.get("errmsg", "")))
    return found


def _harmless(message: str) -> str:
    """Their text without the request id, addresses, parameters, and anything long enough to be a token or a secret. Our
    own address, that they do not trust, stays."""
    words = re.sub(r",? *hint: *\[[^\]]*\]?", "", message.split(" rid:")[0])
    return re.sub(r"\S*(?:://|=)\S*|[A-Za-z0-9_\-]{16,}", "…", words)[:120]


def quiet() -> None:
    """httpx logs whole addresses, and these hold tokens and secrets."""
    for name in ("httpx", "httpcore", "requests", "urllib3"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
