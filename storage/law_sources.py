"""Imported sources of law as rows, and all sources that are not in the embedded library as articles."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, insert, select, update

from flows.legal.article import Article, short_title
from flows.legal.citations import numeral
from flows.legal.sources import Source
from storage.kept import COMMUNITY
from storage.law_library import LawLibrary
from storage.law_vectors import Embed, mark, passage, small
from storage.sequence import next_number
from storage.tables import area, law_import, law_source, sequence

VERSION = "law"  # the row of `sequence` that counts imports
_KINDS = {"charter": "charter", "rule": "local", "notice": "notice"}  # what a community file calls them

Vectors = tuple[NDArray[np.int64], NDArray[np.int8]]


@dataclass(frozen=True, slots=True)
class Counted:
    """How many versions of sources an import added, changed and found as they were."""

    new: int = 0
    changed: int = 0
    same: int = 0


_VERSIONS = select(sequence.c.name, sequence.c.value).where(sequence.c.name.in_((VERSION, COMMUNITY)))


def versions(conn: Connection) -> tuple[int, ...]:
    """Rise whenever what is read here changed: who keeps articles reads them anew."""
    found = {row.name: row.value for row in conn.execute(_VERSIONS)}
    return tuple(found.get(name, 0) for name in (VERSION, COMMUNITY))


def unknown_areas(conn: Connection, keys: Sequence[str]) -> list[str]:
    """Those keys that no area has."""
    known = set(conn.execute(select(area.c.key).where(area.c.key.in_(keys), area.c.active)).scalars()) if keys else ()
    return [key for key in keys if key not in known]


# -- writing --------------------------------------------------------------------------------------------------------


def write(conn: Connection, sources: Sequence[Source], now: datetime, embed: Embed | None = None) -> Counted:
    """Write them all in the caller's transaction: a new version beside the old ones, the same version in its place."""
    new = changed = same = 0
    for source in sources:
        row = _row(source)
        key = {"title": source.title, "issuer": source.issuer, "published": row["published"]}
        query = select(law_source).where(*(law_source.c[name] == value for name, value in key.items()))
        there = conn.execute(query).mappings().first()
        if there is not None and all(there[name] == value for name, value in row.items()):
            same += 1
            continue
        values: dict[str, Any] = {**row, "at": now, "vectors": _vectors(source, embed)}
        if there is None:
            conn.execute(insert(law_source).values(**values))
            new += 1
        else:
            conn.execute(update(law_source).where(law_source.c.id == there["id"]).values(**values))
            changed += 1
    if new or changed:
        next_number(conn, VERSION)
    return Counted(new, changed, same)


def _row(source: Source) -> dict[str, Any]:
    return {
        "title": source.title,
        "issuer": source.issuer,
        "published": source.published.isoformat(),
        "kind": source.kind,
        "begins": source.begins.isoformat(),
        "until": source.until.isoformat() if source.until else None,
        "areas": list(source.areas),
        "articles": [[one.number, one.chapter, one.text] for one in source.articles],
    }


def _vectors(source: Source, embed: Embed | None) -> bytes | None:
    if embed is None:
        return None
    day = date.min
    articles = [Article(0, source.title, a.number, a.chapter, a.text, day, day, None, "") for a in source.articles]
    return small(embed([passage(article) for article in articles])).tobytes()


# -- reading --------------------------------------------------------------------------------------------------------


def articles(conn: Connection) -> tuple[Article, ...]:
    """Every article of every imported version, and those of the community file."""
    ids = {key: id for id, key in conn.execute(select(area.c.id, area.c.key).where(area.c.active))}
    query = select(law_source).order_by(law_source.c.begins, law_source.c.id)
    rows = [dict(row) for row in conn.execute(query).mappings()]
    return (*_imported(rows, ids), *_of_communities(conn))


def _imported(rows: Sequence[Mapping[str, Any]], ids: Mapping[str, int]) -> Iterator[Article]:
    for place, row in enumerate(rows):
        begins = date.fromisoformat(row["begins"])
        until = _ends(row, rows[place + 1 :])
        held = tuple(ids[key] for key in row["areas"] if key in ids)
        if row["areas"] and not held:  # its areas are gone: it holds for nobody, not for everybody
            continue
        for number, chapter, text in row["articles"]:
            yield Article(
                key_of(row["title"], row["issuer"], row["published"], number),
                row["title"],
                number,
                chapter,
                text,
                begins,
                begins,
                until,
                row["published"],
                row["kind"],
                row["issuer"],
                held,
            )


def _ends(row: Mapping[str, Any], later: Sequence[Mapping[str, Any]]) -> date | None:
    """The first day a version no longer holds: its own, or that of the next version of the same source."""
    same = (one["begins"] for one in later if (one["title"], one["issuer"]) == (row["title"], row["issuer"]))
    ends = [day for day in (row["until"], next(same, None)) if day]
    return date.fromisoformat(min(ends)) if ends else None


def _of_communities(conn: Connection) -> Iterator[Article]:
    for id, name, options in conn.execute(select(area.c.id, area.c.name, area.c.options).where(area.c.active)):
        for law in (options or {}).get("laws") or ():
            for place, text in enumerate(law["articles"], 1):
                number, kind = numeral(str(place)), _KINDS.get(law.get("kind", ""), "charter")
                key = key_of(law["title"], name, str(id), number)
                day = date.min
                yield Article(key, law["title"], number, "", text, day, day, None, "", kind, name, (id,))


def key_of(*parts: str) -> int:
    """A key that no embedded article has, and that stays when the same source is imported again."""
    return -1 - (mark("\n".join(parts)) & (2**62 - 1))


def vectors(conn: Connection) -> Vectors:
    """The keys and vectors of imported articles that have them."""
    keys: list[int] = []
    found: list[NDArray[np.int8]] = []
    for row in conn.execute(select(law_source).where(law_source.c.vectors.is_not(None))).mappings():
        keys += [key_of(row["title"], row["issuer"], row["published"], number) for number, _, _ in row["articles"]]
        found.append(np.frombuffer(row["vectors"], dtype=np.int8).reshape(len(row["articles"]), -1))
    if not found:
        return np.zeros(0, dtype=np.int64), np.zeros((0, 1), dtype=np.int8)
    return np.array(keys, dtype=np.int64), np.concatenate(found)


# -- what changed ---------------------------------------------------------------------------------------------------


def remember(conn: Connection, library: LawLibrary, on: date, now: datetime) -> None:
    """Keep what is in force today, for the next check to compare with."""
    conn.execute(insert(law_import).values(at=now, seen=_marks(library, on)))


def changed(conn: Connection, library: LawLibrary, on: date) -> tuple[datetime | None, list[str]]:
    """When the last import was, and what is new, changed or no longer in force since; titles with a word each."""
    last = conn.execute(select(law_import.c.at, law_import.c.seen).order_by(law_import.c.id.desc()).limit(1)).first()
    if last is None:
        return None, []
    before, now = last.seen, _marks(library, on)
    lines = [f"NEW      《{title}》" for title in sorted(now.keys() - before.keys())]
    lines += [f"GONE     《{title}》" for title in sorted(before.keys() - now.keys())]
    lines += [f"CHANGED  《{title}》" for title in sorted(now.keys() & before.keys()) if now[title] != before[title]]
    return last.at, lines


def _marks(library: LawLibrary, on: date) -> dict[str, str]:
    """Every title in force with a mark of its articles."""
    marks: dict[str, Any] = {}
    for article in library.articles(on):
        title = short_title(article.law) + (f"（{article.issuer}）" if article.issuer else "")
        marks.setdefault(title, hashlib.blake2b(digest_size=8)).update(f"{article.number}{article.text}\n".encode())
    return {title: digest.hexdigest() for title, digest in marks.items()}
