"""Citations in what a community keeps: its own texts, answers given to residents, and answers that became guides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from flows.legal.answered import stands
from flows.legal.citations import REPLACED, citations
from flows.legal.doubts import title
from storage.law_answers import published
from storage.law_library import LawLibrary
from storage.sequence import HOME
from storage.tables import area, thread, thread_line


@dataclass(frozen=True, slots=True)
class StoredCheck:
    """What is wrong (`wrong`), guides that are not shown any more (`flagged`), how many citations were looked at."""

    wrong: tuple[str, ...]
    flagged: tuple[str, ...]
    looked: int


def check_stored(conn: Connection, library: LawLibrary, on: date) -> StoredCheck:
    """Look at every citation that is kept; an answer given to a resident counts as the law stood on its day."""
    wrong, flagged, looked = [], [], 0
    for where, text, day, areas in (*_texts(conn, on), *_answers(conn)):
        for cited in citations(text):
            looked += 1
            law = title(cited.law, library.titles)
            held = library.article(law, cited.number, day, areas) if law else None
            if law and held is None:
                why = f"is replaced by {REPLACED[law]}" if law in REPLACED else "is not in force"
                wrong.append(f"{where}: 《{law}》{cited.number} does not exist or {why}")
            elif held is not None and not held.in_force(on):
                flagged.append(f"{where}: 《{law}》{cited.number} left force after the answer was given")
    for guide in published(conn):
        areas = _around(conn, guide.area)
        looked += len(guide.cited)
        if not stands(guide, lambda law, number, areas=areas: library.article(law, number, on, areas)):  # type: ignore[misc]
            flagged.append(f"guide answer.{guide.id}: an article it cites changed or left force; it is not shown")
    return StoredCheck(tuple(wrong), tuple(flagged), looked)


Kept = tuple[str, str, date, frozenset[int]]


def _texts(conn: Connection, on: date) -> Iterator[Kept]:
    """What communities say in their own words: greetings, help, their own rules."""
    for id, key, options in conn.execute(select(area.c.id, area.c.key, area.c.options).where(area.c.active)):
        said = (options or {}).get("texts") or {}
        for name, text in said.items():
            yield f"{key}: texts.{name}", str(text), on, _around(conn, id)
        for law in (options or {}).get("laws") or ():
            for place, text in enumerate(law["articles"], 1):
                yield f"{key}: {law['title']} {place}", str(text), on, _around(conn, id)


def _answers(conn: Connection) -> Iterator[Kept]:
    """What advisers answered; who asked stays out of it."""
    rows = (
        select(thread.c.number, thread.c.area_id, thread_line.c.text, thread_line.c.at)
        .join(thread, thread.c.id == thread_line.c.thread_id)
        .where(thread.c.kind == "legal", thread_line.c.author == "staff")
        .order_by(thread_line.c.id)
    )
    for number, area_id, text, at in conn.execute(rows):
        yield f"answer in {number}", text, at.astimezone(HOME).date(), _around(conn, area_id)


def _around(conn: Connection, area_id: int | None) -> frozenset[int]:
    from storage.community import above

    return frozenset(above(conn, area_id)) if area_id is not None else frozenset()
