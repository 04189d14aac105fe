"""Albums, pins and topics: what belongs together is one message, what is not ours is not fetched, and answers find
their place."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from bot import turn
from bot.channels.base import Inbound, Kind
from bot.channels.play import PlayChannel
from bot.intake import keep
from bot.jobs import run_due
from bot.letters import outbound
from bot.worker import Worker
from flows.groups import PATIENCE
from storage import outbox as letters
from storage.tables import case_file, file, inbox, outbox
from tests.support.stage import Stage, on_stage

GROUP, STAFF_GROUP = "group:g1", "group:staff-ylq-1"


class Album(PlayChannel):
    """A platform whose every handle is a picture; it says which were asked for."""

    def __init__(self) -> None:
        super().__init__(lambda line: None)
        self.fetched: list[str] = []

    async def fetch(self, handle: str) -> bytes:
        self.fetched.append(handle)
        out = io.BytesIO()
        Image.new("RGB", (9, 9 + len(self.fetched))).save(out, "PNG")
        return out.getvalue()


class People:
    """Says lines and has them worked on."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.channel, self.number = stage, Album(), count(1)
        self.world, self.now = stage.world, stage.player.channel.now
        self.worker = Worker(self.world, {"play": self.channel}, lambda: self.now, threads=False, comes=0)

    def says(self, who: str, text: str = "", chat: str = "private", **more: Any) -> None:
        private, key = chat == "private", f"k{next(self.number)}"
        place = who if private else chat
        said = Inbound("play", key, Kind.MESSAGE, place, private, who, text=text, message=key, addressed=private)
        keep(self.world.database, said._replace(**more), self.now)

    def worked(self) -> list[dict[str, Any]]:
        """What is said after all that waits has had its turn."""
        with self.world.database.read() as conn:
            before = conn.execute(select(outbox.c.id)).scalars().all()
        while asyncio.run(self.worker.run_once(self.now)):
            pass
        return self.since(before)

    def since(self, before: Any) -> list[dict[str, Any]]:
        with self.world.database.read() as conn:
            new = select(outbox.c.payload).where(outbox.c.id.not_in(before)).order_by(outbox.c.id)
            return list(conn.execute(new).scalars())

    def rows(self, table: Any) -> list[Any]:
        with self.world.database.read() as conn:
            return list(conn.execute(select(table)))


@pytest.fixture
def people() -> Iterator[People]:
    with on_stage() as stage:
        yield People(stage)


def test_an_album_is_one_message_with_all_its_pictures(people: People) -> None:
    people.says("u1", photos=("a",), album="m1")
    people.says("u1", "幸福里小区3号楼楼道灯坏了三天了", photos=("b",), album="m1")
    people.says("u1", photos=("c",), album="m1")
    (asked,) = people.worked()
    assert "手机号" in asked["text"]
    people.says("u1", "不留")
    (sums_up,) = people.worked()
    assert "照片：3张" in sums_up["text"]
    people.says("u1", "确认")
    people.worked()
    assert len(people.rows(case_file)) == 3
    assert {row.state for row in people.rows(inbox)} == {"done"} and people.channel.fetched == ["a", "b", "c"]


def test_two_albums_and_those_of_two_people_are_not_mixed(people: People) -> None:
    for who, album in (("u1", "m1"), ("u2", "m2"), ("u1", "m3"), ("u2", "m2"), ("u1", "m1")):
        people.says(who, photos=(f"{who}{album}",), album=album)
    assert len(people.worked()) == 3
    assert len(people.rows(file)) == 5


def test_a_video_without_words_is_no_message_of_its_own_beside_a_picture(people: People) -> None:
    people.says("u1", album="m1")
    people.says("u1", "幸福里小区3号楼楼道灯坏了三天了", photos=("a",), album="m1")
    (asked,) = people.worked()
    assert "手机号" in asked["text"]


def test_an_album_that_fails_is_tried_again_whole(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    people.says("u1", "幸福里小区3号楼楼道灯坏了三天了", photos=("a",), album="m1")
    people.says("u1", photos=("b",), album="m1")
    began = turn.DOORS[Kind.MESSAGE]

    def fails(scene: turn.Scene, understood: Any) -> None:
        began(scene, understood)
        raise LookupError

    monkeypatch.setitem(turn.DOORS, Kind.MESSAGE, fails)
    people.worked()
    assert {row.state for row in people.rows(inbox)} == {"new"}
    monkeypatch.setitem(turn.DOORS, Kind.MESSAGE, began)
    people.now = max(row.not_before for row in people.rows(inbox))
    assert "手机号" in people.worked()[-1]["text"]
    people.says("u1", "不留")
    assert "照片：2张" in people.worked()[0]["text"]


def test_what_people_show_each_other_in_their_group_is_not_fetched(people: People) -> None:
    people.says("u1", "今天的晚霞", GROUP, photos=("a",))
    people.says("u1", "", GROUP, kind=Kind.VOICE, photos=("b",))
    people.says("u1", "", "group:of-nobody", photos=("c",))
    people.worked()
    assert people.channel.fetched == [] and people.rows(file) == []
    people.says("u1", "这个路灯坏了", GROUP, photos=("d",), addressed=True)
    people.says("w1", "换好了", STAFF_GROUP, photos=("e",))
    people.worked()
    assert sorted(people.channel.fetched) == ["d", "e"]


def test_a_pin_that_has_a_name_is_asked_what_happened_there(people: People) -> None:
    people.says("u1", location=(1.0, 2.0), pinned="人民南路四段12号")
    (asked,) = people.worked()
    assert "位置收到了" in asked["text"]
    for said in ("路灯坏了三天了", "不清楚哪个社区", "不留"):
        people.says("u1", said)
        people.worked()
    people.says("u1", "没有照片")
    assert "位置：人民南路四段12号（定位 1.00000, 2.00000）" in people.worked()[-1]["text"]


def test_in_a_topic_the_answer_is_a_reply_and_elsewhere_it_is_none(people: People) -> None:
    people.says("u1", "怎么反映问题？", GROUP, addressed=True)
    assert "answers" not in people.worked()[0]
    people.says("u1", "怎么反映问题？", GROUP, addressed=True, topical=True, message="77")
    (answer,) = people.worked()
    assert answer["answers"] == "77"
    replied = []
    for _ in range(2):
        with people.world.database.write() as conn:
            (row,) = letters.claim(conn, people.now, lease=PATIENCE, limit=9)
            letters.sent(conn, row.id, message="m", now=people.now)
        replied.append(outbound(row).reply_to)
    assert replied == [None, "77"]


@pytest.mark.parametrize("pending", [True, False])
def test_a_press_that_the_platform_shows_as_under_way_is_answered_once(people: People, *, pending: bool) -> None:
    people.says("u1", "幸福里小区3号楼楼道灯坏了三天了")
    ((choice,),) = people.worked()[0]["choices"]
    press = {"kind": Kind.PRESS, "choice": choice["token"], "callback": "c1", "pending": pending}
    people.says("u1", **press)
    said, *short = people.worked()
    assert "照片" in said["text"] and [(one["text"], one["callback"]) for one in short] == [("", "c1")] * pending
    people.says("u1", **press | {"callback": "c2"})  # too late
    (stale,) = people.worked()
    assert stale["callback"] == "c2" and stale["text"]


def test_an_offer_that_waited_is_made_in_the_topic_it_was_said_in(people: People) -> None:
    people.says("u1", "电梯好像又坏了，按了没反应", GROUP, topical=True, message="78")
    assert people.worked() == []
    people.now += PATIENCE * 2
    run_due(people.world, people.now)
    assert [payload.get("answers") for payload in people.since([])] == ["78"]
