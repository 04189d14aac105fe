"""A WeChat official account as a Channel: answers with the request still open, else by customer-service message."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from bot.channels.base import WAITS, Abilities, Act, Outbound, SendError, Sent
from bot.channels.wechat.errors import DAY_QUOTA, UNSUBSCRIBED, WINDOW_OVER, send_error
from bot.channels.wechat.parse import NAME
from bot.channels.weixin.api import Account, Api, ApiError, TokenAnswer
from bot.channels.weixin.replies import Replies
from bot.clock import Clock
from bot.logs import Log
from bot.render import apart, utf8
from storage import allowance, subscriptions, windows
from storage.database import Away, Database
from storage.subscriptions import State

API = "https://api.weixin.qq.com"
LONGEST = 2048  # bytes a text
QUOTA = f"{NAME}:push"  # the row that says until when no customer-service message goes
SUBSCRIPTION, TEMPLATE = "/cgi-bin/message/subscribe/bizsend", "/cgi-bin/message/template/send"

log = Log()


def account(app_id: str, secret: str, base_url: str = API) -> Account:
    """The official account; its token is the stable one, so that other programs with the same secret do no harm."""

    async def ask(client: httpx.AsyncClient) -> httpx.Response:
        body = {"grant_type": "client_credential", "appid": app_id, "secret": secret}
        return await client.post("/cgi-bin/stable_token", json=body)

    asking: TokenAnswer = ask
    return Account(f"{NAME}:{app_id}", base_url, asking)


def tickets(api: Api, app_id: str) -> Account:
    """What pages of ours are signed with (jsapi_ticket): got by the account's token, shared and asked for like it."""

    async def ask(_: httpx.AsyncClient) -> httpx.Response:
        return httpx.Response(200, json=await api.get("/cgi-bin/ticket/getticket", type="jsapi"))

    return Account(f"{NAME}:{app_id}:jsapi", api.account.base_url, ask, "ticket")


class WeChatChannel:
    """Sends to followers. `subscription`, `template`: id and fields of a subscription notice (订阅通知) and of a
    template message that say something waits; the second goes where the first is refused. None: none does.

    A window of messages is kept per person (storage/windows.py): what does not fit waits until they write.
    """

    name = NAME

    def __init__(
        self,
        api: Api,
        replies: Replies,
        database: Database,
        clock: Clock,
        *,
        files: Path,
        link: Callable[[str], str],
        template: Mapping[str, Any] | None = None,
        subscription: Mapping[str, Any] | None = None,
        threads: bool = True,
    ) -> None:
        self.api = api
        self.replies = replies
        self.abilities = Abilities(
            edits=False, buttons=False, longest=LONGEST, measure=utf8, awaited=replies.awaited, link=link, apart=apart
        )
        self._database = database
        self._clock = clock
        self._files = files
        notices = ((SUBSCRIPTION, subscription), (TEMPLATE, template))
        self._notices = tuple((path, body) for path, body in notices if body is not None)
        self._threads = threads

    async def send(self, out: Outbound) -> Sent:
        """Send one thing; raises SendError, nothing else."""
        if out.act is Act.EDIT or out.choices:
            raise SendError("WeChat has no edits and no buttons", transient=False)
        if not out.text.strip() and out.photo is None:
            raise SendError("nothing to say", transient=False)
        for one in apart(out):
            if one.photo is not None:
                await self._push(one.chat, await self._image(one.photo))
            elif not await self.replies.give(one.chat, one.text):
                await self._push(one.chat, {"msgtype": "text", "text": {"content": one.text}})
        return Sent(f"w{out.outbox}.{out.part}")

    async def fetch(self, handle: str) -> bytes:
        """The bytes of a picture or a voice message; raises SendError."""
        try:
            return await self.api.fetch("/cgi-bin/media/get", media_id=handle)
        except ApiError as error:
            raise SendError(str(error), transient=False) from None

    async def _push(self, person: str, message: Mapping[str, Any]) -> None:
        now = self._clock()
        until = await self._rows(allowance.closed, QUOTA, now)
        if until is not None:  # the day's messages are used up: asking does not help, whoever asks
            left = (until - now).total_seconds()
            raise SendError("as many as WeChat takes a day went out", transient=True, retry_after=left, everywhere=True)
        if not await self._rows(windows.take, NAME, person, now):
            await self._nudge(person)
            raise SendError(WAITS, transient=False, waits=True)
        try:
            await self.api.post("/cgi-bin/message/custom/send", {"touser": person, **message})
        except ApiError as error:
            await self._rows(windows.close if error.code in WINDOW_OVER else windows.give_back, NAME, person)
            refused = send_error(error)
            if error.code == DAY_QUOTA and refused.retry_after:
                await self._rows(allowance.close, QUOTA, now + timedelta(seconds=refused.retry_after), now)
            raise refused from None
        except SendError as error:
            if not error.uncertain:  # what may have arrived counts
                await self._rows(windows.give_back, NAME, person)
            raise

    async def _nudge(self, person: str) -> None:
        """Where a notice is set, the person hears once that something waits; what it is waits all the same."""
        if not self._notices or not await self._rows(windows.nudge, NAME, person):
            return
        for path, body in self._notices:
            template = str(body["template_id"])
            said = await self._rows(subscriptions.state_of, person, template) if path == SUBSCRIPTION else None
            if said is State.REJECT:
                continue
            try:
                await self.api.post(path, {"touser": person, **body})
                return
            except (ApiError, SendError) as error:
                log.warning("wechat.notice_failed", path=path, reason=str(error))
                if said is not None and isinstance(error, ApiError) and error.code == UNSUBSCRIBED:
                    await self._rows(subscriptions.keep, person, template, State.SPENT, self._clock())

    async def _image(self, photo: str) -> dict[str, Any]:
        try:
            path = self._files / photo
            data = await asyncio.to_thread(path.read_bytes) if self._threads else path.read_bytes()
            found = await self.api.upload("/cgi-bin/media/upload", "photo.jpg", data, type="image")
            return {"msgtype": "image", "image": {"media_id": str(found["media_id"])}}
        except ApiError as error:
            raise send_error(error) from None
        except (OSError, KeyError) as error:
            raise SendError(f"the photo cannot be sent: {type(error).__name__}", transient=False) from None

    async def _rows(self, work: Callable[..., Any], *args: Any) -> Any:
        def write() -> Any:
            with self._database.write() as conn:
                return work(conn, *args)

        try:
            return await asyncio.to_thread(write) if self._threads else write()
        except Away:
            raise SendError("the database is away", transient=True, everywhere=True) from None
