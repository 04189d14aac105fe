"""How Telegram's updates come in, by webhook or by polling: acknowledged only after they are committed."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
from collections import Counter
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from telegram.error import Conflict, TelegramError

from bot.channels.base import Accept, Outcome, Put, SendError, Unavailable
from bot.channels.telegram import TelegramChannel
from bot.channels.telegram_errors import send_error
from bot.channels.telegram_parse import parse
from bot.doors import Answer, Door
from bot.logs import Log
from storage.spelling import loads

PATH = "/telegram/webhook"
SPOILT_TRIES = 5  # of an update that fails by a fault of ours; a webhook's is tried again by Telegram for a day
SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105 - the header's name, not the secret
LARGEST_BODY = 1_000_000
RETRY_AFTER = 5  # seconds; Telegram honours it (0-3600)
OK = PlainTextResponse("ok")
POLL_SECONDS = 25
ASIDE_SECONDS = 1  # between looks whether it is this process's turn to ask
LONGEST_PAUSE = 60.0

CONFLICT = (
    "somebody else receives this bot's updates: a second program polls with the same token, or a webhook is set; "
    "stop the other one"
)

_log = Log()


def webhook(channel: TelegramChannel, accept: Accept, secret: str) -> ASGIApp:
    """The door Telegram knocks at. `secret` is what it has to say; without one anybody could speak for residents.

    A plain ASGI application, asked before the pages: their middleware would cost more than the update."""
    if not secret:
        raise ValueError("a Telegram webhook needs a secret: set LINLI_TELEGRAM_WEBHOOK_SECRET")
    expected, header = secret.encode(), SECRET_HEADER.encode()

    async def receive(scope: Scope, receive: Receive, send: Send) -> None:
        said = next((value for name, value in scope["headers"] if name == header), b"")
        if scope["method"] != "POST":
            answer: Response = PlainTextResponse("POST only", 405, {"Allow": "POST"})
        elif not hmac.compare_digest(said, expected):
            answer = PlainTextResponse("wrong secret token", 401)
        else:
            try:
                answer = await _answer(channel, accept, await _body(receive))
            except ClientDisconnect:  # nobody waits for an answer, and nothing was acknowledged
                return
        await answer(scope, receive, send)

    return receive


def door(channel: TelegramChannel, put: Put, secret: str) -> Door:
    """The same door, bare: what `webhook` does with an ordinary update, without a task and an ASGI call for each."""

    def take(body: bytes, answer: Answer) -> bool:
        update = _object(body) if channel.me.name else None
        if update is None:
            return False
        inbound = parse(update, channel.me)
        if inbound is None:
            answer(HTTPStatus.OK)
        else:
            put(inbound, lambda outcome: answer(_status(outcome)))
        return True

    return Door(PATH, SECRET_HEADER.encode(), secret.encode(), take)


def _status(outcome: Outcome) -> HTTPStatus:
    if isinstance(outcome, Unavailable):
        return HTTPStatus.SERVICE_UNAVAILABLE
    if isinstance(outcome, BaseException):
        _log.error("telegram.not_kept", error=type(outcome).__name__)
        return HTTPStatus.INTERNAL_SERVER_ERROR
    return HTTPStatus.OK


def before(door: ASGIApp, pages: ASGIApp) -> ASGIApp:
    """The pages, with this door in front of them."""

    async def both(scope: Scope, receive: Receive, send: Send) -> None:
        asked = scope["type"] == "http" and scope["path"] == PATH
        await (door if asked else pages)(scope, receive, send)

    return both


async def _answer(channel: TelegramChannel, accept: Accept, body: bytes | None) -> Response:
    if body is None:
        return PlainTextResponse("too large", 413)
    update = _object(body)
    if update is None:
        return PlainTextResponse("not a JSON object", 400)
    return await _take(channel, accept, update)


async def _take(channel: TelegramChannel, accept: Accept, update: dict[str, Any]) -> Response:
    try:
        inbound = parse(update, await channel.known())
        if inbound is not None:
            await accept(inbound)
    except (Unavailable, SendError):
        return PlainTextResponse("later, please", 503, {"Retry-After": str(RETRY_AFTER)})
    return OK


async def _body(receive: Receive) -> bytes | None:
    body, more = b"", True
    while more:
        said = await receive()
        if said["type"] == "http.disconnect":
            raise ClientDisconnect
        body, more = body + said.get("body", b""), said.get("more_body", False)
        if len(body) > LARGEST_BODY:
            return None
    return body


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        found = loads(body.decode())  # JSON is UTF-8 here, or refused
    except (ValueError, RecursionError):  # ValueError also stands for bad UTF-8 and for endless numbers
        return None
    return found if isinstance(found, dict) else None


async def poll(
    channel: TelegramChannel, accept: Accept, stop: asyncio.Event, may: Callable[[], bool] = lambda: True
) -> None:
    """Ask for updates until `stop`, while `may()`: Telegram hears one asker at a time. The offset, which is the
    acknowledgement, moves only past what is committed."""
    offset, failures = 0, 0
    spoilt: Counter[int] = Counter()
    await _drop_webhook(channel)
    while not stop.is_set():
        if not may():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), ASIDE_SECONDS)
            continue
        try:
            updates = await _until(stop, channel.bot.raw_updates(offset, POLL_SECONDS))
            for update in updates or ():
                offset = max(offset, await _taken(channel, accept, update, spoilt))
            failures = 0
        except (TelegramError, SendError, Unavailable) as error:
            failures += 1
            await _pause(error, failures, stop)


async def _taken(channel: TelegramChannel, accept: Accept, update: dict[str, Any], spoilt: Counter[int]) -> int:
    """One update that nothing of ours can keep must not hold up all others for ever: it is left behind in the end."""
    try:
        return await _accepted(channel, accept, update)
    except (TelegramError, SendError, Unavailable):
        raise
    except Exception as error:
        number = update.get("update_id")
        spoilt[number if isinstance(number, int) else 0] += 1
        tries = spoilt[number if isinstance(number, int) else 0]
        _log.exception("telegram.not_kept", update=number, tries=tries, error=type(error).__name__)
        if tries < SPOILT_TRIES:
            raise Unavailable("an update could not be kept") from error
        return number + 1 if isinstance(number, int) else 0


async def _accepted(channel: TelegramChannel, accept: Accept, update: dict[str, Any]) -> int:
    inbound = parse(update, await channel.known())
    if inbound is not None:
        await accept(inbound)
    number = update.get("update_id")
    return number + 1 if isinstance(number, int) else 0


async def _drop_webhook(channel: TelegramChannel) -> None:
    """Telegram refuses polling while a webhook is set; what waits there is kept."""
    try:
        await channel.bot.delete_webhook(drop_pending_updates=False)
    except TelegramError as error:
        _log.warning("telegram.webhook_not_dropped", reason=send_error(error, "").reason)


async def _until(stop: asyncio.Event, asked: Any) -> list[dict[str, Any]] | None:
    """The answer, or None when it is time to stop: a long poll must not hold up the end of the program."""
    answer, stopped = asyncio.ensure_future(asked), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({answer, stopped}, return_when=asyncio.FIRST_COMPLETED)
        return answer.result() if answer.done() else None
    finally:
        answer.cancel()
        stopped.cancel()


def _advice(error: Exception) -> dict[str, str]:
    return {"advice": CONFLICT} if isinstance(error, Conflict) else {}


async def _pause(error: Exception, failures: int, stop: asyncio.Event) -> None:
    seconds = min(LONGEST_PAUSE, 0.5 * 2**failures)
    problem = send_error(error, "") if isinstance(error, TelegramError) else error
    reason = problem.reason if isinstance(problem, SendError) else "the database is away"
    if isinstance(problem, SendError) and problem.retry_after:
        seconds = max(seconds, problem.retry_after)
    _log.warning("telegram.poll_failed", reason=reason, again_in=seconds, **_advice(error))
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return
