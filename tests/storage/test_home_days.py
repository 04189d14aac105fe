"""A day ends at midnight where people live, on each kind of database."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import insert, update

from storage import burden, law_answers, people, threads
from storage.database import Database
from storage.tables import law_answer, staff

BEFORE, AFTER = datetime(2026, 3, 1, 15, 59, tzinfo=UTC), datetime(2026, 3, 1, 16, 0, tzinfo=UTC)


def test_a_week_begins_with_monday_at_home() -> None:
    assert (burden.monday(BEFORE), burden.monday(AFTER)) == (date(2026, 2, 23), date(2026, 3, 2))


def test_an_answer_is_of_the_day_it_was_published_at_home(database: Database) -> None:
    with database.write() as conn:
        one = people.person_for(conn, "web", "v", BEFORE).id
        chat = people.chat_for(conn, "web", "v", kind="private", person_id=one).id
        at = {"person_id": one, "chat_id": chat, "area_id": None, "role": "legal_guide", "subject": {}, "now": BEFORE}
        asked = threads.open_thread(conn, kind="legal", number="L1", **at)
        author = conn.execute(insert(staff).values(key="a", name="甲").returning(staff.c.id)).scalar_one()
        said = {"question": "押金", "answer": "可以要回", "role": "legal_guide", "author": author, "now": AFTER}
        law_answers.draft(conn, thread=asked.id, area=None, **said)
        conn.execute(update(law_answer).values(state="published", published_at=AFTER))
        assert [found.published for found in law_answers.published(conn)] == [date(2026, 3, 2)]
