"""What only one process does: two processes with one database, and one that was killed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.leads import LIFETIME, Leads
from storage import setback
from storage.database import Database

NOW = datetime(2026, 3, 2, tzinfo=UTC)


class Hands:
    """A clock that is set."""

    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def database() -> Iterator[Database]:
    opened = Database.open("sqlite://", durable=False)
    opened.upgrade()
    yield opened
    opened.close()


def leads(database: Database, clock: Hands, who: str) -> Leads:
    found = Leads(database, clock)
    found.me = who
    found.want("send:telegram")
    return found


def test_the_second_waits_and_takes_over(database: Database) -> None:
    clock = Hands()
    first, second = leads(database, clock, "elsewhere:1:1"), leads(database, clock, "elsewhere:1:2")
    first.renew()
    second.renew()
    assert first.holds("send:telegram")
    assert not second.holds("send:telegram")
    clock.now = NOW + LIFETIME
    assert not first.holds("send:telegram"), "who cannot say so again stops by itself, before another begins"
    second.renew()
    first.renew()
    assert second.holds("send:telegram")
    assert not first.holds("send:telegram")
    assert not second.holds("poll:telegram"), "only what is wanted"


def test_what_a_killed_process_of_this_machine_held_is_free_at_once(database: Database) -> None:
    clock = Hands()
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    mine = Leads(database, clock)
    house = mine.me.rpartition(":")[0]
    killed, other = leads(database, clock, f"{house}:{gone.pid}"), leads(database, clock, f"elsewhere:0:{gone.pid}")
    killed.renew()
    mine.want("send:telegram")
    mine.renew()
    assert mine.holds("send:telegram")
    clock.now = NOW + LIFETIME
    other.renew()
    mine.renew()
    assert not mine.holds("send:telegram"), "a process of another machine is only known to be gone when its time is up"
    clock.now += timedelta(seconds=1)
    assert other.holds("send:telegram")


def test_who_leads_by_a_clock_that_was_a_day_ahead_stops_when_another_follows(database: Database) -> None:
    clock = Hands()
    first, second = leads(database, clock, "elsewhere:1:1"), leads(database, clock, "elsewhere:1:2")
    clock.now = NOW + timedelta(days=1)
    first.renew()
    clock.now = NOW
    with database.write() as conn:
        setback.bring_back(conn, NOW)
    second.renew()
    first.renew()
    assert second.holds("send:telegram")
    assert not first.holds("send:telegram")
