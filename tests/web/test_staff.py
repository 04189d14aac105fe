"""The staff pages: signing in once, seeing one's own areas and no person, and acting like in chat."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import func, select, update
from starlette.testclient import TestClient

from flows.domain.case import Event, apply
from storage import cases, files, people, threads
from storage.tables import audit, staff
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


# -- signing in -------------------------------------------------------------------------------------------------------


def test_a_link_signs_in_once(office: Office) -> None:
    code = office.house.sign_in_code(office.worker)
    first, second = (TestClient(office.house.app, headers={"sec-fetch-site": "same-origin"}) for _ in range(2))
    assert first.post("/staff/signin", data={"code": code}, follow_redirects=False).status_code == 303
    refused = second.post("/staff/signin", data={"code": code})
    assert refused.status_code == 403
    assert "用过了" in refused.text
    assert "林晓" in first.get("/staff").text


def test_looking_at_the_link_does_not_use_it_up(office: Office) -> None:
    code = office.house.sign_in_code(office.worker)
    client = TestClient(office.house.app, headers={"sec-fetch-site": "same-origin"})
    assert code in client.get(f"/staff/signin?code={code}").text
    assert client.post("/staff/signin", data={"code": code}).status_code == 200


def test_an_old_link_does_not_sign_in(office: Office) -> None:
    code = office.house.sign_in_code(office.worker)
    office.house.clock.forward(hours=2)
    client = TestClient(office.house.app, headers={"sec-fetch-site": "same-origin"})
    assert client.post("/staff/signin", data={"code": code}).status_code == 403


def test_guessing_is_stopped(office: Office) -> None:
    client = TestClient(office.house.app, headers={"sec-fetch-site": "same-origin"})
    answers = [client.post("/staff/signin", data={"code": f"guess{n}"}).status_code for n in range(12)]
    assert answers == [403] * 10 + [429] * 2


def test_a_session_ends_after_twelve_hours(office: Office) -> None:
    client = office.sign_in(office.worker)
    office.house.clock.forward(hours=11.9)
    assert "林晓" in client.get("/staff").text
    office.house.clock.forward(hours=0.2)
    assert client.get("/staff", follow_redirects=False).headers["location"] == "/staff/signin"


def test_who_has_left_is_out_at_once(office: Office) -> None:
    client = office.sign_in(office.worker)
    with office.house.database.write() as conn:
        conn.execute(update(staff).where(staff.c.id == office.worker).values(active=False))
    assert client.get("/staff", follow_redirects=False).headers["location"] == "/staff/signin"


def test_signing_out_ends_it(office: Office) -> None:
    client = office.sign_in(office.worker)
    client.post("/staff/signout", data={"csrf": csrf(client.get("/staff").text)})
    assert client.get("/staff", follow_redirects=False).headers["location"] == "/staff/signin"


@pytest.mark.parametrize(
    "path", ["/staff", "/staff/cases/1", "/staff/queue/legal", "/staff/threads/1", "/staff/photo/1"]
)
def test_nothing_is_shown_to_strangers(office: Office, path: str) -> None:
    client = TestClient(office.house.app)
    answer = client.get(path, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/signin")


# -- what one sees ----------------------------------------------------------------------------------------------------


def test_a_worker_sees_the_cases_of_their_grid_only(office: Office) -> None:
    client = office.sign_in(office.worker)
    page = client.get("/staff").text
    assert "260302-1" in page
    assert "260302-2" not in page
    assert client.get(f"/staff/cases/{office.other_case}").status_code == 404


@pytest.mark.parametrize(
    ("role", "where", "department", "numbers"),
    [
        ("community_staff", "home", None, {1, 2}),
        ("community_staff", "far", None, set()),
        ("administrator", "town", None, {1, 2}),
        ("grid_leader", "g2", None, {2}),
        ("building_leader", "b1", None, {1}),
        ("department", "home", "路灯所", {1, 2}),
        ("department", "home", "城管", set()),
        ("department", "far", "路灯所", set()),
        ("legal_guide", "home", None, set()),
        ("shopkeeper", "home", None, set()),
    ],
)
def test_what_a_role_sees(office: Office, role: str, where: str, department: str | None, numbers: set[int]) -> None:
    client = office.sign_in(office.house.hire("甲", (role, office.areas[where], department)))
    page = client.get("/staff").text
    assert {n for n in (1, 2) if f"260302-{n}" in page} == numbers
    for n, id in ((1, office.case), (2, office.other_case)):
        assert client.get(f"/staff/cases/{id}").status_code == (200 if n in numbers else 404)


def test_the_person_is_nowhere_on_the_page(office: Office) -> None:
    client = office.sign_in(office.worker)
    for path in ("/staff", f"/staff/cases/{office.case}"):
        page = client.get(path).text
        assert "楼道灯坏了" in page
        for personal in ("13812345678", "402", "3单元", "王建国", "x.0"):
            assert personal not in page, (path, personal)
        assert "<script>" not in page


def test_looking_at_a_case_leaves_a_trace(office: Office) -> None:
    office.sign_in(office.worker).get(f"/staff/cases/{office.case}")
    with office.house.database.read() as conn:
        rows = conn.execute(select(audit.c.actor, audit.c.action, audit.c.subject)).all()
    assert (f"staff:{office.worker}", "read_case", {"case": office.case}) in [tuple(row) for row in rows]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("status=open", {1, 2}),
        ("status=done", set()),
        ("status=submitted", {1, 2}),
        ("status=all&colour=red", {2}),
        ("number=302-2", {2}),
        ("number=%25", set()),
        ("status=nonsense", {1, 2}),
        ("area=x&after=1_x", {1, 2}),
        ("after=99999999999999999999_1", {1, 2}),
    ],
)
def test_filters(office: Office, query: str, numbers: set[int]) -> None:
    with office.house.database.write() as conn:
        cases.paint(conn, office.other_case, "red")
    client = office.sign_in(office.house.hire("甲", ("community_staff", office.areas["home"], None)))
    page = client.get(f"/staff?{query}").text
    assert {n for n in (1, 2) if f"260302-{n}" in page} == numbers


def test_only_what_is_late(office: Office) -> None:
    client = office.sign_in(office.house.hire("甲", ("community_staff", office.areas["home"], None)))
    office.house.clock.forward(minutes=45)
    page = client.get("/staff?overdue=1").text
    assert "260302-1" in page
    assert "260302-2" not in page


def test_one_grid_of_many(office: Office) -> None:
    client = office.sign_in(office.house.hire("甲", ("community_staff", office.areas["home"], None)))
    page = client.get(f"/staff?area={office.areas['g2']}").text
    assert "260302-2" in page
    assert "260302-1" not in page


@pytest.mark.parametrize("status", ["open", "all"])
def test_pages_follow_each_other_without_gaps(office: Office, status: str) -> None:
    with office.house.database.write() as conn:
        for n in range(3, 80):
            due = office.house.clock() + timedelta(hours=n % 7)  # many share their key
            cases.open_case(
                conn,
                number=f"260303-{n:03}",
                person_id=1,
                origin_chat_id=None,
                now=office.house.clock() + timedelta(minutes=n % 5),
                data={"service": "other", "description": "x", "area": office.areas["g1"], "resolve_due": due},
            )
    client = office.sign_in(office.worker)
    path, seen = f"/staff?status={status}", []
    for _ in range(9):
        page = client.get(path).text
        seen += re.findall(r'class="number">([\d-]+)<', page)
        more = re.search(r'<a href="([^"]+)" rel="next"', page)
        if not more:
            break
        path = more[1].replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 78


def test_history_and_photos_are_shown(office: Office) -> None:
    house = office.house
    exif = Image.Exif()
    exif[0x0110] = "PhoneOfWang"
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "gray").save(out, "JPEG", exif=exif)
    (house.files / "p.jpg").write_bytes(out.getvalue())
    with house.database.write() as conn:
        case = cases.load(conn, office.case)
        for seq, kind, note in ((2, "take", ""), (3, "note", "找电工看过了")):
            event = Event(seq, kind, house.clock(), f"staff:{office.worker}", {"note": note})
            after = apply(case, event)
            cases.append(conn, case, event, after)
            case = cases.load(conn, office.case)
        file = files.add(conn, digest="d", kind="photo", path="p.jpg", size=9, now=house.clock())
        cases.attach(conn, office.case, (file,), "report")
    client = office.sign_in(office.worker)
    page = client.get(f"/staff/cases/{office.case}").text
    assert "找电工看过了" in page
    assert page.count("林晓") >= 3
    shown = client.get(f"/staff/photo/{file}")
    assert shown.headers["content-type"] == "image/jpeg"
    assert b"PhoneOfWang" not in shown.content
    elsewhere = office.sign_in(house.hire("乙", ("grid_worker", office.areas["g2"], None)))
    assert elsewhere.get(f"/staff/photo/{file}").status_code == 404


# -- acting -----------------------------------------------------------------------------------------------------------


def act(client: TestClient, path: str, **fields: Any) -> Any:
    return client.post(f"{path}/act", data={"csrf": csrf(client.get(path).text), **fields}, follow_redirects=True)


def test_a_step_is_what_the_button_in_chat_does(office: Office) -> None:
    client = office.sign_in(office.house.hire("甲", ("community_staff", office.areas["home"], None)))
    page = act(client, f"/staff/cases/{office.case}", action="reject", note=" 不归我们管 ")
    assert "已记下" in page.text
    ((_, action, args, note),) = office.house.desk.acts
    assert (action, args, note) == ("case.reject", {"case": office.case}, "不归我们管")


@pytest.mark.parametrize(
    ("fields", "args"),
    [
        ({"action": "resolve", "ending": "settled", "note": "好了"}, {"ending": "settled"}),
        ({"action": "assign", "owner": "7"}, {"owner": 7}),
        ({"action": "assign", "owner": "x"}, {}),
        ({"action": "call_out", "departments": "城管， 物业,,"}, {"departments": ["城管", "物业"]}),
    ],
)
def test_what_a_step_takes_along(office: Office, fields: dict[str, str], args: dict[str, Any]) -> None:
    client = office.sign_in(office.worker)
    act(client, f"/staff/cases/{office.case}", **fields)
    assert office.house.desk.acts[0][2] == {"case": office.case, **args}


def test_a_form_of_another_session_is_refused(office: Office) -> None:
    client = office.sign_in(office.worker)
    foreign = csrf(office.sign_in(office.worker).get(f"/staff/cases/{office.case}").text)
    for token in ("", "x", foreign):
        answer = client.post(f"/staff/cases/{office.case}/act", data={"csrf": token, "action": "take"})
        assert answer.status_code == 403
    assert not office.house.desk.acts


def test_nobody_acts_on_what_they_cannot_see(office: Office) -> None:
    client = office.sign_in(office.worker)
    token = csrf(client.get(f"/staff/cases/{office.case}").text)
    for path in (f"/staff/cases/{office.other_case}/act", f"/staff/threads/{office.thread}/act"):
        assert client.post(path, data={"csrf": token, "action": "take"}).status_code == 404
    assert not office.house.desk.acts


def test_a_link_cannot_put_words_on_the_page(office: Office) -> None:
    client = office.sign_in(office.worker)
    assert "您被停职" not in client.get("/staff?said=您被停职").text


# -- legal questions --------------------------------------------------------------------------------------------------


def test_the_legal_queue_shows_the_question_and_not_who_asked(office: Office) -> None:
    guide = office.sign_in(office.house.hire("尤阿姨", ("legal_guide", office.areas["home"], None)))
    queue = guide.get("/staff/queue/legal").text
    assert "L260302-1" in queue
    page = guide.get(f"/staff/threads/{office.thread}").text
    assert "第五十条" in page
    for text in (queue, page):
        assert "老板拖欠工资" in text
        assert "13812345678" not in text


@pytest.mark.parametrize(("role", "where"), [("legal_adviser", "home"), ("legal_guide", "far"), ("grid_worker", "g1")])
def test_others_do_not_see_it(office: Office, role: str, where: str) -> None:
    client = office.sign_in(office.house.hire("甲", (role, office.areas[where], None)))
    assert "L260302-1" not in client.get("/staff/queue/legal").text
    assert client.get(f"/staff/threads/{office.thread}").status_code == 404


def test_an_answer_goes_through_the_desk(office: Office) -> None:
    guide = office.sign_in(office.house.hire("尤阿姨", ("legal_guide", office.areas["home"], None)))
    act(guide, f"/staff/threads/{office.thread}", action="reply", text="先去劳动监察投诉。")
    ((_, action, args, note),) = office.house.desk.acts
    assert (action, args["thread"], note) == ("thread.reply", office.thread, "先去劳动监察投诉。")


def test_reading_a_question_leaves_a_trace(office: Office) -> None:
    guide = office.sign_in(office.house.hire("尤阿姨", ("legal_guide", office.areas["home"], None)))
    guide.get(f"/staff/threads/{office.thread}")
    with office.house.database.read() as conn:
        count = conn.execute(select(func.count()).where(audit.c.action == "read_thread")).scalar_one()
    assert count == 1
