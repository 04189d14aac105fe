"""What goes wrong is logged with where and what kind it was, never with anybody's words."""

from __future__ import annotations

import json
import logging

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from bot.logs import Log, Plain, configure_logs, quiet_logs
from storage.database import Database
from storage.tables import web_line
from tests.support.databases import database, database_url

__all__ = ["database", "database_url"]
WORDS, PHONE = "蓝鲸木马说他家的事", "13877776666"


def refused(database: Database) -> IntegrityError:
    """A row that the database does not take, and that some databases repeat whole."""
    row = {"key": "k", "chat": "c", "author": PHONE, "name": WORDS, "body": {"text": WORDS}, "changed": None}
    with pytest.raises(IntegrityError) as raised, database.write() as conn:
        conn.execute(insert(web_line).values(**row))
    return raised.value


def told(capfd: pytest.CaptureFixture[str], error: Exception) -> str:
    Log().error("turn failed", inbox=7, exc_info=error)
    return capfd.readouterr().err


@pytest.mark.parametrize("quiet", [False, True])
def test_a_row_the_database_refuses_is_not_logged(
    database: Database, capfd: pytest.CaptureFixture[str], quiet: bool
) -> None:
    quiet_logs() if quiet else configure_logs("info")
    line = told(capfd, refused(database))
    assert "Traceback" in line and "IntegrityError" in line and "test_logs.py" in line and "in refused" in line
    assert WORDS not in line and PHONE not in line and r"\u84dd" not in line
    if database.engine.dialect.name == "postgresql":
        assert "23502" in line and "web_line" in line and "changed" in line  # what it was about


def test_words_in_any_error_and_in_what_led_to_it_are_left_out(capfd: pytest.CaptureFixture[str]) -> None:
    configure_logs("info")
    try:
        try:
            int(WORDS)
        except ValueError as first:
            raise LookupError(f"no person 7, {PHONE}") from first
    except LookupError as error:
        line = told(capfd, error)
    assert "ValueError" in line and "LookupError: no person 7" in line
    assert WORDS not in line and PHONE not in line and r"\u84dd" not in line


def test_libraries_log_no_words_either() -> None:
    try:
        raise ExceptionGroup("two", [ValueError(WORDS), OSError(28, "No space left on device")])
    except ExceptionGroup as error:
        record = logging.LogRecord("uvicorn.error", logging.ERROR, "x", 1, "Exception", (), (type(error), error, None))
        line = Plain().format(record)
    assert json.loads(line)["event"] == "uvicorn.error" and "\n" not in line
    assert "ValueError" in line and "No space left" in line and WORDS not in line


def test_what_goes_on_for_a_while_is_said_once(capfd: pytest.CaptureFixture[str]) -> None:
    configure_logs("info")
    for why in ("SQLITE_FULL", "SQLITE_FULL", "SQLITE_BUSY", "SQLITE_FULL"):
        Log().outage("test.database_away", why)
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    assert [(line["event"], line["level"], line["why"]) for line in lines] == [
        ("test.database_away", "warning", "SQLITE_FULL"),
        ("test.database_away", "warning", "SQLITE_BUSY"),
    ]
