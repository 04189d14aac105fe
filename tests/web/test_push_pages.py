"""Mediations and appointments on the staff page, beside the chat they began in: the same steps, and who reads what."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from starlette.testclient import TestClient

from bot.channels.web import WebChannel
from bot.console.app import build_web
from bot.presses import Desk
from storage import codes, people
from storage.tables import audit, mediation
from tests.play.test_appointments import HOME, asked
from tests.play.test_mediation import SECRET, agreed
from tests.support.stage import Stage, texts
from tests.web.house import what_they_are
from tests.web.office import csrf


class Pages:
    """The staff pages of what happens on a stage."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        self.stage = stage
        channel = WebChannel(stage.world.database, uploads=folder, store=folder, clock=self.now)

        async def accept(_update: object) -> bool:
            return True

        desk = Desk(stage.world)
        self.app = build_web(
            channel, accept, desk, roles=what_they_are, secret="signs", files=folder, neighbours=(), clock=self.now
        )

    def now(self) -> datetime:
        return self.stage.player.channel.now

    def of(self, key: str) -> TestClient:
        client = TestClient(self.app, headers={"sec-fetch-site": "same-origin", "accept": "text/html"})
        with self.stage.world.database.write() as conn:
            subject = {"staff": people.staff_by_key(conn, key)}
            code = codes.issue(conn, kind="signin", subject=subject, now=self.now(), lifetime=timedelta(hours=1))
        assert client.post("/staff/signin", data={"code": code}).status_code == 200
        return client


def does(client: TestClient, path: str, **form: str) -> str:
    """Send a form of a page; the page that comes back."""
    return client.post(f"{path}/act", data={"csrf": csrf(client.get(path).text), **form}).text


def test_a_mediator_does_it_all_on_the_page(stage: Stage, tmp_path: Path) -> None:
    pages = Pages(stage, tmp_path)
    agreed(stage)
    hers, one = pages.of("lg2"), "/staff/mediations/1"
    assert "邻里纠纷" in hers.get("/staff/mediations").text
    assert SECRET not in hers.get(one).text  # nobody has taken it yet
    assert "接下" in does(hers, one, action="take") and SECRET in hers.get(one).text
    assert "还没到的时间" in does(hers, one, action="propose", at="2026-01-04T15:00", note="社区二楼")
    does(hers, one, action="propose", at="2026-01-06T15:00", note="社区二楼")
    stage.tick("2026-01-05T09:01:00+08:00")
    assert "明天 15:00，在社区二楼" in texts(stage.since, "private:u2")
    stage.press("u1", "可以")
    stage.press("u2", "可以")
    does(hers, one, action="record", note="晚上十点后不拖椅子。")
    stage.tick("2026-01-05T09:02:00+08:00")
    stage.press("u1", "没错，我同意")
    stage.press("u2", "没错，我同意")
    stage.press("u1", "满意")
    shown = hers.get(one).text
    assert "调解成功" in shown and "甲方：满意" in shown and "晚上十点后不拖椅子" in shown
    with stage.world.database.read() as conn:
        assert conn.execute(select(mediation.c.state)).scalar_one() == "settled"
        assert "read_mediation" in conn.execute(select(audit.c.action)).scalars().all()


def test_others_see_that_it_goes_on_and_not_what_a_side_wrote(stage: Stage, tmp_path: Path) -> None:
    pages = Pages(stage, tmp_path)
    agreed(stage)
    stage.press("lg2", "没有，我来调解")
    leader = pages.of("l1").get("/staff/mediations/1")
    assert leader.status_code == 200 and SECRET not in leader.text and "请街道研判" in leader.text
    assert pages.of("lg4").get("/staff/mediations/1").status_code == 404  # another community's mediator
    assert pages.of("w1").get("/staff/mediations/1").status_code == 404
    assert "没有权限" in does(pages.of("l1"), "/staff/mediations/1", action="record", note="随便写一个")


def test_who_is_a_side_does_not_see_the_desks_page(stage: Stage, tmp_path: Path) -> None:
    pages = Pages(stage, tmp_path)
    stage.say("l1", "我想调解，和楼上邻居吵架了")
    if "哪个社区" in stage.last("private:l1")["text"]:
        stage.press("l1", "幸福里社区")
    stage.say("l1", SECRET)
    stage.press("l1", "确认")
    his = pages.of("l1")
    assert his.get("/staff/mediations/1").status_code == 404
    assert "邻里纠纷" not in his.get("/staff/mediations").text
    assert "邻里纠纷" in pages.of("l2").get("/staff/mediations").text


def test_an_appointment_is_taken_and_done_on_the_page(stage: Stage, tmp_path: Path) -> None:
    pages = Pages(stage, tmp_path)
    asked(stage, "u1", "能上门办养老资格认证吗")
    stage.say("u1", HOME)
    stage.press("u1", stage.buttons("private:u1")[0])
    for label in ("给自己办", "没有了", "确认"):
        stage.press("u1", label)
    hers, one = pages.of("w1"), "/staff/bookings/1"
    assert "养老资格认证" in hers.get("/staff/bookings").text
    assert "502" not in hers.get(one).text
    assert "已接下" in does(hers, one, action="confirm")
    assert "502" in hers.get(one).text and "502" not in pages.of("l1").get(one).text
    stage.tick("2026-01-05T09:01:00+08:00")
    assert "有人接了" in texts(stage.since, "private:u1")
    does(hers, one, action="finish")
    assert "没有等着办的预约" in hers.get("/staff/bookings").text
    assert pages.of("lg4").get(one).status_code == 404
