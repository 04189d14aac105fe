"""What of a person the staff pages give out, to whom, with which trace; and who is out when a role is taken away."""

from __future__ import annotations

from sqlalchemy import delete, select, update

from storage import cases, files, people, personal
from storage.tables import audit, case, staff_role
from tests.web.office import Office, csrf


def left_a_phone(office: Office, owner: int | None) -> int:
    house = office.house
    with house.database.write() as conn:
        person = cases.load(conn, office.case).person
        personal.keep(conn, person, "phone", "13899990000", house.clock())
        people.agreed(conn, person, "phone", "phone-1", house.clock())
        if owner is not None:
            from flows.domain.case import Action, Event, apply

            before = cases.load(conn, office.case)
            taken = Event(before.version + 1, Action.TAKE, house.clock(), f"staff:{owner}", {})
            cases.append(conn, before, taken, apply(before, taken))
        return person


def looks(office: Office) -> list[str]:
    with office.house.database.read() as conn:
        return list(conn.execute(select(audit.c.action).order_by(audit.c.id)).scalars())


def test_the_owner_sees_the_phone_on_asking_and_each_look_is_written_down(office: Office) -> None:
    left_a_phone(office, office.worker)
    client = office.sign_in(office.worker)
    page = client.get(f"/staff/cases/{office.case}")
    assert "13899990000" not in page.text and "看居民留的电话" in page.text
    told = client.post(f"/staff/cases/{office.case}/contact", data={"csrf": csrf(page.text)})
    assert "13899990000" in told.text and told.headers["cache-control"] == "no-store"
    assert looks(office).count("read_contact") == 1


def test_nobody_else_sees_it_nor_the_owner_when_it_is_taken_back(office: Office) -> None:
    person = left_a_phone(office, None)
    client = office.sign_in(office.worker)
    page = client.get(f"/staff/cases/{office.case}")
    assert "看居民留的电话" not in page.text
    path = f"/staff/cases/{office.case}/contact"
    assert client.post(path, data={"csrf": csrf(page.text)}).status_code == 404
    left_a_phone(office, office.worker)
    with office.house.database.write() as conn:
        people.withdrew(conn, person, "phone", office.house.clock())
    assert client.post(path, data={"csrf": csrf(page.text)}).status_code == 404
    assert "read_contact" not in looks(office)


def test_a_recording_is_downloaded_with_a_trace(office: Office) -> None:
    house = office.house
    (house.files / "v.ogg").write_bytes(b"OggS-words")
    with house.database.write() as conn:
        file = files.add(conn, digest="d", kind="voice", path="v.ogg", size=9, now=house.clock())
        cases.attach(conn, office.case, (file,), "report")
    client = office.sign_in(office.worker)
    assert f"/staff/voice/{file}" in client.get(f"/staff/cases/{office.case}").text
    heard = client.get(f"/staff/voice/{file}")
    assert (heard.content, heard.headers["content-type"]) == (b"OggS-words", "audio/ogg")
    assert "attachment" in heard.headers["content-disposition"]
    assert client.get(f"/staff/photo/{file}").status_code == 404
    assert "read_voice" in looks(office)


def test_who_lost_the_last_role_is_out_at_once(office: Office) -> None:
    client = office.sign_in(office.worker)
    with office.house.database.write() as conn:
        conn.execute(update(case).values(owner_id=office.worker))
        conn.execute(delete(staff_role).where(staff_role.c.staff_id == office.worker))
    for path in ("/staff", f"/staff/cases/{office.case}", "/staff/queue/legal"):
        answer = client.get(path, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/staff/signin")
