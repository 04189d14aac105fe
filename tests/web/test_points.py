"""The staff page of points: what waits to be decided, in one's own area only, and proposing."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert, update
from starlette.testclient import TestClient

from flows.domain.proposal import Kind
from storage import ledger, proposals
from storage.tables import household, proposal, rule
from tests.web.office import Office, csrf


@pytest.fixture
def waiting(office: Office) -> int:
    """A household of the first grid with a proposal that nobody has decided on."""
    with office.house.database.write() as conn:
        conn.execute(insert(household), {"key": "h1", "area_id": office.areas["b1"], "name": "林家"})
        told = {"category": "友善", "title": "帮邻居", "number": "友1"}
        both = [{"key": "r1", "points": 5, **told}, {"key": "r2", "points": -3, **told}]
        conn.execute(insert(rule), [{"area_id": office.areas["home"], **one} for one in both])
        made = proposals.add(
            conn, kind=Kind.AWARD, household_id=1, rule_id=1, transfer_id=None, points=5, note="帮张大爷买菜",
            photos=(), proposer="staff:99", person_id=None, now=office.house.clock(),
        )  # fmt: skip
    return made.id


def panel(office: Office, where: str = "home") -> TestClient:
    return office.sign_in(office.house.hire("戚公正", ("points_panel", office.areas[where], None)))


def post(client: TestClient, path: str, **fields: Any) -> Any:
    token = csrf(client.get("/staff/points").text)
    return client.post(path, data={"csrf": token, **fields}, follow_redirects=True)


def test_what_waits_is_shown_and_decided_as_in_chat(office: Office, waiting: int) -> None:
    client = panel(office)
    page = client.get("/staff/points").text
    assert "林家" in page and "帮张大爷买菜" in page and "等第二个人批" in page
    post(client, f"/staff/points/{waiting}/act", action="refuse", note="说得不清楚")
    ((_, action, args, note),) = office.house.desk.acts
    assert (action, args, note) == ("proposal.refuse", {"proposal": waiting}, "说得不清楚")


def test_nobody_sees_or_decides_what_is_not_in_their_area(office: Office, waiting: int) -> None:
    client = panel(office, "far")
    assert "林家" not in client.get("/staff/points").text
    assert post(client, f"/staff/points/{waiting}/act", action="approve").status_code == 404
    assert not office.house.desk.acts


def test_only_those_who_look_after_households_come_in(office: Office) -> None:
    adviser = office.sign_in(office.house.hire("金律师", ("legal_adviser", office.areas["home"], None)))
    assert adviser.get("/staff/points").status_code == 403


def test_an_award_and_a_deduction_are_proposed(office: Office, waiting: int) -> None:
    client = panel(office)
    post(client, "/staff/points/propose", household="林家", rule="1", note="帮邻居搬家")
    post(client, "/staff/points/propose", household="林家", rule="-2", note="楼道堆杂物")
    assert [(a, args["kind"], args["rule"], note) for _, a, args, note in office.house.desk.acts] == [
        ("proposal.propose", "award", 1, "帮邻居搬家"),
        ("proposal.propose", "deduction", 2, "楼道堆杂物"),
    ]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"household": "赵家", "rule": "1", "note": "帮邻居搬家"}, "没找到这一户"),
        ({"household": "林家", "rule": "1", "note": "好"}, "至少四个字"),
        ({"household": "林家", "rule": "x", "note": "帮邻居搬家"}, "至少四个字"),
    ],
)
def test_what_is_not_clear_is_asked_again(office: Office, waiting: int, fields: dict[str, str], told: str) -> None:
    assert told in post(panel(office), "/staff/points/propose", **fields).text
    assert not office.house.desk.acts


def test_a_code_is_shown_once_and_a_correction_goes_to_a_second_person(office: Office, waiting: int) -> None:
    with office.house.database.write() as conn:
        now = office.house.clock()
        given = {"key": "award:9", "source": "issuer:home", "target": "household:h1"}
        ledger.post(conn, **given, points=5, by="x", now=now, rule=1, memo="帮邻居")
    client = panel(office)
    page = client.get("/staff/points/homes", params={"name": "林家"}).text
    assert "现在有5分" in page
    assert "林家" in page and "+5分 帮邻居" in page
    made = client.post("/staff/points/homes/1/code", data={"csrf": csrf(page), "name": "林家"}, follow_redirects=False)
    assert made.status_code == 200 and "只显示这一次" in made.text  # on the page, in no address
    post(client, "/staff/points/homes/1/correct", transfer="1", note="那天记错了户")
    acts = [(action, args, note) for _, action, args, note in office.house.desk.acts]
    assert acts == [
        ("proposal.code", {"household": 1}, None),
        ("proposal.propose", {"household": 1, "transfer": 1, "kind": "correction"}, "那天记错了户"),
    ]
    elsewhere = office.sign_in(office.house.hire("谢明白", ("points_panel", office.areas["far"], None)))
    assert "没有叫" in elsewhere.get("/staff/points/homes", params={"name": "林家"}).text


def test_who_proposed_it_may_take_it_back_and_others_decide(office: Office, waiting: int) -> None:
    other = panel(office).get("/staff/points").text
    assert 'value="approve"' in other and 'value="withdraw"' not in other
    mine = office.house.hire("魏小满", ("points_panel", office.areas["home"], None))
    with office.house.database.write() as conn:
        conn.execute(update(proposal).values(proposer=f"staff:{mine}"))
    page = office.sign_in(mine).get("/staff/points").text
    assert 'value="withdraw"' in page and 'value="approve"' not in page


def test_what_was_typed_for_a_household_that_is_not_found_stands_there_still(office: Office, waiting: int) -> None:
    page = post(panel(office), "/staff/points/propose", household="张家", rule="-2", note="楼道堆了三回").text
    assert 'value="张家"' in page and ">楼道堆了三回</textarea>" in page and 'value="-2" selected' in page
