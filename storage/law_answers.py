"""Answers of advisers on their way to becoming guides, and those that became some."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from flows.legal.answered import Answered
from storage.cases import Overtaken
from storage.conflict import insert
from storage.sequence import HOME, next_number
from storage.tables import law_answer, sequence, thread

VERSION = "law_answers"  # the row of `sequence` that counts what was published or withdrawn


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """A draft of a guide as it stands."""

    id: int
    thread: int | None
    area: int | None
    question: str
    answer: str
    role: str
    author: int
    reviewer: int | None
    state: str
    version: int


_COLUMNS = (
    law_answer.c.id,
    law_answer.c.thread_id,
    law_answer.c.area_id,
    law_answer.c.question,
    law_answer.c.answer,
    law_answer.c.role,
    law_answer.c.author_id,
    law_answer.c.reviewer_id,
    law_answer.c.state,
    law_answer.c.version,
)


def draft(
    conn: Connection,
    *,
    thread: int,
    area: int | None,
    question: str,
    answer: str,
    role: str,
    author: int,
    now: datetime,
) -> int:
    """A new draft, or the one there is of this thread."""
    there = conn.execute(select(law_answer.c.id).where(law_answer.c.thread_id == thread)).scalar()
    if there is not None:
        return int(there)
    row = {"thread_id": thread, "area_id": area, "question": question, "answer": answer, "role": role}
    made = insert(law_answer).values(**row, author_id=author, state="draft", cited={}, at=now, version=1)
    return int(conn.execute(made.returning(law_answer.c.id)).scalar_one())


def forget(conn: Connection, person_id: int) -> None:
    """Drop what was to become a guide out of a person's questions; what a colleague has looked through and published
    tells of nobody, and stays."""
    asked = select(thread.c.id).where(thread.c.person_id == person_id)
    mine = (law_answer.c.thread_id.in_(asked), law_answer.c.state != "published")
    gone = {"question": "", "answer": "", "state": "dropped", "version": law_answer.c.version + 1}
    conn.execute(update(law_answer).where(*mine).values(gone))


_VERSION = select(sequence.c.value).where(sequence.c.name == VERSION)


def version(conn: Connection) -> int:
    """Rises with every answer published or withdrawn."""
    return conn.execute(_VERSION).scalar() or 0


def load(conn: Connection, id: int) -> AnswerRow:
    """Raises LookupError when there is none."""
    row = conn.execute(select(*_COLUMNS).where(law_answer.c.id == id).with_for_update()).first()
    if row is None:
        raise LookupError(f"no answer {id}")
    return AnswerRow(*tuple(row))


def find(conn: Connection, id: int) -> AnswerRow | None:
    """The answer as it stands, to look at only."""
    row = conn.execute(select(*_COLUMNS).where(law_answer.c.id == id)).first()
    return AnswerRow(*tuple(row)) if row else None


def of_thread(conn: Connection, thread_id: int) -> AnswerRow | None:
    """What was made of a thread's answer."""
    row = conn.execute(select(*_COLUMNS).where(law_answer.c.thread_id == thread_id)).first()
    return AnswerRow(*tuple(row)) if row else None


def change(conn: Connection, id: int, version: int, now: datetime, **values: Any) -> None:
    """Change one that stands at `version`; raises Overtaken when it does not any more."""
    if values.get("state") == "published":
        values["published_at"] = now
    if values.get("state") in ("published", "withdrawn"):
        next_number(conn, VERSION)
    query = update(law_answer).where(law_answer.c.id == id, law_answer.c.version == version)
    if conn.execute(query.values(version=version + 1, **values)).rowcount != 1:
        raise Overtaken(str(id))


def published(conn: Connection) -> Iterator[Answered]:
    """Every answer that may be shown."""
    columns = (*_COLUMNS, law_answer.c.cited, law_answer.c.published_at)
    for row in conn.execute(select(*columns).where(law_answer.c.state == "published").order_by(law_answer.c.id)):
        yield _answered(row)


def _answered(row: Any) -> Answered:
    cited: Mapping[str, str] = row.cited
    day = row.published_at.astimezone(HOME).date()
    return Answered(row.id, row.question, row.answer, row.role, day, row.area_id, cited)
