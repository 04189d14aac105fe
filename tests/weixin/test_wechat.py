"""WeChat: five seconds, three tries, five messages; nothing is lost or said twice, and strangers learn nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from sqlalchemy import func, select
from starlette.applications import Starlette
from starlette.requests import Request

from bot.channels.base import Inbound, Kind
from bot.channels.wechat.channel import WeChatChannel, account
from bot.channels.wechat.receive import PATIENCE, WeChatDoor
from bot.channels.weixin.api import Api
from bot.channels.weixin.callback import Door
from bot.channels.weixin.envelope import Envelope
from bot.channels.weixin.replies import Replies
from bot.delivery import Delivery
from bot.intake import keep
from storage import outbox, people
from storage.database import Database
from storage.tables import inbox
from storage.tables import outbox as outbox_rows
from tests.support.databases import blank
from tests.support.hostile import FINE, HOSTILE
from tests.support.hours import Hours
from tests.support.wechat_api import APP_ID, SECRET, WeChatApi
from tests.support.wechat_people import ACCOUNT, People
from tests.support.weixin_seal import AES_KEY, TOKEN, seal, sign


@dataclass
class Assistant:
    """The way in and out with everything real but the turn: it takes `seconds`, then says `answers`."""

    database: Database
    hours: Hours
    api: WeChatApi
    channel: WeChatChannel
    delivery: Delivery
    door: WeChatDoor
    seconds: float = 0.1
    answers: tuple[str, ...] = ("收到",)
    slow: list[float] = field(default_factory=list)  # seconds the commit of each request takes
    said: list[Inbound] = field(default_factory=list)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def accept(self, inbound: Inbound) -> bool:
        new = keep(self.database, inbound, self.hours.now) is not None
        if new:
            self.said.append(inbound)
            self.tasks.append(asyncio.create_task(self._turn(inbound)))
        if self.slow:
            await self.hours.sleep(self.slow.pop(0))
        return new

    async def _turn(self, inbound: Inbound) -> None:
        await self.hours.sleep(self.seconds)
        with self.database.write() as conn:
            chat = people.chat_for(conn, "wechat", inbound.chat, kind="private", person_id=None)
            people.heard(conn, chat.id, self.hours.now)
            outbox.release(conn, chat.id, self.hours.now)
        self.write(inbound.chat, *self.answers)
        await self.deliver()

    def write(self, person: str, *texts: str, **payload: Any) -> None:
        with self.database.write() as conn:
            chat = people.chat_for(conn, "wechat", person, kind="private", person_id=None)
            for text in texts:
                row = {"text": text, **payload}
                outbox.put(conn, chat_id=chat.id, kind="say", lane=1, payload=row, now=self.hours.now)

    async def deliver(self) -> None:
        await self.delivery.run_once(self.hours.now)

    def states(self) -> dict[str, int]:
        with self.database.read() as conn:
            query = select(outbox_rows.c.state, func.count()).group_by(outbox_rows.c.state)
            return {str(row[0]): int(row[1]) for row in conn.execute(query)}

    def people(self, **more: Any) -> People:
        return People(Starlette(routes=self.door.routes()), self.api, self.hours, **more)


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Callable[..., Assistant]]:
    yield from making(tmp_path)


@pytest.fixture(scope="module")
def shut(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Assistant]]:
    """One database for all strangers: nothing of them is kept."""
    yield from making(tmp_path_factory.mktemp("strangers"))


def making(tmp_path: Path) -> Iterator[Callable[..., Assistant]]:
    opened = blank(tmp_path)

    def make(*, sealed: bool = True, before: Assistant | None = None, **more: Any) -> Assistant:
        """`before`: the process that ran until now, with its platform and its time."""
        hours = before.hours if before else Hours()
        api = before.api if before else WeChatApi(clock=hours.clock)
        transport = httpx.ASGITransport(api.app())
        client = Api(
            account(APP_ID, SECRET, "http://wechat.test"), opened, hours.clock, threads=False, transport=transport
        )
        replies = Replies(PATIENCE, hours.sleep)
        channel = WeChatChannel(
            client, replies, opened, hours.clock, files=tmp_path, link=lambda code: code, threads=False, **more
        )
        envelope = Envelope(TOKEN, AES_KEY, APP_ID) if sealed else None
        door = Door("wechat", TOKEN, envelope, opened, hours.clock, signs_plainly=True, threads=False)
        delivery = Delivery(opened, {"wechat": channel}, clock=hours.clock, threads=False)
        found = Assistant(opened, hours, api, channel, delivery, None)  # type: ignore[arg-type]
        found.door = WeChatDoor(door, replies, found.accept, opened, hours.clock, account=ACCOUNT, threads=False)
        return found

    yield make
    opened.close()


def play(here: Assistant, *steps: Coroutine[Any, Any, Any], seconds: float = 90) -> None:
    """Let each step happen, with time after it."""

    async def run() -> None:
        for step in steps:
            task = asyncio.ensure_future(step)
            await here.hours.advance(seconds)
            for _ in range(100):
                if task.done():
                    break
                await here.hours.advance(0.5)
            assert task.done()
            await task
        for _ in range(100):
            if all(task.done() for task in here.tasks):
                break
            await here.hours.advance(1)
        await asyncio.gather(*here.tasks)
        here.tasks.clear()

    asyncio.run(run())


# -- five seconds -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sealed", [True, False], ids=["sealed", "plain"])
@pytest.mark.parametrize("seconds", [0.1, 4.9, 5.1, 14, 60])
def test_a_slow_turn_loses_nothing_and_says_nothing_twice(
    made: Callable[..., Assistant], seconds: float, sealed: bool
) -> None:
    here = made(sealed=sealed)
    here.seconds = seconds
    play(here, here.people(sealed=sealed).say("u1", "灯坏了"))
    assert here.api.log == [("passive" if seconds < PATIENCE else "pushed", "u1", "收到")]
    assert here.states() == {"sent": 1} and len(here.said) == 1


def test_an_answer_goes_back_with_its_request_whatever_calls_are_refused(made: Callable[..., Assistant]) -> None:
    here = made()
    someone = here.people()
    play(here, someone.say("u1", "灯坏了"))
    here.api.once = [45009]
    here.write("u1", "修好了")
    play(here, here.deliver(), seconds=6)
    assert here.states() == {"sent": 1, "new": 1}
    here.answers = ()
    play(here, someone.say("u1", "修好了吗"), seconds=5)  # the one told to wait
    here.answers = ("好的",)
    play(here, someone.say("u2", "谢谢"), seconds=5)  # and another
    assert here.api.log == [("passive", "u1", "收到"), ("passive", "u1", "修好了"), ("passive", "u2", "好的")]


@pytest.mark.parametrize("lost", [1, 2])
def test_an_answer_that_does_not_arrive_is_given_again(made: Callable[..., Assistant], lost: int) -> None:
    here = made()
    play(here, here.people(lost=lost).say("u1", "灯坏了"))
    assert here.api.log == [("passive", "u1", "收到")] and len(here.said) == 1


@pytest.mark.parametrize(("slow", "seconds", "lost"), [([3, 0], 6, 0), ([0, 1], 5.5, 1)], ids=["first", "again"])
def test_an_answer_is_never_given_to_a_request_nobody_waits_for(
    made: Callable[..., Assistant], slow: list[float], seconds: float, lost: int
) -> None:
    here = made()
    here.slow, here.seconds = slow, seconds
    play(here, here.people(lost=lost).say("u1", "灯坏了"))
    assert here.api.log == [("pushed", "u1", "收到")] and len(here.said) == 1


def test_the_first_answer_goes_back_with_the_request_the_others_follow_in_order(made: Callable[..., Assistant]) -> None:
    here = made()
    here.answers = ("收到", "请留电话", "谢谢")
    play(here, here.people().say("u1", "灯坏了"))
    assert here.api.log == [("passive", "u1", "收到"), ("pushed", "u1", "请留电话"), ("pushed", "u1", "谢谢")]


def test_an_account_that_may_not_write_first_answers_all_the_same(made: Callable[..., Assistant]) -> None:
    here = made()
    here.api.may_push = False
    here.answers = ("收到", "请留电话")
    someone = here.people()
    play(here, someone.say("u1", "灯坏了"))
    assert here.api.saw("u1") == ["收到"] and here.states() == {"sent": 1, "waiting": 1}
    here.answers = ()
    play(here, someone.say("u1", "喂"))
    assert here.api.saw("u1") == ["收到", "上次要告诉您的：\n请留电话"] and here.states() == {"sent": 2}


# -- five messages ----------------------------------------------------------------------------------------------------


def test_never_a_sixth_message_and_none_is_lost(made: Callable[..., Assistant]) -> None:
    here = made()
    someone = here.people()
    play(here, someone.say("u1", "灯坏了"))
    here.write("u1", *(f"进展{n}" for n in range(12)))
    play(here, here.deliver())
    assert here.api.pushed("u1") == [f"进展{n}" for n in range(5)]
    assert here.states() == {"sent": 6, "waiting": 7} and here.api.errors == []
    for _ in range(3):
        here.answers = ()
        play(here, someone.say("u1", "还有吗"))
    told = [text.removeprefix("上次要告诉您的：\n") for text in here.api.saw("u1")]
    assert told == ["收到", *(f"进展{n}" for n in range(12))] and here.api.errors == []
    assert "上次要告诉您的：\n进展5" in here.api.saw("u1")


def test_after_48_hours_a_text_waits(made: Callable[..., Assistant]) -> None:
    here = made()
    play(here, here.people().say("u1", "灯坏了"), seconds=48 * 3600 + 1)
    here.write("u1", "修好了")
    play(here, here.deliver())
    assert here.states() == {"sent": 1, "waiting": 1} and here.api.errors == []


def test_a_menu_opens_three_messages_for_a_minute(made: Callable[..., Assistant]) -> None:
    here = made()
    here.answers = tuple(f"第{n}句" for n in range(6))
    play(here, here.people().do("u1", "CLICK", "complaint"))
    assert here.api.saw("u1") == [f"第{n}句" for n in range(4)]  # one with the request, three after it
    assert here.states() == {"sent": 4, "waiting": 2} and here.api.errors == []
    assert (here.said[0].kind, here.said[0].text) == (Kind.MESSAGE, "登记诉求")


def test_a_menu_pressed_again_and_again_refills_nothing_that_is_open(made: Callable[..., Assistant]) -> None:
    here = made()
    here.answers = ()
    someone = here.people()
    play(here, someone.say("u1", "你好"), *(someone.do("u1", "CLICK", f"k{n}") for n in range(4)), seconds=6)
    here.write("u1", *(f"第{n}句" for n in range(9)))
    play(here, here.deliver())
    assert len(here.api.pushed("u1")) == 5 and here.api.errors == []


def test_a_template_says_once_that_something_waits(made: Callable[..., Assistant]) -> None:
    here = made(template={"template_id": "t", "data": {"thing1": {"value": "社区有消息给您"}}})
    someone = here.people()
    play(here, someone.say("u1", "灯坏了"), seconds=49 * 3600)
    here.write("u1", "修好了", "请评价")
    play(here, here.deliver())
    assert [how for how, _, _ in here.api.log] == ["passive", "template"] and here.states()["waiting"] == 2
    assert "修好了" not in here.api.log[-1][2]
    play(here, someone.say("u1", "什么事"), seconds=49 * 3600)
    assert here.states() == {"sent": 4}


@pytest.mark.parametrize(
    ("code", "state"),
    [(45015, "waiting"), (45047, "waiting"), (45009, "new"), (48001, "waiting"), (43004, "waiting"), (45002, "failed")],
)
def test_every_refusal_has_its_answer(made: Callable[..., Assistant], code: int, state: str) -> None:
    here = made()
    play(here, here.people().say("u1", "灯坏了"))
    here.api.once = [code]
    here.write("u1", "修好了")
    play(here, here.deliver(), seconds=0)
    assert here.states() == {"sent": 1, state: 1}


def test_a_day_whose_quota_is_used_up_goes_on_the_next(made: Callable[..., Assistant]) -> None:
    here = made()
    play(here, here.people().say("u1", "灯坏了"))
    here.api.quota = 0
    here.write("u1", *(f"第{n}句" for n in range(5)))
    for _ in range(7):
        play(here, here.deliver(), seconds=3600)
    here.api.quota = 10
    play(here, here.deliver())
    assert here.states() == {"sent": 6} and here.api.pushed("u1") == [f"第{n}句" for n in range(5)]


def test_a_day_that_is_used_up_is_known_to_every_process(made: Callable[..., Assistant]) -> None:
    here = made()
    someone, names = here.people(), [f"u{n}" for n in range(4)]
    play(here, *(someone.say(who, "灯坏了") for who in names), seconds=6)
    here.api.quota = 0
    for who in names:
        again = made(before=here)
        again.write(who, "修好了")
        play(again, again.deliver(), seconds=0)
    assert here.api.errors == [45009]


def test_a_subscription_notice_goes_first_and_a_template_where_nobody_subscribed(
    made: Callable[..., Assistant],
) -> None:
    notice = {"template_id": "s", "data": {"thing1": {"value": "社区有消息给您"}}}
    here = made(subscription=notice, template={**notice, "template_id": "t"})
    someone = here.people()
    here.api.subscribed = {"u1"}
    for who in ("u1", "u2"):
        play(here, someone.say(who, "灯坏了"), seconds=49 * 3600)
        here.write(who, "修好了")
        play(here, here.deliver())
    assert [(how, who) for how, who, _ in here.api.log if how != "passive"] == [
        ("subscription", "u1"),
        ("template", "u2"),
    ]


@pytest.mark.parametrize("restart", [False, True])
def test_a_photo_whose_words_are_refused_is_not_shown_twice(
    made: Callable[..., Assistant], tmp_path: Path, restart: bool
) -> None:
    (tmp_path / "p.jpg").write_bytes(b"picture")
    here = made()
    play(here, here.people().say("u1", "灯坏了"))
    here.write("u1", "修好了", photo="p.jpg")
    here.api.refuse_texts = [-1]
    play(here, here.deliver())
    if restart:
        here = made(before=here)
    play(here, here.deliver(), here.deliver())
    assert here.api.saw("u1") == ["收到", "[image media-0]", "修好了"] and here.states() == {"sent": 2}


# -- what people do ---------------------------------------------------------------------------------------------------


def test_what_a_person_can_do(made: Callable[..., Assistant]) -> None:
    here = made()
    one = here.people()
    steps = [
        one.tell("u1", "image", PicUrl="http://x", MediaId="m1", MsgId="1"),
        one.tell("u1", "voice", MediaId="m2", Format="amr", MsgId="2"),
        one.tell("u1", "voice", MediaId="m3", Format="amr", Recognition="楼道灯坏了。", MsgId="3"),
        one.tell("u1", "location", Location_X="30.4011", Location_Y="119.9012", Label="幸福里3号楼", MsgId="4"),
        one.tell("u1", "text", Content="【收到不支持的消息类型，暂无法显示】", MsgId="6"),  # a sticker
        one.tell("u1", "link", Title="停水通知", Url="http://n", Description="", MsgId="5"),
        one.do("u1", "subscribe", "qrscene_abc"),
        one.do("u1", "SCAN", "abd"),
        one.do("u1", "subscribe"),
        one.do("u1", "unsubscribe"),
        one.do("u1", "VIEW", "http://n"),
        one.do("u1", "TEMPLATESENDJOBFINISH"),
        one.do("u1", "of_the_future"),
    ]
    play(here, *steps, seconds=1)
    short = [(s.kind, s.text, s.photos, s.location, s.token) for s in here.said]
    assert short == [
        (Kind.MESSAGE, "", ("m1",), None, None),
        (Kind.VOICE, "", ("m2",), None, None),
        (Kind.MESSAGE, "楼道灯坏了。", (), None, None),
        (Kind.MESSAGE, "", (), (30.4011, 119.9012), None),
        (Kind.MESSAGE, "", (), None, None),
        (Kind.MESSAGE, "停水通知\nhttp://n", (), None, None),
        (Kind.START, "", (), None, "abc"),
        (Kind.START, "", (), None, "abd"),
        (Kind.START, "", (), None, None),
        (Kind.BLOCK, "", (), None, None),
    ]
    assert here.said[3].pinned == "幸福里3号楼"  # the map's word and nobody's
    assert set(one.answers) == {200}


def test_who_unfollows_is_not_waited_for(made: Callable[..., Assistant]) -> None:
    here = made()
    here.answers = ()
    began = here.hours.now
    play(here, here.people().do("u1", "unsubscribe"), seconds=0)
    assert here.said[0].kind is Kind.BLOCK and (here.hours.now - began).total_seconds() < PATIENCE / 2


def test_two_events_of_one_second_are_two_and_one_told_twice_is_one(made: Callable[..., Assistant]) -> None:
    here = made()
    one = here.people(lost=1)
    play(here, one.do("u1", "CLICK", "legal"), seconds=0)
    here.hours.now = Hours().now
    play(here, one.do("u1", "CLICK", "points"), one.do("u1", "CLICK", "legal"), seconds=0)
    play(here, seconds=30)
    assert sorted(s.text for s in here.said) == ["法律咨询", "道德银行"]


# -- strangers --------------------------------------------------------------------------------------------------------

NONCES = count()


def spent(here: Assistant, inside: str, body: bytes) -> tuple[int, str, float]:
    """Our answer, and the processor time it took: the middle one of five, each with a nonce of its own."""

    async def once() -> tuple[int, str, float]:
        query = urlencode(params_of(here, inside, nonce=f"n{next(NONCES)}"))
        scope = {"type": "http", "method": "POST", "path": "/wechat/callback", "headers": [], "query_string": query}
        chunks = iter([body[at : at + 16_384] for at in range(0, len(body), 16_384)] or [b""])

        async def receive() -> dict[str, object]:
            chunk = next(chunks, None)
            return {"type": "http.request", "body": chunk or b"", "more_body": chunk is not None}

        began = time.thread_time()
        answer = await here.door.receive(Request(scope, receive))
        return answer.status_code, bytes(answer.body).decode(), time.thread_time() - began

    answers = [asyncio.run(once()) for _ in range(5)]
    assert len({answer[:2] for answer in answers}) == 1
    return sorted(answers, key=lambda answer: answer[2])[2]


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("sealed", [True, False], ids=["sealed", "plain"])
def test_a_hostile_body_is_refused_at_once_and_like_every_other(
    shut: Callable[..., Assistant], name: str, sealed: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """Less than 10 ms of processor time; outside the seal, and inside one that only the platform could have made."""
    here, body = shut(sealed=sealed), HOSTILE[name]
    raw = body.encode() if isinstance(body, str) else body
    tries = [(raw, "")]
    if sealed:
        inside = seal(raw, APP_ID)
        tries = [(raw, inside), (f"<xml><Encrypt>{inside}</Encrypt></xml>".encode(), inside)]
    for said, signed in tries:
        status, text, seconds = spent(here, signed, said)
        assert (status, text) == (403, "refused") and here.said == []
        assert seconds < 0.010
    told = capsys.readouterr()
    assert "Traceback" not in told.out + told.err


def params_of(here: Assistant, inside: str, **changed: str) -> dict[str, str]:
    timestamp = changed.pop("timestamp", str(int(here.hours.now.timestamp())))
    nonce = changed.pop("nonce", "n1")
    fine = {
        "timestamp": timestamp,
        "nonce": nonce,
        "signature": sign(TOKEN, timestamp, nonce),
        "msg_signature": sign(TOKEN, timestamp, nonce, inside),
    }
    return {k: v for k, v in (fine | changed).items() if v}


INSIDE = seal(FINE, APP_ID)
NOW = int(Hours().now.timestamp())
FORGED: dict[str, tuple[dict[str, str], str]] = {
    "no signature": ({"msg_signature": ""}, INSIDE),
    "the plain signature": ({"msg_signature": sign(TOKEN, str(NOW), "n1")}, INSIDE),
    "a wrong signature": ({"msg_signature": "0" * 40}, INSIDE),
    "words in a signature": ({"msg_signature": "签名"}, INSIDE),
    "too old": ({"timestamp": str(NOW - 301)}, INSIDE),
    "of the future": ({"timestamp": str(NOW + 301)}, INSIDE),
    "a time that is none": ({"timestamp": "１２３"}, INSIDE),
    "an endless nonce": ({"nonce": "n" * 65}, INSIDE),
    "another app": ({}, seal(FINE, "wx-another")),
    "no app": ({}, seal(FINE, "")),
    "another key": ({}, seal(FINE, APP_ID, key="x" * 42 + "E")),
    "bad padding": ({}, seal(FINE, APP_ID, padding=b"\0" * 16)),
    "padding without end": ({}, seal(FINE, APP_ID, padding=b"\xff" * 16)),
    "a length that lies": ({}, seal(FINE, APP_ID, size=2**31)),
    "half a block": ({}, INSIDE[:-8]),
    "no base64": ({}, "$$$$"),
    "nothing inside": ({}, ""),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forgery_is_refused_like_every_other(shut: Callable[..., Assistant], name: str) -> None:
    here = shut()
    changed, inside = FORGED[name]
    body = f"<xml><ToUserName>{ACCOUNT}</ToUserName><Encrypt><![CDATA[{inside}]]></Encrypt></xml>".encode()
    answer = asyncio.run(asyncio.wait_for(here.people().send(params_of(here, inside, **changed), body), 10))
    assert (answer.status_code, answer.text) == (403, "refused") and here.said == []


def test_the_same_request_is_taken_once_and_with_other_words_not_at_all(made: Callable[..., Assistant]) -> None:
    here = made(sealed=False)
    one = here.people(sealed=False)

    async def post(words: str) -> tuple[int, int]:
        answer = asyncio.ensure_future(one.post(FINE.replace("你好", words), nonce="n1", at=NOW))
        await here.hours.advance(6)
        return (await answer).status_code, len(here.said)

    async def run() -> list[tuple[int, int]]:
        found = [await post("你好"), await post("你好"), await post("我要举报")]
        await here.hours.advance(30)
        found.append(await post("你好"))
        await asyncio.gather(*here.tasks)
        return found

    assert asyncio.run(run()) == [(200, 1), (200, 1), (403, 1), (403, 1)]


def test_a_sealed_account_takes_nothing_open(made: Callable[..., Assistant]) -> None:
    here = made()
    answer = asyncio.run(here.people().post(FINE, wrap=False))
    assert answer.status_code == 403 and here.said == []


def test_the_console_can_test_the_address(made: Callable[..., Assistant]) -> None:
    here = made()
    timestamp, nonce = str(NOW), "n"
    fine = {"timestamp": timestamp, "nonce": nonce, "echostr": "12345", "signature": sign(TOKEN, timestamp, nonce)}

    async def run() -> list[tuple[int, str]]:
        one = here.people()
        answers = [await one.send({**fine, **more}, b"", "GET") for more in ({}, {"signature": "0"}, {"echostr": ""})]
        return [(answer.status_code, answer.text) for answer in answers]

    assert asyncio.run(run()) == [(200, "12345"), (403, "refused"), (403, "refused")]


def test_nothing_of_a_strangers_message_is_kept(made: Callable[..., Assistant]) -> None:
    here = made()
    asyncio.run(here.people().post(FINE, wrap=False))
    with here.database.read() as conn:
        assert conn.execute(select(func.count()).select_from(inbox)).scalar_one() == 0
