"""WeCom as a Channel: the app's messages and cards to members, its groups, robots' webhooks, and bots' answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx
import structlog

from bot.channels.base import Abilities, Act, Outbound, SendError, Sent
from bot.channels.wecom import cards
from bot.channels.wecom.address import NAME, Place, Way, place
from bot.channels.wecom.errors import send_error, unreached
from bot.channels.wecom.limits import LARGEST_GROUP, Quotas
from bot.channels.weixin.api import Account, Api, ApiError, Json
from bot.channels.weixin.replies import Replies, Sleep
from bot.clock import Clock
from bot.render import utf8
from storage import platform_cards
from storage.database import Away, Database

API = "https://qyapi.weixin.qq.com"
LONGEST = 2048  # bytes a text

log = structlog.get_logger()


def account(corp_id: str, agent_id: int, secret: str, base_url: str = API) -> Account:
    """The app of a corporation."""

    async def ask(client: httpx.AsyncClient) -> httpx.Response:
        return await client.get("/cgi-bin/gettoken", params={"corpid": corp_id, "corpsecret": secret})

    return Account(f"{NAME}:{corp_id}:{agent_id}", base_url, ask)


class WeComChannel:
    """Sends to members and groups. `page`: the staff page; `robots`: keys of group robots by name;
    `quotas` holds WeCom's silent limits."""

    name = NAME

    def __init__(
        self,
        api: Api,
        agent_id: int,
        replies: Replies,
        database: Database,
        clock: Clock,
        *,
        files: Path,
        link: Callable[[str], str],
        page: str,
        robots: Mapping[str, str] | None = None,
        quotas: Quotas | None = None,
        threads: bool = True,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self.api = api
        self._sleep = sleep
        self.agent_id = agent_id
        self.replies = replies
        self.quotas = quotas or Quotas()
        self.abilities = Abilities(
            edits=True,
            buttons=True,
            longest=LONGEST,
            measure=utf8,
            writes_first=True,
            awaited=replies.awaited,
            link=link,
        )
        self._link = link
        self._page = page
        self._robots = dict(robots or {})
        self._database = database
        self._clock = clock
        self._files = files
        self._threads = threads

    async def send(self, out: Outbound) -> Sent:
        """Send one thing; raises SendError, nothing else."""
        to = place(out.chat)
        try:
            if out.act is Act.EDIT:
                return await self._change(out, to)
            if out.act is Act.NOTICE:
                return await self._notice(out)
            match to.way:
                case Way.MEMBER if not (out.choices or out.photo) and await self.replies.give(out.chat, out.text):
                    return Sent(f"o{out.outbox}.{out.part}")  # said to the bot in private
                case Way.MEMBER | Way.APP:
                    return await self._by_app(out, to)
                case Way.APPCHAT:
                    return await self._to_group(out, to)
                case Way.ROBOT:
                    return await self._by_robot(out, to)
                case Way.BOT:
                    return await self._by_bot(out, to)
        except ApiError as error:
            raise send_error(error, group=to.way is not Way.MEMBER) from None

    async def fetch(self, handle: str) -> bytes:
        """The bytes of a picture or a voice message; raises SendError."""
        try:
            return await self.api.fetch("/cgi-bin/media/get", media_id=handle)
        except ApiError as error:
            raise SendError(str(error), transient=False) from None

    # -- the app -----------------------------------------------------------------------------------------------------

    async def _by_app(self, out: Outbound, to: Place) -> Sent:
        task = f"o{out.outbox}.{out.part}"
        if out.photo is not None:
            media = await self._image(out.photo)
            await self._message(to, {"msgtype": "image", "image": {"media_id": media}})
        if not out.choices:
            if out.text.strip():
                await self._message(to, _text(out.text))
            return Sent(task)
        if not cards.fits(out):
            await self._message(to, _text(out.text))
        card = cards.card(out, task, self._link, self._page)
        found = await self._message(to, {"msgtype": "template_card", "template_card": card})
        code = str(found.get("response_code") or "")
        if code:
            await self._rows(platform_cards.keep, NAME, task, out.chat, code, self._clock())
        return Sent(task)

    async def _message(self, to: Place, message: Mapping[str, Any]) -> Json:
        self.quotas.members(to.members, self._clock())
        body = {"touser": "|".join(to.members), "agentid": self.agent_id, **message}
        found = await self.api.post("/cgi-bin/message/send", body)
        unreached(found, to.members)
        if found.get("invaliduser") or found.get("unlicenseduser"):
            log.warning("wecom.some_unreached", members=len(to.members))
        return found

    async def _change(self, out: Outbound, to: Place) -> Sent:
        """Change a card for all who have it. The code for it is good once; pressing gives the next one."""
        if not cards.fits(out):
            raise SendError("longer than a card", transient=False)
        code = await self._rows(platform_cards.use, NAME, out.message or "", self._clock())
        if code is None:
            raise SendError("no code to change this card with", transient=False)
        card = cards.card(out, out.message or "", self._link, self._page)
        body = {"userids": list(to.members), "agentid": self.agent_id, "response_code": code, "template_card": card}
        self.quotas.members(to.members, self._clock())
        found = await self.api.post("/cgi-bin/message/update_template_card", body)
        unreached(found, to.members)
        return Sent(out.message)

    async def _notice(self, out: Outbound) -> Sent:
        if out.to and out.text.strip():
            await self._message(Place(Way.MEMBER, out.to), _text(out.text))
        return Sent(None)

    async def _image(self, photo: str) -> str:
        try:
            data = await asyncio.to_thread((self._files / photo).read_bytes)
            return str((await self.api.upload("/cgi-bin/media/upload", "photo.jpg", data, type="image"))["media_id"])
        except (OSError, KeyError) as error:
            raise SendError(f"the photo cannot be sent: {type(error).__name__}", transient=False) from None

    # -- groups ------------------------------------------------------------------------------------------------------

    async def _to_group(self, out: Outbound, to: Place) -> Sent:
        if to.id not in self.quotas.sizes:
            there = await self.api.get("/cgi-bin/appchat/get", chatid=to.id)
            self.quotas.sizes[to.id] = len(there.get("chat_info", {}).get("userlist") or ()) or LARGEST_GROUP
        await self._sleep(self.quotas.group(to.id, self._clock()))
        if out.photo is not None:
            media = await self._image(out.photo)
            await self._sleep(self.quotas.group(to.id, self._clock()))
            image = {"chatid": to.id, "msgtype": "image", "image": {"media_id": media}}
            await self.api.post("/cgi-bin/appchat/send", image)
        await self.api.post("/cgi-bin/appchat/send", {"chatid": to.id, **_text(cards.plain(out))})
        return Sent(f"o{out.outbox}.{out.part}")

    async def _by_robot(self, out: Outbound, to: Place) -> Sent:
        key = self._robots.get(to.id)
        if key is None:
            raise SendError("LINLI_WECOM_ROBOTS knows no robot of this name", transient=False)
        self.quotas.robot(to.id, self._clock())
        await self.api.plain("/cgi-bin/webhook/send", _text(cards.plain(out)), key=key)
        return Sent(f"o{out.outbox}.{out.part}")

    async def _by_bot(self, out: Outbound, to: Place) -> Sent:
        """An answer to somebody who mentioned the bot; it cannot begin to speak by itself."""
        if not await self.replies.give(out.chat, cards.plain(out)):
            raise SendError("a bot speaks in a group only when it is spoken to", transient=False)
        return Sent(f"o{out.outbox}.{out.part}")

    async def _rows(self, work: Callable[..., Any], *args: Any) -> Any:
        def write() -> Any:
            with self._database.write() as conn:
                return work(conn, *args)

        try:
            return await asyncio.to_thread(write) if self._threads else write()
        except Away:
            raise SendError("the database is away", transient=True, everywhere=True) from None


def _text(text: str) -> dict[str, Any]:
    return {"msgtype": "text", "text": {"content": text}}
