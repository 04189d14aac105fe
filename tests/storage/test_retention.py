"""What is forgotten, and what is not."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, insert, select

from storage import audit, buttons, codes, due, files, inbox, outbox, reach
from storage.database import Database
from storage.retention import sweep
from storage.tables import button, case, case_file, chat, conversation, group_memory, person
from storage.tables import code as code_table
from storage.tables import due as due_table
from storage.tables import inbox as inbox_table
from storage.tables import outbox as outbox_table

DAY = timedelta(days=1)


def fill(database: Database, now: datetime) -> None:
    """One finished and one unfinished thing of each kind."""
    with database.write() as conn:
        who = conn.execute(insert(person).returning(person.c.id), {"created_at": now}).scalar_one()
        row = {"channel": "test", "address": "u1", "kind": "private"}
        chat_id = conn.execute(insert(chat).returning(chat.c.id), row).scalar_one()
        for key in ("done", "open"):
            id = inbox.accept(conn, channel="test", key=key, conversation=key, payload={"text": "路灯坏了"}, now=now)
            message = outbox.put(conn, chat_id=chat_id, kind="say", lane=1, payload={"text": "好的"}, now=now)
            due.schedule(conn, kind="k", key=key, at=now, subject={}, late="fine")
            if key == "done":
                inbox.done(conn, id or 0, now)
                outbox.sent(conn, message or 0, message="m1", now=now)
                [each] = due.claim(conn, now, lease=DAY, limit=5)
                due.done(conn, each.id, now, "told")
        codes.issue(conn, kind="link", subject={}, now=now, lifetime=DAY)
        conn.execute(insert(conversation), {"chat_id": chat_id, "person_id": who, "state": {}, "at": now})
        conn.execute(insert(group_memory), {"chat_id": chat_id, "memory": {}, "expires_at": now + DAY})
        buttons.make(conn, chat_id=chat_id, label="x", action="x", args={}, expires_at=now + DAY, secret="s")
        audit.record(conn, actor="staff:1", action="export", subject={"case": 1}, now=now)


def counts(database: Database) -> dict[str, int]:
    tables = (inbox_table, outbox_table, due_table, code_table, button, conversation, group_memory)
    with database.read() as conn:
        return {table.name: conn.execute(select(func.count()).select_from(table)).scalar_one() for table in tables}


def test_nothing_young_is_forgotten(database: Database, now: datetime) -> None:
    fill(database, now)
    before = counts(database)
    with database.write() as conn:
        assert set(sweep(conn, now).values()) == {0}
    assert counts(database) == before


def test_words_go_first_then_rows_but_never_what_is_unfinished(database: Database, now: datetime) -> None:
    fill(database, now)
    with database.write() as conn:
        first = sweep(conn, now + 31 * DAY)
        assert (first["inbox"], first["outbox"], first["due"], first["code"]) == (1, 1, 0, 1)
        assert sweep(conn, now + 31 * DAY)["inbox"] == 0, "what is empty is not emptied again"
        assert dict(conn.execute(select(inbox_table.c.key, inbox_table.c.payload)).all()) == {
            "done": {},
            "open": {"text": "路灯坏了"},
        }
        assert conn.execute(select(outbox_table.c.payload).order_by(outbox_table.c.id)).scalars().all() == [
            {},
            {"text": "好的"},
        ]
        sweep(conn, now + 200 * DAY)
        assert conn.execute(select(inbox_table.c.key)).scalars().all() == ["open"]
        assert conn.execute(select(due_table.c.key)).scalars().all() == ["open"]
        assert len(audit.trail(conn, 10)) == 1
    left = counts(database)
    assert [left[name] for name in ("code", "button", "conversation", "group_memory")] == [0, 0, 0, 0]


def test_the_trail_is_read_from_its_end(database: Database, now: datetime) -> None:
    with database.write() as conn:
        for i in range(3):
            audit.record(conn, actor=f"staff:{i}", action="see", subject={"case": i}, now=now + i * DAY)
        newest = audit.trail(conn, 2)
        assert [(row.actor, row.subject, row.at) for row in newest] == [
            ("staff:2", {"case": 2}, now + 2 * DAY),
            ("staff:1", {"case": 1}, now + DAY),
        ]
        assert [row.actor for row in audit.trail(conn, 2, before=newest[-1].id)] == ["staff:0"]


def test_files_of_a_case(database: Database, now: datetime) -> None:
    with database.write() as conn:
        who = conn.execute(insert(person).returning(person.c.id), {"created_at": now}).scalar_one()
        row = {"number": "1", "service": "s", "description": "d", "person_id": who, "status": "submitted"}
        row |= {"id": 1, "spread": 1}
        id = conn.execute(insert(case).returning(case.c.id), {**row, "opened_at": now, "version": 1}).scalar_one()
        photo = files.add(conn, digest="d" * 64, kind="photo", path="photos/d.jpg", size=10, now=now)
        conn.execute(insert(case_file), {"case_id": id, "file_id": photo, "purpose": "report"})
        found = files.get(conn, photo)
        assert found == files.FileRow(photo, "d" * 64, "photo", "photos/d.jpg", 10, now)
        assert files.of_case(conn, id) == [(found, "report")]
        assert files.get(conn, 99) is None


def test_words_of_dead_letters_and_of_what_waits_go_too(database: Database, now: datetime) -> None:
    with database.write() as conn:
        row = {"channel": "test", "address": "u1", "kind": "private"}
        chat_id = conn.execute(insert(chat).returning(chat.c.id), row).scalar_one()
        told = inbox.accept(conn, channel="test", key="a", conversation="a", payload={"text": "路灯坏了"}, now=now)
        inbox.dead(conn, told or 0, "ValueError")
        outbox.put(conn, chat_id=chat_id, kind="say", lane=1, payload={"text": "13800000000"}, now=now)
        reach.close(conn, chat_id, state="blocked", reason="blocked")
        young = sweep(conn, now + 89 * DAY)
        assert (young["inbox"], young["outbox"]) == (0, 0)
        old = sweep(conn, now + 91 * DAY)
        assert (old["inbox"], old["outbox"]) == (1, 1)
        assert conn.execute(select(inbox_table.c.payload, inbox_table.c.state)).one() == ({}, "dead")
        assert conn.execute(select(outbox_table.c.payload, outbox_table.c.state)).one() == ({}, "failed")
        assert outbox.release(conn, chat_id, now) == 0, "nothing empty is sent to who comes back"
        assert (inbox.replay(conn, [1], now), outbox.replay(conn, [1], now)) == (0, 0)
        again = sweep(conn, now + 200 * DAY)
        assert (again["inbox"], again["outbox"]) == (0, 0)


def test_an_answer_waits_for_its_group_a_week_and_then_has_failed(database: Database, now: datetime) -> None:
    with database.write() as conn:
        row = {"channel": "test", "address": "bot:g1", "kind": "group"}
        chat_id = conn.execute(insert(chat).returning(chat.c.id), row).scalar_one()
        id = outbox.put(conn, chat_id=chat_id, kind="say", lane=1, payload={"text": "我在"}, now=now)
        assert id is not None
        outbox.wait(conn, id, heard_at=None, reason="nobody speaks to us")
        assert sweep(conn, now + 6 * DAY)["outbox"] == 0 and sweep(conn, now + 8 * DAY)["outbox"] == 1
        assert [letter.error for letter in outbox.dead_letters(conn, 5)] == ["waited too long"]
