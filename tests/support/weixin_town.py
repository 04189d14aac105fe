"""The whole assistant between WeChat's and WeCom's servers on loopback: residents on the one, staff on the other."""

from __future__ import annotations

import asyncio
import io
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from PIL import Image
from sqlalchemy import text
from starlette.applications import Starlette

from bot import jobs
from bot.channels.base import Inbound
from bot.channels.wechat.channel import WeChatChannel
from bot.channels.wechat.channel import account as wechat_account
from bot.channels.wechat.receive import PATIENCE, WeChatDoor
from bot.channels.wecom.bot_door import BotDoor
from bot.channels.wecom.channel import WeComChannel
from bot.channels.wecom.channel import account as wecom_account
from bot.channels.wecom.receive import WeComDoor
from bot.channels.weixin.api import Api
from bot.channels.weixin.callback import Door
from bot.channels.weixin.envelope import Envelope
from bot.channels.weixin.replies import Replies
from bot.delivery import Delivery
from bot.intake import keep
from bot.posters import posters
from bot.worker import Worker
from bot.world import World
from storage import due, inbox, outbox
from storage.database import Database
from tests.support import wechat_api, wecom_api
from tests.support.hours import Hours
from tests.support.stage import ready
from tests.support.wechat_people import ACCOUNT, People
from tests.support.wecom_bot import BotPeople, later, said
from tests.support.weixin_seal import AES_KEY, TOKEN, seal, sign


@dataclass
class Town:
    """The whole assistant between two platforms."""

    hours: Hours
    resident: People
    office: wecom_api.WeComApi
    app: Starlette
    codes: dict[str, str]
    world: World
    worker: Worker
    delivery: Delivery
    slow: float = 0.2  # seconds until a turn is taken
    turns: list[asyncio.Task[None]] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=itertools.count)
    bot: BotPeople = field(init=False)

    def __post_init__(self) -> None:
        self.bot = BotPeople(self._post, self.hours)
        self.office.bot_cards = self.bot.show

    @property
    def database(self) -> Database:
        return self.world.database

    def heard(self, who: str = "u1") -> str:
        return self.resident.api.saw(who)[-1]

    async def says(self, *words: str, who: str = "u1") -> None:
        for word in words:
            await self._happens(self.resident.say(who, word))

    async def sends_picture(self, who: str = "u1") -> None:
        """A resident's picture; its number is fetched from the platform."""
        self.resident.api.media["m1"] = picture()
        self.resident.api.acted(who)
        more = {"PicUrl": "http://mmbiz.example/1", "MediaId": "m1", "MsgId": str(5000 + next(self.numbers))}
        await self._happens(self.resident.tell(who, "image", **more))

    async def photographs(self, person: str) -> None:
        """A colleague's picture to the app."""
        self.office.media["m9"] = picture()
        await self._happens(self._tell(person, "image", PicUrl="http://wework.example/1", MediaId="m9"))

    async def scans(self, building: str, who: str = "u1") -> None:
        await self._happens(self.resident.do(who, "subscribe", f"qrscene_{self.codes[building]}"))

    def card(self, who: str = "") -> tuple[str, dict[str, str]]:
        """The newest card (that somebody has): its task, and its buttons by label."""
        return next(self.cards(who))

    def cards(self, who: str = "") -> Iterator[tuple[str, dict[str, str]]]:
        for task, card in reversed(self.office.cards.items()):
            if not who or who in self.office.held[task]:
                yield task, {b["text"]: b["key"] for b in card.get("button_list", ()) if "key" in b}

    async def presses(self, person: str, label: str) -> None:
        task, buttons = next((card for card in self.cards(person) if label in card[1]), (None, {}))
        assert task is not None, f"no button {label} for {person}: {[*self.cards(person)][:3]}"
        code = self.office.press(task)
        event = {"Event": "template_card_event", "EventKey": buttons[label], "TaskId": task, "ResponseCode": code}
        await self._happens(self._tell(person, "event", **event))

    async def writes(self, person: str, words: str) -> None:
        await self._happens(self._tell(person, "text", Content=words))

    async def mentions(self, group: str, words: str, code: str = "") -> None:
        await self._happens(said(self.bot, "w9", words, group, **self._code(code)))

    async def tells_bot(self, person: str, words: str, code: str = "") -> None:
        await self._happens(said(self.bot, person, words, **self._code(code)))

    async def presses_at_bot(self, person: str, label: str, group: str = "", code: str = "") -> None:
        await self._happens(self.bot.press(person, self.bot.card(label), label, group, **self._code(code)))

    def _code(self, code: str) -> dict[str, str]:
        """What comes with a message, by which it may be answered later."""
        if code:
            self.office.mentions.add(code)
        return {"response_url": later(code)} if code else {}

    def states(self) -> dict[str, int]:
        with self.database.read() as conn:
            return {
                str(row[0]): int(row[1]) for row in conn.execute(text("SELECT state, count(*) FROM outbox GROUP BY 1"))
            }

    async def until(self, at: datetime) -> None:
        """Let the clock run, stopping at every moment at which something is due."""
        while (step := self._next()) is not None and step < at:
            await self.hours.advance((step - self.hours.now).total_seconds())
            while jobs.run_due(self.world, self.hours.now):
                pass
            await self._settle()
            after = self._next()
            if after is not None and after <= step:  # due, but not to be taken now
                await self.hours.advance(1)
        await self.hours.advance((at - self.hours.now).total_seconds())

    def _next(self) -> datetime | None:
        with self.database.read() as conn:
            found = (due.next_at(conn), inbox.next_at(conn), outbox.next_at(conn))
        return min((max(at, self.hours.now) for at in found if at is not None), default=None)

    async def _settle(self) -> None:
        while await self.worker.run_once(self.hours.now):
            pass
        await self._happens(self.delivery.run_once(self.hours.now))

    def accepts(self) -> Any:
        async def turn() -> None:
            await self.hours.sleep(self.slow)
            while await self.worker.run_once(self.hours.now):
                pass
            await self.delivery.run_once(self.hours.now)

        async def accept(inbound: Inbound) -> bool:
            new = keep(self.database, inbound, self.hours.now) is not None
            self.turns.append(asyncio.create_task(turn()))
            return new

        return accept

    async def _happens(self, what: object) -> None:
        task = asyncio.ensure_future(what)  # type: ignore[arg-type]
        for _ in range(900):
            await self.hours.advance(0.5)
            if task.done() and all(turn.done() for turn in self.turns):
                break
        await asyncio.gather(task, *self.turns)
        self.turns.clear()

    async def _tell(self, person: str, kind: str, **fields: str) -> None:
        at = str(int(self.hours.now.timestamp()))
        given = {"ToUserName": wecom_api.CORP_ID, "FromUserName": person, "AgentID": str(wecom_api.AGENT_ID)}
        given |= {"MsgType": kind, "CreateTime": at, "MsgId": str(1000 + next(self.numbers))} | fields
        inside = seal("<xml>" + "".join(f"<{k}>{v}</{k}>" for k, v in given.items()) + "</xml>", wecom_api.CORP_ID)
        answer = await self._post("/wecom/callback", f"<xml><Encrypt>{inside}</Encrypt></xml>", inside)
        assert answer.status_code == 200

    async def _post(self, path: str, body: str, inside: str) -> httpx.Response:
        at, nonce = str(int(self.hours.now.timestamp())), f"n{next(self.numbers)}"
        params = {"timestamp": at, "nonce": nonce, "msg_signature": sign(TOKEN, at, nonce, inside)}
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://linli.test") as client:
            return await client.post(path, params=params, content=body.encode())


def picture() -> bytes:
    """A photograph."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(out, "JPEG")
    return out.getvalue()


@contextmanager
def town(community: Path, hours: Hours) -> Iterator[Town]:
    """The assistant with a community, its two platforms, and nobody who has said anything yet."""
    people = wechat_api.WeChatApi(clock=hours.clock)
    office = wecom_api.WeComApi(clock=hours.clock)
    with ready(community, meaning=False) as world:
        base, more = (
            world.database,
            {"files": world.data_dir, "link": lambda code: f"https://l.example/{code}", "threads": False},
        )
        clients = [
            Api(ours, base, hours.clock, threads=False, transport=httpx.ASGITransport(app))
            for ours, app in (
                (wechat_account(wechat_api.APP_ID, wechat_api.SECRET, "http://wechat.test"), people.app()),
                (
                    wecom_account(wecom_api.CORP_ID, wecom_api.AGENT_ID, wecom_api.SECRET, "http://wecom.test"),
                    office.app(),
                ),
            )
        ]
        replies = Replies(PATIENCE, hours.sleep)
        wechat = WeChatChannel(clients[0], replies, base, hours.clock, **more)
        wecom = WeComChannel(
            clients[1], wecom_api.AGENT_ID, Replies(PATIENCE, hours.sleep), base, hours.clock,
            page="https://l.example/staff", sleep=hours.sleep, bot_key=AES_KEY, **more,
        )  # fmt: skip
        channels = {"wechat": wechat, "wecom": wecom}
        worker = Worker(world, channels, hours.clock, threads=False)
        delivery = Delivery(base, channels, clock=hours.clock, threads=False)
        hung = posters(base, b"a play keeps no secrets", hours.now)
        codes = {poster.name: poster.code for poster in reversed(hung)}  # of several of a name, the first
        resident = People(Starlette(), people, hours)
        found = Town(hours, resident, office, Starlette(), codes, world, worker, delivery)
        accept = found.accepts()
        sealed = [Envelope(TOKEN, AES_KEY, owner) for owner in (wechat_api.APP_ID, wecom_api.CORP_ID, "")]
        doors = [
            Door(name, TOKEN, envelope, base, hours.clock, signs_plainly=name == "wechat", threads=False)
            for name, envelope in zip(("wechat", "wecom", "wecom-bot"), sealed, strict=True)
        ]
        wechat_door = WeChatDoor(doors[0], replies, accept, base, hours.clock, account=ACCOUNT, threads=False)
        wecom_door = WeComDoor(
            doors[1], accept, base, hours.clock, wecom_api.CORP_ID, wecom_api.AGENT_ID, threads=False
        )
        bot = BotDoor(
            doors[2], wecom.replies, accept, base, hours.clock, files=world.data_dir, page="https://l.example/staff",
            threads=False,
        )  # fmt: skip
        resident.app = Starlette(routes=wechat_door.routes())
        found.app = Starlette(routes=[*wecom_door.routes(), *bot.routes()])
        yield found
