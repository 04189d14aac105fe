"""What every channel has to do, whatever its platform can: one set of tests over all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.channels.base import Act, Channel, Choice, Outbound, SendError, Sent
from bot.channels.play import PlayChannel
from bot.channels.telegram import TelegramChannel
from bot.channels.web import WebChannel
from bot.channels.wechat.channel import WeChatChannel, account
from bot.channels.wecom.channel import WeComChannel
from bot.channels.wecom.channel import account as wecom_account
from bot.channels.weixin.api import Api
from bot.channels.weixin.replies import Replies
from bot.render import render
from storage import web_lines, windows
from storage.database import Database
from tests.support.databases import SECRET
from tests.support.platforms import Platform
from tests.support.telegram_api import TOKEN, TelegramApi
from tests.support.wechat_api import APP_ID, WeChatApi
from tests.support.wechat_api import SECRET as WECHAT_SECRET
from tests.support.wecom_api import AGENT_ID, CORP_ID, WeComApi
from tests.support.wecom_api import SECRET as WECOM_SECRET

NOW = datetime(2026, 3, 2, tzinfo=UTC)
CHAT = "7"


@dataclass
class Place:
    """A channel with a person at the other end of it."""

    channel: Channel
    sees: Callable[[], list[str]]  # the texts this person sees now, in order
    buttons: Callable[[], list[str]]  # the labels under the last message


@contextmanager
def play(tmp_path: Path) -> Iterator[Place]:
    lines: dict[str, dict[str, Any]] = {}

    def out(line: dict[str, Any]) -> None:
        if line["type"] != "notice":
            lines[line["id"]] = line

    yield Place(
        PlayChannel(out),
        lambda: [line["text"] for line in lines.values()],
        lambda: [c["label"] for c in list(lines.values())[-1].get("choices", ())],
    )


@contextmanager
def web(tmp_path: Path) -> Iterator[Place]:
    database = Database.open(f"sqlite:///{tmp_path / 'web.db'}", durable=False, secret=SECRET)
    database.upgrade()

    def lines() -> list[Any]:
        with database.read() as conn:
            return [line for line in web_lines.since(conn, CHAT, 0, NOW) if line.author == web_lines.ASSISTANT]

    channel = WebChannel(database, uploads=tmp_path / "uploads", store=tmp_path, clock=lambda: NOW)
    yield Place(
        channel,
        lambda: [line.body["text"] for line in lines()],
        lambda: [c["label"] for row in lines()[-1].body.get("choices", ()) for c in row],
    )
    database.close()


@contextmanager
def telegram(tmp_path: Path) -> Iterator[Place]:
    api = TelegramApi()
    api.chat(int(CHAT)).started = True
    with api.running() as root:
        yield Place(
            TelegramChannel(TOKEN, base_url=root, files=tmp_path),
            lambda: [message["text"] for message in api.in_chat(int(CHAT))],
            lambda: [
                button["text"]
                for row in api.in_chat(int(CHAT))[-1].get("reply_markup", {}).get("inline_keyboard", ())
                for button in row
            ],
        )


@contextmanager
def wechat(tmp_path: Path) -> Iterator[Place]:
    database = Database.open(f"sqlite:///{tmp_path / 'wechat.db'}", durable=False, secret=SECRET)
    database.upgrade()
    api = WeChatApi(clock=lambda: NOW)
    api.acted(CHAT)
    with database.write() as conn:
        windows.opened(conn, "wechat", CHAT, 5, 48 * 3600, NOW)
    with api.running() as root:
        client = Api(account(APP_ID, WECHAT_SECRET, root), database, lambda: NOW)
        channel = WeChatChannel(client, Replies(4.5), database, lambda: NOW, files=tmp_path, link=lambda code: code)
        yield Place(channel, lambda: api.saw(CHAT), list)
    database.close()


@contextmanager
def wecom(tmp_path: Path) -> Iterator[Place]:
    database = Database.open(f"sqlite:///{tmp_path / 'wecom.db'}", durable=False, secret=SECRET)
    database.upgrade()
    api = WeComApi(clock=lambda: NOW)
    with api.running() as root:
        client = Api(wecom_account(CORP_ID, AGENT_ID, WECOM_SECRET, root), database, lambda: NOW)
        channel = WeComChannel(
            client,
            AGENT_ID,
            Replies(4.5),
            database,
            lambda: NOW,
            files=tmp_path,
            link=lambda code: f"https://l/{code}",
            page="https://l/staff",
        )

        def seen() -> list[str]:
            """What the member sees now: texts, and each card once, as it stands."""
            return [text for _, kind, text in api.log if kind == "text"] + [
                "\n".join(part for part in (card["main_title"]["title"], card["sub_title_text"]) if part)
                for card in api.cards.values()
            ]

        yield Place(
            channel, seen, lambda: [button["text"] for button in list(api.cards.values())[-1].get("button_list", ())]
        )
    database.close()


@contextmanager
def plain(tmp_path: Path) -> Iterator[Place]:
    channel = Platform()
    yield Place(
        channel, channel.texts, lambda: [c.label for row in list(channel.shown.values())[-1].choices for c in row]
    )


PLACES: list[Callable[[Path], AbstractContextManager[Place]]] = [play, web, telegram, wechat, wecom, plain]


def hand_over(channel: Channel, *outs: Outbound) -> Sent:
    """What delivery does: render for the channel, send every part."""

    async def run() -> Sent:
        sent = Sent(None)
        for number, out in enumerate(outs, 1):
            message = sent.message if out.act is Act.EDIT and out.message is None else out.message
            for part in render(replace(out, message=message, outbox=number), channel.abilities):
                sent = await channel.send(part)
        return sent

    return asyncio.run(run())


def say(text: str, **more: Any) -> Outbound:
    return Outbound(act=Act.SAY, chat=CHAT, text=text, **more)


@pytest.mark.parametrize("made", PLACES, ids=lambda made: made.__name__)
class TestEveryChannel:
    @pytest.fixture
    def place(self, made: Callable[[Path], AbstractContextManager[Place]], tmp_path: Path) -> Iterator[Place]:
        with made(tmp_path) as found:
            yield found

    def test_what_is_said_is_seen(self, place: Place) -> None:
        sent = hand_over(place.channel, say("您好，<b>王大妈</b>！*_[x]"))
        assert place.sees() == ["您好，<b>王大妈</b>！*_[x]"]
        assert sent.message

    def test_order_is_kept(self, place: Place) -> None:
        hand_over(place.channel, *(say(f"第{n}句") for n in range(5)))
        assert place.sees() == [f"第{n}句" for n in range(5)]

    def test_a_change_is_seen_in_place_or_after(self, place: Place) -> None:
        rows = ((Choice("t1", "接单"),),)
        news = replace(say("工单：已接单", choices=rows), act=Act.EDIT)
        hand_over(place.channel, say("工单：待接单", choices=rows), news)
        seen = place.sees()
        assert seen[-1].startswith("工单：已接单") and len(seen) == (1 if place.channel.abilities.edits else 2)

    def test_choices_can_be_made(self, place: Place) -> None:
        rows = ((Choice("t1", "确认"), Choice("t2", "修改")),)
        hand_over(place.channel, say("可以吗？", choices=rows))
        if place.channel.abilities.buttons:
            assert (place.sees(), place.buttons()) == (["可以吗？"], ["确认", "修改"])
        else:
            assert place.sees() == ["可以吗？\n回复 1 确认\n回复 2 修改"]

    def test_a_private_link_is_shown(self, place: Place) -> None:
        hand_over(place.channel, say("请私聊", choices=((Choice("", "私聊我", link="abc123"),),)))
        if place.channel.abilities.buttons:
            assert place.buttons() == ["私聊我"]
        else:
            assert "abc123" in place.sees()[-1]

    def test_a_long_text_arrives_whole(self, place: Place) -> None:
        text = "".join(f"第{n}条，请大家注意防火防盗😀。" for n in range(1500))
        if place.channel.name in ("wechat", "wecom"):
            text = text[:3000]  # five messages in a window, thirty a minute
        hand_over(place.channel, say(text))
        assert "".join(place.sees()) == text
        abilities = place.channel.abilities
        assert all(abilities.measure(part) <= abilities.longest for part in place.sees())

    def test_odd_characters_are_taken(self, place: Place) -> None:
        hand_over(place.channel, say("a\0b\ud800 \u202eرجب\u200b " + "😀" * 500))
        assert place.sees()[0].startswith("ab")

    def test_a_notice_is_taken_or_refused_for_good(self, place: Place) -> None:
        notice = Outbound(act=Act.NOTICE, chat=CHAT, text="已接单", callback="c1", to=CHAT)
        try:
            hand_over(place.channel, notice)
        except SendError as error:
            assert not error.transient

    def test_editing_what_is_not_there_is_refused_for_good(self, place: Place) -> None:
        if not place.channel.abilities.edits or place.channel.name == "play":
            pytest.skip("it has no edits, or shows every line")
        with pytest.raises(SendError) as raised:
            hand_over(place.channel, replace(say("新"), act=Act.EDIT, message="999"))
        assert not raised.value.transient

    @pytest.mark.parametrize("handle", ["none", "../../none/such", "", "\0"])
    def test_fetching_what_is_not_there(self, place: Place, handle: str) -> None:
        with pytest.raises(SendError):
            asyncio.run(_fetch(place.channel, handle))


def _fetch(channel: Channel, handle: str) -> Awaitable[bytes]:
    return channel.fetch(handle)
