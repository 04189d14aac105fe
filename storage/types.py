"""Column types whose meaning does not depend on the database: instants in UTC, texts that every database takes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import DateTime, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from nlu.late import regex

_UNSTORABLE = regex("[\0\ud800-\udfff]")


class Instant(TypeDecorator[datetime]):
    """An aware datetime; a naive one is refused, since on a host in UTC it would be eight hours off."""

    impl = DateTime(timezone=True)
    cache_ok = True

    # Both ways by hand: a turn says and reads thirty of them, and SQLAlchemy's layers cost more than the statement.
    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any]:
        return _spelt if dialect.name == "sqlite" else _aware

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        return _read if dialect.name == "sqlite" else _utc


def _aware(value: datetime | None) -> datetime | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return value.astimezone(UTC)


def _spelt(value: datetime | None) -> str | None:
    return None if value is None else _in_utc(value)


@lru_cache(maxsize=256)  # a turn says one moment twenty times; equal moments of two zones are one
def _in_utc(value: datetime) -> str:
    aware = _aware(value)
    assert aware
    return aware.isoformat(" ", "microseconds")[:26]


def _read(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value + "+00:00")


def _utc(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(UTC)


class Line(TypeDecorator[str]):
    """A short text; what no database can keep (NUL, lone surrogates: people send them) becomes a replacement mark.

    `length` says how long it is meant to be. No database is told: PostgreSQL would refuse what SQLite takes, and a
    turn that works on one would fail on the other.
    """

    impl = String
    cache_ok = True

    def __init__(self, length: int | None = None) -> None:
        super().__init__()
        self.length = length

    def bind_processor(self, dialect: Dialect) -> Callable[[str | None], str | None]:
        return _storable

    def result_processor(self, dialect: Dialect, coltype: object) -> None:
        """What is read is as it was kept."""


class Words(Line):
    """A text of any length, made storable like a Line."""

    impl = Text
    cache_ok = True


def _storable(text: str | None) -> str | None:
    return None if text is None else storable(text)


def storable(text: str) -> str:
    """The text with NUL and lone surrogates replaced; PostgreSQL refuses both, SQLite the latter."""
    if "\0" not in text:
        try:
            text.encode()
        except UnicodeEncodeError:
            pass
        else:
            return text
    return _UNSTORABLE.sub("\ufffd", text)
