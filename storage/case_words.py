"""The words of cases, beside their append-only history: what stands there for ever holds ids, dates and plain facts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, insert, or_, select, tuple_, update

from flows.domain.scrub import scrubbed
from storage.tables import case, case_event, case_party, case_words

# No words of anybody. All other text is, so that a new field can't be forgotten.
PLAIN = frozenset(
    ["number", "service", "act", "ending", "level", "department", "departments", "clock", "colour", "kind", "status"]
)
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.+Z-]*")
GONE = "（已按居民要求删除）"


def apart(data: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(what may stand in the history for ever, the words)."""
    words = {k: v for k, v in data.items() if k not in PLAIN and _is_words(v)}
    return {k: v for k, v in data.items() if k not in words}, words


def keep(conn: Connection, case_id: int, seq: int, words: Mapping[str, Any]) -> None:
    """Keep the words of an event."""
    if words:
        conn.execute(insert(case_words).values(case_id=case_id, seq=seq, words=dict(words)))


def forget(conn: Connection, person_id: int) -> None:
    """Empty what a person said in any case. In a case of theirs alone what was written about it goes as well; one
    that neighbours share goes on with its place and the words of the others."""
    reported = set(conn.execute(select(case.c.id).where(case.c.person_id == person_id)).scalars())
    others = select(case_party.c.case_id).where(case_party.c.case_id.in_(reported), case_party.c.person_id != person_id)
    shared = set(conn.execute(others).scalars())
    alone = reported - shared
    spoken = select(case_event.c.case_id, case_event.c.seq).where(case_event.c.actor == f"person:{person_id}")
    theirs = or_(case_words.c.case_id.in_(alone), tuple_(case_words.c.case_id, case_words.c.seq).in_(spoken))
    for row in conn.execute(select(case_words.c.id, case_words.c.case_id, case_words.c.words).where(theirs)).all():
        gone = _emptied(row.words)
        if row.case_id in shared and "place" in gone:
            gone["place"] = scrubbed(row.words["place"])
        conn.execute(update(case_words).where(case_words.c.id == row.id).values(words=gone))
    conn.execute(update(case).where(case.c.id.in_(reported)).values(description=GONE))
    conn.execute(update(case).where(case.c.id.in_(alone)).values(place="", facts={}))
    for row in conn.execute(select(case.c.id, case.c.place).where(case.c.id.in_(shared))).all():
        conn.execute(update(case).where(case.c.id == row.id).values(place=scrubbed(row.place)))


def _is_words(value: Any) -> bool:
    if isinstance(value, str):
        return INSTANT.fullmatch(value) is None
    if isinstance(value, Mapping):
        return any(_is_words(v) for v in value.values())
    return isinstance(value, list | tuple) and any(_is_words(v) for v in value)


def _emptied(value: Any) -> Any:
    if isinstance(value, str):
        return GONE if value else ""
    if isinstance(value, Mapping):
        return {k: _emptied(v) for k, v in value.items()}
    return [_emptied(v) for v in value] if isinstance(value, list | tuple) else value
