"""What is in the outbox reaches people once, in order, and what does not reach them is written down."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.channels.base import WAITS, Abilities, Act, Outbound, SendError, Sent
from bot.delivery import LAST_START, Delivery
from bot.limits import TELEGRAM, Limits
from bot.render import apart
from storage import outbox
from storage.database import Away
from tests.delivery.conftest import START, Post
from tests.support.platforms import Platform, first, rich


def transient() -> SendError:
    return SendError("the server failed", transient=True)


def uncertain() -> SendError:
    return SendError("no answer: ReadTimeout", transient=True, uncertain=True)


def unreachable() -> SendError:
    return SendError("no connection", transient=True, everywhere=True)


def limited() -> SendError:
    return SendError("too many requests", transient=True, retry_after=30)


def deliver(post: Post, platform: Platform, *seconds: float, limits: Limits | None = None) -> int:
    """Run delivery at these moments, with waits that are neither shortened nor stretched."""
    delivery = Delivery(post.database, {platform.name: platform}, limits, chance=lambda: 0.5, threads=False)

    async def run() -> int:
        return sum([await delivery.run_once(post.after(at)) for at in seconds or (0,)])

    return asyncio.run(asyncio.wait_for(run(), 60))


def test_what_is_put_is_sent_and_written_down(post: Post) -> None:
    platform, chat = Platform(), post.chat()
    ids = [post.put(chat, text) for text in ("一", "二", "三")]
    assert deliver(post, platform) == 3
    assert platform.texts("u1") == ["一", "二", "三"]
    assert [(post.row(id).state, post.row(id).message) for id in ids] == [("sent", f"m{n}") for n in (1, 2, 3)]
    assert post.row(ids[0]).sent_at == START and post.row(ids[0]).reason is None
    assert deliver(post, platform, 1, 100, 10_000) == 0


def test_an_edit_changes_its_target_and_a_reply_names_it(post: Post) -> None:
    platform, chat = Platform(), post.chat()
    card = post.put(chat, "工单")
    post.put(chat, "工单：已接单", kind="edit", target_id=card)
    post.put(chat, "请处理", target_id=card)
    deliver(post, platform)
    assert platform.texts() == ["工单：已接单", "请处理"]
    post.put(chat, "工单：已办结", kind="edit", target_id=card)  # the card, not what replied to it
    deliver(post, platform, 1)
    assert [(out.act, out.message, out.reply_to) for out in platform.asked] == [
        (Act.SAY, None, None),
        (Act.EDIT, "m1", None),
        (Act.SAY, None, "m1"),
        (Act.EDIT, "m1", None),
    ]


def test_an_edit_that_names_no_message_leaves_the_one_it_changed(post: Post) -> None:
    class Terse(Platform):
        async def send(self, out: Outbound) -> Sent:
            sent = await super().send(out)
            return Sent(None) if out.act is Act.EDIT else sent

    platform, chat = Terse(), post.chat()
    card = post.put(chat, "工单")
    for at, text in enumerate(("工单：已接单", "工单：已办结")):
        post.put(chat, text, kind="edit", target_id=card)
        deliver(post, platform, at)
    assert [out.message for out in platform.asked] == [None, "m1", "m1"]


def test_what_was_taken_long_ago_is_not_begun_but_taken_anew(post: Post) -> None:
    platform, chat = Platform(), post.chat()
    _, later = (post.put(chat, text, lane=lane) for text, lane in (("一", 1), ("二", 2)))
    now, stop = [START], asyncio.Event()

    def slow(_: object) -> SendError | None:
        now[0] += LAST_START + timedelta(seconds=1)
        stop.set()
        return None

    platform.answers.append(slow)
    delivery = Delivery(
        post.database, {platform.name: platform}, chance=lambda: 0.5, threads=False, clock=lambda: now[0]
    )
    asyncio.run(asyncio.wait_for(delivery.run(stop), 60))
    assert platform.texts() == ["一"] and (post.row(later).state, post.row(later).tries) == ("new", 0)
    deliver(post, platform, (now[0] - START).total_seconds())
    assert platform.texts() == ["一", "二"]


def test_a_notice_carries_the_press_it_answers(post: Post) -> None:
    platform = Platform()
    post.put(post.chat(), "已接单", kind="notice", payload={"callback": "c9", "to": "w1"})
    deliver(post, platform)
    assert [(n.callback, n.to) for n in platform.notices] == [("c9", "w1")]


def test_danger_first_then_replies_then_broadcasts(post: Post) -> None:
    platform = Platform()
    for lane in (3, 1, 0, 2):
        post.put(post.chat(f"u{lane}"), f"lane {lane}", lane=lane)
    deliver(post, platform)
    assert platform.texts() == ["lane 0", "lane 1", "lane 2", "lane 3"]


def test_a_transient_failure_is_tried_again_and_keeps_the_order(post: Post) -> None:
    platform, chat, other = Platform(answers=[first(2, transient, chat="u1")]), post.chat(), post.chat("u2")
    one, two = post.put(chat, "一"), post.put(chat, "二")
    post.put(other, "别人")
    deliver(post, platform)
    assert platform.texts() == ["别人"]
    assert (post.row(one).state, post.row(one).reason) == ("new", "the server failed")
    deliver(post, platform, 1.9)
    assert platform.texts() == ["别人"]
    deliver(post, platform, 2.1, 7)
    assert platform.texts() == ["别人", "一", "二"]
    assert (post.row(one).tries, post.row(two).tries) == (3, 1)


def test_ten_refusals_make_a_dead_letter_and_the_next_message_goes(post: Post) -> None:
    platform, chat = Platform(answers=[first(10, transient)]), post.chat()
    one, two = post.put(chat, "一"), post.put(chat, "二")
    deliver(post, platform, *range(0, 8000, 100))
    assert (post.row(one).state, post.row(one).tries, post.row(one).reason) == ("failed", 10, "the server failed")
    assert post.row(two).state == "sent"


def test_a_permanent_refusal_is_written_down_with_its_reason(post: Post) -> None:
    platform, chat = (
        Platform(answers=[first(1, lambda: SendError("BUTTON_DATA_INVALID", transient=False))]),
        post.chat(),
    )
    one, two = post.put(chat, "一"), post.put(chat, "二")
    deliver(post, platform)
    assert (post.row(one).state, post.row(one).reason) == ("failed", "BUTTON_DATA_INVALID")
    assert post.row(two).state == "sent"


def test_a_fault_in_a_channel_is_a_dead_letter_not_the_end(post: Post) -> None:
    def broken(_: object) -> SendError | None:
        raise ZeroDivisionError

    platform = Platform(answers=[broken])
    one = post.put(post.chat(), "一")
    deliver(post, platform)
    assert (post.row(one).state, post.row(one).reason) == ("failed", "a fault of ours: ZeroDivisionError")


@pytest.mark.parametrize(
    "lane, kind, outcome, times",
    [(1, "say", "sent", 2), (2, "say", "sent", 2), (3, "say", "failed", 1), (1, "notice", "failed", 1)],
)
def test_an_uncertain_send_is_repeated_only_where_twice_is_better(
    post: Post, lane: int, kind: str, outcome: str, times: int
) -> None:
    platform = Platform(answers=[first(1, uncertain)])
    row = post.put(post.chat(), "一", lane=lane, kind=kind, payload={"callback": "c"})
    deliver(post, platform, 0, 10)
    assert len(platform.asked) == times
    assert post.row(row).state == outcome
    assert "arrived" in post.row(row).reason  # counted: an operator can see it


def test_an_uncertain_send_is_not_repeated_without_end(post: Post) -> None:
    platform = Platform(answers=[first(99, uncertain)])
    row = post.put(post.chat(), "一")
    deliver(post, platform, *range(0, 1000, 50))
    assert len(platform.asked) == 3 and post.row(row).state == "failed"


def test_an_uncertain_edit_is_simply_made_again(post: Post) -> None:
    platform, chat = Platform(), post.chat()
    card = post.put(chat, "旧")
    deliver(post, platform)
    platform.answers.append(first(1, uncertain))
    edit = post.put(chat, "新", kind="edit", target_id=card)
    deliver(post, platform, 1, 10)
    assert platform.texts() == ["新"] and post.row(edit).reason is None


def test_a_sender_that_dies_in_the_middle_is_noticed(post: Post) -> None:
    platform, chat = Platform(gate=asyncio.Event()), post.chat()
    row = post.put(chat, "一")

    async def killed() -> None:
        delivery = Delivery(post.database, {"play": platform}, threads=False)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await delivery.run_once(START)

    asyncio.run(killed())
    platform.gate = None
    assert deliver(post, platform, 29) == 0  # its lease still runs
    assert deliver(post, platform, 31) == 1
    assert (post.row(row).state, post.row(row).reason) == ("sent", "possibly arrived twice")


def test_a_blocked_chat_keeps_what_is_for_it_until_the_person_comes_back(post: Post) -> None:
    def blocked() -> SendError:
        return SendError("bot was blocked by the user", transient=False, gone="blocked")

    platform, chat = Platform(answers=[first(1, blocked)]), post.chat()
    ids = [post.put(chat, text) for text in ("一", "二")]
    deliver(post, platform)
    assert (post.chat_row(chat).state, post.chat_row(chat).reason) == ("blocked", "bot was blocked by the user")
    ids.append(post.put(chat, "三"))
    deliver(post, platform, 10)
    assert [post.row(id).state for id in ids] == ["waiting"] * 3 and len(platform.asked) == 1
    post.hear(chat, post.after(20))
    deliver(post, platform, 20)
    assert platform.texts() == ["一", "二", "三"]


def test_a_group_we_are_out_of_takes_nothing_more(post: Post) -> None:
    def kicked() -> SendError:
        return SendError("bot was kicked", transient=False, gone="left")

    platform, chat = Platform(answers=[first(1, kicked)]), post.chat("g1", kind="group")
    ids = [post.put(chat, text) for text in ("一", "二")]
    deliver(post, platform)
    ids.append(post.put(chat, "三"))
    deliver(post, platform, 10)
    assert [post.row(id).state for id in ids] == ["failed"] * 3
    assert post.row(ids[2]).reason == "the chat is left" and len(platform.asked) == 1


@pytest.mark.parametrize("known", [False, True])
def test_a_group_that_moved_gets_its_messages_at_the_new_address(post: Post, known: bool) -> None:
    def answer(out: object) -> SendError | None:
        if getattr(out, "chat", "") != "g1":
            return None
        return SendError("upgraded", transient=True, moved_to="-100g1")

    chat = post.chat("g1", kind="group")
    new = post.chat("-100g1", kind="group") if known else chat
    platform = Platform(answers=[answer])
    ids = [post.put(chat, text) for text in ("一", "二")]
    deliver(post, platform)
    assert platform.texts("-100g1") == ["一", "二"]
    assert [(post.row(id).state, post.row(id).chat_id) for id in ids] == [("sent", new)] * 2
    assert post.chat_row(new).address == "-100g1"


def test_an_edit_the_platform_refuses_is_said_anew_and_edited_there_from_then_on(post: Post) -> None:
    platform, chat = Platform(), post.chat()
    card = post.put(chat, "工单")
    deliver(post, platform)
    platform.shown.clear()  # somebody deleted the message
    post.put(chat, "工单：已接单", kind="edit", target_id=card)
    deliver(post, platform, 1)
    assert platform.texts() == ["工单：已接单"]
    post.put(chat, "工单：已办结", kind="edit", target_id=card)
    deliver(post, platform, 2)
    assert platform.texts() == ["工单：已办结"]


def test_one_chat_asked_to_wait_does_not_hold_up_the_others(post: Post) -> None:
    platform, slow, quick = Platform(answers=[first(1, limited, chat="u1")]), post.chat(), post.chat("u2")
    row = post.put(slow, "一")
    delivery = Delivery(post.database, {"play": platform}, threads=False)

    async def run() -> None:
        await delivery.run_once(START)
        post.put(slow, "二")
        post.put(quick, "三")
        await delivery.run_once(post.after(29))
        assert platform.texts() == ["三"]
        await delivery.run_once(post.after(31))

    asyncio.run(run())
    assert platform.texts() == ["三", "一", "二"]
    assert post.row(row).tries == 1  # being asked to wait is no failed try


def test_an_unreachable_platform_is_not_asked_for_each_message_and_nothing_is_given_up(post: Post) -> None:
    down = [True]
    platform = Platform(answers=[lambda out: unreachable() if down[0] else None])
    ids = [post.put(post.chat(f"u{n}"), str(n)) for n in range(40)]
    delivery = Delivery(post.database, {"play": platform}, chance=lambda: 0.5, threads=False)

    async def run() -> None:
        for second in range(0, 7200, 20):
            await delivery.run_once(post.after(second))
            if second == 7000:
                asked.append(len(platform.asked))
                down[0] = False

    asked: list[int] = []
    asyncio.run(run())
    assert asked[0] < 40 * 130
    assert {post.row(id).state for id in ids} == {"sent"}


def test_a_bot_that_may_not_write_first_waits_for_the_person(post: Post) -> None:
    shy = Platform(abilities=Abilities(edits=True, buttons=True, longest=4096))
    chat = post.chat("u1", heard_at=None)
    row = post.put(chat, "您好")
    deliver(post, shy)
    assert (post.row(row).state, post.row(row).reason) == ("waiting", "the person has not opened the chat yet")
    post.hear(chat, START)
    deliver(post, shy, 1)
    assert shy.texts() == ["您好"]


def test_what_a_platform_lets_through_later_waits_for_the_person_and_says_so(post: Post) -> None:
    platform, chat = Platform(), post.chat()
    platform.answers.append(first(2, lambda: SendError(WAITS, transient=False, waits=True)))
    for text in ("修好了", "请评价"):
        post.put(chat, text)
    deliver(post, platform, 0, 60, 3600)
    assert post.states() == ["waiting"] * 2 and platform.texts() == [] and len(platform.asked) == 2
    post.hear(chat, post.after(7200))
    deliver(post, platform, 7201)
    assert platform.texts() == ["上次要告诉您的：\n修好了", "上次要告诉您的：\n请评价"]


def test_a_long_text_goes_on_where_it_stopped(post: Post) -> None:
    platform, chat = Platform(), post.chat()
    calls: list[str] = []

    def third(out: object) -> SendError | None:
        calls.append(getattr(out, "text", ""))
        return transient() if len(calls) == 3 else None

    platform.answers.append(third)
    post.put(chat, "".join(f"第{n}句话，说得很长很长很长。" for n in range(1000)))
    deliver(post, platform)
    deliver(post, platform, 10)  # by another process
    assert len(platform.texts()) == 4 and len(set(platform.texts())) == 4


@pytest.mark.parametrize("refused", [transient, limited, lambda: SendError(WAITS, transient=False, waits=True)])
def test_after_a_refusal_between_a_photo_and_its_words_only_the_words_are_sent_again(
    post: Post, refused: Callable[[], SendError]
) -> None:
    platform, chat = Platform(abilities=replace(rich(), apart=apart)), post.chat()
    platform.answers.append(lambda out: refused() if out.text and len(platform.asked) == 2 else None)
    id = post.put(chat, "看，修好了", payload={"photo": "p.jpg"})
    deliver(post, platform)
    assert post.row(id).parts == 1
    post.hear(chat, post.after(50))
    deliver(post, platform, 60)  # by another process
    shown = [(out.photo, out.text.removeprefix("上次要告诉您的：\n")) for out in platform.shown.values()]
    assert shown == [("p.jpg", ""), (None, "看，修好了")] and post.row(id).state == "sent"


def test_the_words_go_though_their_photo_never_will(post: Post) -> None:
    platform, chat = Platform(abilities=replace(rich(), apart=apart)), post.chat()
    platform.answers.append(lambda out: SendError("the photo is gone", transient=False) if out.photo else None)
    id = post.put(chat, "取货码在这里", payload={"photo": "gone.jpg"})
    deliver(post, platform)
    assert platform.texts() == ["取货码在这里"] and post.row(id).state == "sent"


def test_words_that_announce_a_photo_go_before_it_and_stay_though_it_never_comes(post: Post) -> None:
    platform, chat = Platform(abilities=replace(rich(), apart=apart)), post.chat()
    post.put(chat, "居民发的照片：", payload={"photo": "p.jpg"})
    deliver(post, platform)
    assert [(out.photo, out.text) for out in platform.shown.values()] == [(None, "居民发的照片："), ("p.jpg", "")]
    platform.answers.append(lambda out: SendError("the photo is gone", transient=False) if out.photo else None)
    id = post.put(chat, "又一张：", payload={"photo": "gone.jpg"})
    deliver(post, platform, 1)
    assert platform.texts()[-1] == "又一张：" and post.row(id).state == "sent"


def test_the_news_of_a_card_nobody_knows_to_have_arrived_is_said_and_edited_from_then_on(post: Post) -> None:
    platform, chat = Platform(), post.chat()
    platform.answers.append(first(3, uncertain))
    card = post.put(chat, "工单")
    deliver(post, platform, *range(0, 200, 20))
    assert post.row(card).state == "failed"
    post.put(chat, "工单：已接单", kind="edit", target_id=card)
    deliver(post, platform, 300)
    assert platform.texts()[-1] == "工单：已接单"
    post.put(chat, "工单：已办结", kind="edit", target_id=card)
    before = len(platform.texts())
    deliver(post, platform, 301)
    assert platform.texts()[-1] == "工单：已办结" and len(platform.texts()) == before


def test_an_edit_said_anew_in_parts_goes_on_where_it_stopped(post: Post) -> None:
    platform, chat = Platform(abilities=replace(rich(), apart=apart)), post.chat()
    card = post.put(chat, "工单")
    deliver(post, platform)
    platform.shown.clear()
    platform.answers.append(lambda out: transient() if out.text and len(platform.asked) == 4 else None)
    post.put(chat, "工单：已接单", kind="edit", target_id=card, payload={"photo": "p.jpg"})
    deliver(post, platform, 1)
    deliver(post, platform, 60)
    assert [(out.photo, out.text) for out in platform.shown.values()] == [("p.jpg", ""), (None, "工单：已接单")]


def test_whom_a_message_missed_is_a_failure_of_their_own_and_sent_again_to_them_alone(post: Post) -> None:
    platform, chat = Platform(), post.chat("app:w1|w2", kind="group")
    plain = platform.send

    async def send(out: Outbound) -> Sent:
        sent = await plain(out)
        return replace(sent, missed={"w2": "not reached: w2: no licence"}) if out.chat == "app:w1|w2" else sent

    platform.send = send  # type: ignore[method-assign]
    post.put(chat, "新工单", payload={"choices": [[{"token": "t", "label": "接单"}]]})
    deliver(post, platform)
    assert post.states() == ["sent", "failed"]
    with post.database.write() as conn:
        (letter,) = outbox.dead_letters(conn, 10)
        assert letter.error == "not reached: w2: no licence"
        outbox.replay(conn, [letter.id], START)
    post.hear(post.row(letter.id).chat_id, START)
    deliver(post, platform, 1)
    assert [(out.chat, out.text) for out in platform.shown.values()] == [("app:w1|w2", "新工单"), ("w2", "新工单")]


def test_nothing_goes_through_a_channel_that_is_not_there(post: Post) -> None:
    row = post.put(post.chat(channel="telegram"), "一")
    assert deliver(post, Platform()) == 0
    assert post.row(row).state == "new"


def in_real_time(post: Post, platform: Platform, script: Callable[[asyncio.Event], object], limits: Limits) -> None:
    """Run delivery as the program does while the script goes on; times are real, and short."""

    async def run() -> None:
        stop = asyncio.Event()
        delivery = Delivery(post.database, {platform.name: platform}, limits)
        task = asyncio.create_task(delivery.run(stop))
        async with asyncio.timeout(20):
            await script(stop)  # type: ignore[misc]
            stop.set()
            await task

    asyncio.run(run())


async def until(holds: Callable[[], bool]) -> None:
    while not holds():
        await asyncio.sleep(0.005)


def test_a_reply_does_not_wait_behind_a_broadcast(post: Post) -> None:
    post.now = START
    platform = Platform(name="telegram")
    for n in range(400):
        post.put(post.chat(f"g{n}", kind="group", channel="telegram"), "公告", lane=3)
    asker = post.chat("u1", channel="telegram")

    async def script(_: asyncio.Event) -> None:
        await until(lambda: len(platform.shown) > 5)
        post.put(asker, "答复", lane=1)
        before = len(platform.shown)
        await until(lambda: "答复" in platform.texts("u1"))
        behind.append(len(platform.shown) - before)

    behind: list[int] = []
    in_real_time(post, platform, script, Limits({"telegram": TELEGRAM}))
    assert behind[0] <= 25  # at most what half a second lets through: the idle time after which a row is looked for


def test_slow_broadcasts_leave_room_for_replies(post: Post) -> None:
    platform = Platform(gate=asyncio.Event())
    for n in range(100):
        post.put(post.chat(f"g{n}", kind="group"), "公告", lane=3)

    async def script(_: asyncio.Event) -> None:
        gate = platform.gate
        assert gate is not None
        await until(lambda: len(platform.asked) >= 24)
        post.put(post.chat("u1"), "答复")
        platform.gate = None
        await until(lambda: "答复" in platform.texts("u1"))
        gate.set()
        await until(lambda: len(platform.shown) == 101)

    in_real_time(post, platform, script, Limits())
    assert set(post.states()) == {"sent"}


def test_what_is_on_its_way_at_the_end_is_written_down(post: Post) -> None:
    platform = Platform(gate=asyncio.Event())
    row = post.put(post.chat(), "一")

    async def script(stop: asyncio.Event) -> None:
        await until(lambda: bool(platform.asked))
        stop.set()
        assert platform.gate is not None
        platform.gate.set()

    in_real_time(post, platform, script, Limits())
    assert post.row(row).state == "sent"


def test_the_log_holds_ids_and_never_the_words(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    from structlog.testing import capture_logs

    with capture_logs() as lines, caplog.at_level(logging.DEBUG):
        post.put(post.chat("13800000000"), "张三家漏水")
        deliver(post, Platform(answers=[first(1, transient)]), 0, 10)
    assert [line["outcome"] for line in lines] == ["again", "sent"]
    assert "漏水" not in str(lines) + caplog.text and "13800000000" not in str(lines) + caplog.text


def test_a_note_that_cannot_be_written_does_not_lose_the_others(post: Post) -> None:
    platform, delivery_seconds = Platform(), timedelta(seconds=1)
    row = post.put(post.chat(), "一")
    delivery = Delivery(post.database, {"play": platform}, threads=False)

    def broken(_: object) -> None:
        raise ZeroDivisionError

    async def run() -> None:
        delivery._notes.append(broken)
        with pytest.raises(ZeroDivisionError):
            await delivery.run_once(START)
        await delivery.run_once(START + delivery_seconds)

    asyncio.run(run())
    assert post.row(row).state == "sent"


@pytest.mark.parametrize("broken", [{"kind": "sing"}, {"payload": {"choices": [[{"token": "t"}]]}}])
def test_a_row_nobody_can_read_is_a_dead_letter_and_the_others_go(post: Post, broken: dict[str, Any]) -> None:
    platform, first_chat = Platform(), post.chat()
    bad = post.put(first_chat, "坏的", **broken)
    behind, beside = post.put(first_chat, "一"), post.put(post.chat("u2"), "二")
    deliver(post, platform)
    assert post.row(bad).state == "failed" and post.row(bad).reason.startswith("unreadable: ")
    assert [post.row(id).state for id in (behind, beside)] == ["sent", "sent"]


def test_a_note_outlives_a_database_that_goes_away_while_notes_are_written_singly(post: Post) -> None:
    platform, row, tries = Platform(), post.put(post.chat(), "一"), list[int]()
    delivery = Delivery(post.database, {"play": platform}, threads=False)

    def broken(_: object) -> None:
        raise ZeroDivisionError

    def away_once(_: object) -> None:
        tries.append(1)
        if len(tries) == 1:
            raise Away

    async def run() -> None:
        delivery._notes += [broken, away_once]
        with pytest.raises(ZeroDivisionError):
            await delivery.run_once(START)
        await delivery.run_once(START)

    asyncio.run(run())
    assert len(tries) == 2 and post.row(row).state == "sent"
