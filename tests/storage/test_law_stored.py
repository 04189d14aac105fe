"""Citations that are kept: what a community says, what advisers answered, answers that became guides."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import insert, update

from flows.legal.answered import marks
from flows.legal.article import Article
from storage import kept, people, threads
from storage.database import Database
from storage.law_library import LawLibrary
from storage.law_stored import check_stored
from storage.tables import area, law_answer, staff
from tests.storage.test_law_sources import villages

__all__ = ["villages"]

TODAY = date(2026, 11, 22)
DAY, ENDED = date(2021, 1, 1), date(2026, 8, 15)
LIBRARY = LawLibrary(
    [
        Article(1, "中华人民共和国民法典", "第五百七十七条", "", "违约要承担责任。", DAY, DAY, None, ""),
        Article(2, "噪声污染防治法", "第一条", "", "为了防治噪声。", DAY, DAY, ENDED, ""),
    ]
)


def answered(database: Database, *texts: str) -> None:
    """An adviser answered a question with these lines, when the noise law still held."""
    then = datetime(2026, 1, 5, tzinfo=UTC)
    with database.write() as conn:
        person = people.person_for(conn, "play", "asker", then)
        chat = people.chat_for(conn, "play", "asker", kind="private", person_id=person.id)
        made = threads.open_thread(
            conn,
            kind="legal",
            number="F-1",
            person_id=person.id,
            chat_id=chat.id,
            area_id=None,
            role="legal_adviser",
            subject={"question": "?"},
            now=then,
        )
        for text in texts:
            threads.add_line(conn, made.id, "staff", text, then)


def test_answers_count_as_the_law_stood_on_their_day(villages: Database) -> None:
    answered(villages, "依据我国民法典第577条。", "看民法典第9999条。", "按《噪声污染防治法》第一条。")
    with villages.read() as conn:
        found = check_stored(conn, LIBRARY, TODAY)
    assert found.looked == 3
    assert len(found.wrong) == 1 and "第九千九百九十九条" in found.wrong[0] and "F-1" in found.wrong[0]
    assert len(found.flagged) == 1 and "噪声污染防治法" in found.flagged[0]


def test_what_a_community_says_counts_as_of_today(villages: Database) -> None:
    with villages.write() as conn:
        said = {"texts": {"help": "看婚姻法第三条"}}
        conn.execute(update(area).where(area.c.key == "upper").values(options=said))
        kept.changed(conn)
        found = check_stored(conn, LIBRARY, TODAY)
    assert [("upper: texts.help" in line, "民法典" in line) for line in found.wrong] == [(True, True)]


def test_a_guide_is_flagged_when_an_article_it_cites_reads_differently(villages: Database, now: datetime) -> None:
    text = "违约要赔，看民法典第577条。"
    right = marks(text, lambda law, number: LIBRARY.article(law, number, TODAY))
    with villages.write() as conn:
        author = conn.execute(insert(staff).values(key="a", name="A").returning(staff.c.id)).scalar_one()
        row = {"question": "?", "answer": text, "role": "legal_adviser", "author_id": author, "state": "published"}
        for cited in (right, dict.fromkeys(right, "another text")):
            conn.execute(insert(law_answer).values(**row, cited=cited, at=now, published_at=now, version=1))
        found = check_stored(conn, LIBRARY, TODAY)
    assert not found.wrong
    assert len(found.flagged) == 1 and "not shown" in found.flagged[0]
