"""WeCom as a Channel: the app's messages and cards to members, its groups, robots' webhooks, and bots' answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx

from bot.channels.base import WAITS, Abilities, Act, Outbound, SendError, Sent
from bot.channels.wecom import cards
from bot.channels.wecom.address import NAME, Place, Way, place
from bot.channels.wecom.bot import Bot
from bot.channels.wecom.cards import task_of
from bot.channels.wecom.errors import send_error, unreached
from bot.channels.wecom.limits import LARGEST_GROUP, Quotas
from bot.channels.wecom.parse_bot import PICTURE
from bot.channels.wecom.robots import Robots, Scene
from bot.channels.weixin.api import Account, Api, ApiError, Json
from bot.channels.weixin.envelope import open_file
from bot.channels.weixin.replies import Replies, Sleep
from bot.channels.weixin.strictxml import Refused
from bot.clock import Clock
from bot.logs import Log
from bot.render import utf8
from storage import platform_cards
from storage.database import Away, Database

API = "https://qyapi.weixin.qq.com"

log = Log()


def account(corp_id: str, agent_id: int, secret: str, base_url: str = API) -> Account:
    """The app of a corporation."""

    async def ask(client: httpx.AsyncClient) -> httpx.Response:
        return await client.get("/cgi-bin/gettoken", params={"corpid": corp_id, "corpsecret": secret})

    return Account(f"{NAME}:{corp_id}:{agent_id}", base_url, ask)


class WeComChannel:
    """Sends to members and groups. `page`: the staff page; `robots`: keys of group robots by name;
    `scene`: what a QR code says that opens the official account; `bot_key`: the bot's EncodingAESKey, "": there is no
    bot.
    """

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
        scene: Scene | None = None,
        bot_key: str = "",
        threads: bool = True,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self.api = api
        self._sleep = sleep
        self.agent_id = agent_id
        self.replies = replies
        self.quotas = Quotas(self._rows, agent_id)
        self.abilities = Abilities(
            edits=True,
            buttons=True,
            longest=cards.LONGEST,
            measure=utf8,
            writes_first=True,
            awaited=replies.awaited,
            link=link,
            apart=lambda out: cards.apart(out, link),
        )
        self._link = link
        self._page = page
        self._bot_key = bot_key
        self._bot = Bot(api, replies, self._rows, clock, sleep, self._photo, link)
        self._robots = Robots(api, dict(robots or {}), self.quotas, self._rows, clock, link, scene)
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
            sent = Sent(None)
            for one in cards.apart(out, self._link):
                sent = await self._say(one, to)
            return sent
        except ApiError as error:
            raise send_error(error, group=to.way is not Way.MEMBER) from None

    async def _say(self, out: Outbound, to: Place) -> Sent:
        match to.way:
            case Way.MEMBER | Way.APP:
                return await self._by_app(out, to)
            case Way.APPCHAT:
                return await self._to_group(out, to)
            case Way.ROBOT:
                picture = None if out.photo is None else await self._photo(out.photo)
                return await self._robots.say(out, to.id, picture)
            case Way.BOT:
                return await self._by_bot(out)

    async def fetch(self, handle: str) -> bytes:
        """The bytes of a picture or a voice message; raises SendError."""
        try:
            if handle.startswith(PICTURE):
                return open_file(self._bot_key, await self.api.download(handle.removeprefix(PICTURE)))
            return await self.api.fetch("/cgi-bin/media/get", media_id=handle)
        except Refused:
            raise SendError("the picture cannot be opened", transient=False) from None
        except ApiError as error:
            raise SendError(str(error), transient=False) from None

    # -- the app -----------------------------------------------------------------------------------------------------

    async def _by_app(self, out: Outbound, to: Place) -> Sent:
        task = task_of(out)
        to_bot = to.way is Way.MEMBER and self._bot_key and out.photo is None and out.text.strip()
        if to_bot and (said := await self._bot.answer(out, alone=True)) is not None:
            return said  # where they said it: to the bot in private
        if out.photo is not None:
            message: dict[str, Any] = {"msgtype": "image", "image": {"media_id": await self._uploaded(out.photo)}}
        elif out.choices:
            message = {"msgtype": "template_card", "template_card": cards.card(out, task, self._link, self._page)}
        elif not out.text.strip():
            raise SendError("nothing to say", transient=False)
        else:
            message = _text(out.text)
        found = await self._message(to, message)
        if out.choices and (code := str(found.get("response_code") or "")):
            await self._rows(platform_cards.keep, NAME, task, out.chat, code, self._clock())
        return Sent(task, unreached(found, to.members))

    async def _message(self, to: Place, message: Mapping[str, Any]) -> Json:
        """Write to members; raises SendError when it reached nobody."""
        await self.quotas.members(to.members, self._clock())
        body = {"touser": "|".join(to.members), "agentid": self.agent_id, **message}
        found = await self.api.post("/cgi-bin/message/send", body)
        if missed := unreached(found, to.members):
            log.warning("wecom.some_unreached", members=len(to.members), missed=len(missed))
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
        await self.quotas.members(to.members, self._clock())
        found = await self.api.post("/cgi-bin/message/update_template_card", body)
        unreached(found, to.members)
        return Sent(out.message)

    async def _notice(self, out: Outbound) -> Sent:
        if out.to and out.text.strip():
            await self._message(Place(Way.MEMBER, out.to), _text(out.text))
        return Sent(None)

    async def _photo(self, photo: str) -> bytes:
        try:
            path = self._files / photo
            return await asyncio.to_thread(path.read_bytes) if self._threads else path.read_bytes()
        except OSError as error:
            raise SendError(f"the photo cannot be sent: {type(error).__name__}", transient=False) from None

    async def _uploaded(self, photo: str) -> str:
        found = await self.api.upload("/cgi-bin/media/upload", "photo.jpg", await self._photo(photo), type="image")
        if not found.get("media_id"):
            raise SendError("the photo cannot be sent: no id came", transient=False)
        return str(found["media_id"])

    # -- groups ------------------------------------------------------------------------------------------------------

    async def _to_group(self, out: Outbound, to: Place) -> Sent:
        if to.id not in self.quotas.sizes:
            there = await self.api.get("/cgi-bin/appchat/get", chatid=to.id)
            self.quotas.sizes[to.id] = len(there.get("chat_info", {}).get("userlist") or ()) or LARGEST_GROUP
        message = _text(cards.plain(out))
        if out.photo is not None:
            message = {"msgtype": "image", "image": {"media_id": await self._uploaded(out.photo)}}
        await self._sleep(await self.quotas.group(to.id, self._clock()))
        await self.api.post("/cgi-bin/appchat/send", {"chatid": to.id, **message})
        return Sent(task_of(out))

    async def _by_bot(self, out: Outbound) -> Sent:
        """An answer to somebody who mentioned the bot; else it waits until the bot is spoken to again. What nobody
        asked for does not: an alert of last week is no answer."""
        sent = await self._bot.answer(out)
        if sent is None and out.cause is None:
            raise SendError("a bot speaks in a group only when it is spoken to", transient=False)
        if sent is None:
            raise SendError(f"{WAITS}: a bot answers whoever mentions it", transient=False, waits=True)
        return sent

    async def _rows(self, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        def write() -> Any:
            with self._database.write() as conn:
                return work(conn, *args, **kwargs)

        try:
            return await asyncio.to_thread(write) if self._threads else write()
        except Away:
            raise SendError("the database is away", transient=True, everywhere=True) from None


def _text(text: str) -> dict[str, Any]:
    return {"msgtype": "text", "text": {"content": text}}
