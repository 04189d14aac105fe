"""Posters and groups: a page a building, the same code when printed again, a group of whoever works there."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bot import fonts
from bot.channels.wechat.channel import account as wechat_account
from bot.channels.wecom.channel import account
from bot.channels.wecom.groups import create, wanted
from bot.channels.weixin.api import Api
from bot.community.load import import_text
from bot.errors import Wrong
from bot.posters import draw, posters
from bot.weixin import brief_scenes, scene
from storage import codes
from storage.database import Database
from tests.support.databases import SECRET
from tests.support.hours import Hours
from tests.support.wechat_api import APP_ID, WeChatApi
from tests.support.wechat_api import SECRET as WECHAT_SECRET
from tests.support.wecom_api import AGENT_ID, CORP_ID, WeComApi
from tests.support.wecom_api import SECRET as WECOM_SECRET

COMMUNITY = """
linli: 1
areas:
  - key: liuxi
    name: 柳溪街道
    level: subdistrict
    areas:
      - key: xfl
        name: 幸福里社区
        areas:
          - key: xfl-1
            name: 第一网格
            groups: [{role: staff, wecom: "appchat:xfl1"}]
            buildings: [{numbers: 1-3}]
          - key: xfl-2
            name: 第二网格
            groups: [{role: staff, wecom: "appchat:xfl2"}]
            buildings: [{numbers: 4-5}]
staff:
  - {key: w1, name: 王晓敏, accounts: {wecom: w1}, roles: [{role: grid_worker, area: xfl-1}]}
  - {key: w2, name: 李文涛, accounts: {wecom: w2}, roles: [{role: grid_worker, areas: [xfl-1, xfl-2]}]}
"""


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database.open(f"sqlite:///{tmp_path / 'linli.db'}", durable=False, secret=SECRET)
    opened.upgrade()
    import_text(opened, COMMUNITY.encode(), "c.yml", Hours().now)
    yield opened
    opened.close()


def test_a_poster_a_building_with_a_lasting_code(database: Database) -> None:
    now = Hours().now
    made = posters(database, b"secret", now)
    assert [(p.name, p.above) for p in made][:2] == [("1号楼", "幸福里社区 第一网格"), ("2号楼", "幸福里社区 第一网格")]
    assert made == posters(database, b"secret", now) and len({p.code for p in made}) == 5
    assert [p.name for p in posters(database, b"secret", now, "xfl-2")] == ["4号楼", "5号楼"]
    with database.read() as conn:
        row = codes.find(conn, made[0].code, kind="place", now=now)
        assert row is not None and row.subject["args"]["at"]
    with pytest.raises(Wrong):
        posters(database, b"secret", now, "nowhere")


def test_the_pages_say_where_they_hang(database: Database) -> None:
    import pypdfium2

    if fonts.chinese() is None:
        with pytest.raises(Wrong):
            draw(posters(database, b"secret", Hours().now), lambda p: p.code)
        pytest.skip("no Chinese font here")
    data = draw(posters(database, b"secret", Hours().now, "xfl-2"), lambda p: f"https://l.example/chat?start={p.code}")
    pdf = pypdfium2.PdfDocument(io.BytesIO(data))
    pages = [page.get_textpage().get_text_range() for page in pdf]
    assert len(pages) == 2 and "幸福里社区 第二网格 4号楼" in pages[0] and "119" in pages[0]


def test_groups_are_made_once_with_the_staff_of_the_area(database: Database) -> None:
    hours, office = Hours(), WeComApi()
    transport = httpx.ASGITransport(office.app())
    ours = account(CORP_ID, AGENT_ID, WECOM_SECRET, "http://wecom.test")
    with database.read() as conn:
        groups = wanted(conn)

    async def run() -> list[str]:
        api = Api(ours, database, hours.clock, threads=False, transport=transport)
        return [await create(api, group) for group in (*groups, groups[0])]

    told = asyncio.run(run())
    assert [line.partition(",")[0] for line in told] == [
        "xfl1: made",
        "xfl2: 1 of its staff on wecom",
        "xfl1: there already",
    ]
    assert [(g["chatid"], g["userlist"]) for g in office.made] == [("xfl1", ["w1", "w2"])]


def test_a_code_of_a_place_opens_the_account_for_some_minutes_if_it_can(database: Database) -> None:
    people = WeChatApi()
    ours = wechat_account(APP_ID, WECHAT_SECRET, "http://wechat.test")
    api = Api(ours, database, Hours().clock, threads=False, transport=httpx.ASGITransport(people.app()))
    make = brief_scenes(api)
    assert asyncio.run(make("abc")) == "http://weixin.example/q/abc" and people.brief == {"abc": 600}
    assert asyncio.run(scene(api, "for-ever")) == "http://weixin.example/q/for-ever" and "for-ever" not in people.brief
    people.once = [48001]
    assert asyncio.run(make("abd")) is None
