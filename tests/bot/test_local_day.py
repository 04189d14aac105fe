"""Citations are checked on the day people live in: at half past midnight a new law holds, whatever day it is in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any, cast

from bot import guidework, legalwork
from bot.clock import HOME
from storage.law_library import LawLibrary

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
