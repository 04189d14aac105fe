"""Legal questions as rows: one owner, who could take one, when somebody is next on duty."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import Connection, select

from bot.app import DEMO
from bot.community.load import import_file
from storage import community, consultations, duty, people, threads
from storage.cases import Overtaken
from storage.database import Database
from storage.tables import staff


@pytest.fixture
def demo(database: Database, now: datetime) -> Database:
    import_file(database, DEMO, now)
    return database


def opened(conn: Connection, now: datetime, who: str = "asker", role: str = "legal_guide") -> int:
    person = people.person_for(conn, "play", who, now)
    chat = people.chat_for(conn, "play", who, kind="private", person_id=person.id)
    made = threads.open_thread(
        conn,
        kind="legal",
        number=f"F-{who}",
        person_id=person.id,
        chat_id=chat.id,
        area_id=community.area_of_key(conn, "xfl-1"),
        role=role,
        subject={"question": "?"},
        now=now,
    )
    return made.id


def test_of_two_who_take_it_at_once_one_has_it(demo: Database, now: datetime) -> None:
    with demo.write() as conn:
        id = opened(conn, now)
        first, second = conn.execute(select(staff.c.id).where(staff.c.key.in_(("lg1", "lg2")))).scalars().all()
        seen = threads.load(conn, id).version
        threads.change(conn, id, seen, now, state="claimed", owner_id=first)
        with pytest.raises(Overtaken):
            threads.change(conn, id, seen, now, state="claimed", owner_id=second)
        assert threads.load(conn, id).owner == first
        assert (consultations.load(conn, first), consultations.load(conn, second)) == (1, 0)


def test_questions_are_counted_before_each_other_and_who_asks_is_no_holder(demo: Database, now: datetime) -> None:
    with demo.write() as conn:
        ids = [opened(conn, now, who) for who in ("u1", "u2", "b2")]
        assert [consultations.ahead(conn, threads.load(conn, id)) for id in ids] == [0, 1, 2]
        asked = threads.load(conn, ids[2])
        all_of = consultations.holders(conn, asked.area, 0, now)["legal_guide"]
        but = consultations.holders(conn, asked.area, asked.person, now)["legal_guide"]
        assert len(all_of) == 3 and len(but) == 2


@pytest.mark.parametrize(
    ("moment", "role", "begins"),
    [
        ("2026-01-05T09:30:00+08:00", "legal_guide", None),  # b2 is there on Mondays
        ("2026-01-05T08:30:00+08:00", "legal_guide", "2026-01-05T09:00:00+08:00"),
        ("2026-01-05T09:30:00+08:00", "legal_adviser", "2026-01-06T14:00:00+08:00"),
        ("2026-01-08T18:00:00+08:00", "legal_adviser", "2026-01-13T14:00:00+08:00"),
        ("2026-01-05T09:30:00+08:00", "mediator", None),  # no roster tells
    ],
)
def test_when_duty_begins(demo: Database, moment: str, role: str, begins: str | None) -> None:
    with demo.read() as conn:
        found = duty.next_turn(conn, community.area_of_key(conn, "xfl-1") or 0, role, datetime.fromisoformat(moment))
    assert found == (datetime.fromisoformat(begins) if begins else None)
