"""Figures, changes of duty, mediations and appointments on each kind of database."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, select, update

from flows.complaint.figures import total
from flows.domain.booking import State, Way
from flows.domain.mediation import Event, Step
from storage import bookings, caselists, cases, figures, mediations, people
from storage.cases import Overtaken
from storage.database import Database
from storage.tables import area, case, case_event, chat, duty, staff

CATEGORIES = {"street_light": "市政", "garbage": "环卫"}


def placed(database: Database, now: datetime) -> tuple[int, int, int]:
    """A community with a grid and somebody who lives there: (community, grid, person)."""
    with database.write() as conn:
        home: int = conn.execute(
            insert(area).values(key="c", level="community", name="社区", path="/").returning(area.c.id)
        ).scalar_one()
        grid: int = conn.execute(
            insert(area).values(key="g", level="grid", name="第一网格", path="/", parent_id=home).returning(area.c.id)
        ).scalar_one()
        conn.execute(update(area).where(area.c.id == home).values(path=f"/{home}/"))
        conn.execute(update(area).where(area.c.id == grid).values(path=f"/{home}/{grid}/"))
        person = people.person_for(conn, "play", "u1", now).id
    return home, grid, person


def test_figures_count_what_came_and_what_residents_confirmed(database: Database, now: datetime) -> None:
    home, grid, person = placed(database, now)
    ends = (("rate", {"rating": 5}), ("rate", {"rating": 1}), ("lapse", {}), None)
    with database.write() as conn:
        for n, end in enumerate(ends):
            data = {"service": "street_light" if n else "garbage", "description": "坏了", "area": grid}
            made = cases.open_case(conn, number=f"n{n}", person_id=person, origin_chat_id=None, data=data, now=now)
            if end:
                kind, said = end
                row = {
                    "case_id": made.id,
                    "spread": made.id % 1024,
                    "seq": 9,
                    "kind": kind,
                    "at": now,
                    "actor": "clock",
                    "data": said,
                }
                conn.execute(insert(case_event).values(row))
                conn.execute(update(case).where(case.c.id == made.id).values(status="closed"))
        day = timedelta(days=1)
        found = figures.counted(conn, home, now - day, now + day, CATEGORIES)
        before = figures.counted(conn, home, now - 2 * day, now - day, CATEGORIES)
    whole = total(found)
    assert (whole.opened, whole.closed, whole.confirmed, whole.unhappy) == (4, 3, 1, 1)
    assert [c.category for c in found] == ["环卫", "市政", "市政", "市政"]
    assert {c.area for c in found} == {"第一网格"} and before == []


def test_groups_and_rosters_without_a_date(database: Database, now: datetime) -> None:
    home, grid, _ = placed(database, now)
    with database.write() as conn:
        rooms = [("l", "leaders", home), ("s", "staff", home), ("g", "staff", grid), ("r", "residents", home)]
        for address, role, where in rooms:
            row = {"channel": "play", "address": address, "kind": "group", "role": role, "area_id": where}
            conn.execute(insert(chat).values(row))
        hired: int = conn.execute(insert(staff).values(key="a", name="甲").returning(staff.c.id)).scalar_one()
        turn = {"area_id": home, "role": "duty_leader", "staff_id": hired, "weekdays": "12345", "start": "08:00"}
        conn.execute(insert(duty).values(**turn, end="20:00"))
        meant = [id for id, _ in figures.rooms_without(conn)]
        named = conn.execute(select(chat.c.address).where(chat.c.id.in_(meant)).order_by(chat.c.id)).scalars().all()
        assert named == ["l", "s"]  # a grid's staff are told nothing of the kind
        assert caselists.rosters_without_change(conn, "duty_leader") == [home]
        assert caselists.turns(conn, home, "duty_leader") == [("12345", "08:00")]
        assert caselists.open_calls(conn, home) == (0, 0)


def test_a_mediation_is_what_its_history_says(database: Database, now: datetime) -> None:
    home, _, person = placed(database, now)
    with database.write() as conn:
        data = {"number": "T1", "kind": "family", "area": home, "case": None, "opener": None}
        made = mediations.open_mediation(
            conn, data=data, parties={"a": (person, "只给调解员看")}, actor=f"person:{person}", now=now
        )
        assert mediations.parties(conn, made.id) == {"a": person, "b": None}
        assert not mediations.join(conn, made.id, "b", person)  # nobody is both sides
        other = people.person_for(conn, "play", "u2", now).id
        assert mediations.join(conn, made.id, "b", other) and mediations.join(conn, made.id, "b", other)
        event = Event(2, Step.CONSENT, now, f"person:{person}", {"side": "a"})
        after = mediations.append(conn, made, event, {})
        assert mediations.load(conn, made.id) == after
        with pytest.raises(Overtaken):
            mediations.append(conn, made, event, {})
        assert mediations.written(conn, made.id).sides["a"] == "只给调解员看"
        assert mediations.seen_from(conn, [f"/{home}/"], 0) == [(made.id, "社区")]


def test_an_appointment_takes_a_place_until_it_is_given_back(database: Database, now: datetime) -> None:
    home, _, person = placed(database, now)
    at = now + timedelta(days=1)
    with database.write() as conn:
        values = {"number": "U1", "window": "cert", "name": "证明", "way": Way.COUNTER, "area_id": home}
        made = bookings.book(conn, now=now, person_id=person, starts_at=at, **values)
        assert bookings.taken(conn, now, home) == ((home, "cert", at, 1),)
        assert bookings.mine(conn, person, now) == (made,)
        bookings.change(conn, made.id, 1, State.CANCELLED, None)
        assert bookings.taken(conn, now) == () and bookings.mine(conn, person, now) == ()
        with pytest.raises(Overtaken):
            bookings.change(conn, made.id, 1, State.CONFIRMED, None)
