"""What it means that the database is away, and when the last time was that it took nothing."""

from __future__ import annotations

import sqlite3
import time

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

# SQLite says "operational error" of a misspelt table as well; only these codes mean that the file can't be used now:
# busy, locked, read-only, input/output error, full, can't open, protocol.
_SQLITE_AWAY = frozenset({5, 6, 8, 10, 13, 14, 15})
_UNDONE = frozenset({"40P01", "40001"})  # of PostgreSQL: deadlock detected, serialization failure
_READS_ONLY = "25006"  # of PostgreSQL: another server leads now, or somebody let nobody write
_FAULTS = ("54", "57014")  # "operational" too, but of this statement: it is too large for a limit, it took too long
LATELY = 10.0  # seconds: longer than the parts of the program that write all the time are silent


class Away(Exception):
    """The database can't be reached or can't take this now; nothing of the transaction was kept, try again later."""


class Undone(Away):
    """PostgreSQL undid this, because it and another waited for each other: it works when tried again at once."""


class Refusals:
    """When something was last not taken, and why: a disk that is full is still read as ever."""

    def __init__(self) -> None:
        self.why, self._at = "", 0.0

    def note(self, error: Away) -> None:
        if not isinstance(error, Undone):
            self.why, self._at = str(error), time.monotonic()

    def doubtful(self) -> bool:
        """Whether the last one is so long ago that only a try can tell: nobody else may have written since."""
        return bool(self.why) and time.monotonic() - self._at >= LATELY

    def over(self) -> None:
        self.why = ""


class away:
    """Errors that mean that the database is away become Away, and are noted."""

    __slots__ = ("_refusals",)

    def __init__(self, refusals: Refusals | None = None) -> None:
        self._refusals = refusals

    def __enter__(self) -> None:
        """Nothing is held."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        found = _as_away(error) if isinstance(error, Exception) else None
        if found is None:
            return
        if self._refusals is not None:
            self._refusals.note(found)
        if found is not error:
            raise found from error


def _as_away(error: Exception) -> Away | None:
    if isinstance(error, Away):
        return error
    if isinstance(error, PoolTimeout):
        return Away("no connection is free")
    if getattr(getattr(error, "orig", None), "sqlstate", None) in _UNDONE:
        return Undone(reason(error))
    return Away(reason(error)) if is_away(error) else None


def reason(error: Exception) -> str:
    """Why, in the database's own word: SQLITE_FULL, DiskFull, AdminShutdown."""
    said = getattr(error, "orig", None) or error
    return getattr(said, "sqlite_errorname", None) or type(said).__name__


def is_away(error: Exception) -> bool:
    """Whether an error inside a transaction means that the database is away."""
    return isinstance(error, Away) or (isinstance(error, DBAPIError) and _is_away(error)) or _is_sqlite_away(error)


def _is_sqlite_away(error: BaseException | None) -> bool:
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in _SQLITE_AWAY


def _is_away(error: DBAPIError) -> bool:
    if isinstance(error.orig, sqlite3.Error):
        return _is_sqlite_away(error.orig)
    if error.connection_invalidated or isinstance(error, InterfaceError):
        return True
    state = getattr(error.orig, "sqlstate", None) or ""
    return state == _READS_ONLY or (isinstance(error, OperationalError) and not state.startswith(_FAULTS))
