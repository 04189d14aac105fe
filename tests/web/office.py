"""A community at work, for the tests of the staff pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from storage import cases, people, threads
from tests.web.house import House


@dataclass
class Office:
    """A community at work: two grids, a case in each, a legal question, and staff."""

    house: House
    areas: Mapping[str, int]
    worker: int
    case: int
    other_case: int
    thread: int

    def sign_in(self, staff_id: int) -> TestClient:
        client = TestClient(self.house.app, headers={"sec-fetch-site": "same-origin", "accept": "text/html"})
        answer = client.post("/staff/signin", data={"code": self.house.sign_in_code(staff_id)})
        assert answer.status_code == 200, answer.text
        return client


@pytest.fixture
def office(house: House) -> Iterator[Office]:
    areas = house.settle()
    worker = house.hire("林晓", ("grid_worker", areas["g1"], None))
    with house.database.write() as conn:
        person = people.person_for(conn, "web", "x.0", house.clock())
        home = people.chat_for(conn, "web", "x.0", kind="private", person_id=person.id)
        ids = [
            cases.open_case(
                conn,
                number=f"260302-{n}",
                person_id=person.id,
                origin_chat_id=home.id,
                now=house.clock(),
                data={
                    "service": "street_light",
                    "act": "complaint",
                    "description": f"{n}号楼3单元402楼道灯坏了，我叫王建国，电话13812345678<script>",
                    "place": f"{n}号楼3单元402",
                    "area": areas[grid],
                    "building": areas[building],
                    "department": "路灯所",
                    "reachable": True,
                    "acknowledge_due": house.clock() + timedelta(minutes=30 * n),
                    "resolve_due": house.clock() + timedelta(hours=10 * n),
                },
            ).id
            for n, grid, building in ((1, "g1", "b1"), (2, "g2", "b2"))
        ]
        thread = threads.open_thread(
            conn,
            kind="legal",
            number="L260302-1",
            person_id=person.id,
            chat_id=home.id,
            area_id=areas["g1"],
            role="legal_guide",
            subject={
                "question": "老板拖欠工资，我电话13812345678",
                "found": [{"law": "劳动法", "number": "第五十条", "text": "工资应当以货币形式按月支付"}],
            },
            now=house.clock(),
        )
    yield Office(house, areas, worker, ids[0], ids[1], thread.id)


def csrf(page: str) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', page)
    assert found
    return found[1]
