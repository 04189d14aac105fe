"""What the staff pages read, on both databases."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from storage import cases, desk, desk_list, desk_talk, law_answers, law_drafts, people, threads
from storage.database import Database
from storage.desk_list import Filters
from tests.support.databases import database  # noqa: F401
from tests.web.house import MORNING, House


def test_lists_counts_and_queues(database: Database, tmp_path: Path) -> None:  # noqa: F811
    house = House(tmp_path, database=database)
    areas = house.settle()
    worker = house.hire("林晓", ("grid_worker", areas["g1"], None), ("legal_guide", areas["home"], None))
    house.hire("同事", ("grid_worker", areas["g1"], None))
    far = house.hire("远处的人", ("grid_worker", areas["far"], None))
    with database.write() as conn:
        person = people.person_for(conn, "web", "x.0", MORNING)
        chat = people.chat_for(conn, "web", "x.0", kind="private", person_id=person.id)
        for n in range(3):
            given = {"service": "other", "description": "灯坏了", "area": areas["g1"], "building": areas["b1"]}
            due = {"resolve_due": MORNING + timedelta(hours=3 - n), "acknowledge_due": MORNING + timedelta(hours=9)}
            cases.open_case(
                conn, number=f"n{n}", person_id=person.id, origin_chat_id=chat.id, data=given | due, now=MORNING
            )
        for n, state in enumerate(("closed", "claimed", "open", "closed")):
            made = threads.open_thread(
                conn,
                kind="legal",
                number=f"L{n}",
                person_id=person.id,
                chat_id=chat.id,
                area_id=areas["g1"],
                role="legal_guide",
                subject={"question": "问"},
                now=MORNING,
            )
            days = timedelta(days=40 if n == 3 else 0)
            if state != "open":
                threads.change(conn, made.id, 1, MORNING - days, state=state)
    with database.read() as conn:
        who = desk.member(conn, worker)
        assert who
        later = MORNING + timedelta(hours=1, minutes=30)
        found, more = desk_list.cases(conn, who, Filters(), later, limit=2)
        assert [line.number for line in found] == ["n2", "n1"]
        rest, end = desk_list.cases(conn, who, Filters(), later, after=more, limit=2)
        assert ([line.number for line in rest], end) == (["n0"], None)
        assert desk.counts(conn, who, later) == {"waiting": 3, "working": 0, "resolved": 0, "late": 1}
        assert [line.number for line in desk_list.cases(conn, who, Filters(overdue=True), later)[0]] == ["n2"]
        assert [name for _, name in desk.areas(conn, who)] == ["柳湾社区 第一网格"]
        assert desk.where(conn, areas["g1"]) == "柳湾社区 第一网格"
        assert [line.number for line in desk_talk.threads(conn, who, "legal", MORNING)] == ["L2"]
        assert desk_talk.threads(conn, who, "legal", MORNING)[0].area == "柳湾社区"  # no building, no grid
        assert desk_talk.thread_line(conn, who, 99) is None
    with database.write() as conn:
        answer = {"area": areas["town"], "question": "押金", "answer": "先协商", "role": "legal_guide", "now": MORNING}
        for n, (author, state) in enumerate(
            ((worker, "draft"), (far, "review"), (far, "draft"), (far, "published")), 1
        ):
            law_answers.draft(conn, thread=n, author=author, **answer)
            law_answers.change(conn, n, 1, MORNING, state=state)
    with database.read() as conn:
        seen = [(draft.id, draft.state, draft.area) for draft in law_drafts.drafts(conn, who)]
        assert seen == [(2, "review", "柳湾社区"), (1, "draft", "柳湾社区"), (4, "published", "柳湾社区")]
        assert not law_drafts.drafts(conn, who, only=3)
        assert desk.member(conn, 99) is None


def test_areas_stand_in_the_order_of_their_file() -> None:
    assert sorted(("/1/10/", "/1/9/", "/1/", "/1/9/11/"), key=desk.in_order) == ["/1/", "/1/9/", "/1/9/11/", "/1/10/"]
