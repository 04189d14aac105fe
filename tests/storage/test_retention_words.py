"""Words of cases and conversations, loose files and guesses go when their time is over; ids and dates stay."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import insert, select, update

from storage import bookings, cases, files, guesses, households, mediations, people, personal, threads
from storage.database import Database
from storage.retention import sweep
from storage.sequence import daily, next_number
from storage.tables import area, case, case_file, due, file, sequence, thread

DAY = timedelta(days=1)
TOLD = {"service": "lamp", "act": "complaint", "description": "灯坏了", "place": "3号楼"}


def lived(database: Database, now: datetime) -> tuple[int, int, int]:
    """A closed case with a photo, a closed thread, a photo that belongs to nothing, a wrong guess."""
    with database.write() as conn:
        one = people.person_for(conn, "play", "u1", now).id
        chat = people.chat_for(conn, "play", "u1", kind="private", person_id=one).id
        opened = cases.open_case(conn, number="1", person_id=one, origin_chat_id=None, data=TOLD, now=now)
        conn.execute(update(case).values(closed_at=now))
        kept, loose = (files.add(conn, digest=p, kind="photo", path=f"{p}.jpg", size=1, now=now) for p in "ab")
        conn.execute(insert(case_file), {"case_id": opened.id, "file_id": kept, "purpose": "report"})
        asked = threads.open_thread(
            conn,
            kind="handover",
            number="F1",
            person_id=one,
            chat_id=chat,
            area_id=None,
            role="legal_guide",
            subject={"question": "押金"},
            now=now,
        )
        threads.add_line(conn, asked.id, "asker", "房东不退", now)
        conn.execute(update(thread).values(state="closed", closed_at=now))
        guesses.missed(conn, one, now)
        assert households.may_have_code(conn, 1, now)
        next_number(conn, daily(f"link:{one}", now))
        return opened.id, asked.id, loose


def test_what_is_young_stays(database: Database, now: datetime) -> None:
    lived(database, now)
    with database.write() as conn:
        assert not any(sweep(conn, now + DAY / 2).values())


def test_a_loose_file_goes_first_and_its_bytes_after_it(database: Database, now: datetime) -> None:
    *_, loose = lived(database, now)
    with database.write() as conn:
        swept = sweep(conn, now + 31 * DAY)
        assert (swept["file"], swept["counted"]) == (1, 3)
        assert list(conn.execute(select(file.c.id).where(file.c.id == loose)).scalars()) == []
        assert conn.execute(select(due.c.subject).where(due.c.kind == "files.remove")).scalar() == {"paths": ["b.jpg"]}
        assert conn.execute(select(sequence)).all() == []


def test_words_of_conversations_go_after_two_years_and_of_cases_after_three(database: Database, now: datetime) -> None:
    case_id, thread_id, _ = lived(database, now)
    with database.write() as conn:
        assert sweep(conn, now + 731 * DAY)["thread"] == 1
        assert (threads.subject(conn, thread_id), threads.lines(conn, thread_id)) == ({}, [])
        assert cases.load(conn, case_id).description == "灯坏了"
        assert sweep(conn, now + 1097 * DAY)["case"] == 1
        found = cases.load(conn, case_id)
        assert (found.description, found.place, found.number, found.service) == ("", "", "1", "lamp")
        assert sweep(conn, now + 1200 * DAY)["case"] == 0
        assert conn.execute(select(file.c.id)).all() == []


def test_words_of_appointments_go_after_a_year_and_of_mediations_after_three(database: Database, now: datetime) -> None:
    with database.write() as conn:
        one = people.person_for(conn, "play", "u1", now).id
        grid = {"key": "g", "level": "grid", "name": "g", "path": "/1/"}
        place = conn.execute(insert(area).values(grid).returning(area.c.id)).scalar_one()
        visit = {"window": "w", "name": "量血压", "way": "上门", "area_id": place, "person_id": one, "owner_id": None}
        ids = [
            bookings.book(
                conn, now=now, number=f"U{day}", starts_at=now + day * DAY, proxy="", note="腿不好", **visit
            ).id
            for day in (1, 300)
        ]
        for id in ids:
            personal.keep(conn, one, bookings.address_field(id), "3号楼2单元501", now)
        opened = {"number": "T1", "kind": "family", "area": place, "case": None, "opener": None}
        held = mediations.open_mediation(
            conn, data=opened, parties={"a": (one, "他打人")}, actor="staff:1", now=now, intake="两家吵架"
        )
    with database.write() as conn:
        assert sweep(conn, now + 400 * DAY)["booking"] == 2
        assert [bookings.load(conn, id).note for id in ids] == ["", "腿不好"]
        assert set(personal.read(conn, one)) == {bookings.address_field(ids[1])}
        assert sweep(conn, now + 1000 * DAY)["mediation"] == 0
        assert sweep(conn, now + 1097 * DAY)["mediation"] == 1
        left = mediations.written(conn, held.id)
        assert (left.intake, left.sides["a"]) == ("", "") and len(mediations.history(conn, held.id)) == 1
        assert sweep(conn, now + 1098 * DAY)["mediation"] == 0
