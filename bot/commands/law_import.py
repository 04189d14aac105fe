"""Reads, checks and writes sources of law for `linli law import`; tells what `linli law check` finds in a database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from flows.legal.sources import Source, parse
from storage import law_sources
from storage.law_library import LawLibrary

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from storage.database import Database

LARGEST = 20 * 1024 * 1024
ENDINGS = (".md", ".markdown", ".jsonl", ".json")


@dataclass(frozen=True, slots=True)
class Read:
    """What files say, and what is wrong with them as "file:line: …"."""

    sources: tuple[Source, ...]
    wrong: tuple[str, ...]
    files: int


def read(conn: Connection, path: Path, today: date) -> Read:
    """Every source in a file, or in the files of a folder; areas must be those of the community files."""
    sources: list[Source] = []
    wrong: list[str] = []
    seen: dict[tuple[str, str, str], str] = {}
    files = list(_files(path))
    if not files:
        wrong.append(f"{path}: no file ends in {', '.join(ENDINGS)}")
    for file in files:
        try:
            text = file.read_bytes()[: LARGEST + 1].decode("utf-8")
        except OSError as error:
            wrong.append(f"{file}: can't be read: {error.strerror}")
            continue
        except UnicodeDecodeError as error:
            line = file.read_bytes()[: error.start].count(b"\n") + 1
            wrong.append(f"{file}:{line}: not UTF-8; save the file as UTF-8")
            continue
        found, problems = parse(file.name, text, today)
        wrong += [f"{file}:{problem.line}: {problem.message}" for problem in problems]
        for source in found:
            wrong += [f"{file}:{message}" for message in _clashes(conn, source, seen, str(file))]
        sources += found
    return Read(tuple(sources), tuple(wrong), len(files))


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    yield from sorted(file for file in path.rglob("*") if file.suffix.lower() in ENDINGS and file.is_file())


def _clashes(conn: Connection, source: Source, seen: dict[tuple[str, str, str], str], file: str) -> Iterator[str]:
    unknown = law_sources.unknown_areas(conn, source.areas)
    if unknown:
        yield f"{source.areas_line}: no area has the key {', '.join(unknown)}; import the community file first"
    key = (source.title, source.issuer, source.published.isoformat())
    if key in seen:
        yield f"{source.line}: 《{source.title}》 of {key[2]} stands already in {seen[key]}"
    seen[key] = f"{file}:{source.line}"


def write(database: Database, sources: tuple[Source, ...], today: date, now: datetime) -> law_sources.Counted:
    """All of them in one transaction; and what is in force today is remembered for the next check."""
    from storage.law_vectors import Sentences

    embed = Sentences().passages if Sentences.installed() else None
    embedded = LawLibrary.embedded()
    with database.write() as conn:
        counted = law_sources.write(conn, sources, now, embed)
        law_sources.remember(conn, embedded.with_more(law_sources.articles(conn)), today, now)
    return counted


def check(database: Database, day: date) -> tuple[list[str], list[str], int]:
    """What is wrong, what is worth knowing, and how many citations were looked at in all."""
    from storage.law_guides import check_all
    from storage.law_stored import check_stored

    with database.read() as conn:
        library = LawLibrary.embedded().with_more(law_sources.articles(conn))
        since, changes = law_sources.changed(conn, library, day)
        failures, looked = check_all(day, library)
        stored = check_stored(conn, library, day)
    told = [f"{len(changes)} sources changed since the last import ({since:%Y-%m-%d})", *changes] if since else []
    told += [f"FLAGGED  {line}" for line in stored.flagged]
    return [*failures, *stored.wrong], told, looked + stored.looked
