"""What a resident says about a case lies beside its history: it can be emptied, and the history still replays."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from flows.domain.case import Action, Event, apply
from storage import case_words, cases, people, person_copy, tables
from storage.database import Database
from storage.tables import case_event
from storage.verify import verify

TOLD = {"service": "lamp", "act": "complaint", "description": "郭晓楠家门口的灯坏了", "place": "3号楼2单元501"}


def opened(database: Database, now: datetime, who: str, number: str) -> tuple[int, int]:
    with database.write() as conn:
        person = people.person_for(conn, "play", who, now).id
        case = cases.open_case(
            conn, number=number, person_id=person, origin_chat_id=None, data={**TOLD, "resolve_due": now}, now=now
        )
        noted = Event(2, Action.NOTE, now, "staff:1", {"note": "已联系户主郭晓楠", "photos": []})
        cases.append(conn, case, noted, apply(case, noted))
        return person, case.id


def shown(conn: Connection, id: int) -> tuple[str, str]:
    """What lists show of a case."""
    return tuple(
        conn.execute(select(tables.case.c.description, tables.case.c.place).where(tables.case.c.id == id)).one()
    )


def test_history_holds_no_words_and_tells_all_the_same(database: Database, now: datetime) -> None:
    _, id = opened(database, now, "u1", "1")
    with database.read() as conn:
        raw = list(conn.execute(select(case_event.c.data).order_by(case_event.c.seq)).scalars())
        case = cases.load(conn, id)
    assert "郭晓楠" not in str(raw)
    assert raw[0]["service"] == "lamp" and "description" not in raw[0]
    assert (case.description, case.note, case.resolve_due) == (TOLD["description"], "已联系户主郭晓楠", now)


def test_words_of_a_case_of_ones_own_go_and_the_rest_stays(database: Database, now: datetime) -> None:
    person, id = opened(database, now, "u1", "1")
    _, other = opened(database, now, "u2", "2")
    with database.write() as conn:
        case_words.forget(conn, person)
    with database.read() as conn:
        assert shown(conn, id) == (case_words.GONE, "") and shown(conn, other) == (TOLD["description"], TOLD["place"])
        mine, theirs = cases.load(conn, id), cases.load(conn, other)
        assert verify(conn) == []
    assert {mine.description, mine.note, mine.place} == {case_words.GONE}
    assert (mine.service, mine.number) == ("lamp", "1")
    assert (theirs.description, theirs.note) == (TOLD["description"], "已联系户主郭晓楠")


def test_a_case_that_neighbours_share_keeps_its_place(database: Database, now: datetime) -> None:
    person, id = opened(database, now, "u1", "1")
    with database.write() as conn:
        cases.join(conn, id, people.person_for(conn, "play", "u2", now).id, "neighbour")
        case_words.forget(conn, person)
    with database.read() as conn:
        assert shown(conn, id) == (case_words.GONE, "3号楼")
        case = cases.load(conn, id)
    assert (case.description, case.place, case.note) == (case_words.GONE, "3号楼", "已联系户主［姓名］")


def test_a_copy_holds_what_was_told_to_whom_it_is_for(database: Database, now: datetime) -> None:
    person, id = opened(database, now, "u1", "1")
    with database.write() as conn:
        neighbour = people.person_for(conn, "play", "u2", now).id
        cases.join(conn, id, neighbour, "neighbour")
        for seq, (kind, note) in enumerate(((Action.ADD, "晚上更黑"), (Action.TELL, "师傅明天来")), 3):
            case = cases.load(conn, id)
            event = Event(seq, kind, now, f"person:{person}", {"note": note, "photos": [], "of": 2})
            cases.append(conn, case, event, apply(case, event))
        mine, theirs = (person_copy.everything(conn, one)["cases"][0] for one in (person, neighbour))
    assert [step["note"] for step in mine["history"]] == ["", "", "晚上更黑", "师傅明天来"]
    assert [step["note"] for step in theirs["history"]] == ["", "", "", "师傅明天来"]
    assert (mine["description"], mine["place"], mine["role"]) == (TOLD["description"], TOLD["place"], "reporter")
    assert "郭晓楠" not in str(theirs) and "3号楼" not in str(theirs) and theirs["role"] == "neighbour"
