"""Certificates and the staff pages of volunteering, as a browser sees them; the PDF is read back as a picture is."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import segno
from openpyxl import load_workbook
from sqlalchemy import insert, select, update
from starlette.testclient import TestClient

from bot.clock import HOME
from bot.fonts import Font, chinese, packaged
from bot.volunteering import sheet
from storage import codes, kept, personal, volunteers, volunteers_hours, volunteers_needs
from storage.tables import activity, area, audit, certificate, person
from storage.volunteers_people import forget, register
from tests.web.house import House
from tests.web.office import Office

WEEK = timedelta(days=7)


def certified(house: House, name: str = "林小满") -> tuple[str, str]:
    """A certificate of 36.5 hours: the code of its link, and its number."""
    with house.database.write() as conn:
        who = conn.execute(insert(person).values(created_at=house.clock()).returning(person.c.id)).scalar_one()
        personal.keep(conn, who, "display_name", name, house.clock())
        id, number = volunteers_hours.certify(conn, who, "林*满", 2190, house.clock())
        subject = {"certificate": id}
        code = codes.issue(conn, kind="certificate", subject=subject, now=house.clock(), lifetime=WEEK)
    return code, number


def drawn(text: str) -> bytes:
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", scale=6, xmldecl=False, border=2)
    return out.getvalue()


def read_back(pdf: bytes) -> str:
    import pypdfium2

    page = pypdfium2.PdfDocument(pdf)[0]
    assert page.render(scale=0.3).to_pil().getcolors(1 << 20)
    return str(page.get_textpage().get_text_range())


def test_the_certificate_holds_name_hours_and_number_in_chinese(house: House) -> None:
    code, number = certified(house)
    answer = TestClient(house.app).get(f"/certificate/{code}")
    assert answer.headers["content-type"] == "application/pdf"
    said = read_back(answer.content).replace("\r\n", "")
    assert "志愿服务证明" in said and "林小满" in said and "36.5小时" in said and number in said
    assert TestClient(house.app).get("/certificate/nothing").status_code == 404
    house.clock.forward(days=8)
    assert TestClient(house.app).get(f"/certificate/{code}").status_code == 404


def test_the_code_on_the_certificate_leads_to_the_page_that_checks_it(house: House) -> None:
    """Read module by module from the picture in the PDF: what a phone decodes."""
    import pypdfium2
    import pypdfium2.raw as pdfium

    code, number = certified(house)
    visitor = TestClient(house.app)
    page = pypdfium2.PdfDocument(visitor.get(f"/certificate/{code}").content)[0]
    (picture,) = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE])
    shown = picture.get_bitmap().to_pil().convert("L")
    address = f"/verify?number={number}"
    modules = segno.make(f"http://testserver{address}", error="m").matrix
    side = shown.width // (len(modules) + 4)  # two modules of margin on each side
    for y, row in enumerate(modules, 2):
        for x, dark in enumerate(row, 2):
            assert (shown.getpixel((x * side + side // 2, y * side + side // 2)) < 128) == bool(dark), (x, y)
    assert "有效。姓名：林*满" in visitor.get(address).text


def test_the_packaged_font_holds_simplified_chinese_too(house: House) -> None:
    from bot.console.certificates import draw

    font = packaged()
    if font is None:
        pytest.skip("the fonts extra is not installed")
    assert isinstance(chinese(), Font)
    assert "林小满" in read_back(draw("林小满", 90, "ZY1", house.clock().date(), "https://x/verify", font))


def test_checking_a_number_says_valid_or_not_and_no_more(house: House) -> None:
    _, number = certified(house)
    visitor = TestClient(house.app)
    page = visitor.get("/verify", params={"number": number.lower()}).text.replace(number, "")
    assert "有效。姓名：林*满" in page and "林小满" not in page and "36" not in page
    assert "无效" in visitor.get("/verify", params={"number": "ZY22222222"}).text
    with house.database.read() as conn:
        assert "certificate_unknown" in conn.execute(select(audit.c.action)).scalars().all()


def test_after_an_erasure_the_page_says_that_there_is_no_name_to_check(house: House) -> None:
    _, number = certified(house)
    with house.database.write() as conn:
        forget(conn, conn.execute(select(certificate.c.person_id)).scalar_one())
    page = TestClient(house.app).get("/verify", params={"number": number}).text
    assert "没有作废" in page and "已经删掉了" in page and "*" not in page.partition("<main>")[2]


def test_a_certificate_is_of_the_day_where_the_volunteer_lives(office: Office) -> None:
    house = office.house
    code, _ = certified(house)
    with house.database.write() as conn:
        top = select(area.c.id).where(area.c.parent_id.is_(None)).scalar_subquery()
        conn.execute(update(area).where(area.c.id == top).values(options={"timezone": "Pacific/Honolulu"}))
        conn.execute(update(person).values(area_id=office.areas["g1"]))
    local = house.clock().astimezone(ZoneInfo("Pacific/Honolulu"))
    assert local.date() != house.clock().astimezone(HOME).date()
    said = read_back(TestClient(house.app).get(f"/certificate/{code}").content).replace("\r\n", "")
    assert f"{local.year}年{local.month}月{local.day}日" in said


def test_guessing_numbers_is_slowed_down(house: House) -> None:
    visitor = TestClient(house.app)
    answers = [visitor.get("/verify", params={"number": f"ZY{n}"}).status_code for n in range(12)]
    assert answers[:10] == [200] * 10 and answers[-1] == 429


@pytest.fixture
def shift(office: Office) -> int:
    """A shift in an hour that somebody has signed up for, and an organiser."""
    house = office.house
    with house.database.write() as conn:
        values = {"key": "k", "area_id": office.areas["g1"], "title": "=拔草", "place": "东门", "active": True}
        what = conn.execute(insert(activity).values(**values).returning(activity.c.id)).scalar_one()
        start = house.clock() + timedelta(minutes=30)
        made = volunteers.add_shift(conn, "k", int(what), start, start + timedelta(hours=2), 5)
        assert made
        who = conn.execute(insert(person).values(created_at=house.clock()).returning(person.c.id)).scalar_one()
        register(conn, who, None, [], [], house.clock())
        personal.keep(conn, who, "display_name", "林小满", house.clock())
        volunteers.sign_up_for(conn, made, who, "confirmed", house.clock())
    return made


def test_organisers_see_their_shifts_the_list_and_the_code(office: Office, shift: int) -> None:
    organiser = office.house.hire("魏满", ("volunteer_organiser", office.areas["g1"], None))
    browser = office.sign_in(organiser)
    assert "拔草" in browser.get("/staff/volunteers").text
    page = browser.get(f"/staff/volunteers/{shift}").text
    assert "林小满" in page and "已报名" in page and "没签到" not in page  # it has not begun
    assert re.search(r"签到码 <b>\d{4}</b>", page)
    for account in (None, "http://weixin.example/q/"):
        office.house.account = account
        found = browser.get(f"/staff/volunteers/{shift}/code.svg").content
        code = office.house.scenes[-1]
        with office.house.database.read() as conn:
            assert codes.find(conn, code, kind="place", now=office.house.clock()) is not None
        assert found == drawn(f"{account or 'http://testserver/chat?start='}{code}")
    token = re.search(r'name="csrf" value="([^"]+)"', page)
    assert token
    form = {"csrf": token[1], "step": "call_off", "note": "下雨"}
    browser.post(f"/staff/volunteers/{shift}/act", data=form)
    assert office.house.desk.acts[-1][1:] == ("shift.call_off", {"shift": shift}, "下雨")
    fields = dict(re.findall(r'type="datetime-local" name="(\w+)" value="([^"]+)"', page))
    assert fields.keys() == {"start", "end"}  # filled in with the time it has
    browser.post(f"/staff/volunteers/{shift}/act", data={"csrf": token[1], "step": "move", **fields})
    sent = {name: f"{value}:00+08:00" for name, value in fields.items()}
    assert office.house.desk.acts[-1][1:] == ("shift.move", {"shift": shift, **sent}, "")


def test_times_are_those_of_where_the_reader_lives_both_ways(office: Office, shift: int) -> None:
    with office.house.database.write() as conn:
        conn.execute(area.update().where(area.c.id == office.areas["home"]).values(options={"timezone": "Asia/Urumqi"}))
        kept.changed(conn)
    browser = office.sign_in(office.house.hire("魏满", ("volunteer_organiser", office.areas["g1"], None)))
    page = browser.get(f"/staff/volunteers/{shift}").text
    assert "7:00—9:00" in page and "09:00" not in page.replace("T09:00", "")
    fields = dict(re.findall(r'type="datetime-local" name="(\w+)" value="([^"]+)"', page))
    assert fields == {"start": "2026-03-02T07:00", "end": "2026-03-02T09:00"}
    token = re.search(r'name="csrf" value="([^"]+)"', page)
    assert token
    browser.post(f"/staff/volunteers/{shift}/act", data={"csrf": token[1], "step": "move", **fields})
    assert office.house.desk.acts[-1][2]["start"] == "2026-03-02T07:00:00+06:00"
    worker = office.sign_in(office.worker)
    assert "3月2日 06:30" in worker.get("/staff").text
    assert "<dt>接单时限</dt><dd>3月2日 07:00" in worker.get(f"/staff/cases/{office.case}").text


def test_others_see_no_lists(office: Office, shift: int) -> None:
    browser = office.sign_in(office.worker)
    assert "拔草" not in browser.get("/staff/volunteers").text
    assert browser.get(f"/staff/volunteers/{shift}").status_code == 404
    elsewhere = office.house.hire("陶乐", ("volunteer_organiser", office.areas["g2"], None))
    assert office.sign_in(elsewhere).get(f"/staff/volunteers/{shift}").status_code == 404


def test_tables_run_nothing(office: Office, shift: int) -> None:
    browser = office.sign_in(office.house.hire("魏满", ("volunteer_organiser", office.areas["g1"], None)))
    assert "'=拔草" in browser.get("/staff/volunteers/table.csv").content.decode("utf-8-sig")
    book = load_workbook(io.BytesIO(browser.get("/staff/volunteers/table.xlsx").content))
    cell = book.active["A2"]
    assert (cell.value, cell.data_type) == ("=拔草", "s")


def test_a_table_is_taken_row_by_row_and_twice_is_once(office: Office) -> None:
    now = office.house.clock()
    rows = [
        ["扫雪", "g1", "东门", "", "2026-03-07 09:00", "2026-03-07 11:00", "20"],
        ["扫雪", "g1", "东门", "", "2026/03/08 09:00", "2026-03-08 11:00", "20"],
        ["扫雪", "没有", "东门", "", "2026-03-07 09:00", "2026-03-07 11:00", "20"],
        ["扫雪", "g1", "东门", "", "2026-03-07 09:00", "2026-03-07 08:00", "20"],
        ["扫雪", "g1", "东门", "", "2025-03-07 09:00", "2025-03-07 11:00", "20"],
        ["扫雪", "g1", "东门", "", "周六", "2026-03-07 11:00", "20"],
        ["扫雪", "g1", "东门", "", "2026-03-09 09:00", "2026-03-09 11:00", "-1"],
        ["", "g1", "东门", "", "2026-03-07 09:00", "2026-03-07 11:00", "20"],
    ]
    header = list(sheet.COLUMNS[:7])
    for data, name in ((sheet.xlsx(header, rows), "a.xlsx"), (sheet.csv_bytes(header, rows), "a.csv")):
        found = sheet.read(data, name)
        with office.house.database.write() as conn:
            made, failed = sheet.write(conn, found, now)
        assert [one.row for one in failed] == [4, 5, 6, 7, 8, 9]
        assert made == (2 if name == "a.xlsx" else 0)
    with pytest.raises(sheet.BadTable):
        sheet.read(b"\xff\xfe\x00", "a.xlsx")
    with pytest.raises(sheet.BadTable, match="结束"):
        sheet.read("活动,社区,地点,开始,人数\n".encode(), "a.csv")


def test_needs_are_opened_confirmed_and_withdrawn_on_the_page(office: Office) -> None:
    house = office.house
    with house.database.write() as conn:
        made = {"area_id": office.areas["g1"], "kind": "need", "at": house.clock()}
        done = volunteers_needs.open_need(conn, title="换纱窗", **made)
        volunteers_needs.change(conn, done, "done")
        volunteers_needs.open_need(conn, title="别处的", **(made | {"area_id": office.areas["g2"]}))
    browser = office.sign_in(house.hire("魏满", ("volunteer_organiser", office.areas["g1"], None)))
    page = browser.get("/staff/volunteers/needs").text
    assert "换纱窗" in page and "等确认" in page and "别处的" not in page
    token = re.search(r'name="csrf" value="([^"]+)"', page)
    assert token
    new = {"csrf": token[1], "area": str(office.areas["g1"]), "kind": "post", "title": "周三看门", "about": ""}
    browser.post("/staff/volunteers/needs/open", data=new)
    browser.post(f"/staff/volunteers/needs/{done}/act", data={"csrf": token[1], "step": "confirm", "time": "2小时"})
    assert [(action, args) for _, action, args, _ in house.desk.acts] == [
        ("need.open", {"area": office.areas["g1"], "kind": "post", "title": "周三看门", "about": ""}),
        ("need.confirm", {"need": done, "time": "2小时"}),
    ]
    assert browser.post("/staff/volunteers/needs/open", data={**new, "area": "1000"}).status_code == 400
    assert office.sign_in(office.worker).get("/staff/volunteers/needs").status_code == 403
