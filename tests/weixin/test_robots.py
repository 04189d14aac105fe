"""Group robots among residents: a link in each text, a QR code weekly, and a way on for whoever opens it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta

import pytest
import segno
from PIL import Image
from sqlalchemy import insert, select

from bot import pictures, signposts
from bot.channels.base import Choice
from bot.posters import posters
from storage import allowance, codes, tables
from tests.support.databases import SECRET
from tests.support.stage import on_stage
from tests.support.wecom_office import Office

KEY, JOIN = "a-key-of-a-robot", ((Choice("t1", "我报名"),),)


@pytest.fixture
def residents(office: Office) -> Iterator[Office]:
    """A residents' group that only a robot speaks in."""
    with office.database.write() as conn:
        area = {"key": "xfl-1", "name": "第一网格", "level": "grid", "path": "/1/", "active": True}
        made = conn.execute(insert(tables.area).values(area).returning(tables.area.c.id)).scalar_one()
        row = {"channel": "wecom", "address": "robot:west", "kind": "group", "role": "residents", "area_id": made}
        conn.execute(insert(tables.chat).values(row))
    yield office


def says(picture: str, text: str) -> bool:
    """Whether a picture, as the platform's log writes it, is the QR code of this text, with lines under it."""
    matrix = segno.make(text, micro=False, error="m").matrix
    image = Image.open(io.BytesIO(picture[1:-1].encode("latin-1"))).convert("L")
    at = lambda n: (n + 4) * 12 + 6  # noqa: E731 - the middle of a module
    dark = [[image.getpixel((at(x), at(y))) == 0 for x in range(len(matrix))] for y in range(len(matrix))]
    return dark == [[bool(module) for module in row] for row in matrix] and image.height >= image.width


def test_a_text_carries_a_link_and_the_first_one_a_code(residents: Office) -> None:
    residents.send("明天停水", "robot:west")
    code = signposts.code_of(SECRET.encode(), "xfl-1")
    text, picture = residents.api.saw(KEY)
    assert text == f"明天停水\n{signposts.HERE.format(link=f'https://l.example/{code}')}"
    assert says(picture, f"https://l.example/{code}") and not says(picture, f"https://l.example/{code[:-1]}_")
    with residents.database.read() as conn:
        row = codes.find(conn, code, kind="place", now=residents.hours.now)
    assert row is not None and row.subject["args"]["intent"] == "greet"


def test_the_code_comes_again_after_a_week_and_no_sooner(residents: Office) -> None:
    for day in range(15):
        residents.send(f"第{day}天", "robot:west")
        with residents.database.write() as conn:
            allowance.forget(conn, residents.hours.now + timedelta(hours=1))
        residents.hours.now += timedelta(days=1)
    assert [text[:3] for text in residents.api.saw(KEY) if not text.startswith("第")] == ["[\x89P"] * 3


def test_the_code_opens_the_official_account_where_there_is_one(residents: Office) -> None:
    residents.scene = "http://weixin.example/q/"
    residents.send("明天停水", "robot:west")
    code = signposts.code_of(SECRET.encode(), "xfl-1")
    assert says(residents.api.saw(KEY)[1], f"http://weixin.example/q/{code}")


def test_what_is_pressed_elsewhere_is_a_link_that_says_it(residents: Office) -> None:
    residents.send("周六捡垃圾", "robot:west", choices=JOIN)
    code = signposts.code_of(SECRET.encode(), "xfl-1", "我报名")
    assert residents.api.saw(KEY)[0] == f"周六捡垃圾\n我报名：点这里跟小邻说 https://l.example/{code}"
    with residents.database.read() as conn:
        row = codes.find(conn, code, kind="place", now=residents.hours.now)
    assert row is not None and row.subject["args"]["text"] == "我报名"


def test_the_words_go_though_the_code_cannot(residents: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "sign", lambda *_: b"x" * 3)
    residents.api.no_pictures = True
    residents.send("明天停水", "robot:west")
    residents.send("后天也停", "robot:west")
    residents.api.no_pictures = False
    residents.send("水来了", "robot:west")
    assert [text[:4] for text in residents.api.saw(KEY)] == ["明天停水", "后天也停", "水来了\n", "[xxx"]


def test_a_text_too_long_for_the_link_goes_alone(residents: Office) -> None:
    residents.send("水" * 670, "robot:west")
    assert residents.api.saw(KEY)[0] == "水" * 670


def test_a_staff_group_gets_neither(office: Office) -> None:
    office.send("新工单", "robot:west", choices=JOIN)
    assert "l.example" not in str(office.api.saw(KEY)) and len(office.api.saw(KEY)) == 1


@pytest.mark.parametrize(("says", "heard"), [("", "小邻"), ("我报名", "正在招人")])
def test_whoever_opens_it_is_greeted_or_has_said_it(says: str, heard: str) -> None:
    with on_stage() as stage:
        with stage.world.database.write() as conn:
            row = conn.execute(select(tables.area).where(tables.area.c.level == "grid").limit(1)).one()
            code = signposts.code_of(SECRET.encode(), row.key, says)
            given = {code: signposts.place(row.id, row.level, says)}
            codes.keep(conn, kind="place", given=given, now=stage.player.channel.now, lifetime=signposts.LIFETIME)
        for who in ("lin", "fang"):  # it is everybody's
            told = stage.step(type="start", chat="private", token=code, **{"from": who})
            assert heard in "".join(line["text"] for line in told), told


def test_a_buildings_code_is_the_one_on_its_stairs() -> None:
    with on_stage() as stage:
        made = posters(stage.world.database, b"secret", stage.player.channel.now)
        with stage.world.database.read() as conn:
            keys = conn.execute(select(tables.area.c.key).where(tables.area.c.level == "building")).scalars().all()
            assert {p.code for p in made} == {signposts.code_of(b"secret", key) for key in keys}
            assert all(codes.find(conn, p.code, kind="place", now=stage.player.channel.now) for p in made)
