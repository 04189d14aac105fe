"""The intelligent bot: with the request, in a stream, as a card, by a code; what it is sent, and what it refuses."""

from __future__ import annotations

import asyncio
import base64
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from bot.channels.base import Act, Choice, Outbound, SendError
from bot.channels.wecom import cards
from bot.channels.wecom.answers import ELSEWHERE, HEARD, LATE, NO_PICTURE, NOT_SEEN, WORKING
from bot.channels.wecom.cards import PRIVATELY
from bot.channels.weixin import api
from bot.intake import keep
from storage import bot_answers
from tests.support.wecom_bot import later
from tests.support.wecom_office import Office
from tests.support.weixin_seal import TOKEN, seal, seal_file, sign, unseal


def ask_bot(office: Office, **told: Any) -> httpx.Response:
    office.number += 1
    given = {"msgid": f"b{office.number}", "aibotid": "bot", "from": {"userid": "w1"}, "msgtype": "text", **told}
    inside = seal(json.dumps(given), "")
    return office.post("/wecom/bot", json.dumps({"encrypt": inside}), inside)


def rows(office: Office, table: str) -> list[Any]:
    with office.database.read() as conn:
        return list(conn.execute(text(f"SELECT * FROM {table}")).all())


def inside(answer: httpx.Response) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(unseal(answer.json()["encrypt"])[0])
    return found


def test_the_bot_answers_whoever_mentions_it_with_the_request(office: Office) -> None:
    answer = ask_bot(office, chattype="group", chatid="g1", text={"content": "@小邻 楼道灯坏了"}).json()
    assert answer["msgsignature"] == sign(TOKEN, str(answer["timestamp"]), answer["nonce"], answer["encrypt"])
    text, owner = unseal(answer["encrypt"])
    stream = json.loads(text)["stream"]
    assert owner == "" and stream["finish"] and stream["content"] == f"请点链接私下说。\n{PRIVATELY}"
    said = office.said[0]
    assert (said.chat, said.private, said.addressed, said.text) == ("bot:g1", False, True, "楼道灯坏了")
    (row,) = rows(office, "bot_answer")
    assert stream["id"] == row.stream and row.fetched_at is not None  # and nothing more is put into it


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("这事我们私下说，点这里就行，只有您看得到：", "这事我们私下说，只有您看得到："),
        ("我在。有事点这里私下说：\n（我是小邻）", "我在。有事私下说："),
    ],
)
def test_where_no_link_is_shown_no_words_say_so(said: str, shown: str) -> None:
    out = Outbound(act=Act.SAY, chat="bot:g1", text=said, choices=((Choice("", "私聊", "c1"),),))
    first, second, *rest = cards.plain(out).split("\n")
    assert (first, second, rest) == (shown, PRIVATELY, said.split("\n")[1:])


def test_what_is_not_ready_is_the_beginning_of_a_stream(office: Office) -> None:
    group = {"chattype": "group", "chatid": "g1"}
    stream = inside(ask_bot(office, **group, text={"content": "@小邻 不答"}))["stream"]
    assert (stream["content"], stream["finish"]) == (WORKING, False)
    asked = {"msgtype": "stream", "stream": {"id": stream["id"]}, **group}
    assert inside(ask_bot(office, **asked))["stream"] == stream  # and again, until there is an answer
    with office.database.write() as conn:
        row = bot_answers.offer(conn, "bot:g1", "灯修好了", None, office.hours.now)
        assert row is not None and not bot_answers.fetched(conn, row)
    whole = {"id": stream["id"], "finish": True, "content": "灯修好了"}
    assert [inside(ask_bot(office, **asked))["stream"] for _ in range(2)] == [whole, whole]  # the first may be lost
    with office.database.write() as conn:
        assert bot_answers.fetched(conn, row) and not bot_answers.withdraw(conn, row)
        assert bot_answers.offer(conn, "bot:g1", "还有", None, office.hours.now) is None


def test_a_stream_nobody_filled_ends_before_the_platform_stops_asking(office: Office) -> None:
    group = {"chattype": "group", "chatid": "g1"}
    stream = inside(ask_bot(office, **group, text={"content": "@小邻 不答"}))["stream"]["id"]
    office.hours.now += bot_answers.ASKED
    asked = {"msgtype": "stream", "stream": {"id": stream}, **group}
    assert inside(ask_bot(office, **asked))["stream"] == {"id": stream, "finish": True, "content": LATE}
    unknown = {"msgtype": "stream", "stream": {"id": "unknown"}, **group}
    assert inside(ask_bot(office, **unknown))["stream"] == {"id": "unknown", "finish": True, "content": HEARD}
    assert ask_bot(office, msgtype="stream", stream={"id": ""}).status_code == 403


def test_what_the_platform_does_not_fetch_is_said_by_the_code(office: Office) -> None:
    office.api.mentions = {"c1"}
    group = {"chattype": "group", "chatid": "g1"}
    stream = inside(ask_bot(office, **group, text={"content": "@小邻 不答"}, response_url=later("c1")))["stream"]["id"]
    office.send("灯修好了", "bot:g1")
    assert office.api.saw("c1") == ["灯修好了"]
    asked = {"msgtype": "stream", "stream": {"id": stream}, **group}
    assert inside(ask_bot(office, **asked))["stream"]["content"] == ELSEWHERE


def test_what_the_app_writes_to_a_member_is_no_answer_of_the_bot(office: Office) -> None:
    office.api.mentions = {"c1"}
    ask_bot(office, chattype="single", text={"content": "不答"}, response_url=later("c1"))
    office.send("新工单", "w1")
    office.send("新工单", "w1", cause=77)  # of something else they did
    assert office.api.saw("w1") == ["新工单"] * 2 and office.api.saw("c1") == []


def test_what_a_member_says_to_the_bot_is_answered_there_with_a_card(office: Office) -> None:
    office.api.mentions = {"c1"}
    ask_bot(office, chattype="single", text={"content": "不答"}, response_url=later("c1"))
    cause = keep(office.database, office.said[0], office.hours.now)
    office.send("登记吗？", "w1", cause=cause, choices=((Choice("t1", "确认"), Choice("t2", "取消")),))
    assert office.api.log == [("c1", "card", "登记吗？")] and office.api.saw("w1") == []


@pytest.mark.parametrize("told", ["a group", "a link", "seven", "long", "a photo"])
def test_what_a_bots_card_cannot_show_is_said_in_words(office: Office, told: str, tmp_path: Path) -> None:
    (tmp_path / "p.jpg").write_bytes(b"picture")
    few = tuple((Choice(f"t{n}", f"第{n}场"),) for n in range(7 if told == "seven" else 2))
    few += ((Choice("", "网页", "c1"),),) if told == "a link" else ()
    out = Outbound(act=Act.SAY, chat="w1", text="选哪场？" * (60 if told == "long" else 1), choices=few)
    out = replace(out, photo="p.jpg") if told == "a photo" else out
    card = cards.for_bot(out, alone=told != "a group")
    assert (card is None) == (told != "a group")
    said = cards.numbered(out, lambda code: f"https://l.example/{code}")
    assert "回复 1 第0场\n回复 2 第1场" in said and ("网页：https://l.example/c1" in said) == (told == "a link")


@pytest.mark.parametrize("kind", ["image", "file", "video", "mixed", "event"])
def test_what_the_bot_cannot_see_is_told_where_to_go(office: Office, kind: str) -> None:
    told: dict[str, Any] = {kind: {"url": "ftp://x", "msg_item": [7, {"msgtype": "file"}]}}
    answer = ask_bot(office, chattype="single", msgtype=kind, **told)
    assert office.said == [] and answer.status_code == 200
    assert answer.text == "" if kind == "event" else inside(answer)["stream"]["content"] == NOT_SEEN


def test_pictures_are_fetched_and_opened(office: Office) -> None:
    sealed = "https://files.example/files/1?q=1"
    office.api.files["1"] = seal_file(b"picture")
    items = [{"msgtype": "text", "text": {"content": "@小邻 不答 灯坏了"}}]
    items += [{"msgtype": "image", "image": {"url": sealed}}] * 12
    ask_bot(office, chattype="group", chatid="g1", msgtype="mixed", mixed={"msg_item": items})
    ask_bot(office, chattype="single", msgtype="image", image={"url": sealed}, text={"content": "不答"})
    assert [(s.text, len(s.photos)) for s in office.said] == [("不答 灯坏了", 9), ("", 1)]
    handle = office.said[1].photos[0]
    assert asyncio.run(office.channel.fetch(handle)) == b"picture"
    for data in (b"", b"x" * 31, b"x" * 32, seal_file(b"picture")[:-16]):
        office.api.files["1"] = data
        with pytest.raises(SendError) as raised:
            asyncio.run(office.channel.fetch(handle))
        assert not raised.value.transient and "files.example" not in str(raised.value)
    office.api.files = {}
    with pytest.raises(SendError):
        asyncio.run(office.channel.fetch(handle))


def test_of_a_picture_no_more_is_read_than_may_be_kept(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "LARGEST", 1000)
    office.api.files["1"], office.api.media["m1"] = b"x" * 1001, b"x" * 1001
    for handle in ("bot:https://files.example/files/1", "m1"):
        with pytest.raises(SendError, match="too large"):
            asyncio.run(office.channel.fetch(handle))


def test_what_misses_its_request_is_answered_by_the_code_that_came_with_it_once(office: Office) -> None:
    office.api.mentions = {"c1", "c2"}
    for n, code in enumerate(("c1", "c2")):
        ask_bot(office, chattype="group", chatid="g1", text={"content": f"@小邻 不答{n}"}, response_url=later(code))
    ask_bot(office, chattype="group", chatid="g2", text={"content": "@小邻 不答"})
    assert "c1" not in str(rows(office, "bot_answer"))
    office.send("灯的事：*** 138****0000", "bot:g1")
    office.send("第二句", "bot:g1")
    assert office.api.saw("c1") == ["灯的事：＊＊＊ 138＊＊＊＊0000"] and office.api.saw("c2") == ["第二句"]
    for chat in ("bot:g1", "bot:g2"):
        for cause in (7, None):  # an answer waits for the next mention; what nobody asked for does not
            with pytest.raises(SendError) as raised:
                office.send("第三句", chat, cause=cause)
            assert raised.value.waits == (cause is not None) and not raised.value.gone


def test_a_code_too_old_or_used_by_somebody_is_no_answer_and_one_not_reached_is_kept(office: Office) -> None:
    office.api.mentions = {"good"}
    for n, code in enumerate(("used", "good")):
        ask_bot(office, chattype="group", chatid="g1", text={"content": f"@小邻 不答{n}"}, response_url=later(code))
    office.api.down = 1
    with pytest.raises(SendError) as raised:
        office.send("灯修好了", "bot:g1")
    assert raised.value.transient and not raised.value.waits
    office.send("灯修好了", "bot:g1")
    assert office.api.saw("good") == ["灯修好了"]
    office.api.mentions = {"late"}
    ask_bot(office, chattype="group", chatid="g1", text={"content": "@小邻 不答"}, response_url=later("late"))
    office.hours.now += timedelta(hours=1)
    with pytest.raises(SendError) as raised:
        office.send("灯修好了", "bot:g1", cause=7)
    assert raised.value.waits


@pytest.mark.parametrize(
    "url", [7, "", "https://[", "https://x/?response_code=", later("x" * 600), later("a&response_code=b")]
)
def test_an_address_of_another_form_is_no_code(office: Office, url: object) -> None:
    answer = ask_bot(office, chattype="group", chatid="g1", text={"content": "@小邻 不答"}, response_url=url)
    assert answer.status_code == 200 and [row.code for row in rows(office, "bot_answer")] == [None]


def test_pictures_go_where_they_can_and_where_they_cannot_it_is_said(office: Office, tmp_path: Path) -> None:
    (tmp_path / "p.jpg").write_bytes(b"picture")
    (tmp_path / "large.jpg").write_bytes(b"x" * 2_000_001)
    office.send("公示", "robot:west", photo="p.jpg")
    office.send("公示", "robot:west", photo="large.jpg")
    assert office.api.saw("a-key-of-a-robot") == ["[picture]", "公示", NO_PICTURE, "公示"]
    office.photo = "p.jpg"
    answer = ask_bot(office, chattype="group", chatid="g1", text={"content": "@小邻 公示"}).json()
    (item,) = json.loads(unseal(answer["encrypt"])[0])["stream"]["msg_item"]
    assert base64.b64decode(item["image"]["base64"]) == b"picture"
    office.api.mentions = {"c1"}
    ask_bot(office, chattype="group", chatid="g1", text={"content": "@小邻 不答"}, response_url=later("c1"))
    office.send("公示", "bot:g1", photo="p.jpg")
    assert office.api.saw("c1") == [f"公示\n{NO_PICTURE}"]


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"encrypt": 1}', '{"encrypt": "x"}', "[" * 5000, '{"encrypt": "' + "x" * 70_000 + '"}']
)
def test_the_bot_refuses_what_is_none_of_it(office: Office, body: str) -> None:
    answer = office.post("/wecom/bot", body, "x")
    assert (answer.status_code, answer.text) == (403, "refused") and office.said == []


@pytest.mark.parametrize(
    "told", [{"msgid": 7}, {"from": "w1"}, {"from": {}}, {"chattype": "group"}, {"chattype": "group", "chatid": {}}]
)
def test_the_bot_refuses_other_forms(office: Office, told: dict[str, Any]) -> None:
    assert ask_bot(office, **told).status_code == 403
