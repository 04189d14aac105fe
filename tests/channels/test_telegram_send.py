"""Sending through a real HTTP server that refuses as Telegram does."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import Response

from bot.channels.base import Act, Choice, Outbound, SendError, Sent
from bot.channels.telegram import TelegramChannel
from bot.render import render
from tests.support.telegram_api import TOKEN, Refused, TelegramApi

USER, GROUP = 7, -100


@pytest.fixture
def api() -> TelegramApi:
    found = TelegramApi()
    found.chat(USER).started = True
    found.chat(GROUP)
    return found


@pytest.fixture
def root(api: TelegramApi) -> Iterator[str]:
    with api.running() as address:
        yield address


def use(root: str, work: Callable[[TelegramChannel], Awaitable[Any]], *, token: str = TOKEN, **more: Any) -> Any:
    async def run() -> Any:
        channel = TelegramChannel(token, base_url=root, bot_name="linli_test_bot", **more)
        try:
            return await work(channel)
        finally:
            await channel.close()

    return asyncio.run(run())


def say(text: str, chat: int = USER, **more: Any) -> Outbound:
    return Outbound(act=Act.SAY, chat=str(chat), text=text, **more)


def refused(root: str, out: Outbound, **more: Any) -> SendError:
    with pytest.raises(SendError) as raised:
        use(root, lambda channel: channel.send(out), **more)
    assert TOKEN not in str(raised.value) and out.text not in raised.value.reason
    return raised.value


def test_who_we_are_and_the_menu(api: TelegramApi, root: str) -> None:
    me = use(root, lambda channel: channel.open())
    assert (me.id, me.name) == (1234567, "linli_test_bot")
    assert {"command": "help", "description": "帮助"} in api.commands


def test_a_message_with_buttons_a_reply_and_a_link(api: TelegramApi, root: str) -> None:
    first = use(root, lambda channel: channel.send(say("工单", GROUP)))
    rows = ((Choice("tok1", "接单"), Choice("tok2", "转派")), (Choice("", "私聊我", link="abc"),))
    sent = use(root, lambda channel: channel.send(say("请<b>处理*", GROUP, choices=rows, reply_to=first.message)))
    there = api.in_chat(GROUP)[1]
    assert sent == Sent(str(there["message_id"])) and there["text"] == "请<b>处理*"
    assert there["reply_to_message"]["text"] == "工单"
    assert there["reply_markup"]["inline_keyboard"] == [
        [{"text": "接单", "callback_data": "tok1"}, {"text": "转派", "callback_data": "tok2"}],
        [{"text": "私聊我", "url": "https://t.me/linli_test_bot?start=abc"}],
    ]
    assert "parse_mode" not in api.calls[-1][1]


def test_a_reply_to_a_message_that_is_gone_is_still_said(api: TelegramApi, root: str) -> None:
    use(root, lambda channel: channel.send(say("您好", reply_to="999")))
    assert api.calls[-1][1]["reply_parameters"]["allow_sending_without_reply"] is True


def test_an_edit_and_one_that_changes_nothing(api: TelegramApi, root: str) -> None:
    async def work(channel: TelegramChannel) -> list[Sent]:
        sent = await channel.send(say("旧", choices=((Choice("t", "好"),),)))
        edit = replace(say("新"), act=Act.EDIT, message=sent.message)
        return [sent, await channel.send(edit), await channel.send(edit)]

    ids = use(root, work)
    assert len({sent.message for sent in ids}) == 1
    assert api.in_chat(USER)[0]["text"] == "新" and "reply_markup" not in api.in_chat(USER)[0]


def test_an_edit_of_a_deleted_message_is_refused_for_good(root: str) -> None:
    error = refused(root, replace(say("新"), act=Act.EDIT, message="999"))
    assert not error.transient and error.gone is None and "not found" in error.reason


def test_photos_go_with_their_words_or_before_them(api: TelegramApi, root: str, tmp_path: Path) -> None:
    (tmp_path / "p.jpg").write_bytes(b"picture")
    use(root, lambda channel: channel.send(say("楼道灯", photo="p.jpg")), files=tmp_path)
    long = say("很长。" * 600, photo="p.jpg", choices=((Choice("t", "好"),),))
    for part in render(long, TelegramChannel.abilities):
        use(root, lambda channel, part=part: channel.send(part), files=tmp_path)
    one, two, three = api.in_chat(USER)
    assert (one["caption"], "caption" in two, three["text"]) == ("楼道灯", False, "很长。" * 600)
    assert "reply_markup" not in two and "reply_markup" in three
    assert set(api.files.values()) == {b"picture"}


def test_an_edit_of_a_photo_changes_its_caption(api: TelegramApi, root: str, tmp_path: Path) -> None:
    (tmp_path / "p.jpg").write_bytes(b"picture")

    async def work(channel: TelegramChannel) -> None:
        sent = await channel.send(say("旧", photo="p.jpg"))
        await channel.send(replace(say("新"), act=Act.EDIT, message=sent.message))

    use(root, work, files=tmp_path)
    assert api.in_chat(USER)[0]["caption"] == "新"


def test_a_photo_that_is_not_there(root: str, tmp_path: Path) -> None:
    assert not refused(root, say("楼道灯", photo="none.jpg"), files=tmp_path).transient


def test_the_short_answer_to_a_press(api: TelegramApi, root: str) -> None:
    api.callbacks |= {"c1", "c2"}
    notice = Outbound(act=Act.NOTICE, chat=str(USER), text="已接单", callback="c1")
    assert use(root, lambda channel: channel.send(notice)) == Sent(None)
    use(root, lambda channel: channel.send(replace(notice, text="长" * 500, callback="c2")))
    assert (api.answers["c1"]["text"], len(api.answers["c2"]["text"])) == ("已接单", 200)
    late = refused(root, notice)
    assert not late.transient and "too old" in late.reason
    assert use(root, lambda channel: channel.send(replace(notice, text=""))) == Sent(None)  # nothing was to be read
    api.callbacks.add("c3")
    use(root, lambda channel: channel.send(replace(notice, text="", callback="c3")))
    assert api.callbacks == set() and "text" not in api.answers["c3"]  # the button waits no longer


def test_fetching_a_photo(api: TelegramApi, root: str) -> None:
    api.files["f1"] = b"bytes"
    assert use(root, lambda channel: channel.fetch("f1")) == b"bytes"
    with pytest.raises(SendError):
        use(root, lambda channel: channel.fetch("f2"))


def test_a_photo_that_is_too_large_is_not_fetched(api: TelegramApi, root: str) -> None:
    api.files["f1"] = bytes(10_000_001)
    with pytest.raises(SendError, match="too large"):
        use(root, lambda channel: channel.fetch("f1"))


def change(**state: Any) -> Callable[[TelegramApi], None]:
    def apply(api: TelegramApi) -> None:
        for chat in (USER, GROUP):
            for name, value in state.items():
                setattr(api.chat(chat), name, value)

    return apply


@pytest.mark.parametrize(
    "state, chat, gone",
    [
        (change(blocked=True), USER, "blocked"),
        (change(started=False), USER, "blocked"),
        (change(kicked=True), GROUP, "left"),
        (change(), 404, "blocked"),
        (change(), -404, "left"),
    ],
)
def test_a_chat_that_is_closed(
    api: TelegramApi, root: str, state: Callable[[TelegramApi], None], chat: int, gone: str
) -> None:
    state(api)
    error = refused(root, say("您好", chat))
    assert (error.gone, error.transient) == (gone, False)


def test_a_group_that_moved(api: TelegramApi, root: str) -> None:
    api.chat(GROUP).moved_to = -1001
    assert refused(root, say("您好", GROUP)).moved_to == "-1001"


def fault(answer: Response | Refused | float) -> Callable[[str, Any], Response | Refused | float]:
    return lambda method, given: answer


@pytest.mark.parametrize(
    "answer, expected",
    [
        (Refused(429, "Too Many Requests: retry after 7", retry_after=7), {"retry_after": 7.0, "uncertain": False}),
        (Refused(401, "Unauthorized"), {"everywhere": True, "transient": True}),
        (Refused(403, "Forbidden: user is deactivated"), {"gone": "blocked", "transient": False}),
        (Refused(403, "Forbidden: bot is not a member of the supergroup chat"), {"gone": "left"}),
        (Refused(400, "Bad Request: not enough rights to send text messages"), {"gone": None, "transient": False}),
        (Refused(500, "Internal Server Error"), {"transient": True, "uncertain": False}),
        (Response("<html>504 Gateway Timeout", 504), {"transient": True, "uncertain": True}),
        (Response("<html>502 Bad Gateway", 502), {"transient": True, "uncertain": False}),
        (Response("not json"), {"transient": False}),
        (2.0, {"transient": True, "uncertain": True, "everywhere": False}),
    ],
)
def test_what_refusals_mean(
    api: TelegramApi, root: str, answer: Response | Refused | float, expected: dict[str, Any]
) -> None:
    api.faults.append(fault(answer))
    error = refused(root, say("您好"), read_timeout=0.5)
    assert {name: getattr(error, name) for name in expected} == expected


def test_no_server_at_all() -> None:
    from tests.support.server import free_port

    error = refused(f"http://127.0.0.1:{free_port()}", say("您好"))
    assert (error.transient, error.everywhere, error.uncertain) == (True, True, False)


def test_too_long_empty_or_odd(root: str) -> None:
    for text in ("长" * 4097, "   ", "😀" * 2049):
        error = refused(root, replace(say("x"), text=text))
        assert not error.transient
    assert not refused(root, say("a\ud800")).transient


def test_the_token_is_never_logged(root: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore", "telegram"):
        logging.getLogger(name).setLevel(logging.NOTSET)
    use(root, lambda channel: channel.send(say("您好")))
    assert TOKEN not in caplog.text and "您好" not in caplog.text
