"""One holder at a time; another takes over when it is gone."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage import leading
from storage.database import Database

LIFETIME = timedelta(seconds=15)


def hold(database: Database, who: str, now: datetime, name: str = "poll") -> bool:
    with database.write() as conn:
        return leading.hold(conn, name, who, now, LIFETIME)


def test_one_leads_until_its_time_is_up(database: Database, now: datetime) -> None:
    assert hold(database, "a", now)
    assert not hold(database, "b", now)
    assert hold(database, "a", now + timedelta(seconds=10)), "it may say so again"
    assert not hold(database, "b", now + timedelta(seconds=24))
    assert hold(database, "b", now + timedelta(seconds=25))
    assert not hold(database, "a", now + timedelta(seconds=26)), "who was away too long finds another there"
    assert hold(database, "a", now, "another name")


def test_who_lets_go_is_followed_at_once(database: Database, now: datetime) -> None:
    assert hold(database, "a", now)
    with database.write() as conn:
        assert leading.holders(conn) == ["a"]
        leading.let_go(conn, "b")
    assert not hold(database, "b", now)
    with database.write() as conn:
        leading.let_go(conn, "a")
    assert hold(database, "b", now)
