"""A person's words go from every table on each kind of database; everybody else's stay."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, text, update

from flows.effects import CardKey
from storage import (
    accounts,
    bookings,
    bot_answers,
    buttons,
    cards,
    cases,
    codes,
    conversations,
    due,
    erasure,
    files,
    inbox,
    law_answers,
    mediations,
    outbox,
    people,
    person_copy,
    personal,
    subscriptions,
    tables,
    threads,
)
from storage.database import Database
from storage.tables import account, case_file, case_party, mediation_party, metadata, staff, web_line
from storage.verify import verify

HOUR = timedelta(hours=1)
LIVE = text("CAST(payload AS TEXT) <> '{}'")
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
        outbox.put(conn, chat_id=group, kind="say", lane=1, payload={"text": f"c{who}：{word}8"}, now=now)
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
        asked_for(conn, one, who, word, area, thread.id, now)
        return one


def asked_for(conn: Connection, one: int, who: str, word: str, area: int, thread: int, now: datetime) -> None:
    """A visit, a mediation, and an answer that an adviser would make a guide of."""
    visit = {
        "window": "w",
        "name": "代办",
        "way": "代办",
        "area_id": area,
        "person_id": one,
        "starts_at": now + 9 * HOUR,
    }
    bookings.book(conn, now=now, number=f"U{one}", proxy=f"替{word}办", note=word, owner_id=None, **visit)
    data = {"number": f"T{one}", "kind": "neighbours", "area": area, "case": None, "opener": None}
    sides = {"a": (one, word)}
    made = mediations.open_mediation(conn, data=data, parties=sides, actor=f"person:{one}", now=now, intake=word)
    said = {"place": word, "plan": word, "agreement": word}
    conn.execute(update(tables.mediation).where(tables.mediation.c.id == made.id).values(said))
    adviser = conn.execute(
        insert(staff).values(key=f"adviser of {one}", name="张律师").returning(staff.c.id)
    ).scalar_one()
    law_answers.draft(
        conn, thread=thread, area=None, question=word, answer=word, role="legal_adviser", author=adviser, now=now
    )


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


def test_another_of_that_name_keeps_their_messages(database: Database, now: datetime) -> None:
    one = lived(database, "visitor1", "蓝鲸", now)
    with database.write() as conn:
        room = people.chat_for(conn, "web", "group:staff", kind="group", person_id=None).id
        for field, value in (("name", "王芳"), ("phone", "13800000001"), ("room", "201"), ("birth", "1990-03-04")):
            personal.keep(conn, one, field, value, now)
        told = (
            "王芳家201的灯修好了",
            "1990-03-04",
            "回电 13800000001",
            "cvisitor1 报事人王芳",
            "cvisitor12 王芳",
            "请王芳按",
        )
        ids = [
            outbox.put(conn, chat_id=room, kind="say", lane=1, payload={"text": words}, now=now) or 0 for words in told
        ]
        press = {"label": "x", "action": "x", "args": {"person": one}, "expires_at": now + HOUR, "secret": "s"}
        buttons.make(conn, outbox_id=ids[-1], chat_id=room, **press)
        erasure.forget(conn, one, now + HOUR)
        left = conn.execute(select(tables.outbox.c.id).where(tables.outbox.c.id.in_(ids), LIVE)).scalars().all()
    assert [told[ids.index(id)] for id in left] == ["王芳家201的灯修好了", "1990-03-04", "cvisitor12 王芳"]


def test_twice_is_once_and_then_the_account_goes(database: Database, now: datetime) -> None:
    one = lived(database, "visitor1", "蓝鲸", now)
    with database.write() as conn:
        erasure.forget(conn, one, now + HOUR)
        erasure.forget(conn, one, now + HOUR)
        erasure.cut(conn, one)
    made_here = {"case_.number", "case_event.data", "thread.number"}  # numbers are no names, but in this test
    assert set(cells(database, "visitor1")) == made_here
    with database.write() as conn:
        assert people.person_for(conn, "web", "visitor1", now).id != one


def test_who_works_here_keeps_the_account(database: Database, now: datetime) -> None:
    one = lived(database, "visitor1", "蓝鲸", now)
    with database.write() as conn:
        conn.execute(insert(staff), {"key": "w", "name": "王晓敏", "person_id": one, "active": True})
        erasure.forget(conn, one, now + HOUR)
        erasure.cut(conn, one)
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


def test_what_was_agreed_with_another_stays_theirs_without_the_names(database: Database, now: datetime) -> None:
    one, other = lived(database, "visitor1", "蓝鲸", now), lived(database, "visitor2", "红狐", now)
    agreed = "王晓敏和邻居约定：十点后不拖椅子，电话13800000000"
    with database.write() as conn:
        mine = conn.execute(select(mediation_party.c.mediation_id).where(mediation_party.c.person_id == one)).scalar()
        mediations.join(conn, mine or 0, "b", other)
        mediations.tell(conn, mine or 0, "b", "红狐说的")
        values = {"state": "settled", "agreement": agreed}
        conn.execute(update(tables.mediation).where(tables.mediation.c.id == mine).values(values))
        erasure.forget(conn, one, now + HOUR)
        left = mediations.written(conn, mine or 0)
    assert left.sides == {"a": "", "b": "红狐说的"} and left.intake == left.plan == left.place == ""
    assert "十点后不拖椅子" in left.agreement and "13800000000" not in left.agreement


def test_who_let_an_account_go_left_words_there_too(database: Database, now: datetime) -> None:
    with database.write() as conn:
        one = people.person_for(conn, "telegram", "111", now).id
        conn.execute(insert(account).values(person_id=one, channel="web", address="visitor1"))
    lived(database, "visitor1", "蓝鲸", now)
    with database.write() as conn:
        web = next(a for a in accounts.of_person(conn, one) if a.channel == "web")
        accounts.detach(conn, web, now)
    with database.write() as conn:
        paths = erasure.forget(conn, one, now + HOUR)
    assert cells(database, "蓝鲸") == []
    assert f"uploads/ab/{'ab' * 16}.jpg" in paths


def test_what_somebody_did_as_staff_is_not_theirs_to_delete(database: Database, now: datetime) -> None:
    with database.write() as conn:
        works = people.person_for(conn, "web", "worker", now).id
        conn.execute(insert(staff), {"key": "w", "name": "王晓敏", "person_id": works, "active": True})
        resident = people.person_for(conn, "web", "visitor", now).id
        theirs = people.chat_for(conn, "web", "visitor", kind="private", person_id=resident).id
        room = people.chat_for(conn, "web", "group:staff", kind="group", person_id=None).id
        press = inbox.accept(
            conn, channel="web", key="p", conversation="web:worker", payload={"sender": "worker"}, now=now
        )
        inbox.done(conn, press or 0, now)
        told = {"text": "您的灯修好了"}
        ids = [
            outbox.put(conn, chat_id=chat, kind="say", lane=1, payload=told, now=now, cause=press)
            for chat in (theirs, room)
        ]
        row = {"key": f"out:{ids[0]}.0", "chat": "visitor", "author": "", "name": "", "body": told}
        conn.execute(insert(web_line), {**row, "changed": 1, "at": now})
        erasure.forget(conn, works, now + HOUR)
    with database.write() as conn:
        assert [row.payload for row in outbox.claim(conn, now, lease=HOUR, limit=9)] == [told, told]
        assert conn.execute(select(web_line.c.body)).scalars().all() == [told]


def test_what_other_platforms_hold_for_them_goes_and_nobody_elses(database: Database, now: datetime) -> None:
    with database.write() as conn:
        one = people.person_for(conn, "wecom", "cang", now).id
        conn.execute(insert(account).values(person_id=one, channel="wechat", address="openid1"))
        conn.execute(insert(account).values(person_id=one, channel="web", address="visitor1"))
        for chat in ("cang", "shen"):
            bot_answers.keep(conn, chat, f"m-{chat}", None, now, streams=True)
            assert bot_answers.offer(conn, chat, "您的灯修好了", None, now)
        for address in ("openid1", "openid2"):
            subscriptions.keep(conn, address, "T1", subscriptions.State.ACCEPT, now)
        erasure.forget(conn, one, now)
        kept = conn.execute(select(tables.bot_answer.c.chat).where(tables.bot_answer.c.text.is_not(None))).scalars()
        assert kept.all() == ["shen"]
        agreed = [subscriptions.state_of(conn, address, "T1") is not None for address in ("openid1", "openid2")]
        assert agreed == [False, True]
