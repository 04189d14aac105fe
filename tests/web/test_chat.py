"""The routes of the chat page: what reaches the inbox, what is refused and in which words."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from bot.channels.base import Act, Choice, Kind, Outbound
from bot.console.app import build_web
from bot.console.sessions import VISITOR_COOKIE
from tests.web.house import House, what_they_are

ID = "m-00000001"


def said(text: str = "灯坏了", **more: Any) -> dict[str, Any]:
    return {"id": ID, "as": "0", "chat": "private", "text": text, **more}


def test_a_private_message_reaches_the_inbox(house: House, visitor: TestClient) -> None:
    answer = visitor.post("/chat/send", json=said("3栋灯坏了"))
    assert answer.status_code == 200
    (update,) = house.heard
    assert (update.kind, update.private, update.addressed, update.text) == (Kind.MESSAGE, True, True, "3栋灯坏了")
    assert update.chat == update.sender
    assert update.message == str(answer.json()["id"])
    assert update.sender_name == "王阿姨"


def test_the_same_message_again_has_one_effect(house: House, visitor: TestClient) -> None:
    first, again = (visitor.post("/chat/send", json=said()) for _ in range(2))
    assert first.json() == again.json()
    assert len(house.heard) == 1
    assert len(visitor.get("/chat/lines?as=0&chat=private").json()["lines"]) == 1


def test_two_visitors_with_the_same_message_id_are_two(house: House, visit: Callable[[], TestClient]) -> None:
    for one in (visit(), visit()):
        one.post("/chat/send", json=said())
    assert len({update.key for update in house.heard}) == 2
    assert len({update.sender for update in house.heard}) == 2


def test_a_message_is_acknowledged_only_after_it_is_kept(house: House, visitor: TestClient) -> None:
    house.away = True
    answer = visitor.post("/chat/send", json=said())
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert not house.heard
    house.away = False
    assert visitor.post("/chat/send", json=said()).status_code == 200
    assert len(house.heard) == 1


def test_a_group_shows_names_and_never_ids(house: House, visit: Callable[[], TestClient]) -> None:
    house.settle()
    one, other = visit(), visit()
    one.post("/chat/send", json=said("电梯坏了", chat="liuwan", **{"as": "2"}))
    page = other.get("/chat/lines?as=0&chat=liuwan")
    (line,) = page.json()["lines"]
    assert (line["by"], line["name"], line["text"]) == ("other", "小陈", "电梯坏了")
    assert house.heard[0].sender.partition(".")[0] not in page.text
    assert not house.heard[0].addressed


def test_a_reply_to_the_assistant_is_addressed(house: House, visitor: TestClient) -> None:
    house.settle()
    bot = house.say("liuwan", "要帮您登记吗？", 5)
    visitor.post("/chat/send", json=said("要", chat="liuwan", reply_to=int(bot)))
    assert (house.heard[0].addressed, house.heard[0].reply_to) == (True, bot)
    line = visitor.get("/chat/lines?as=0&chat=liuwan").json()["lines"][-1]
    assert line["quote"] == {"name": "小邻", "text": "要帮您登记吗？"}


def test_nobody_replies_into_another_chat(house: House, visitor: TestClient) -> None:
    secret = house.say("somebody.0", "您的编号 0302001", 5)
    visitor.post("/chat/send", json=said("什么", reply_to=int(secret)))
    assert house.heard[0].reply_to is None
    assert "0302001" not in visitor.get("/chat/lines?as=0&chat=private").text


def test_nobody_reads_another_chat(house: House, visitor: TestClient) -> None:
    house.say("somebody.0", "您的编号 0302001", 5)
    answer = visitor.get("/chat/lines?as=0&chat=somebody.0")
    assert answer.status_code == 404


def test_a_press_reaches_the_inbox(house: House, visitor: TestClient) -> None:
    answer = visitor.post(
        "/chat/press", json={"id": ID, "as": "0", "chat": "private", "message": 12, "choice": "abc.DEF"}
    )
    assert answer.status_code == 200
    (update,) = house.heard
    assert (update.kind, update.message, update.choice, update.callback) == (Kind.PRESS, "12", "abc.DEF", ID)


def test_a_link_opens_the_private_chat(house: House, visitor: TestClient) -> None:
    visitor.post("/chat/start", json={"id": ID, "as": "3", "code": "Zx-1_y"})
    (update,) = house.heard
    assert (update.kind, update.token, update.private, update.sender_name) == (Kind.START, "Zx-1_y", True, "赵姐")


def test_looking_at_a_link_uses_nothing_up(house: House, visitor: TestClient) -> None:
    assert visitor.get("/chat?start=Zx-1_y").status_code == 200
    assert not house.heard


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"id":1}',
        b"[" * 100_000,
        b"\xff\xfe",
        b'{"id":"m-00000001","as":"0","chat":"private","text":{"a":1}}',
        b'{"id":"x","as":"0","chat":"private","text":"a"}',
        b'{"id":"m-00000001","as":"0","chat":"private","text":"a","location":[1]}',
        b'{"id":"m-00000001","as":"0","chat":"private","text":"a","location":[1e999,0]}',
        b'{"id":"m-00000001","as":"0","chat":7,"text":"a"}',
    ],
)
def test_a_broken_body_is_refused_and_has_no_effect(house: House, visitor: TestClient, body: bytes) -> None:
    answer = visitor.post("/chat/send", content=body, headers={"content-type": "application/json"})
    assert 400 <= answer.status_code < 500
    assert answer.json()["error"]
    assert not house.heard


@pytest.mark.parametrize("text", ["\ud800半个", "a\0b", "<script>alert(1)</script>", "𠮷" * 500, "‮倒", "字" * 400_000])
def test_odd_texts_are_taken(house: House, visitor: TestClient, text: str) -> None:
    answer = visitor.post("/chat/send", content=json.dumps(said(text)), headers={"content-type": "application/json"})
    assert answer.status_code == 200
    assert len(house.heard[0].text) <= 20_000
    line = visitor.get("/chat/lines?as=0&chat=private").json()["lines"][0]
    assert line["text"] == house.heard[0].text


def test_a_body_without_end_is_refused(house: House, visitor: TestClient) -> None:
    answer = visitor.post("/chat/press", content=b"x" * 3_000_000, headers={"content-type": "application/json"})
    assert answer.status_code == 413
    stream = (b"x" * 100_000 for _ in range(40))
    answer = visitor.post("/chat/press", content=stream, headers={"content-type": "application/json"})
    assert answer.status_code == 413


def test_without_a_cookie_of_ours_nothing_is_taken(house: House) -> None:
    stranger = TestClient(house.app, headers={"x-linli": "1"})
    assert stranger.post("/chat/send", json=said()).status_code == 401
    stranger.cookies.set(VISITOR_COOKIE, "forged.value")
    assert stranger.post("/chat/send", json=said()).status_code == 401
    assert not house.heard


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"origin": "http://testserver"}, 200),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({}, 403),
    ],
)
def test_other_sites_cannot_post(house: House, headers: dict[str, str], status: int) -> None:
    client = TestClient(house.app)
    client.get("/chat")
    assert client.post("/chat/send", json=said(), headers=headers).status_code == status
    assert len(house.heard) == (status == 200)


def test_the_cookie_is_out_of_reach_of_scripts(house: House) -> None:
    cookie = TestClient(house.app).get("/chat").headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


def test_the_page_runs_nothing_but_our_own_files(visitor: TestClient) -> None:
    page = visitor.get("/chat")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "http://" not in page.text.replace("http://www.w3.org", "")
    assert "https://" not in page.text
    assert "<script>" not in page.text


def test_who_is_too_fast_is_told_once_and_kept_waiting(house: House, visitor: TestClient) -> None:
    answers = [visitor.post("/chat/send", json=said(id=f"m-{n:08}")) for n in range(25)]
    assert [a.status_code for a in answers].count(200) == 20
    refused = [a for a in answers if a.status_code == 429]
    assert [bool(a.json()["error"]) for a in refused] == [True, False, False, False, False]
    wait = int(refused[0].headers["retry-after"])
    house.clock.forward(seconds=wait)
    assert visitor.post("/chat/send", json=said(id="m-00000020")).status_code == 200


def test_older_lines_can_be_read_page_by_page(house: House, visitor: TestClient) -> None:
    visitor.post("/chat/start", json={"id": ID, "as": "0"})
    me = house.heard[0].sender
    for n in range(70):
        house.say(me, f"第{n}句", n + 1)
    page = visitor.get("/chat/lines?as=0&chat=private").json()
    assert [line["text"] for line in page["lines"]] == [f"第{n}句" for n in range(20, 70)]
    older = visitor.get(f"/chat/lines?as=0&chat=private&before={page['lines'][0]['id']}").json()
    assert [line["text"] for line in older["lines"]] == [f"第{n}句" for n in range(20)]


def test_a_location_stays_out_of_groups(house: House, visitor: TestClient) -> None:
    house.settle()
    visitor.post("/chat/send", json=said("", location=[39.1, 119.6]))
    visitor.post("/chat/send", json=said("", location=[39.1, 119.6], chat="liuwan", id="m-00000002"))
    assert [update.location for update in house.heard] == [(39.1, 119.6), None]


def test_buttons_and_links_are_shown(house: House, visitor: TestClient) -> None:
    house.settle()
    house.say("liuwan", "请私下说", 3, choices=((Choice("", "去私聊", link="CODE"),),))
    (line,) = visitor.get("/chat/lines?as=0&chat=liuwan").json()["lines"]
    assert line["choices"] == [[{"token": "", "label": "去私聊", "link": "CODE"}]]


def test_health(house: House) -> None:
    client = TestClient(house.app)
    assert client.get("/healthz").json() == {"live": True, "ready": True}
    assert client.get("/healthz/live").status_code == 200
    assert "linli_database_up 1.0" in client.get("/metrics").text
    assert client.get("/metrics", headers={"x-forwarded-for": "203.0.113.9"}).status_code == 403


def test_every_page_that_is_not_there_says_so(house: House) -> None:
    client = TestClient(house.app)
    assert "没有找到" in client.get("/nothing", headers={"accept": "text/html"}).text
    assert client.get("/chat/photo/" + "0" * 32).status_code == 404


def test_notices_are_not_history(house: House, visitor: TestClient) -> None:
    visitor.post("/chat/start", json={"id": ID, "as": "0"})
    me = house.heard[0].sender

    asyncio.run(house.channel.send(Outbound(Act.NOTICE, me, "好的", callback="c", to=me, outbox=4)))
    assert visitor.get("/chat/lines?as=0&chat=private").json() == {"lines": [], "cursor": 1}


def test_a_form_that_is_broken_is_refused_in_chinese(house: House, visitor: TestClient) -> None:
    for kind in ("multipart/form-data", "multipart/form-data; boundary=x"):
        answer = visitor.post("/chat/send", content=b"--y\r\nnonsense", headers={"content-type": kind})
        assert 400 <= answer.status_code < 500
        assert not answer.json()["error"].isascii()
    assert not house.heard


def test_without_invented_neighbours_everybody_is_themselves(house: House) -> None:
    app = build_web(
        house.channel,
        house.accept,
        house.desk,
        roles=what_they_are,
        secret="x" * 20,
        files=house.files,
        neighbours=(),
        clock=house.clock,
    )
    client = TestClient(app, headers={"x-linli": "1"})
    assert "王阿姨" not in client.get("/chat").text
    assert client.post("/chat/send", json=said(**{"as": "3"})).status_code == 200
    assert "." not in house.heard[0].sender
    assert house.heard[0].sender_name.startswith("居民")
