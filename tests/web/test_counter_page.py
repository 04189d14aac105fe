"""The counter on the staff page: a form, what is still asked, and the receipt with its code."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import func, select

from storage.tables import case
from tests.support.stage import on_stage
from tests.web.office import csrf
from tests.web.test_push_pages import Pages


def test_a_case_is_opened_for_a_walk_in(tmp_path: Path) -> None:
    with on_stage() as stage:
        client = Pages(stage, tmp_path).of("d1")
        token = csrf(client.get("/staff/counter").text)
        asked = client.post("/staff/counter", data={"csrf": token, "description": "楼道灯坏了", "contact": "code"})
        assert "在什么位置" in asked.text and "楼道灯坏了" in asked.text  # nothing typed is lost
        form = {"csrf": token, "description": "楼道灯坏了", "place": "梧桐苑3号楼", "contact": "code"}
        done = client.post("/staff/counter", data=form, follow_redirects=False)
        assert done.status_code == 303 and done.headers["location"] == "/staff/counter/filed"
        for _ in range(2):  # reading it again files nothing again
            shown = client.get("/staff/counter/filed")
            assert "绑定码" in shown.text and shown.headers["cache-control"] == "no-store"
        with stage.world.database.read() as conn:
            assert conn.execute(select(func.count()).select_from(case)).scalar_one() == 1
        assert "打印给居民" not in Pages(stage, tmp_path).of("d1").get("/staff/counter/filed").text


def test_a_note_on_the_page_stays_inside_until_it_is_sent(tmp_path: Path) -> None:
    with on_stage() as stage:
        stage.report()
        client = Pages(stage, tmp_path).of("w1")
        with stage.world.database.read() as conn:
            path = f"/staff/cases/{conn.execute(select(case.c.id)).scalar_one()}"
        token = csrf(client.get(path).text)
        client.post(f"{path}/act", data={"csrf": token, "action": "take"})
        noted = client.post(f"{path}/act", data={"csrf": token, "action": "note", "note": "灯泡领了"}).text
        assert "只有同事看得到" in noted and "发给居民" in noted
        told = client.post(f"{path}/act", data={"csrf": token, "action": "tell", "of": "3"}).text
        assert "已发给居民" in told and "发给居民</button>" not in told
