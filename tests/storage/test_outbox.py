"""The way out: written once, urgent lane first, in order within a chat, edits and replies after what they belong to."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, update

from storage import outbox, outbox_shown, overview, present
from storage.arrivals import Arrival, accept_all
from storage.database import Database
from storage.tables import chat
from storage.tables import outbox as table
from tests.support.databases import blank
from tests.support.plans import steps

LEASE = timedelta(minutes=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def chats(database: Database) -> list[int]:
    with database.write() as conn:
        rows = [{"channel": "test", "address": f"u{i}", "kind": "private"} for i in range(5)]
        rows += [{"channel": "other", "address": "g1", "kind": "group"}]
        return [conn.execute(insert(chat).returning(chat.c.id), row).scalar_one() for row in rows]


def put(database: Database, now: datetime, chat_id: int, text: str, **more: Any) -> int:
    row: dict[str, Any] = {"kind": "say", "lane": 1, **more}
    with database.write() as conn:
        id = outbox.put(conn, chat_id=chat_id, payload={"text": text}, now=now, **row)
    return id or 0


def claim(database: Database, now: datetime, **more: Any) -> list[str]:
    with database.write() as conn:
        rows = outbox.claim(conn, now, lease=LEASE, limit=more.pop("limit", 20), **more)
    return [row.payload["text"] for row in rows]


def sent(database: Database, now: datetime, id: int) -> None:
    with database.write() as conn:
        outbox.sent(conn, id, message=f"m{id}", now=now)


def later(database: Database, id: int, at: datetime) -> None:
    with database.write() as conn:
        outbox.later(conn, id, not_before=at, reason="slow down")


def next_at(database: Database) -> datetime | None:
    with database.read() as conn:
        return outbox.next_at(conn)


def test_a_claimed_row_says_where_it_goes(database: Database, now: datetime, chats: list[int]) -> None:
    card = put(database, now, chats[5], "card", cause=None)
    sent(database, now, card)
    put(database, now, chats[5], "edited", kind="edit", target_id=card, cause=77)
    with database.write() as conn:
        [row] = outbox.claim(conn, now, lease=LEASE, limit=5)
    assert (row.chat_id, row.channel, row.address, row.chat_kind) == (chats[5], "other", "g1", "group")
    assert (row.kind, row.lane, row.payload, row.cause, row.created_at) == ("edit", 1, {"text": "edited"}, 77, now)
    assert (row.target_id, row.target, row.target_state, row.tries) == (card, f"m{card}", "sent", 1)


def test_written_twice_is_sent_once(database: Database, now: datetime, chats: list[int]) -> None:
    assert put(database, now, chats[0], "once", key="k")
    assert not put(database, now, chats[0], "again", key="k")
    assert put(database, now, chats[1], "no key")
    assert put(database, now, chats[1], "no key either")
    assert claim(database, now) == ["once", "no key"]


def test_the_urgent_lane_goes_first_then_the_oldest(database: Database, now: datetime, chats: list[int]) -> None:
    for lane, who in ((3, 0), (2, 1), (1, 2), (0, 3), (1, 4)):
        put(database, now, chats[who], f"lane {lane} to {who}", lane=lane)
    assert claim(database, now, limit=2) == ["lane 0 to 3", "lane 1 to 2"]
    assert claim(database, now) == ["lane 1 to 4", "lane 2 to 1", "lane 3 to 0"]


def test_in_a_chat_and_lane_the_next_waits_for_the_one_before(
    database: Database, now: datetime, chats: list[int]
) -> None:
    one, two = (put(database, now, chats[0], text) for text in ("one", "two"))
    put(database, now, chats[0], "alarm", lane=0)
    put(database, now, chats[1], "elsewhere")
    assert claim(database, now) == ["alarm", "one", "elsewhere"]
    assert claim(database, now) == []
    later(database, one, now + MINUTE)
    assert claim(database, now) == [], "what is tried again keeps its place"
    assert next_at(database) == now + MINUTE
    assert claim(database, now + MINUTE, skip_chats=[chats[1]]) == ["alarm", "one"], "and the alarm's lease ran out"
    sent(database, now, one)
    assert claim(database, now + MINUTE, skip_chats=[chats[1]]) == ["two"]
    with database.write() as conn:
        outbox.failed(conn, two, reason="blocked")


def test_one_for_tomorrow_holds_up_nobody(database: Database, now: datetime, chats: list[int]) -> None:
    put(database, now, chats[0], "tomorrow", not_before=now + timedelta(hours=9))
    assert next_at(database) == now + timedelta(hours=9)
    put(database, now, chats[0], "today")
    assert next_at(database) == now
    assert claim(database, now) == ["today"]
    assert claim(database, now + timedelta(hours=8)) == ["today"]
    assert claim(database, now + timedelta(hours=9), limit=1) == ["tomorrow"]


def test_an_edit_and_a_reply_wait_for_what_they_belong_to(database: Database, now: datetime, chats: list[int]) -> None:
    card = put(database, now, chats[0], "card", lane=2)
    put(database, now, chats[0], "edit", kind="edit", target_id=card)
    put(database, now, chats[1], "reply", target_id=card)
    assert claim(database, now) == ["card"]
    assert claim(database, now) == []
    sent(database, now, card)
    assert claim(database, now) == ["edit", "reply"]


def test_what_belongs_to_something_that_failed_goes_all_the_same(
    database: Database, now: datetime, chats: list[int]
) -> None:
    card = put(database, now, chats[0], "card")
    put(database, now, chats[1], "edit", kind="edit", target_id=card)
    put(database, now, chats[2], "reply", target_id=card)
    assert claim(database, now) == ["card"]
    with database.write() as conn:
        outbox.failed(conn, card, reason="kicked")
    assert claim(database, now) == ["edit", "reply"]
    with database.read() as conn:
        assert [letter.id for letter in outbox.dead_letters(conn, 10)] == [card]


def test_what_was_left_unsaid_on_purpose_is_no_fault(database: Database, now: datetime, chats: list[int]) -> None:
    ids = [put(database, now, chats[0], why) for why in ("erased", "unbound", "kicked")]
    with database.write() as conn:
        for id, why in zip(ids, ("erased", "unbound", "kicked"), strict=True):
            outbox.failed(conn, id, reason=why)
        assert [letter.id for letter in outbox.dead_letters(conn, 10)] == ids[-1:]
        assert overview.gauges(conn, now)["outbox", "failed"] == 1


def test_what_only_linli_play_would_send_is_not_waited_for(database: Database, now: datetime, chats: list[int]) -> None:
    put(database, now, chats[0], "told")
    with database.write() as conn:
        assert overview.gauges(conn, now + timedelta(minutes=5))["oldest_seconds", "outbox"] == 300
        conn.execute(update(chat).where(chat.c.id == chats[0]).values(channel="play"))
        seen = overview.gauges(conn, now + timedelta(minutes=5))
    assert (seen["outbox", "new"], seen["oldest_seconds", "outbox"]) == (0, 0)


def test_edits_of_one_message_keep_their_order_across_lanes(
    database: Database, now: datetime, chats: list[int]
) -> None:
    card = put(database, now, chats[0], "card")
    sent(database, now, card)
    first = put(database, now, chats[0], "by the clock", kind="edit", target_id=card, lane=2)
    put(database, now, chats[0], "by a press", kind="edit", target_id=card, lane=1)
    assert claim(database, now) == ["by the clock"]
    sent(database, now, first)
    assert claim(database, now) == ["by a press"]


def test_an_edit_of_what_waits_for_morning_holds_up_only_what_belongs_to_it(
    database: Database, now: datetime, chats: list[int]
) -> None:
    card = put(database, now, chats[5], "card", lane=2, not_before=now + timedelta(hours=9))
    put(database, now, chats[5], "nudged", lane=2, kind="edit", target_id=card)
    put(database, now, chats[5], "nudged again", lane=2, kind="edit", target_id=card)
    urgent = put(database, now, chats[5], "urgent", lane=2)
    assert next_at(database) == now
    assert claim(database, now) == ["urgent"]
    sent(database, now, urgent)
    assert next_at(database) == now + timedelta(hours=9)
    assert claim(database, now + timedelta(hours=9)) == ["card"]
    sent(database, now, card)
    assert claim(database, now + timedelta(hours=9)) == ["nudged"]


def test_what_nobody_wants_to_read_any_more_holds_up_nothing(
    database: Database, now: datetime, chats: list[int]
) -> None:
    old = put(database, now, chats[5], "old", lane=3)
    with database.write() as conn:
        conn.execute(update(table).where(table.c.id == old).values(not_after=now + MINUTE))
    put(database, now, chats[5], "next", lane=3)
    assert claim(database, now + MINUTE / 2) == ["old"]
    assert claim(database, now + MINUTE) == []  # it is being sent, perhaps
    assert claim(database, now + MINUTE * 2) == ["next"]


def test_skipped_chats_wait(database: Database, now: datetime, chats: list[int]) -> None:
    for i in range(3):
        put(database, now, chats[i], f"to {i}")
    assert claim(database, now, skip_chats={chats[0], chats[2]}) == ["to 1"]
    assert claim(database, now) == ["to 0", "to 2"]


def test_what_waits_for_the_person_goes_when_they_come(database: Database, now: datetime, chats: list[int]) -> None:
    put(database, now, chats[0], "one", state="waiting")
    put(database, now, chats[0], "tonight", state="waiting", not_before=now + 9 * MINUTE)
    put(database, now, chats[1], "another's", state="waiting")
    assert claim(database, now) == []
    assert next_at(database) is None
    with database.write() as conn:
        assert outbox.release(conn, chats[0], now + MINUTE) == 2
    assert claim(database, now) == []
    assert claim(database, now + MINUTE) == ["one"]


def test_a_lease_that_ran_out_is_taken_again_until_it_is_hopeless(
    database: Database, now: datetime, chats: list[int]
) -> None:
    put(database, now, chats[0], "deadly")
    for i in range(outbox.MAX_TRIES):
        assert claim(database, now + i * LEASE) == ["deadly"]
    assert claim(database, now + outbox.MAX_TRIES * LEASE) == []
    with database.write() as conn:
        [letter] = outbox.dead_letters(conn, 10)
        assert letter.what == "test say"
        assert outbox.replay(conn, [letter.id], now) == 1
        assert outbox.replay(conn, [letter.id], now) == 0
    assert claim(database, now) == ["deadly"]


def test_sent_is_on_record(database: Database, now: datetime, chats: list[int]) -> None:
    id = put(database, now, chats[0], "hello")
    claim(database, now)
    sent(database, now + MINUTE, id)
    with database.read() as conn:
        row = conn.execute(select(table.c.state, table.c.message, table.c.sent_at)).one()
    assert tuple(row) == ("sent", f"m{id}", now + MINUTE)
    assert claim(database, now + 9 * MINUTE) == []
    assert next_at(database) is None


def test_several_senders_never_take_one_row_nor_pass_each_other(
    database: Database, now: datetime, chats: list[int]
) -> None:
    for i in range(50):
        put(database, now, chats[i % 5], f"{i:02d}")
    said: list[str] = []

    def send(_: int) -> None:
        for _ in range(300):
            with database.write() as conn:
                rows = outbox.claim(conn, now, lease=LEASE, limit=3)
            for row in rows:
                said.append(row.payload["text"])
                sent(database, now, row.id)
            if len(said) == 50:
                return

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(send, range(6)))
    assert sorted(said) == [f"{i:02d}" for i in range(50)]
    for chat_number in range(5):
        mine = [text for text in said if int(text) % 5 == chat_number]
        assert mine == sorted(mine)


def test_a_long_chat_is_read_no_longer_than_a_short_one(tmp_path: Path, now: datetime) -> None:
    """Each message of a person asks for what was said last, and whether something waits."""
    took = []
    for many in (5, 200):
        folder = tmp_path / str(many)
        folder.mkdir()
        opened = blank(folder)
        with opened.write() as conn:
            chat_id = conn.execute(
                insert(chat).values(channel="test", address="u", kind="private")
            ).inserted_primary_key
            assert chat_id
            said = Arrival("test", "k", "test:u", {"text": "好"})
            (row,) = accept_all(conn, [said], now)
            for n in range(many):
                id = outbox.put(
                    conn, chat_id=chat_id[0], kind="say", lane=1, payload={"text": f"{n}", "choices": []}, now=now
                )
                outbox.sent(conn, id or 0, message=f"m{n}", now=now)

        def turn(conn: Connection, chat_id: int = chat_id[0], row: int = row or 0) -> None:
            found = present.find(conn, row, "test:u", channel="test", sender="u", chat="u")
            assert found is not None and found.chat is not None and not found.waiting
            assert outbox_shown.last_choices(conn, chat_id) == []

        took.append(steps(opened, turn))
        opened.close()
    assert took[1] <= took[0] * 1.2, took
