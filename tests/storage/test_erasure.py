"""A person's words go from every table on each kind of database; everybody else's stay."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from sqlalchemy import insert, select

from flows.effects import CardKey
from storage import (
    buttons,
    cards,
    cases,
    codes,
    conversations,
    due,
    erasure,
    files,
    inbox,
    outbox,
    people,
    person_copy,
    personal,
    tables,
    threads,
)
from storage.database import Database
from storage.tables import case_file, case_party, metadata, staff, web_line
from storage.verify import verify

HOUR = timedelta(hours=1)
CASE = {"service": "lamp", "act": "complaint", "place": "3号楼"}


def lived(database: Database, who: str, word: str, now: datetime) -> int:
    """Somebody who has left `word` wherever a word can be left."""
    with database.write() as conn:
        one = people.person_for(conn, "web", who, now).id
        private = people.chat_for(conn, "web", who, kind="private", person_id=one).id
        group = people.chat_for(conn, "web", "group:1", kind="group", person_id=None).id
        said = {"text": word, "sender": who, "sender_name": word, "photos": ["ab" * 16]}
        for key, conversation in ((f"{who}:1", f"web:{who}"), (f"{who}:2", "web:group:1")):
            id = inbox.accept(conn, channel="web", key=key, conversation=conversation, payload=said, now=now)
            inbox.done(conn, id or 0, now)
        cause = id
        case = cases.open_case(
            conn, number=f"c{who}", person_id=one, origin_chat_id=group, data={**CASE, "description": word}, now=now
        )
        thread = threads.open_thread(
            conn,
            kind="legal",
            number=f"t{who}",
            person_id=one,
            chat_id=private,
            area_id=None,
            role="legal_guide",
            subject={"question": word},
            now=now,
        )
        threads.add_line(conn, thread.id, "asker", word, now)
        mine = outbox.put(conn, chat_id=private, kind="say", lane=1, payload={"text": word}, now=now) or 0
        shown = outbox.put(conn, chat_id=group, kind="say", lane=1, payload={"text": word}, now=now, cause=cause)
        card = outbox.put(conn, chat_id=group, kind="say", lane=1, payload={"text": word}, now=now) or 0
        cards.keep(conn, CardKey("case", case.id), group, card)
        outbox.put(conn, chat_id=group, kind="edit", lane=1, payload={"text": word}, now=now, target_id=card)
        outbox.put(conn, chat_id=group, kind="say", lane=1, payload={"text": f"电话 {word}8"}, now=now)
        outbox.sent(conn, shown or 0, message="m", now=now)
        personal.keep(conn, one, "name", f"{word}8", now)
        conversations.save(conn, private, one, {"flow": "complaint", "answers": {"description": word}}, now)
        conversations.remember(conn, group, {"lines": [[str(one), word, now.isoformat(), True]]}, now + HOUR)
        buttons.make(
            conn, chat_id=private, label="x", action="x", args={"text": word}, expires_at=now + HOUR, secret="s"
        )
        codes.issue(conn, kind="link", subject={"text": word}, now=now, lifetime=HOUR, person_id=one)
        due.schedule(conn, kind="k", key=f"k{who}", at=now, subject={"person": one, "what": word}, late="fine")
        photo = files.add(conn, digest=who * 10, kind="photo", path=f"photos/{who}.jpg", size=1, now=now, person=one)
        conn.execute(insert(case_file), {"case_id": case.id, "file_id": photo, "purpose": "report"})
        grid = {"key": f"g{one}", "level": "grid", "name": "g", "path": f"/{one}/"}
        area = conn.execute(insert(tables.area), grid).inserted_primary_key[0]
        home = {"key": f"h{one}", "area_id": area, "name": "h"}
        household = conn.execute(insert(tables.household), home).inserted_primary_key[0]
        asked = {"kind": "correction", "state": "open", "household_id": household, "points": 1, "note": word, "at": now}
        asked |= {"proposer": f"person:{one}", "proposer_person_id": one}
        proposal = conn.execute(insert(tables.proposal), asked).inserted_primary_key[0]
        conn.execute(insert(tables.proposal_file), {"proposal_id": proposal, "file_id": photo})
        lines = ((f"{who}:1", who, who), (f"{who}:2", "group:1", who), (f"out:{mine}.0", who, ""))
        for number, (key, chat, author) in enumerate(lines):
            row = {"key": key, "chat": chat, "author": author, "name": word, "body": {"text": word}}
            conn.execute(insert(web_line), {**row, "changed": number, "at": now})
        people.agreed(conn, one, "phone", "phone-1", now)
        return one


def cells(database: Database, word: str) -> list[str]:
    with database.read() as conn:
        return [
            f"{table.name}.{name}"
            for table in metadata.sorted_tables
            for row in conn.execute(select(table))
            for name, value in row._mapping.items()
            if not isinstance(value, bytes) and word in json.dumps(value, ensure_ascii=False, default=str)
        ]


def test_every_word_of_one_goes_and_the_other_keeps_all(database: Database, now: datetime) -> None:
    one = lived(database, "visitor1", "蓝鲸", now)
    lived(database, "visitor2", "红狐", now)
    with database.write() as conn:
        kept = people.chat_for(conn, "web", "group:2", kind="group", person_id=None).id
        conversations.remember(conn, kept, {"lines": [["99", "红狐", now.isoformat(), True]]}, now + HOUR)
    before = cells(database, "红狐")
    assert len(cells(database, "蓝鲸")) >= 20
    with database.write() as conn:
        paths = erasure.forget(conn, one, now + HOUR)
    assert cells(database, "蓝鲸") == []
    assert sorted(cells(database, "红狐")) == sorted(before)
    assert "photos/visitor1.jpg" in paths and f"uploads/ab/{'ab' * 16}.jpg" in paths
    with database.read() as conn:
        assert verify(conn) == []
        assert not people.agrees(conn, one, "phone")
        assert person_copy.everything(conn, one)["personal"] == {}


def test_twice_is_once_and_then_the_account_goes(database: Database, now: datetime) -> None:
    one = lived(database, "visitor1", "蓝鲸", now)
    with database.write() as conn:
        erasure.forget(conn, one, now + HOUR)
        erasure.forget(conn, one, now + HOUR)
        erasure.cut(conn, one, now + 2 * HOUR)
    made_here = {"case_.number", "case_event.data", "thread.number"}  # numbers are no names, but in this test
    assert set(cells(database, "visitor1")) == made_here
    with database.write() as conn:
        assert people.person_for(conn, "web", "visitor1", now).id != one


def test_who_works_here_keeps_the_account(database: Database, now: datetime) -> None:
    one = lived(database, "visitor1", "蓝鲸", now)
    with database.write() as conn:
        conn.execute(insert(staff), {"key": "w", "name": "王晓敏", "person_id": one, "active": True})
        erasure.forget(conn, one, now + HOUR)
        erasure.cut(conn, one, now + 2 * HOUR)
        assert people.person_for(conn, "web", "visitor1", now).id == one


def test_a_shared_case_goes_on_without_them(database: Database, now: datetime) -> None:
    one, other = lived(database, "visitor1", "蓝鲸", now), lived(database, "visitor2", "红狐", now)
    with database.write() as conn:
        [mine] = cases.mine(conn, one)
        cases.join(conn, mine, other, "neighbour")
        erasure.forget(conn, one, now + HOUR)
        parties = conn.execute(select(case_party.c.person_id).where(case_party.c.case_id == mine)).scalars().all()
    assert parties == [other]
    assert cells(database, "蓝鲸") == []
