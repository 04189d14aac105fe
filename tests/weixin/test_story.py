"""A lamp, from the poster on the stairs to the rating: the resident on WeChat, the grid workers on WeCom."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text
from starlette.applications import Starlette

from bot.channels.base import Inbound
from bot.channels.wechat.channel import WeChatChannel
from bot.channels.wechat.channel import account as wechat_account
from bot.channels.wechat.receive import PATIENCE, WeChatDoor
from bot.channels.wecom.channel import WeComChannel
from bot.channels.wecom.channel import account as wecom_account
from bot.channels.wecom.receive import BotDoor, WeComDoor
from bot.channels.weixin.api import Api
from bot.channels.weixin.callback import Door
from bot.channels.weixin.envelope import Envelope
from bot.channels.weixin.replies import Replies
from bot.delivery import Delivery
from bot.intake import keep
from bot.playing import stage
from bot.posters import posters
from bot.worker import Worker
from storage.database import Database
from tests.support import wechat_api, wecom_api
from tests.support.hours import Hours
from tests.support.wechat_people import ACCOUNT, People
from tests.support.weixin_seal import AES_KEY, TOKEN, seal, sign, unseal

COMMUNITY = """
linli: 1
areas:
  - key: liuxi
    name: 柳溪街道
    level: subdistrict
    areas:
      - key: xfl
        name: 幸福里社区
        areas:
          - key: xfl-1
            name: 第一网格
            groups:
              - {role: staff, wecom: "app:w1|w2"}
            buildings:
              - {numbers: 1-3}
staff:
  - {key: w1, name: 王晓敏, accounts: {wecom: w1}, roles: [{role: grid_worker, area: xfl-1}]}
  - {key: w2, name: 李文涛, accounts: {wecom: w2}, roles: [{role: grid_worker, area: xfl-1}]}
"""


@dataclass
class Town:
    """The whole assistant between two platforms."""

    hours: Hours
    resident: People
    office: wecom_api.WeComApi
    app: Starlette
    codes: dict[str, str]
    database: Database
    slow: float = 0.2  # seconds until a turn is taken
    numbers: Iterator[int] = field(default_factory=itertools.count)
    answered: list[str | None] = field(default_factory=list)  # by the bot, with the request

    def heard(self) -> str:
        return self.resident.api.saw("u1")[-1]

    async def says(self, *words: str) -> None:
        for word in words:
            await self._happens(self.resident.say("u1", word))

    async def scans(self, building: str) -> None:
        await self._happens(self.resident.do("u1", "subscribe", f"qrscene_{self.codes[building]}"))

    def card(self) -> tuple[str, dict[str, str]]:
        """The newest card: its task, and its buttons by label."""
        task, card = list(self.office.cards.items())[-1]
        return task, {button["text"]: button["key"] for button in card.get("button_list", ()) if "key" in button}

    async def presses(self, person: str, label: str) -> None:
        task, buttons = self.card()
        code = self.office.press(task)
        event = {"Event": "template_card_event", "EventKey": buttons[label], "TaskId": task, "ResponseCode": code}
        await self._happens(self._tell(person, "event", **event))

    async def writes(self, person: str, words: str) -> None:
        await self._happens(self._tell(person, "text", Content=words))

    async def mentions(self, group: str, words: str, code: str = "") -> None:
        told = {"msgid": f"b{next(self.numbers)}", "chattype": "group", "chatid": group, "from": {"userid": "w9"}}
        told |= {"msgtype": "text", "text": {"content": f"@小邻 {words}"}}
        if code:
            self.office.mentions.add(code)
            told["response_url"] = f"https://qyapi.weixin.qq.com/cgi-bin/aibot/response?response_code={code}"
        await self._happens(self._mention(told))

    async def _mention(self, told: dict[str, object]) -> None:
        inside = seal(json.dumps(told), "")
        answer = await self._post("/wecom/bot", json.dumps({"encrypt": inside}), inside)
        sealed = answer.json()["encrypt"] if answer.text else None
        self.answered.append(json.loads(unseal(sealed)[0])["stream"]["content"] if sealed else None)

    def states(self) -> dict[str, int]:
        with self.database.read() as conn:
            return {
                str(row[0]): int(row[1]) for row in conn.execute(text("SELECT state, count(*) FROM outbox GROUP BY 1"))
            }

    async def _happens(self, what: object) -> None:
        task = asyncio.ensure_future(what)  # type: ignore[arg-type]
        for _ in range(40):
            await self.hours.advance(0.5)
        assert task.done()
        await task

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


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    file = tmp_path / "community.yml"
    file.write_text(COMMUNITY, "utf-8")
    hours = Hours()
    people = wechat_api.WeChatApi(clock=hours.clock)
    office = wecom_api.WeComApi(clock=hours.clock)
    with stage(file, None, meaning=False) as world:
        base = world.database
        one = Api(
            wechat_account(wechat_api.APP_ID, wechat_api.SECRET, "http://wechat.test"), base, hours.clock,
            threads=False, transport=httpx.ASGITransport(people.app()),
        )  # fmt: skip
        two = Api(
            wecom_account(wecom_api.CORP_ID, wecom_api.AGENT_ID, wecom_api.SECRET, "http://wecom.test"), base,
            hours.clock, threads=False, transport=httpx.ASGITransport(office.app()),
        )  # fmt: skip
        link = lambda code: f"https://l.example/{code}"  # noqa: E731
        replies = Replies(PATIENCE, hours.sleep)
        wechat = WeChatChannel(one, replies, base, hours.clock, files=tmp_path, link=link, threads=False)
        wecom = WeComChannel(
            two,
            wecom_api.AGENT_ID,
            Replies(PATIENCE, hours.sleep),
            base,
            hours.clock,
            files=tmp_path,
            link=link,
            page="https://l.example/staff",
            threads=False,
        )
        channels = {"wechat": wechat, "wecom": wecom}
        worker = Worker(world, channels, hours.clock, threads=False)
        delivery = Delivery(base, channels, clock=hours.clock, threads=False)

        async def turn() -> None:
            await hours.sleep(towns[0].slow if towns else 0.2)
            while await worker.run_once(hours.now):
                pass
            await delivery.run_once(hours.now)

        tasks = []
        towns: list[Town] = []

        async def accept(said: Inbound) -> bool:
            new = keep(base, said, hours.now) is not None
            tasks.append(asyncio.create_task(turn()))
            return new

        sealed = Envelope(TOKEN, AES_KEY, wechat_api.APP_ID)
        door = Door("wechat", TOKEN, sealed, base, hours.clock, signs_plainly=True, threads=False)
        wechat_door = WeChatDoor(door, replies, accept, hours.clock, account=ACCOUNT)
        other = Door("wecom", TOKEN, Envelope(TOKEN, AES_KEY, wecom_api.CORP_ID), base, hours.clock, threads=False)
        wecom_door = WeComDoor(other, accept, base, hours.clock, wecom_api.CORP_ID, wecom_api.AGENT_ID, threads=False)
        third = Door("wecom-bot", TOKEN, Envelope(TOKEN, AES_KEY, ""), base, hours.clock, threads=False)
        bot = BotDoor(third, wecom.replies, accept, base, hours.clock, threads=False)
        codes = {poster.name: poster.code for poster in posters(base, b"a play keeps no secrets", hours.now)}
        resident = People(Starlette(routes=wechat_door.routes()), people, hours)
        office_door = Starlette(routes=[*wecom_door.routes(), *bot.routes()])
        towns.append(Town(hours, resident, office, office_door, codes, base))
        yield towns[0]


def test_what_a_bot_could_not_answer_is_told_when_it_is_spoken_to_again(town: Town) -> None:
    """The turn takes longer than the request, and the mention came without a code."""

    async def story() -> None:
        town.slow = 10
        await town.mentions("g1", "你好")
        assert town.answered == [None]
        town.slow = 0.2
        await town.mentions("g1", "谢谢")
        assert (town.answered[1] or "").startswith("我在")  # to the first; that to the thanks waits now
        await town.mentions("g1", "你好", code="c1")
        assert "不客气" in (town.answered[2] or "") and town.office.saw("c1")[0].startswith("我在")

    asyncio.run(story())
    assert town.states() == {"sent": 3}


def test_a_lamp_from_the_poster_to_the_rating(town: Town) -> None:
    async def story() -> None:
        await town.scans("2号楼")
        assert town.heard().startswith("位置收到了")
        await town.says("楼道灯坏了，晚上看不见台阶", "1", "1")
        assert "2号楼" in town.heard() and "回复 1 确认" in town.heard()
        await town.says("1")
        assert town.heard().startswith("已登记")
        card, buttons = town.card()
        assert {"接单", "转派"} <= set(buttons) and "2号楼" in town.office.saw("w1")[-1]
        await town.presses("w2", "接单")
        assert "已有人接手" in town.heard() and town.office.saw("w2")[-2].startswith("接单成功")
        assert town.card()[0] == card and "李文涛" in town.office.saw("w1")[-1]  # changed where it was, for both
        await town.presses("w2", "办结")
        await town.presses("w2", "已办结")
        await town.writes("w2", "换了声控灯泡，三个楼层都试过了，亮的。")
        assert "换了声控灯泡" in town.heard() and "回复 1 满意" in town.heard()
        await town.says("1")
        assert "结案" in town.heard()

    asyncio.run(story())
    assert town.resident.api.errors == [] and town.office.errors == [] and town.office.dropped == []
    assert set(town.resident.answers) == {200}
