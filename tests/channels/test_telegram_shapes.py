"""Telegram's rarer updates: topics, albums, named pins, what is passed on, shapes the library does not know."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.base import Inbound, Kind
from bot.channels.telegram_addressed import Me
from bot.channels.telegram_parse import parse
from tests.support.telegram_api import BOT, TelegramApi

ME = Me(int(BOT["id"]), str(BOT["username"]))
GROUP = -100
OTHER = {"id": 8, "is_bot": False, "first_name": "李"}
HERE = {"id": GROUP, "type": "supergroup", "title": "群"}
MINE = {"message_id": 3, "date": 1, "chat": HERE, "from": BOT, "text": "您好"}
NEWS = {"type": "channel", "chat": {"id": -9, "type": "channel", "title": "新闻"}, "message_id": 4, "date": 1}
PIN = {"latitude": 39.1, "longitude": 119.6}
ODD_POLL = {"id": "1", "question": "哪天？", "options": [{"text": "周一"}]}  # of a server older than the library


@pytest.fixture
def people() -> TelegramApi:
    return TelegramApi()


def of(update: dict[str, Any]) -> Inbound:
    found = parse(update, ME)
    assert found is not None
    return found


def test_a_line_in_a_topic_says_so_and_one_in_a_thread_of_replies_does_not(people: TelegramApi) -> None:
    assert of(people.says(7, "灯坏了", GROUP, message_thread_id=5, is_topic_message=True)).topical
    assert not of(people.says(7, "灯坏了", GROUP, message_thread_id=5)).topical
    assert of(people.presses(7, button(is_topic_message=True, message_thread_id=5), "接单")).topical
    assert not of(people.presses(7, button(date=0), "接单")).topical  # too old to be shown


def button(**more: Any) -> dict[str, Any]:
    return MINE | {"reply_markup": {"inline_keyboard": [[{"text": "接单", "callback_data": "tok"}]]}} | more


def test_a_pin_with_a_name_is_a_place_and_not_words(people: TelegramApi) -> None:
    said = of(people.message(7, location=PIN, venue={"location": PIN, "title": "幸福小区", "address": "一号路"}))
    assert (said.location, said.pinned, said.text) == ((39.1, 119.6), "幸福小区 一号路", "")


def test_what_a_channel_wrote_is_nothing_anybody_in_the_group_says(people: TelegramApi) -> None:
    assert parse(people.says(7, "某地发生火灾", GROUP, forward_origin=NEWS), ME) is None
    person = {"type": "hidden_user", "sender_user_name": "某人", "date": 1}
    assert of(people.says(7, "楼道灯坏了", GROUP, forward_origin=person)).text == "楼道灯坏了"
    assert of(people.says(7, "这个是真的吗", forward_origin=NEWS)).text == "这个是真的吗"  # shown to us


@pytest.mark.parametrize(
    "odd", [{"quote": {}}, {"reply_to_message": MINE | {"poll": ODD_POLL}}, {"external_reply": {"a": 1}}]
)
def test_a_part_the_library_cannot_read_costs_nobody_their_words(people: TelegramApi, odd: dict[str, Any]) -> None:
    said = of(people.says(7, "@linli_test_bot 灯坏了", GROUP, **odd))
    assert (said.text, said.addressed) == ("灯坏了", True)
    assert said.reply_to == ("3" if "reply_to_message" in odd else None)


def test_a_press_on_a_message_with_such_a_part_is_a_press(people: TelegramApi) -> None:
    pressed = of(people.presses(7, button(poll=ODD_POLL), "接单"))
    assert (pressed.choice, pressed.pending) == ("tok", True)


@pytest.mark.parametrize(
    "old, new, kind",
    [
        ({"status": "left"}, {"status": "administrator"}, Kind.JOIN),
        ({"status": "administrator"}, {"status": "kicked"}, Kind.LEAVE),
        ({"status": "kicked"}, {"status": "restricted", "is_member": True}, Kind.JOIN),
        ({"status": "member"}, {"status": "restricted", "is_member": False}, Kind.LEAVE),
        ({"status": "member"}, {"status": "administrator"}, None),
    ],
)
def test_coming_and_going_is_seen_whatever_else_is_said_of_a_member(
    people: TelegramApi, old: dict[str, Any], new: dict[str, Any], kind: Kind | None
) -> None:
    members = {"old_chat_member": {"user": BOT, **old}, "new_chat_member": {"user": BOT, **new}}
    found = parse(people.update(my_chat_member={"chat": HERE, "from": OTHER, "date": 1, **members}), ME)
    assert (found.kind if found else None) == kind
