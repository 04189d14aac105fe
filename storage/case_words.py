"""The words of cases, beside their append-only history: what stands there for ever holds ids, dates and plain facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from flows.domain.scrub import scrubbed
from nlu.late import regex
from storage import aliases
from storage.spread import slot_of
from storage.tables import case, case_event, case_file, case_party, case_words

# No words of anybody. All other text is, so that a new field can't be forgotten.
PLAIN = frozenset(
    [
        "number",
        "service",
        "act",
        "ending",
        "level",
        "department",
        "departments",
        "lead",
        "hazard",
        "clock",
        "colour",
        "kind",
        "status",
    ]
)
INSTANT = regex(r"\d{4}-\d\d-\d\dT[\d:.+Z-]*")
GONE = "（已按居民要求删除）"
_IN = select(case_party.c.case_id).where(case_party.c.person_id == bindparam("person"))
_SPOKEN = select(case_event.c.case_id, case_event.c.seq).where(
    case_event.c.case_id.in_(_IN), case_event.c.actor == bindparam("actor")
)


_KEEP = insert(case_words)


def apart(data: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(what may stand in the history for ever, the words)."""
    words = {k: v for k, v in data.items() if k not in PLAIN and _is_words(v)}
    return {k: v for k, v in data.items() if k not in words}, words


def keep(conn: Connection, case_id: int, seq: int, words: Mapping[str, Any]) -> None:
    """Keep the words of an event."""
    if words:
        conn.execute(_KEEP, {"case_id": case_id, "spread": slot_of(case_id), "seq": seq, "words": dict(words)})


def forget(conn: Connection, person_id: int) -> None:
    """Empty what a person said in any case. In a case of theirs alone what was written about it goes as well; one
    that neighbours share goes on with its place and, scrubbed, the words of the others."""
    reported = set(conn.execute(select(case.c.id).where(case.c.person_id == person_id)).scalars())
    others = select(case_party.c.case_id).where(case_party.c.case_id.in_(reported), case_party.c.person_id != person_id)
    shared = set(conn.execute(others).scalars())
    alone = reported - shared
    ids = aliases.every(conn, person_id)
    spoken = {tuple(r) for id in ids for r in conn.execute(_SPOKEN, {"person": person_id, "actor": f"person:{id}"})}
    rows = select(case_words).where(case_words.c.case_id.in_(reported | {case_id for case_id, _ in spoken}))
    for row in conn.execute(rows).all():
        whole = row.case_id in alone or (row.case_id, row.seq) in spoken
        gone = _each(row.words, (lambda _text: GONE) if whole else scrubbed)
        if row.case_id in shared and "place" in gone:
            gone["place"] = scrubbed(row.words["place"])
        conn.execute(update(case_words).where(case_words.c.id == row.id).values(words=gone))
    for told in conn.execute(select(case.c.id, case.c.place, case.c.facts).where(case.c.id.in_(reported))).all():
        place = scrubbed(told.place) if told.id in shared else ""
        left = {"description": GONE, "place": place, "facts": {**told.facts, "note": ""}}
        conn.execute(update(case).where(case.c.id == told.id).values(left))


def forget_old(conn: Connection, before: datetime) -> int:
    """Drop the words and files of cases that ended before; their ids, dates and steps stay. Says how many cases."""
    old = select(case.c.id, case.c.facts).where(case.c.closed_at < before, case.c.description != "").limit(500)
    rows = conn.execute(old).all()
    ids = [row.id for row in rows]
    conn.execute(update(case_words).where(case_words.c.case_id.in_(ids)).values(words={}))
    conn.execute(delete(case_file).where(case_file.c.case_id.in_(ids)))
    for row in rows:
        left = {"description": "", "place": "", "facts": {**row.facts, "note": ""}}
        conn.execute(update(case).where(case.c.id == row.id).values(left))
    return len(ids)


def _is_words(value: Any) -> bool:
    if isinstance(value, str):
        return INSTANT.fullmatch(value) is None
    if isinstance(value, Mapping):
        return any(_is_words(v) for v in value.values())
    return isinstance(value, list | tuple) and any(_is_words(v) for v in value)


def _each(value: Any, change: Callable[[str], str]) -> Any:
    """The value with every text in it changed."""
    if isinstance(value, str):
        return change(value) if value else ""
    if isinstance(value, Mapping):
        return {k: _each(v, change) for k, v in value.items()}
    return [_each(v, change) for v in value] if isinstance(value, list | tuple) else value
