"""Column types whose meaning does not depend on the database: instants in UTC, texts that every database takes."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from sqlalchemy import DateTime, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


class Instant(TypeDecorator[datetime]):
    """An aware datetime; a naive one is refused, since on a host in UTC it would be eight hours off."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)


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

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return value if value is None else storable(value)


class Words(Line):
    """A text of any length, made storable like a Line."""

    impl = Text
    cache_ok = True


def storable(text: str) -> str:
    """The text with NUL and lone surrogates replaced; PostgreSQL refuses both, SQLite the latter."""
    return _UNSTORABLE.sub("\ufffd", text)
