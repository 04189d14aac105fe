"""WeCom: cards changed in place, replies that become notes, groups, robots, a bot; and limits nobody is told of."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import insert, update

from bot.channels.base import Act, Choice, Kind, Outbound, SendError
from bot.channels.wecom.limits import BY_ROBOT, LARGEST_GROUP, LONGEST_WAIT, SLACK, TO_GROUPS, TO_MEMBER
from storage import conversations, people, sliding, tables, threads
from storage.allowance import Bucket
from storage.sliding import Window
from tests.support.hostile import HOSTILE
from tests.support.wechat_people import ACCOUNT
from tests.support.wecom_api import CORP_ID, MEMBER, ROBOT, Counted
from tests.support.wecom_office import Office
from tests.support.weixin_seal import TOKEN, seal, sign

CARD = (Choice("t1", "接单"), Choice("t2", "转派")), (Choice("t3", "吹哨"), Choice("t4", "办结"))


# -- cards ------------------------------------------------------------------------------------------------------------


def test_a_card_has_its_buttons_and_is_changed_for_all_when_one_presses(office: Office) -> None:
    chat = "app:w1|w2"
    message = office.send("工单 260302-1\n楼道灯坏了\n幸福里3号楼", chat, choices=CARD)
    card = office.api.cards[str(message)]
    assert [b["text"] for b in card["button_list"]] == ["接单", "转派", "吹哨", "办结"]
    assert card["main_title"]["title"] == "工单 260302-1" and card["sub_title_text"] == "楼道灯坏了\n幸福里3号楼"

    code = office.api.press(str(message))
    status = office.tell(
        "event", "w2", Event="template_card_event", EventKey="t1", TaskId=str(message), ResponseCode=code
    )
    assert status == 200
    assert office.said == [
        office.said[0]._replace(kind=Kind.PRESS, chat=chat, private=False, sender="w2", choice="t1", message=message)
    ]
    edit = Outbound(act=Act.EDIT, chat=chat, text="工单 260302-1\n已接单", choices=CARD[1:], message=message, outbox=9)
    assert asyncio.run(office.channel.send(edit)).message == message
    card = office.api.cards[str(message)]
    assert card["sub_title_text"] == "已接单" and [b["text"] for b in card["button_list"]] == ["吹哨", "办结"]
    assert office.api.log[-1][0] == "w1|w2"


def test_a_card_is_changed_once_without_a_press_and_then_said_anew(office: Office) -> None:
    message = office.send("工单", choices=CARD)
    edit = Outbound(act=Act.EDIT, chat="w1", text="已接单", choices=CARD, message=message, outbox=9)
    asyncio.run(office.channel.send(edit))
    with pytest.raises(SendError) as raised:
        asyncio.run(office.channel.send(edit))
    assert not raised.value.transient and raised.value.gone is None and office.api.errors == []


@pytest.mark.parametrize(
    "labels", [[f"第{n}场" for n in range(1, 8)], ["四点半课堂 1月14日周三 16:30 1/6"]], ids=["many", "long"]
)
def test_choices_a_card_cannot_show_are_numbered_where_a_number_is_an_answer(office: Office, labels: list[str]) -> None:
    office.send("请选一场", choices=tuple((Choice(f"t{n}", label),) for n, label in enumerate(labels)))
    assert office.api.log == [
        ("w1", "text", "\n".join(["请选一场", *(f"回复 {n} {x}" for n, x in enumerate(labels, 1))]))
    ]


def test_a_text_longer_than_a_card_is_said_before_it(office: Office) -> None:
    text = "工单\n" + "说来话长，" * 60
    office.send(text, choices=CARD)
    assert [kind for _, kind, _ in office.api.log] == ["text", "template_card"] and office.api.saw("w1")[0] == text


def test_what_is_written_after_a_press_is_about_that_card(office: Office) -> None:
    message = office.send("工单", "app:w1|w2", choices=CARD)
    press = {"Event": "template_card_event", "EventKey": "t4", "TaskId": str(message), "ResponseCode": "c"}
    office.tell("event", "w2", **press)
    office.tell("text", "w2", Content="换了灯泡")
    office.tell("image", "w2", PicUrl="http://x", MediaId="m1")
    office.tell("text", "w1", Content="我没按过")
    office.tell("text", "w2", Content="人工")
    office.hours.now += timedelta(minutes=2, seconds=1)
    office.tell("text", "w2", Content="别的事")
    found = [(s.chat, s.private, s.reply_to, s.text, s.photos) for s in office.said[1:]]
    assert found == [
        ("app:w1|w2", False, message, "换了灯泡", ()),
        ("app:w1|w2", False, message, "", ("m1",)),
        ("w1", True, None, "我没按过", ()),
        ("w2", True, None, "人工", ()),
        ("w2", True, None, "别的事", ()),
    ]


def pressed(office: Office, person: str) -> str:
    """Somebody pressed a card of their group just now."""
    message = str(office.send("工单", "app:w1|w2", choices=CARD))
    office.tell(
        "event",
        person,
        Event="template_card_event",
        EventKey="t1",
        TaskId=message,
        ResponseCode=office.api.press(message),
    )
    office.said.clear()
    return message


def test_words_to_a_resident_are_no_note_on_the_card_pressed_just_before(office: Office) -> None:
    with office.database.write() as conn:
        staff = conn.execute(
            insert(tables.staff).values(key="w1", name="王晓敏").returning(tables.staff.c.id)
        ).scalar_one()
        me, asker = (people.person_for(conn, "wecom", who, office.hours.now).id for who in ("w1", "u9"))
        conn.execute(update(tables.staff).values(person_id=me))
        home = people.chat_for(conn, "wecom", "u9", kind="private", person_id=asker)
        thread = threads.open_thread(
            conn, kind="handover", number="H1", person_id=asker, chat_id=home.id, area_id=None, role="grid_worker",
            subject={}, now=office.hours.now,
        )  # fmt: skip
    message = pressed(office, "w1")
    office.tell("text", "w1", Content="还没人接这个话题")
    with office.database.write() as conn:
        threads.change(conn, thread.id, thread.version, office.hours.now, state="claimed", owner_id=staff)
    office.tell("text", "w1", Content="您好，马上给您回电话")
    office.tell("image", "w1", PicUrl="http://x", MediaId="m1")  # a thread takes words only
    with office.database.write() as conn:  # 办结 asks what was done
        group = people.chat_for(conn, "wecom", "app:w1|w2", kind="group", person_id=None)
        conversations.save(conn, group.id, me, {"flow": "case_resolve"}, office.hours.now)
    office.tell("text", "w1", Content="换了灯泡")
    assert [(s.private, s.reply_to) for s in office.said] == [
        (False, message), (True, None), (False, message), (False, message),
    ]  # fmt: skip


def test_what_the_assistant_asks_in_private_is_answered_there(office: Office) -> None:
    pressed(office, "w2")
    with office.database.write() as conn:
        me = people.person_for(conn, "wecom", "w2", office.hours.now).id
        chat = people.chat_for(conn, "wecom", "w2", kind="private", person_id=me)
        conversations.save(conn, chat.id, me, {"flow": "alert_draft"}, office.hours.now)
    office.tell("text", "w2", Content="明天有暴雨")
    assert [s.private for s in office.said] == [True]


# -- failures inside a success ----------------------------------------------------------------------------------------


def test_nobody_reached_is_a_failure_though_the_code_is_0(office: Office) -> None:
    office.api.unlicensed = {"w1"}
    with pytest.raises(SendError) as raised:
        office.send("您好")
    assert raised.value.gone == "blocked" and "licence" in raised.value.reason
    with pytest.raises(SendError) as raised:
        office.send("您好", "nobody")
    assert raised.value.gone == "blocked"
    office.send("您好", "app:w1|w2|nobody")  # one of them has it
    assert office.api.saw("w2") == ["您好"]


@pytest.mark.parametrize(("chat", "gone"), [("appchat:none", "left"), ("robot:none", None), ("bot:g1", None)], ids=str)
def test_a_group_that_cannot_be_written_to_is_refused_for_good(office: Office, chat: str, gone: str | None) -> None:
    with pytest.raises(SendError) as raised:
        office.send("通知", chat)
    assert not raised.value.transient and raised.value.gone == gone


def test_whom_a_message_missed_is_named_and_the_others_have_it(office: Office) -> None:
    office.api.unlicensed = {"w1"}
    out = Outbound(act=Act.SAY, chat="app:W1|w2|nobody", text="您好", outbox=1)
    office.api.members |= {"W1"}
    office.api.unlicensed |= {"W1"}
    sent = asyncio.run(office.channel.send(out))
    assert office.api.log == [("w2", "text", "您好")]
    assert sent.missed == {
        "W1": "not reached: W1: no licence for the interface",
        "nobody": "not reached: nobody: no such member, or not one the app may see",
    }


# -- groups, robots, the bot ------------------------------------------------------------------------------------------


def test_groups_and_robots_hear_the_words_and_no_link_that_nobody_there_can_open(office: Office) -> None:
    choices = ((Choice("t1", "接单"), Choice("", "查看", link="c1")),)
    office.send("新工单", "appchat:grid1", choices=choices)
    office.send("停水通知", "robot:west")
    heard = office.api.saw("grid1")[0]
    assert heard.startswith("新工单\n请在企业微信工作台打开小邻，直接把事情发给我") and "c1" not in heard
    assert office.api.saw("a-key-of-a-robot") == ["停水通知"]


@pytest.mark.parametrize("name", HOSTILE)
def test_the_app_refuses_hostile_bodies_in_and_outside_their_seal(office: Office, name: str) -> None:
    body = HOSTILE[name]
    body = body if isinstance(body, bytes) else body.replace(ACCOUNT, CORP_ID)
    raw = body if isinstance(body, bytes) else body.encode()
    inside = seal(raw, CORP_ID)
    for said in (raw.decode("utf-8", "replace"), f"<xml><Encrypt>{inside}</Encrypt></xml>"):
        answer = office.post("/wecom/callback", said, inside)
        assert (answer.status_code, answer.text) == (403, "refused") and office.said == []


@pytest.mark.parametrize(
    "fields",
    [{"ToUserName": "ww-another"}, {"AgentID": "7"}, {"MsgId": "x"}, {"CreateTime": ""}, {"FromUserName": ""}],
    ids=str,
)
def test_the_app_refuses_other_forms(office: Office, fields: dict[str, str]) -> None:
    assert office.tell("text", **fields) == 403 and office.said == []


@pytest.mark.parametrize(("path", "owner"), [("/wecom/callback", CORP_ID), ("/wecom/bot", "")])
def test_the_console_can_test_the_addresses(office: Office, path: str, owner: str) -> None:
    at, inside = str(int(office.hours.now.timestamp())), seal("12345", owner)
    fine = {"timestamp": at, "nonce": "n", "echostr": inside, "msg_signature": sign(TOKEN, at, "n", inside)}

    async def ask(**more: str) -> tuple[int, str]:
        transport = httpx.ASGITransport(office.app if path == "/wecom/callback" else office.bot)
        async with httpx.AsyncClient(transport=transport, base_url="http://linli.test") as client:
            answer = await client.get(path, params=fine | more)
        return answer.status_code, answer.text

    assert asyncio.run(ask()) == (200, "12345")
    assert asyncio.run(ask(msg_signature="0" * 40)) == (403, "refused")
    foreign = seal("12345", "ww-another")
    forged = {"echostr": foreign, "msg_signature": sign(TOKEN, at, "n", foreign)}
    assert asyncio.run(ask(**forged)) == (403, "refused")


# -- limits -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("windows", "limits", "rate"), [(TO_MEMBER[:1], MEMBER[:1], 30), (BY_ROBOT, ROBOT, 20)])
@pytest.mark.parametrize("seed", range(3))
def test_what_is_allowed_goes_and_nothing_is_dropped(
    windows: tuple[Window, ...], limits: tuple[tuple[timedelta, int], ...], rate: int, seed: int
) -> None:
    """In bursts and one by one, each a while on its way, whenever the platform begins to count its minutes."""
    chance, at, went, arrived = random.Random(seed), 0.0, (), []
    while at < 1800:
        at += sliding.wait(went, windows, at)
        went = sliding.and_one(went, windows, at)
        arrived.append(at + chance.uniform(0, SLACK))
        at += chance.choice((0, 0, 0, 0, 0.1, chance.uniform(0, 40) if seed else 0))
    start, counted = datetime(2026, 3, 2, tzinfo=UTC), Counted()
    for n, moment in enumerate(sorted(arrived)):
        assert counted.takes("w1", limits, 1, start + timedelta(seconds=moment)), n
    for phase in range(0, 60, 7):
        fixed = Counter(int((moment + phase) // 60) for moment in arrived)
        assert max(fixed.values()) <= rate
    if seed == 0:
        assert len(arrived) >= 0.95 * rate * 30


def test_a_member_has_the_whole_hour(office: Office) -> None:
    went: sliding.Went = ()
    now, counted, times = 0.0, Counted(), []
    for n in range(1300):
        now += sliding.wait(went, TO_MEMBER, now)
        went = sliding.and_one(went, TO_MEMBER, now)
        times.append(now)
        assert counted.takes("w1", MEMBER, 1, office.hours.now + timedelta(seconds=now)), n
        assert len(went) <= 30 + 63
    assert times[999] <= 36 * 60 and now <= 75 * 60


def test_what_goes_is_counted_for_every_process_and_over_restarts(office: Office) -> None:
    """Each message by another channel, as after a restart: the platform drops none."""
    waits = []
    for _ in range(60):
        fresh = office.again()
        try:
            asyncio.run(fresh.send(Outbound(act=Act.SAY, chat="app:w1|w2", text="您好", outbox=1)))
        except SendError as error:
            assert error.alone and error.retry_after
            waits.append(error.retry_after)
            office.hours.now += timedelta(seconds=error.retry_after)
    assert office.api.dropped == [] and waits and len(office.api.log) == 60 - len(waits)
    for _ in range(40):
        try:
            asyncio.run(office.again().send(Outbound(act=Act.SAY, chat="robot:west", text="停水", outbox=1)))
        except SendError as error:
            office.hours.now += timedelta(seconds=error.retry_after or 0)
    assert office.api.dropped == []


def test_groups_that_have_to_wait_hold_up_no_member(office: Office) -> None:
    async def story() -> SendError:
        now, patient = office.hours.now, int(LONGEST_WAIT * TO_GROUPS.per_second / LARGEST_GROUP)
        for _ in range(int(TO_GROUPS.burst) // LARGEST_GROUP + patient):
            await office.channel.quotas.group("full", now)
        with pytest.raises(SendError) as refused:
            await office.channel.quotas.group("full", now)
        return refused.value

    error = asyncio.run(story())
    assert error.transient and error.retry_after and error.alone and not error.everywhere


def test_five_thousand_groups_of_a_hundred_take_a_hundred_minutes(office: Office) -> None:
    start = now = office.hours.now
    bucket, sent, free_at = Bucket(TO_GROUPS.burst, now), [], start
    for _ in range(5000):
        while (after := bucket.after(TO_GROUPS, 100, now)).wait(TO_GROUPS) > LONGEST_WAIT:
            now += timedelta(seconds=after.wait(TO_GROUPS) - LONGEST_WAIT / 2)
        bucket = after
        sent.append(now + timedelta(seconds=bucket.wait(TO_GROUPS)))
        free_at = max(free_at, sent[-1])
    limits = ((timedelta(minutes=1), 20_000), (timedelta(hours=1), 300_000))
    counts: Callable[[timedelta], int] = lambda within: max(  # noqa: E731
        100 * (i - low + 1) for i, low in windows(sent, within)
    )
    assert all(counts(within) <= most for within, most in limits)
    assert timedelta(minutes=99) <= free_at - start <= timedelta(minutes=102)


def windows(times: list[Any], within: timedelta) -> Iterator[tuple[int, int]]:
    """(index, first index in the stretch that ends there)."""
    low = 0
    for i, at in enumerate(times):
        while times[low] <= at - within:
            low += 1
        yield i, low
