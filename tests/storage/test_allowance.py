"""Limits and codes that all processes share, the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from storage import allowance, bot_answers, sliding
from storage.allowance import Rate, Took
from storage.bot_answers import How, Rest
from storage.database import Database
from storage.sliding import Window

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


def test_no_stretch_of_a_window_takes_more(database: Database) -> None:
    three, ten = (Window(3, 60),), (Window(3, 60), Window(4, 3600))
    with database.write() as conn:
        assert [sliding.take(conn, {"a": three, "b": ten}, NOW).taken for _ in range(3)] == [True] * 3
        waits = sliding.take(conn, {"a": three, "b": ten}, NOW)
        assert not waits.taken and 60 <= waits.wait <= 60.1
        later = NOW + timedelta(seconds=waits.wait)
        assert sliding.take(conn, {"b": ten}, later).taken
        waits = sliding.take(conn, {"a": three, "b": ten}, later)  # the hour of one of them is spent
        assert not waits.taken and 3500 < waits.wait <= 3600
        assert [sliding.take(conn, {"a": three}, later).taken for _ in range(3)] == [True] * 3  # none was taken then
        before = sliding.take(conn, {"a": three}, NOW - timedelta(days=1))
        assert not before.taken and before.wait <= 60.1  # a clock set back does not close it for a day
        assert allowance.forget(conn, NOW + timedelta(days=2)) == 2


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


def test_a_stream_is_filled_once_and_fetched_as_often_as_asked(database: Database) -> None:
    with database.write() as conn:
        bot_answers.keep(conn, "g1", "m1", None, NOW, streams=True)
        bot_answers.keep(conn, "g1", "m1", "again", NOW, streams=True)
        stream = bot_answers.stream_of("m1")
        assert bot_answers.rest(conn, "wecom", stream, NOW) == Rest(How.OPEN)
        assert bot_answers.take(conn, "g1", NOW) is None  # the first time it came without a code
        assert bot_answers.offer(conn, "g2", "x", None, NOW) is None
        assert bot_answers.offer(conn, "g1", "x", None, NOW, cause=1, only=True) is None
        row = bot_answers.offer(conn, "g1", "words", "p.jpg", NOW)
        assert row is not None and bot_answers.offer(conn, "g1", "more", None, NOW) is None
        whole = Rest(How.HERE, "words", "p.jpg")
        assert [bot_answers.rest(conn, "wecom", stream, NOW) for _ in range(2)] == [whole, whole]
        assert bot_answers.fetched(conn, row) and not bot_answers.withdraw(conn, row)
        bot_answers.forget(conn, NOW + 3 * bot_answers.ASKED)
        assert bot_answers.rest(conn, "wecom", stream, NOW) == Rest(How.ELSEWHERE)
        assert bot_answers.forget(conn, NOW + timedelta(hours=2)) == 1


def test_what_was_withdrawn_is_not_offered_again_and_nothing_late_is(database: Database) -> None:
    with database.write() as conn:
        for message in ("m1", "m2"):
            bot_answers.keep(conn, "g1", message, None, NOW, streams=True)
        row = bot_answers.offer(conn, "g1", "words", None, NOW)
        assert row is not None and bot_answers.withdraw(conn, row)
        assert bot_answers.rest(conn, "wecom", bot_answers.stream_of("m1"), NOW) == Rest(How.ELSEWHERE)
        late = NOW + bot_answers.ASKED
        assert bot_answers.offer(conn, "g1", "words", None, late - bot_answers.NEAR) is None
        assert bot_answers.rest(conn, "wecom", bot_answers.stream_of("m2"), late) == Rest(How.LATE)
        bot_answers.empty(conn, ["g1"])
        bot_answers.ended(conn, "m2", NOW)
        assert bot_answers.offer(conn, "g1", "words", None, NOW) is None
        assert bot_answers.rest(conn, "wecom", "unknown", NOW) == Rest(How.NOTHING)
