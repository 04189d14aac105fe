"""Two persons become one and accounts come apart again, on each kind of database: nobody ever sees another's case."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, insert, select

from flows.effects.volunteers import RecordHours
from flows.errors import NotAllowed
from storage import (
    accounts,
    aliases,
    behalf,
    buttons,
    cases,
    conversations,
    due,
    erasure,
    households,
    merging,
    outbox,
    people,
    personal,
    tables,
    threads,
    volunteers_hours,
)
from storage.database import Database
from storage.tables import account, activity, area, case, household, household_member, shift, sign_up, staff, volunteer
from storage.verify import verify

HOUR = timedelta(hours=1)
WHERE = [("telegram", "a"), ("telegram", "b"), ("web", "a"), ("web", "c"), ("wechat", "d"), ("wechat", "e")]
CASE = {"service": "lamp", "act": "complaint", "description": "灯坏了", "place": "3号楼"}


def person(conn: Connection, channel: str, who: str, now: datetime) -> int:
    one = people.person_for(conn, channel, who, now).id
    people.chat_for(conn, channel, who, kind="private", person_id=one)
    return one


def report(conn: Connection, number: str, one: int, now: datetime) -> int:
    return cases.open_case(conn, number=number, person_id=one, origin_chat_id=None, data=CASE, now=now).id


@pytest.mark.parametrize("seed", range(3))
def test_nobody_elses_case_is_ever_shown(database: Database, now: datetime, seed: int) -> None:
    dice, number = random.Random(seed), 0
    seen: dict[tuple[str, str], set[int]] = {at: set() for at in WHERE}
    group = {at: {at} for at in WHERE}
    for _ in range(40):
        at, other = dice.sample(WHERE, 2)
        with database.write() as conn:
            one, two = (person(conn, *where, now) for where in (at, other))
            kind = dice.random()
            if kind < 0.4:
                number += 1
                made = report(conn, f"n{number}", one, now)
                for where in group[at]:
                    seen[where].add(made)
            elif kind < 0.75:
                merging.merge(conn, one, two, now)
                together, what = group[at] | group[other], seen[at] | seen[other]
                for where in together:
                    group[where], seen[where] = together, set(what)
            elif len(group[at]) > 1:
                mine = next(a for a in accounts.of_person(conn, one) if (a.channel, a.address) == at)
                accounts.detach(conn, mine, now)
                for where in group[at] - {at}:
                    group[where] = group[where] - {at}
                group[at], seen[at] = {at}, set()
            for where in WHERE:
                shown = set(cases.mine(conn, person(conn, *where, now), 1000))
                assert shown == seen[where], f"seed {seed}: {where}"
    with database.read() as conn:
        assert verify(conn) == []


def test_what_somebody_left_follows_and_the_old_key_goes(database: Database, now: datetime) -> None:
    with database.write() as conn:
        old, into = (person(conn, *where, now) for where in WHERE[:2])
        personal.keep(conn, old, "phone", "13800000001", now)
        personal.keep(conn, old, "name", "阿明", now)
        personal.keep(conn, into, "phone", "13800000002", now)
        chat = people.private_chat(conn, old)
        assert chat
        given = {"area_id": None, "role": "handler", "subject": {}, "now": now, "chat_id": chat.id}
        threads.open_thread(conn, kind="handover", number="R1", person_id=old, **given)
        subject = {"shift": 7, "person": old}
        due.schedule(conn, kind="say", key=f"shift.remind:{old}:{old}:day", at=now, subject=subject, late="fine")
        merging.merge(conn, old, into, now)
        assert personal.read(conn, into) == {"phone": "13800000002", "name": "阿明"}
        assert personal.read(conn, old) == {}
        assert [t.number for t in threads.mine(conn, into)] == ["R1"]
        assert (aliases.current(conn, old), aliases.every(conn, into)) == (into, (into, old))
        row = conn.execute(select(due.due.c.key, due.due.c.subject)).one()
        assert (row.key, row.subject["person"]) == (f"shift.remind:{old}:{into}:day", into)
        merging.merge(conn, into, third := person(conn, *WHERE[2], now), now)
        assert aliases.current(conn, old) == third
        assert verify(conn) == []


def test_the_other_account_can_stop_what_was_to_be_asked(database: Database, now: datetime) -> None:
    with database.write() as conn:
        old, into = (person(conn, *where, now) for where in WHERE[:2])
        subject = {"case": old, "person": old}
        due.schedule(conn, kind="case.follow", key=f"follow.{old}.{old}", at=now, subject=subject, late="fine")
        merging.merge(conn, old, into, now)
        due.unschedule(conn, f"follow.{old}.{into}")
        assert due.claim(conn, now, lease=timedelta(minutes=5), limit=9) == []


def test_hours_and_places_count_once(database: Database, now: datetime) -> None:
    with database.write() as conn:
        old, into = (person(conn, *where, now) for where in WHERE[:2])
        here = conn.execute(
            insert(area).values(key="x", level="grid", name="x", path="/1/").returning(area.c.id)
        ).scalar_one()
        act = insert(activity).values(key="a", area_id=here, title="清扫", place="院里").returning(activity.c.id)
        act_id = conn.execute(act).scalar_one()
        shifts = []
        for n in range(2):
            at = {"starts_at": now + timedelta(days=n), "ends_at": now + timedelta(days=n, hours=2)}
            made = insert(shift).values(key=f"s{n}", activity_id=act_id, capacity=3, **at).returning(shift.c.id)
            shifts.append(conn.execute(made).scalar_one())
        for one, which in ((old, shifts[0]), (into, shifts[0]), (old, shifts[1])):
            conn.execute(insert(sign_up).values(shift_id=which, person_id=one, state="confirmed", at=now))
            key = f"shift:{which}:{one}:1"
            hours = RecordHours(person=one, area=here, minutes=60, on=now, by="staff:1", key=key, shift=which)
            volunteers_hours.record(conn, hours, now)
        for one, skills in ((old, ["修水电", "写字"]), (into, ["写字"])):
            conn.execute(insert(volunteer).values(person_id=one, skills=skills, times=[], at=now))
        merging.merge(conn, old, into, now)
        assert volunteers_hours.total(conn, into) == 120
        assert volunteers_hours.total(conn, old) == 0
        assert conn.execute(select(sign_up.c.shift_id).where(sign_up.c.person_id == into)).scalars().all() == shifts
        assert conn.execute(select(volunteer.c.skills)).scalars().all() == [["写字", "修水电"]]
        assert verify(conn) == []


def test_two_of_the_staff_stay_two(database: Database, now: datetime) -> None:
    with database.write() as conn:
        old, into = (person(conn, *where, now) for where in WHERE[:2])
        for key, one in (("w1", old), ("w2", into)):
            conn.execute(insert(staff).values(key=key, name=key, person_id=one))
        with pytest.raises(NotAllowed, match="两位工作人员"):
            merging.merge(conn, old, into, now)


def test_what_the_old_account_said_is_erased_too(database: Database, now: datetime) -> None:
    with database.write() as conn:
        old, into = (person(conn, *where, now) for where in WHERE[:2])
        id = report(conn, "n1", old, now)
        clerk = conn.execute(insert(staff).values(key="w1", name="w1").returning(staff.c.id)).scalar_one()
        walk_in = behalf.make(conn, clerk, now)
        filed = report(conn, "n2", walk_in, now)
        behalf.bind(conn, walk_in, old, now)
        merging.merge(conn, old, into, now)
        assert cases.load(conn, id).person == cases.load(conn, filed).person == into
        erasure.forget(conn, into, now)
        assert all("灯坏了" not in told for told in conn.execute(select(case.c.description)).scalars())
        assert all("灯坏了" not in str(event.data) for one in (id, filed) for event in cases.history(conn, one))


def test_a_household_follows_whoever_is_in_it(database: Database, now: datetime) -> None:
    with database.write() as conn:
        old, into, third = (person(conn, *where, now) for where in WHERE[:3])
        where = insert(area).values(key="x", level="grid", name="x", path="/1/").returning(area.c.id)
        home = insert(household).values(key="h", area_id=conn.execute(where).scalar_one(), name="林家")
        home_id = conn.execute(home.returning(household.c.id)).scalar_one()
        for one in (old, third):
            conn.execute(insert(household_member).values(household_id=home_id, person_id=one, since=now))
        merging.merge(conn, old, into, now)
        assert households.members(conn, home_id) == (into, third)
        merging.merge(conn, third, into, now)
        assert households.members(conn, home_id) == (into,)


def test_what_the_clock_does_for_nobody_by_name_is_still_done(database: Database, now: datetime) -> None:
    with database.write() as conn:
        old, into = (person(conn, *where, now) for where in WHERE[:2])
        due.schedule(conn, kind="say", key="say:once", at=now, subject={"person": old}, late="fine")
        merging.merge(conn, old, into, now)
        assert [row.subject for row in due.claim(conn, now, lease=timedelta(minutes=5), limit=9)] == [{"person": into}]


def test_nothing_of_before_reaches_an_account_that_was_let_go(database: Database, now: datetime) -> None:
    with database.write() as conn:
        one = person(conn, "telegram", "a", now)
        conn.execute(insert(account).values(person_id=one, channel="web", address="a"))
        left = people.chat_for(conn, "web", "a", kind="private", person_id=one)
        stays = people.private_chat(conn, one)
        assert stays and stays.id != left.id
        said = {}
        for chat in (left.id, stays.id):
            said[chat] = outbox.put(conn, chat_id=chat, kind="say", lane=1, payload={"text": "您的灯修好了"}, now=now)
            conversations.save(conn, chat, one, {"flow": "complaint"}, now)
            press = {"label": "满意", "action": "case.rate", "args": {}, "expires_at": now + HOUR, "secret": "s"}
            buttons.make(conn, chat_id=chat, person_id=one, **press)
        found = next(a for a in accounts.of_person(conn, one) if a.chat == left.id)
        fresh = accounts.detach(conn, found, now)
        assert fresh != one and people.person_for(conn, "web", "a", now).id == fresh
        assert [row.id for row in outbox.claim(conn, now, lease=HOUR, limit=9)] == [said[stays.id]]
        payloads = dict(conn.execute(select(tables.outbox.c.chat_id, tables.outbox.c.payload)).all())
        assert payloads == {left.id: {}, stays.id: {"text": "您的灯修好了"}}
        for table in (tables.conversation, tables.button):
            assert conn.execute(select(table.c.chat_id)).scalars().all() == [stays.id]
        whose = dict(conn.execute(select(tables.chat.c.id, tables.chat.c.person_id)).all())
        assert whose == {left.id: fresh, stays.id: one}
