"""The staff pages: signing in once, seeing one's own areas and no person, and acting like in chat."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import select, update
from starlette.testclient import TestClient

from bot.console import words
from flows.domain.case import Event, apply
from storage import cases, files
from storage.tables import audit, staff, thread
from tests.web.office import Office, csrf

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
        page = re.sub(r"[0-9a-f]{64}", "", client.get(path).text)  # the form's token may hold any digits
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


def test_who_works_on_one_kind_of_matter_begins_there_and_sees_no_other_pages(office: Office) -> None:
    areas = office.areas
    adviser = office.house.hire("金律师", ("legal_adviser", areas["home"], None))
    both = office.house.hire("钱志远", ("legal_guide", areas["home"], None), ("grid_worker", areas["g1"], None))
    page = office.sign_in(adviser)
    answer = page.get("/staff/queue/legal").text
    assert "法律咨询" in answer and "窗口登记" not in answer and "预警" not in answer
    code = office.house.sign_in_code(adviser)
    assert (
        page.post("/staff/signin", data={"code": code}, follow_redirects=False).headers["location"]
        == "/staff/queue/legal"
    )
    assert "窗口登记" in office.sign_in(both).get("/staff").text


def test_a_leader_reaches_every_page_in_two_taps_and_sees_what_waits(office: Office) -> None:
    leader = office.sign_in(office.house.hire("章", ("duty_leader", office.areas["home"], None)))
    with office.house.database.write() as conn:
        conn.execute(update(thread).where(thread.c.id == office.thread).values(kind="alarm", role="duty_leader"))
    page = leader.get("/staff").text
    tops = re.search(r'<p class="groups">(.*?)</p>', page, re.DOTALL)
    assert tops
    heads = re.findall(r'href="([^"]+)"', tops[1])
    assert len(heads) <= 4 and '1件在等">1</b>' in tops[1]
    reached = set[str]()
    for head in heads:
        here = re.search(
            r'<p class="group here[^>]*>(.*?)</p>', leader.get(head, follow_redirects=False).text, re.DOTALL
        )
        reached |= set(re.findall(r'href="([^"]+)"', here[1])) if here else {head}
    assert reached == {path for _, path in words.PAGES.values()}


def test_a_title_stands_in_one_group() -> None:
    grouped = [section for sections in words.GROUPS.values() for section in sections]
    assert sorted(grouped) == sorted(words.PAGES)


def test_a_number_finds_a_case_that_is_over_and_paging_keeps_what_was_chosen(office: Office) -> None:
    with office.house.database.write() as conn:
        case = cases.load(conn, office.case)
        event = Event(case.version + 1, "withdraw", office.house.clock(), "person:1", {})
        cases.append(conn, case, event, apply(case, event))
    client = office.sign_in(office.house.hire("甲", ("community_staff", office.areas["home"], None)))
    assert "260302-1" in client.get("/staff?status=open&number=260302-1").text
    assert "没有找到这个编号" in client.get("/staff?number=999").text
    page = client.get("/staff?status=open&overdue=1&after=1_1").text
    assert 'href="/staff?status=open&amp;overdue=1">回到第一页' in page


def test_nothing_is_taken_apart_that_is_not_together(office: Office) -> None:
    client = office.sign_in(office.house.hire("甲", ("community_staff", office.areas["home"], None)))
    assert "拆开" not in client.get(f"/staff/cases/{office.case}").text
