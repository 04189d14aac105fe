"""A clock that is set back by a day, or on: nothing waits for a day, and nothing that is to come comes at once."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import insert, select

from storage import allowance, due, inbox, leading, outbox, reach, setback, sliding, tokens
from storage.database import Database
from storage.tables import chat

DAY, LEASE = timedelta(days=1), timedelta(minutes=1)


def test_a_clock_set_back_by_a_day_leaves_nothing_waiting(database: Database, now: datetime) -> None:
    """`now` is after the correction; before it the clock was a day ahead."""
    wrong = now + DAY
    with database.write() as conn:
        conn.execute(insert(chat).values(id=1, channel="play", address="u1", kind="private"))
        reach.pause(conn, 1, wrong + LEASE, wrong)
        for key in ("in hand", "waits"):
            inbox.accept(conn, channel="play", key=key, conversation=key, payload={}, now=wrong)
        inbox.claim(conn, wrong, lease=LEASE, limit=1)
        outbox.put(conn, chat_id=1, kind="say", lane=1, payload={"text": "一"}, now=wrong)
        later = outbox.put(conn, chat_id=1, kind="say", lane=2, payload={}, now=wrong, not_before=wrong + 9 * DAY)
        due.schedule(conn, kind="x", key="x", at=now, subject={}, late="fine")
        due.claim(conn, wrong, lease=LEASE, limit=1)
        leading.hold(conn, "send:play", "dead", wrong, LEASE)
    with database.write() as conn:
        assert inbox.claim(conn, now, lease=LEASE, limit=9) == []
        assert setback.bring_back(conn, now) == 7
    with database.write() as conn:
        assert [row.key for row in inbox.claim(conn, now, lease=LEASE, limit=9)] == ["in hand", "waits"]
        assert [row.id for row in outbox.claim(conn, now, lease=LEASE, limit=9)] == [1]
        assert [row.key for row in due.claim(conn, now, lease=LEASE, limit=9)] == ["x"]
        assert leading.hold(conn, "send:play", "me", now, LEASE)
        assert later is not None and setback.bring_back(conn, now) == 0


def test_what_failed_on_a_clock_a_day_ahead_is_tried_again_soon(database: Database, now: datetime) -> None:
    """It came before the clock went wrong; that the clock is right again is seen only half an hour later."""
    wrong, later = now + DAY, now + timedelta(minutes=30)
    with database.write() as conn:
        conn.execute(insert(chat).values(id=1, channel="play", address="u1", kind="private"))
        inbox.accept(conn, channel="play", key="a", conversation="a", payload={}, now=now)
        outbox.put(conn, chat_id=1, kind="say", lane=1, payload={"text": "一"}, now=now)
        [came] = inbox.claim(conn, wrong, lease=LEASE, limit=1)
        [said] = outbox.claim(conn, wrong, lease=LEASE, limit=1)
        inbox.later(conn, came.id, not_before=wrong + LEASE, error="x")
        outbox.later(conn, said.id, not_before=wrong + LEASE, reason="x")
        reach.pause(conn, 1, wrong + LEASE, wrong)
    with database.write() as conn:
        assert inbox.claim(conn, later, lease=LEASE, limit=9) == outbox.claim(conn, later, lease=LEASE, limit=9) == []
        assert setback.bring_back(conn, later) == 3
        assert len(inbox.claim(conn, later, lease=LEASE, limit=9)) == 1
        assert len(outbox.claim(conn, later, lease=LEASE, limit=9)) == 1


def test_what_was_said_on_a_clock_a_day_ahead_is_not_overtaken(database: Database, now: datetime) -> None:
    with database.write() as conn:
        conn.execute(insert(chat).values(id=1, channel="play", address="u1", kind="private"))
        first = outbox.put(conn, chat_id=1, kind="say", lane=1, payload={"text": "一"}, now=now + DAY)
        second = outbox.put(conn, chat_id=1, kind="say", lane=1, payload={"text": "二"}, now=now)
        assert outbox.claim(conn, now, lease=LEASE, limit=9) == []
        setback.bring_back(conn, now)
        assert [row.id for row in outbox.claim(conn, now, lease=LEASE, limit=1)] == [first]
        assert second is not None and outbox.claim(conn, now, lease=LEASE, limit=9) == []


def test_what_waited_for_the_person_on_a_clock_a_day_ahead_is_not_overtaken(database: Database, now: datetime) -> None:
    with database.write() as conn:
        conn.execute(insert(chat).values(id=1, channel="play", address="u1", kind="private"))
        early = now + DAY - 2 * LEASE
        first = outbox.put(conn, chat_id=1, kind="say", lane=1, payload={"text": "一"}, now=early, state="waiting")
        assert outbox.release(conn, 1, now + DAY) == 1
        outbox.put(conn, chat_id=1, kind="say", lane=1, payload={"text": "二"}, now=now)
        assert outbox.claim(conn, now, lease=LEASE, limit=9) == []
        setback.bring_back(conn, now)
        assert [row.id for row in outbox.claim(conn, now, lease=LEASE, limit=1)] == [first]


def test_where_no_clock_was_set_back_nothing_changes(database: Database, now: datetime) -> None:
    with database.write() as conn:
        inbox.accept(conn, channel="play", key="a", conversation="a", payload={}, now=now)
        conn.execute(insert(chat).values(id=1, channel="play", address="u1", kind="private"))
        outbox.put(conn, chat_id=1, kind="say", lane=1, payload={}, now=now, not_before=now + 9 * DAY)
        inbox.claim(conn, now, lease=LEASE, limit=1)
        leading.hold(conn, "send:play", "me", now, LEASE)
        reach.pause(conn, 1, now + DAY / 2, now)
        assert setback.bring_back(conn, now) == 0
        assert conn.execute(select(chat.c.id)).scalar_one() == 1


def test_a_clock_set_on_by_a_day_takes_what_is_in_hand_from_its_worker(database: Database, now: datetime) -> None:
    with database.write() as conn:
        inbox.accept(conn, channel="play", key="a", conversation="a", payload={}, now=now)
        [slow] = inbox.claim(conn, now, lease=LEASE, limit=1)
        [quick] = inbox.claim(conn, now + DAY, lease=LEASE, limit=1)
        assert not inbox.held(conn, slow.id, slow.tries) and inbox.held(conn, quick.id, quick.tries)


ROBOT, GROUPS = (sliding.Window(20, 60), sliding.Window(300, 3600)), allowance.Rate(12_000, 300_000 / 3600)


def test_a_platform_is_spoken_to_again_as_soon_as_if_the_clock_had_been_right(
    database: Database, now: datetime
) -> None:
    wrong = now + DAY
    with database.write() as conn:
        for _ in range(20):
            assert sliding.take(conn, {"robot": ROBOT}, wrong).taken
        assert allowance.take(conn, {"groups": GROUPS}, wrong, 12_000).taken
        allowance.close(conn, "push", wrong + timedelta(hours=2), wrong)
        allowance.close(conn, "said before", now + timedelta(hours=9), now)
        assert tokens.take(conn, "wecom", wrong) == tokens.Ask()
        assert setback.bring_back(conn, now) == 4
        assert setback.bring_back(conn, now) == 0
        assert not sliding.take(conn, {"robot": ROBOT}, now).taken  # it did go, just now
        assert not allowance.take(conn, {"groups": GROUPS}, now, 500).taken
        assert tokens.take(conn, "wecom", now) == tokens.Ask()
        soon = now + timedelta(seconds=61)
        assert sliding.take(conn, {"robot": ROBOT}, soon).taken
        assert allowance.take(conn, {"groups": GROUPS}, soon, 500).taken
        assert allowance.closed(conn, "push", soon)
        assert not allowance.closed(conn, "push", now + timedelta(hours=2))
        assert allowance.closed(conn, "said before", now + timedelta(hours=8))
