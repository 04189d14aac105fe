"""Limits and codes that all processes share, the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from storage import allowance, bot_answers
from storage.allowance import Rate, Took
from storage.database import Database

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
SLOW, QUICK = Rate(2, 1 / 60), Rate(100, 1)


def test_all_buckets_give_or_none(database: Database) -> None:
    both = {"a": SLOW, "b": QUICK}
    with database.write() as conn:
        assert [allowance.take(conn, both, NOW).taken for _ in range(2)] == [True, True]
    for _ in range(3):
        with database.write() as conn:
            assert allowance.take(conn, both, NOW) == Took(False, 60)
    with database.write() as conn:
        assert allowance.take(conn, {"b": QUICK}, NOW, amount=98) == Took(True, 0)  # the refused took nothing of it
        assert allowance.take(conn, both, NOW + timedelta(seconds=60)).taken
        assert not allowance.take(conn, both, NOW).taken  # a clock set back gives nothing


def test_what_may_wait_on_its_way_is_taken_ahead(database: Database) -> None:
    with database.write() as conn:
        assert allowance.take(conn, {"g": QUICK}, NOW, amount=105, patience=10) == Took(True, 5)
        assert allowance.take(conn, {"g": QUICK}, NOW, amount=6, patience=10) == Took(False, 11)
        assert allowance.take(conn, {"g": QUICK}, NOW + timedelta(seconds=1), amount=6, patience=10) == Took(True, 10)
        assert allowance.forget(conn, NOW + timedelta(days=2)) == 1


def test_a_closed_platform_opens_again(database: Database) -> None:
    until = NOW + timedelta(minutes=30)
    with database.write() as conn:
        assert allowance.closed(conn, "w", NOW) is None
        allowance.close(conn, "w", until, NOW)
        allowance.close(conn, "w", until, NOW)
        assert allowance.closed(conn, "w", NOW) == until and allowance.closed(conn, "w", until) is None


def test_a_code_is_good_once_and_for_an_hour(database: Database) -> None:
    with database.write() as conn:
        for message, code in (("m1", "first"), ("m1", "again"), ("m2", "second")):
            bot_answers.keep(conn, "g1", message, code, NOW)
        found = bot_answers.take(conn, "g1", NOW)
        assert found is not None and found[1] == "first" and bot_answers.take(conn, "g2", NOW) is None
        bot_answers.give_back(conn, found[0])
        assert [(bot_answers.take(conn, "g1", NOW) or (0, ""))[1] for _ in range(3)] == ["first", "second", ""]
        bot_answers.keep(conn, "g1", "m3", "late", NOW)
        assert bot_answers.take(conn, "g1", NOW + bot_answers.LIFETIME) is None
