"""A day is the one people live in: at half past midnight a new law holds, and who had enough codes may have one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import Connection

from bot import guidework, legalwork, linking
from bot.clock import HOME
from bot.effects import Here
from flows.effects import OfferLink, Say
from storage import guesses, households
from storage.database import Database
from storage.law_library import LawLibrary
from tests.support.databases import database, database_url

__all__ = ["database", "database_url"]

LIBRARY = LawLibrary.embedded()
WORLD = cast(Any, SimpleNamespace(law=SimpleNamespace(library=lambda conn: LIBRARY)))
NOWHERE = cast(Any, None)
TEXT = "《生态环境法典》第一条"


def test_a_law_holds_from_local_midnight() -> None:
    begins = LIBRARY.versions("生态环境法典", "第一条")[0].begins
    midnight = datetime.combine(begins, time(0), HOME)
    thread = cast(Any, SimpleNamespace(area=None))
    for now, clear in ((midnight - timedelta(minutes=30), False), (midnight + timedelta(minutes=30), True)):
        here = cast(Any, SimpleNamespace(now=now.astimezone(UTC)))
        assert (legalwork.doubts_of(NOWHERE, WORLD, here, thread, TEXT) == ()) is clear
        assert (guidework._doubts(NOWHERE, WORLD, TEXT, None, here.now) == ()) is clear


def guess(conn: Connection, now: datetime) -> bool:
    allowed = guesses.allowed(conn, 7, now)
    guesses.missed(conn, 7, now)
    return allowed


def link(conn: Connection, now: datetime) -> bool:
    [said] = linking.offered(conn, Here(now=now, actor="person:7"), OfferLink(7, "{code}"))
    return isinstance(said, Say) and said.text.isdecimal()


def household_code(conn: Connection, now: datetime) -> bool:
    return households.may_have_code(conn, 7, now)


@pytest.mark.parametrize("one_more", [guess, link, household_code])
def test_enough_for_today_holds_until_midnight(
    database: Database, one_more: Callable[[Connection, datetime], bool]
) -> None:
    midnight = datetime(2026, 3, 2, tzinfo=HOME)
    with database.write() as conn:
        for hours, may in ((-1, False), (0.5, True), (9, False)):  # the day of UTC ends at eight in the morning
            now = (midnight + timedelta(hours=hours)).astimezone(UTC)
            if not may:
                while one_more(conn, now - timedelta(hours=1.5)):
                    pass
            assert one_more(conn, now) == may, hours
