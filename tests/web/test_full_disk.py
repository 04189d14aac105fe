"""The disk is full: whoever writes is told the truth, whoever watches sees it, and with room it goes on by itself."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from storage import audit, away
from storage.database import Away, Database
from tests.web.house import MORNING
from tests.web.office import Office, csrf


def room(database: Database, pages: int) -> None:
    """So many pages more than there are."""
    with database.write() as conn:
        there = conn.execute(text("PRAGMA page_count")).scalar_one()
        conn.execute(text(f"PRAGMA max_page_count = {there + pages}"))


def write(database: Database, size: int) -> None:
    with database.write() as conn:
        audit.record(conn, actor="staff:1", action="look", subject={"x": "长" * size}, now=MORNING)


def said(number: int) -> dict[str, str]:
    return {"id": f"m-{number:08d}", "as": "0", "chat": "private", "text": "长" * 2000}


def test_a_full_disk_is_told_and_passes(
    office: Office, visit: Callable[[], TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    def writes(**_: Any) -> str:
        write(office.house.database, 9_000)
        return "已记下"

    monkeypatch.setattr(office.house.desk, "act", writes)
    staff = office.sign_in(office.worker)
    token = csrf(staff.get(f"/staff/cases/{office.case}").text)
    visitor, watcher = visit(), TestClient(office.house.app)
    room(office.house.database, 0)
    answers = [visitor.post("/chat/send", json=said(n)) for n in range(9)]
    assert [answer.status_code for answer in answers[-3:]] == [503] * 3
    assert "已经替您留着" in answers[-1].json()["error"], "the page sends it again"
    kept = sum(answer.status_code == 200 for answer in answers)
    assert len(visitor.get("/chat/lines?as=0&chat=private").json()["lines"]) >= kept, "what there is is read as ever"

    for size in (9_000, 900, 90, 9, 1):  # to the last byte
        with suppress(Away):
            for _ in range(999):
                write(office.house.database, size)
    path = f"/staff/cases/{office.case}"
    page = staff.get(path)  # a look leaves a trace
    assert page.status_code == 503 and "暂时打不开" in page.text
    step = staff.post(f"{path}/act", data={"csrf": token, "action": "take"})
    assert step.status_code == 503 and "没有记上" in step.text and "替您留着" not in step.text, "nobody keeps a form"
    ready = watcher.get("/healthz")
    assert (ready.status_code, ready.json()["why"]) == (503, "SQLITE_FULL")
    assert watcher.get("/healthz/live").status_code == 200
    assert "linli_database_up 0.0" in watcher.get("/metrics").text
    monkeypatch.setattr(away, "LATELY", 0.0)  # long after the last refusal, as nobody comes any more
    assert watcher.get("/healthz").json() == {"live": True, "ready": False, "why": "SQLITE_FULL"}

    room(office.house.database, 10_000)
    assert visitor.post("/chat/send", json=said(8)).status_code == 200
    assert watcher.get("/healthz").json() == {"live": True, "ready": True}
    assert "linli_database_up 1.0" in watcher.get("/metrics").text
    assert len(office.house.heard) == kept + 1
