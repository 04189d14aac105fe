"""A community file from its bytes to checked values, and from there into a database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError

from bot.community import reading, words
from bot.community.build import build
from bot.community.check import Defaults, Found, check
from bot.community.pruning import prune
from bot.community.reading import Document, Problem
from bot.community.schema import CommunityForm
from bot.community.tree import flatten
from flows.catalogue import load_catalogue
from flows.domain.community import CommunityFile
from storage.community_file import Written, write
from storage.database import Database

SHOWN = 200  # problems listed at most


@dataclass(frozen=True, slots=True)
class Checked:
    """What checking found; `file` is None when something is wrong (warnings alone do not matter)."""

    file: CommunityFile | None
    problems: tuple[Problem, ...]

    def lines(self, name: str) -> list[str]:
        """The problems as "name:12: …", in the order of the file."""
        shown = sorted(self.problems, key=lambda p: (p.line, p.warning))
        lines = [f"{name}:{p.line}: {'warning: ' if p.warning else ''}{p.message}" for p in shown[:SHOWN]]
        return lines + ([f"{name}: … and {len(shown) - SHOWN} more"] if len(shown) > SHOWN else [])


class Broken(Exception):
    """The file is wrong; nothing was changed. Its text lists every problem, one a line."""


def check_text(text: bytes, now: datetime, defaults: Defaults | None = None) -> Checked:
    """Read and check a community file; relative dates in it count from `now`. Never raises on any bytes."""
    defaults = shipped() if defaults is None else defaults
    document = reading.read(text)
    if document.data is None:
        return Checked(None, tuple(document.problems))
    try:
        form = CommunityForm.model_validate(document.data)
    except ValidationError as error:
        document.problems += words.problems(error, document)
        rest, gone = prune(document, error)
        if rest is not None:
            found = check(rest, flatten(rest), defaults, now, gone)
            document.problems += _told([one for one in found if not one.warning], document)
        return Checked(None, tuple(document.problems))
    placed = flatten(form)
    problems = (*document.problems, *_told(check(form, placed, defaults, now), document))
    if any(not p.warning for p in problems):
        return Checked(None, problems)
    return Checked(build(form, placed, dict(defaults.services), now), problems)


def _told(found: list[Found], document: Document) -> list[Problem]:
    return [Problem(document.line(one.where), one.message, one.warning) for one in found]


@cache
def shipped() -> Defaults:
    """The services and departments of the catalogue that ships with the assistant."""
    catalogue = load_catalogue((files("flows") / "catalogue.yml").read_text("utf-8"))
    names: Mapping[str, str] = {key: service.name for key, service in catalogue.services.items()}
    return Defaults(names, frozenset(service.department for service in catalogue.services.values()))


def demo() -> bytes:
    """The invented demo community."""
    return (files("bot.demo") / "community.yml").read_bytes()


def import_file(database: Database, path: Path, now: datetime) -> tuple[Written, list[str]]:
    """Check a file and write it; returns what was written and the warnings.

    Raises Broken when anything is wrong (nothing is changed then), OSError when the file can't be read, Away.
    """
    return import_text(database, path.read_bytes(), str(path), now)


def import_text(database: Database, text: bytes, name: str, now: datetime) -> tuple[Written, list[str]]:
    """The same for text that is at hand; `name` stands in the messages."""
    checked = check_text(text, now)
    if checked.file is None:
        raise Broken("\n".join(checked.lines(name)))
    with database.write() as conn:
        return write(conn, checked.file, now), checked.lines(name)
