"""What Telegram's updates mean, and that no update whatever raises."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Update

from bot.channels.base import MAX_TEXT, Inbound, Kind
from bot.channels.telegram_addressed import Me
from bot.channels.telegram_parse import _update, parse, plain
from tests.support.telegram_api import BOT, TelegramApi, entities

ME = Me(int(BOT["id"]), str(BOT["username"]))
GROUP = -100
OTHER = {"id": 8, "is_bot": False, "first_name": "李"}
MINE = {"message_id": 3, "date": 1, "chat": {"id": GROUP, "type": "group", "title": "群"}, "from": BOT, "text": "您好"}


def of(update: dict[str, Any]) -> Inbound:
    found = parse(update, ME)
    assert found is not None
    return found


@pytest.fixture
def people() -> TelegramApi:
    return TelegramApi()


def test_a_private_message(people: TelegramApi) -> None:
    said = of(people.says(7, "3栋2单元楼道灯坏了"))
    assert said == Inbound(
        channel="telegram",
        key="101",
        kind=Kind.MESSAGE,
        chat="7",
        private=True,
        sender="7",
        sender_name="人7",
        text="3栋2单元楼道灯坏了",
        message="1",
        addressed=True,
    )
    assert said.conversation == "telegram:7"


@pytest.mark.parametrize(
    "text, words, addressed, other",
    [
        ("灯坏了", "灯坏了", False, False),
        ("@linli_test_bot 灯坏了", "灯坏了", True, False),
        ("😀😀 @Linli_Test_Bot 灯坏了", "😀😀  灯坏了", True, False),
        ("@wang 灯坏了", "@wang 灯坏了", False, True),
        ("@wang @linli_test_bot 灯坏了", "@wang  灯坏了", True, False),
        ("/help@linli_test_bot", "帮助", True, False),
        ("/help@another_bot", "/help@another_bot", False, True),
        ("/help", "/help", False, False),
        ("/start@linli_test_bot", "帮助", True, False),
        ("/weather@linli_test_bot 明天", "/weather 明天", True, False),
    ],
)
def test_who_is_spoken_to_in_a_group(people: TelegramApi, text: str, words: str, addressed: bool, other: bool) -> None:
    said = of(people.says(7, text, GROUP))
    assert (said.text, said.addressed, said.mentions_other) == (words, addressed, other)


@pytest.mark.parametrize(
    "author, topic, addressed, other, reply",
    [(BOT, False, True, False, "3"), (OTHER, False, False, True, "3"), (OTHER, True, False, False, None)],
)
def test_replies(
    people: TelegramApi, author: dict[str, Any], topic: bool, addressed: bool, other: bool, reply: str | None
) -> None:
    opening = {"forum_topic_created": {"name": "维修", "icon_color": 1}} if topic else {}
    said = of(people.says(7, "好的", GROUP, reply_to_message=MINE | {"from": author} | opening))
    assert (said.addressed, said.mentions_other, said.reply_to) == (addressed, other, reply)


def test_answering_oneself_speaks_to_nobody_else(people: TelegramApi) -> None:
    me = {"id": 7, "is_bot": False, "first_name": "人7"}
    assert not of(people.says(7, "还有", GROUP, reply_to_message=MINE | {"from": me})).mentions_other


@pytest.mark.parametrize(
    "text, kind, words, token",
    [
        ("/start", Kind.START, "", None),
        ("/start abc_DEF-1", Kind.START, "", "abc_DEF-1"),
        ("/start " + "x" * 500, Kind.START, "", "x" * 64),
        ("/help", Kind.MESSAGE, "帮助", None),
        ("/cancel", Kind.MESSAGE, "取消", None),
        ("/human 急", Kind.MESSAGE, "人工 急", None),
        ('/intent{"place":"3栋"}', Kind.MESSAGE, '/intent{"place":"3栋"}', None),
        ("/unknown 灯坏了", Kind.MESSAGE, "/unknown 灯坏了", None),
        ("/", Kind.MESSAGE, "/", None),
    ],
)
def test_commands(people: TelegramApi, text: str, kind: Kind, words: str, token: str | None) -> None:
    said = of(people.says(7, text))
    assert (said.kind, said.text, said.token) == (kind, words, token)


def size(n: int, bytes: int = 1000) -> dict[str, Any]:
    return {"file_id": f"f{n}", "file_unique_id": f"u{n}", "width": n, "height": n, "file_size": bytes}


def test_of_a_photo_the_largest_that_may_be_fetched_with_its_caption(people: TelegramApi) -> None:
    sizes = [size(90), size(1280), size(320), size(4000, 11_000_000)]
    said = of(
        people.message(
            7, photo=sizes, caption="就是这里 @linli_test_bot", caption_entities=entities("就是这里 @linli_test_bot")
        )
    )
    assert (said.photos, said.text) == (("f1280",), "就是这里")


def test_a_photo_sent_as_a_file(people: TelegramApi) -> None:
    document = {"file_id": "d1", "file_unique_id": "d1", "mime_type": "image/jpeg", "file_size": 5000}
    assert of(people.message(7, document=document)).photos == ("d1",)
    assert of(people.message(7, document=document | {"mime_type": "application/pdf"})).photos == ()
    assert of(people.message(7, document=document | {"file_size": 10_000_001})).photos == ()


def test_places_voices_contacts(people: TelegramApi) -> None:
    here = {"latitude": 39.1, "longitude": 119.6}
    assert of(people.message(7, location=here)).location == (39.1, 119.6)
    voice = {"file_id": "v", "file_unique_id": "v", "duration": 2}
    assert of(people.message(7, voice=voice)).kind is Kind.VOICE
    assert (
        of(people.message(7, contact={"phone_number": "13800000000", "first_name": "我", "user_id": 7})).text
        == "13800000000"
    )
    assert of(people.message(7, contact={"phone_number": "13800000000", "first_name": "他", "user_id": 8})).text == ""


def test_what_we_cannot_read_is_heard_in_private_and_ignored_in_a_group(people: TelegramApi) -> None:
    sticker = {
        "file_id": "s",
        "file_unique_id": "s",
        "type": "regular",
        "width": 1,
        "height": 1,
        "is_animated": False,
        "is_video": False,
    }
    assert of(people.message(7, sticker=sticker)).text == ""
    assert parse(people.message(7, GROUP, sticker=sticker), ME) is None


def test_a_press(people: TelegramApi) -> None:
    button = {"text": "接单", "callback_data": "tok"}
    message = MINE | {"reply_markup": {"inline_keyboard": [[button]]}}
    pressed = of(people.presses(7, message, "接单"))
    assert (pressed.kind, pressed.choice, pressed.callback) == (Kind.PRESS, "tok", "cb1")
    assert (pressed.chat, pressed.private, pressed.message, pressed.sender) == (str(GROUP), False, "3", "7")


def test_a_press_on_a_message_too_old_to_be_shown(people: TelegramApi) -> None:
    query = {"id": "c", "from": OTHER, "chat_instance": "1", "data": "tok"}
    gone = {"chat": MINE["chat"], "message_id": 3, "date": 0}
    assert of(people.update(callback_query=query | {"message": gone})).message == "3"
    assert parse(people.update(callback_query=query | {"inline_message_id": "x"}), ME) is None


def membership(people: TelegramApi, chat: dict[str, Any], old: str, new: str, **more: Any) -> Inbound | None:
    def member(status: str) -> dict[str, Any]:
        extra = {"until_date": 0} if status in ("kicked", "restricted") else {}
        return {"user": BOT, "status": status} | extra | (more if status == "restricted" else {})

    change = {"chat": chat, "from": OTHER, "date": 1, "old_chat_member": member(old), "new_chat_member": member(new)}
    return parse(people.update(my_chat_member=change), ME)


@pytest.mark.parametrize(
    "kind, old, new, expected",
    [
        ("group", "left", "member", Kind.JOIN),
        ("supergroup", "kicked", "member", Kind.JOIN),
        ("group", "member", "left", Kind.LEAVE),
        ("supergroup", "member", "kicked", Kind.LEAVE),
        ("private", "member", "kicked", Kind.BLOCK),
        ("private", "kicked", "member", None),
        ("channel", "left", "member", None),
        ("group", "member", "member", None),
    ],
)
def test_coming_and_going(people: TelegramApi, kind: str, old: str, new: str, expected: Kind | None) -> None:
    found = membership(people, {"id": -5, "type": kind}, old, new)
    assert (found.kind if found else None) == expected


def test_a_group_that_becomes_a_supergroup_is_told_from_both_sides(people: TelegramApi) -> None:
    old = of(people.message(7, GROUP, migrate_to_chat_id=-1001))
    new = of(people.message(7, -1001, migrate_from_chat_id=GROUP))
    assert [(m.kind, m.chat, m.new_chat) for m in (old, new)] == [(Kind.MIGRATE, "-100", "-1001")] * 2


def test_an_edit_in_private_brings_the_new_words(people: TelegramApi) -> None:
    message = people.says(7, "5号楼灯坏了")["message"]
    for odd in ({}, {"some_new_field": {"a": 1}, "sticker": "x"}):
        said = parse(people.update(edited_message=message | {"edit_date": 2} | odd), ME)
        assert said is not None
        assert (said.edited, said.private, said.text, said.chat) == (True, True, "5号楼灯坏了", "7")


def test_an_edit_in_a_group_and_a_place_that_moves_are_left_alone(people: TelegramApi) -> None:
    group = {"chat": {"id": -5, "type": "supergroup", "title": "x"}, "from": OTHER, "message_id": 4, "date": 1}
    place = people.says(7, "x")["message"] | {"location": {"latitude": 1.0, "longitude": 1.0}}
    moves = {name: value for name, value in place.items() if name != "text"}
    spoken = {**moves, "voice": {"file_id": "v", "file_unique_id": "v", "duration": 1}}
    spoken.pop("location")
    for edited in (group | {"text": "@linli_test_bot 灯坏了"}, moves, spoken):
        assert parse(people.update(edited_message=edited), ME) is None


def test_what_does_not_concern_us(people: TelegramApi) -> None:
    channel = {"message_id": 1, "date": 1, "chat": {"id": -9, "type": "channel", "title": "x"}, "text": "x"}
    others = [
        people.update(edited_message=MINE | {"from": OTHER}),
        people.update(channel_post=channel),
        people.update(message=channel),
        people.update(poll={"id": "1"}),
        people.update(something_new={"a": 1}),
        people.update(),
        people.update(message=MINE),  # a bot speaks
        people.message(7, GROUP, sender_chat={"id": -9, "type": "channel", "title": "x"}, text="x"),
        people.message(7, GROUP, new_chat_members=[OTHER]),
        people.message(7, GROUP, left_chat_member=OTHER),
        people.message(7, GROUP, new_chat_title="新名字"),
        people.message(7, GROUP, pinned_message=MINE),
    ]
    assert [parse(update, ME) for update in others] == [None] * len(others)


def test_odd_texts_are_made_storable(people: TelegramApi) -> None:
    said = of(people.says(7, "a\0b\ud83d c" + "长" * 1_000_000))
    assert said.text.startswith("ab c长") and len(said.text) <= MAX_TEXT
    assert json.loads(json.dumps(said.to_json(), ensure_ascii=False).encode()) == said.to_json()


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
VALID: dict[str, Any] = {
    "message_id": 1,
    "date": 1,
    "chat": {"id": -5, "type": "group", "title": "x"},
    "from": OTHER,
    "text": "@linli_test_bot 您好",
    "entities": [{"type": "mention", "offset": 0, "length": 15}],
    "photo": [size(1)],
    "location": {"latitude": 1.0, "longitude": 1.0},
    "reply_to_message": MINE,
}


@given(
    st.sampled_from(sorted(VALID)), junk, st.sampled_from(["message", "callback_query", "my_chat_member", "poll"]), junk
)
def test_no_update_raises(field: str, value: object, kind: str, whole: object) -> None:
    parse({"update_id": 1, "message": VALID | {field: value}}, ME)
    parse({"update_id": 1, kind: whole}, ME)
    parse({"update_id": whole, "message": VALID}, ME)
    parse(
        {
            "update_id": 1,
            "callback_query": {"id": "1", "from": OTHER, "data": "x", "chat_instance": "1", "message": whole},
        },
        ME,
    )


@given(st.integers(-5, 40), st.integers(-5, 40))
def test_wrong_offsets_of_entities_do_no_harm(offset: int, length: int) -> None:
    update = {
        "update_id": 1,
        "message": VALID | {"entities": [{"type": "mention", "offset": offset, "length": length}]},
    }
    parse(update, ME)


NAMES = st.fixed_dictionaries({"first_name": st.text(max_size=5)}, optional={"last_name": st.text(max_size=5)})
PLAIN = st.builds(
    lambda text, kind, id, who: {
        "update_id": 7,
        "message": {
            "message_id": 3,
            "date": 1767571200,
            "chat": {"id": id, "type": kind},
            "from": {"id": 8, "is_bot": False, **who},
            "text": text,
        },
    },
    st.text(max_size=12)
    | st.sampled_from(["/start abc", " /help", "@linli_test_bot 灯坏了", "灯坏了\0", "\0/start", " 灯 "]),
    st.sampled_from(["private", "group", "supergroup", "channel"]),
    st.sampled_from([5, -100123]),
    NAMES,
)


@given(PLAIN)
def test_a_plain_line_is_read_as_the_library_reads_it(update: dict[str, Any]) -> None:
    quick = plain(update)
    assert quick is None or quick == _update(Update.de_json(update, None), ME)


FIELDS = ("update_id", "message_id", "date", "chat", "from", "text")


@given(PLAIN, st.sampled_from(FIELDS), st.sampled_from([None, "x", {}, True]))
def test_whatever_is_odd_is_left_to_the_library(update: dict[str, Any], where: str, odd: Any) -> None:
    spoilt = {**update, where: odd} if where in update else {**update, "message": {**update["message"], where: odd}}
    assert (where == "text" and odd == "x") or plain(spoilt) is None


def test_most_lines_go_the_short_way() -> None:
    line = {"message_id": 3, "date": 1, "chat": {"id": 5, "type": "private"}, "text": "灯坏了"}
    update = {"update_id": 7, "message": {**line, "from": {"id": 5, "is_bot": False, "first_name": "邻居"}}}
    assert plain(update) is not None
