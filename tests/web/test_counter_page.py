"""The counter on the staff page: a form, what is still asked, and the receipt with its code."""

from __future__ import annotations

from pathlib import Path

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
        assert done.status_code == 200 and "绑定码" in done.text and done.headers["cache-control"] == "no-store"
